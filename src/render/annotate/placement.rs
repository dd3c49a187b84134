//! Maps bounding boxes from the processed photo to the picture.
//!
//! Boxes in an answer refer to the processed photo: with its EXIF orientation applied, then rotated
//! clockwise by `best_angle`. The picture shows that photo, so boxes are only scaled and moved.

use super::canvas::Rect;

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

#[cfg(test)]
mod tests {
    use super::*;

    const PANEL: Rect = Rect { x: 100, y: 50, width: 400, height: 800 };

    #[test]
    fn a_box_is_scaled_and_moved_with_its_photo() {
        let exact = Placement::within(PANEL, (200, 400));
        let rect = exact.of([10.0, 20.0, 60.5, 120.0]);
        assert_eq!(rect, Some(Rect { x: 120, y: 90, width: 101, height: 200 }));
        assert_eq!(exact.of([0.0, 0.0, 200.0, 400.0]), Some(PANEL));
    }

    #[test]
    fn a_photo_with_another_aspect_ratio_is_centred() {
        let wide = Placement::within(PANEL, (4000, 1000));
        assert_eq!(wide.area, Rect { x: 100, y: 400, width: 400, height: 100 });
        let rect = wide.of([0.0, 0.0, 1000.0, 1000.0]);
        assert_eq!(rect, Some(Rect { x: 100, y: 400, width: 100, height: 100 }));
    }

    #[test]
    fn the_smallest_box_in_the_largest_photo_is_visible() {
        let tiny = Placement::within(PANEL, (65_535, 1)).of([9.0, 0.0, 10.0, 1.0]);
        assert!(tiny.is_some_and(|rect| rect.width == 1 && rect.height == 1));
    }

    #[test]
    fn a_box_that_exceeds_the_photo_is_not_placed() {
        let placement = Placement::within(PANEL, (200, 400));
        for outside in [
            [-1.0, 0.0, 10.0, 10.0],
            [0.0, -0.5, 10.0, 10.0],
            [0.0, 0.0, 201.0, 10.0],
            [0.0, 0.0, 10.0, 400.5],
            [10.0, 0.0, 10.0, 10.0],
            [20.0, 0.0, 10.0, 10.0],
            [0.0, 0.0, f64::INFINITY, 10.0],
            [f64::NAN, 0.0, 10.0, 10.0],
            [1e300, 1e300, 2e300, 2e300],
        ] {
            assert_eq!(placement.of(outside), None, "{outside:?}");
        }
    }
}
