//! Places face labels next to their bounding boxes, avoiding other faces and labels.

use super::canvas::Rect;

pub(super) struct Labels {
    pub(super) area: Rect,
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
    fn labels_are_above_or_below_their_face_and_within_the_photo() {
        let mut labels = Labels::new(AREA, vec![]);
        let mut at = |face| labels.place(face, 5, (90, 20)).map(|place| (place.x, place.y));
        assert_eq!(at(square(100, 100)), Some((95, 75)));
        assert_eq!(at(square(300, 2)), Some((295, 67)));
        assert_eq!(at(square(440, 100)), Some((410, 75)));
        assert_eq!(at(Rect { x: 200, y: 0, width: 60, height: 400 }), Some((265, 0)));
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

    #[test]
    fn the_first_label_is_drawn_in_any_crowd() {
        let crowd =
            vec![square(0, 0), square(10, 10), Rect { x: 5, y: 65, width: 400, height: 300 }];
        let mut labels = Labels::new(AREA, crowd);
        assert!(labels.place(square(0, 0), 5, (480, 30)).is_some());
        assert!(labels.place(square(10, 10), 2, (480, 30)).is_none());
    }
}
