//! Where boxes of faces are: in an answer, in the file, in the picture. And their labels.
//!
//! Boxes in an answer refer to the processed photo: with its EXIF orientation applied, then rotated
//! clockwise by `best_angle`. The picture shows that photo, so boxes are only scaled and moved.

use super::canvas::Rect;
use crate::verdict::answer::ImageDetails;

/// The clockwise angle in degrees by which the photo was turned; `None` if it isn't a multiple of 90,
/// so that boxes can't be placed.
pub fn turn(image: &ImageDetails) -> Option<u16> {
    let turn = u16::try_from(image.best_angle.unwrap_or(0)).ok()?;
    matches!(turn, 0 | 90 | 180 | 270).then_some(turn)
}

/// The faces' boxes in the turned file of this upright size; an answer's boxes belong to the photo
/// that was sent, which may have been smaller.
pub fn boxes(image: &ImageDetails, size: (u32, u32)) -> Vec<Option<[f64; 4]>> {
    let sent = image.sent_size.unwrap_or(size);
    let is_on_its_side = image.best_angle.is_some_and(|angle| angle % 180 != 0);
    let turned = |(width, height): (u32, u32)| {
        let (width, height) = (f64::from(width), f64::from(height));
        if is_on_its_side { (height, width) } else { (width, height) }
    };
    let ((from_x, from_y), (to_x, to_y)) = (turned(sent), turned(size));
    let (across, down) = (|x: f64| x * (to_x / from_x), |y: f64| y * (to_y / from_y));
    let scaled = |[x1, y1, x2, y2]: [f64; 4]| [across(x1), down(y1), across(x2), down(y2)];
    image.faces.iter().map(|face| face.bbox.map(scaled)).collect()
}

#[derive(Clone, Copy, Debug)]
pub(super) struct Placement {
    /// Width and height of the processed photo.
    size: (u32, u32),
    /// The area of the picture that it fills.
    pub(super) area: Rect,
}

impl Placement {
    /// Centres a photo of `size` in `panel`, as large as possible.
    pub(super) fn within(panel: Rect, size: (u32, u32)) -> Self {
        let (width, height) = (f64::from(size.0), f64::from(size.1));
        let scale = (f64::from(panel.width) / width).min(f64::from(panel.height) / height);
        let shown = |side: f64| ((side * scale).round() as i32).max(1);
        let (width, height) = (shown(width), shown(height));
        let x = panel.x + (panel.width - width) / 2;
        let y = panel.y + (panel.height - height) / 2;
        Self { size, area: Rect { x, y, width, height } }
    }

    /// Maps a box; `None` if it is empty or exceeds the photo.
    pub(super) fn of(&self, [x1, y1, x2, y2]: [f64; 4]) -> Option<Rect> {
        let (width, height) = (f64::from(self.size.0), f64::from(self.size.1));
        let fits = 0.0 <= x1 && x1 < x2 && x2 <= width && 0.0 <= y1 && y1 < y2 && y2 <= height;
        let across = |x: f64| (x / width * f64::from(self.area.width)).round() as i32;
        let down = |y: f64| (y / height * f64::from(self.area.height)).round() as i32;
        fits.then(|| Rect {
            x: self.area.x + across(x1),
            y: self.area.y + down(y1),
            width: (across(x2) - across(x1)).max(1),
            height: (down(y2) - down(y1)).max(1),
        })
    }
}

/// Places labels next to the boxes of their faces, avoiding other faces and labels.
pub(super) struct Labels {
    area: Rect,
    faces: Vec<Rect>,
    placed: Vec<Rect>,
}

impl Labels {
    pub(super) fn new(area: Rect, faces: Vec<Rect>) -> Self {
        Self { area, faces, placed: Vec::new() }
    }

    /// Finds a place for a label within the photo: above, below or beside the frame of `face`, or inside
    /// it if most of the face stays visible. The first label always gets a place; in a crowd, others may not.
    pub(super) fn place(&mut self, face: Rect, frame: i32, size: (i32, i32)) -> Option<Rect> {
        let (width, height) = size;
        let outer = face.grown(frame);
        let ends = [outer.x, outer.x + outer.width - width];
        let right = self.area.x + self.area.width - width;
        let at = |y: i32| ends.map(|x| (x.clamp(self.area.x, right), y));
        let [above, below, inside] = [outer.y - height, outer.y + outer.height, face.y].map(at);
        let beside = [(outer.x + outer.width, face.y), (outer.x - width, face.y)];
        let places = [above, below, beside, inside].into_iter().flatten();
        let mut places = places
            .map(|(x, y)| Rect { x, y, width, height })
            .filter(|place| self.area.holds(*place));
        let first = places.clone().next();
        let is_large = face.height > 4 * height;
        let free =
            places.find(|place| self.is_free(*place, face) && (is_large || !place.meets(face)));
        let place = if self.placed.is_empty() { free.or(first) } else { free };
        self.placed.extend(place);
        place
    }

    fn is_free(&self, place: Rect, face: Rect) -> bool {
        // A box that encloses `face` may be covered, or nothing inside it could be labelled.
        let hides = |other: &&Rect| other.meets(place) && !other.holds(face);
        !self.placed.iter().any(|other| other.meets(place)) && !self.faces.iter().any(|f| hides(&f))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const AREA: Rect = Rect { x: 0, y: 0, width: 500, height: 400 };

    fn square(x: i32, y: i32) -> Rect {
        Rect { x, y, width: 60, height: 60 }
    }

    #[test]
    fn labels_never_cover_other_faces_or_labels() {
        let faces: Vec<_> = (0..40).map(|i| square(i % 8 * 62, i / 8 * 75)).collect();
        let mut labels = Labels::new(AREA, faces.clone());
        let places: Vec<_> =
            faces.iter().filter_map(|face| labels.place(*face, 2, (50, 10))).collect();
        assert!(places.len() > 20, "{}", places.len());
        for (i, place) in places.iter().enumerate() {
            assert!(AREA.holds(*place));
            assert!(!places[..i].iter().any(|other| other.meets(*place)));
            assert_eq!(faces.iter().filter(|face| face.meets(*place)).count(), 0);
        }
    }
}
