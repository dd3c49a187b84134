//! Maps a picture, or part of it, to the detector's input canvas and back.

use image::RgbImage;

use super::pyramid::{Pyramid, at_level};
use super::yunet::Rows;

/// The canvas's sides are multiples of the detector's largest stride.
const GRID: f32 = 32.0;

#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Letterbox {
    /// Canvas pixels per pixel of the picture.
    scale: f32,
    /// The picture's top left corner on the canvas; negative for crops.
    offset: [f32; 2],
    /// Width and height of the canvas.
    canvas: [usize; 2],
}

impl Letterbox {
    /// The whole picture, its longer side scaled to `fit` pixels, with at least `margin` black
    /// pixels on each side.
    pub fn whole((width, height): (u32, u32), fit: f32, margin: f32) -> Self {
        let scale = fit / width.max(height) as f32;
        let drawn = [width, height].map(|side| (side as f32 * scale).round().max(1.0));
        let canvas = drawn.map(|side| ((side + 2.0 * margin) / GRID).ceil() as usize * 32);
        let offset = [0, 1].map(|i| ((canvas[i] as f32 - drawn[i]) / 2.0).floor());
        Self { scale, offset, canvas }
    }

    /// A crop of this canvas around `bbox` (in pixels of the picture), aligned to the same grid so
    /// that the network sees the same pixels as in the whole.
    #[must_use]
    pub fn around(&self, bbox: &[f32; 4], context: f32) -> Self {
        let room = context * (bbox[2] - bbox[0]).max(bbox[3] - bbox[1]) * self.scale;
        let (mut offset, mut canvas) = (self.offset, self.canvas);
        for i in 0..2 {
            let start = ((bbox[i] * self.scale + self.offset[i] - room) / GRID).floor();
            let end = ((bbox[i + 2] * self.scale + self.offset[i] + room) / GRID).ceil();
            canvas[i] = 32 * (end - start).max(1.0) as usize;
            offset[i] -= start * GRID;
        }
        Self { scale: self.scale, offset, canvas }
    }

    /// Maps a position on the canvas to the picture.
    pub fn undo(&self, x: f32, y: f32) -> [f32; 2] {
        [(x - self.offset[0]) / self.scale, (y - self.offset[1]) / self.scale]
    }

    /// The canvas in BGR, 0-255, drawn row by row as needed.
    pub fn draw<'a>(&self, picture: &'a Pyramid) -> Drawing<'a> {
        let (level, halvings) = picture.level_for(self.scale);
        let (full, side) = (picture.size(), level.dimensions());
        let [width, height] = self.canvas;
        let columns = taps(self.offset[0], self.scale, width, full.0, halvings, side.0);
        let rows = taps(self.offset[1], self.scale, height, full.1, halvings, side.1);
        let used = columns.iter().flatten();
        let left = used.clone().map(|tap| tap.near).min().unwrap_or(0);
        let right = used.map(|tap| tap.far + 1).max().unwrap_or(0);
        Drawing { level, columns, rows, y: 0, left, between: vec![[0.0; 3]; right - left] }
    }
}

pub struct Drawing<'a> {
    level: &'a RgbImage,
    columns: Vec<Option<Tap>>,
    rows: Vec<Option<Tap>>,
    /// The next row.
    y: usize,
    /// The first column of `between`.
    left: usize,
    /// A buffer for the interpolation of two rows.
    between: Vec<[f32; 3]>,
}

impl Rows<3> for Drawing<'_> {
    fn width(&self) -> usize {
        self.columns.len()
    }

    fn height(&self) -> usize {
        self.rows.len()
    }

    fn next(&mut self, row: &mut [[f32; 3]]) {
        let tap = &self.rows[self.y];
        self.y += 1;
        let Some(y) = tap else { return row.fill([0.0; 3]) };
        let width = self.level.width() as usize;
        let [near, far] =
            [y.near, y.far].map(|row| &self.level.as_raw()[3 * (row * width + self.left)..]);
        let values = self.between.as_flattened_mut().iter_mut();
        for (value, (&near, &far)) in values.zip(near.iter().zip(far)) {
            *value = blend(f32::from(near), f32::from(far), y.weight);
        }
        for (pixel, x) in row.iter_mut().zip(&self.columns) {
            *pixel = x.as_ref().map_or([0.0; 3], |x| {
                let [near, far] = [x.near, x.far].map(|column| self.between[column - self.left]);
                [2, 1, 0].map(|channel| blend(near[channel], far[channel], x.weight))
            });
        }
    }
}

/// The two rows or columns of the level that a row or column of the canvas interpolates.
struct Tap {
    near: usize,
    far: usize,
    /// The weight of `far`.
    weight: f32,
}

/// The taps along one axis; `None` outside the picture.
fn taps(
    offset: f32,
    scale: f32,
    canvas: usize,
    full: u32,
    halvings: u32,
    side: u32,
) -> Vec<Option<Tap>> {
    let last = side as usize - 1;
    let tap = |target: usize| {
        let centre = (target as f32 + 0.5 - offset) / scale;
        let is_inside = (0.0..full as f32).contains(&centre);
        let at = at_level(centre - 0.5, halvings).clamp(0.0, last as f32);
        let near = (at as usize).min(last);
        is_inside.then(|| Tap { near, far: (near + 1).min(last), weight: at - near as f32 })
    };
    (0..canvas).map(tap).collect()
}

fn blend(near: f32, far: f32, weight: f32) -> f32 {
    near + (far - near) * weight
}

#[cfg(test)]
#[allow(clippy::float_cmp, reason = "exact by construction")]
mod tests {
    use super::*;

    #[test]
    fn a_letterbox_keeps_the_aspect_ratio_and_can_be_undone() {
        let letterbox = Letterbox::whole((1200, 800), 640.0, 0.0);
        assert_eq!(letterbox.canvas, [640, 448]);
        assert_eq!(letterbox.offset, [0.0, 10.0]);
        let [x, y] = letterbox.undo(320.0, 10.0);
        assert!((x - 600.0).abs() < 1e-3 && y.abs() < 1e-3);
    }

    #[test]
    fn a_crop_is_on_the_grid_of_the_whole() {
        let whole = Letterbox::whole((1000, 1000), 640.0, 0.0);
        let part = whole.around(&[400.0, 300.0, 500.0, 420.0], 0.35);
        assert_eq!(part.canvas, [128, 160]);
        for i in 0..2 {
            assert!(((whole.offset[i] - part.offset[i]) % GRID).abs() < 1e-3);
        }
        let inside = part.undo(0.0, 0.0);
        assert!(inside[0] <= 400.0 && inside[1] <= 300.0);
    }

    #[test]
    fn the_canvas_is_bgr_with_a_black_border() {
        let picture = Pyramid::new(image::RgbImage::from_pixel(4, 2, image::Rgb([200, 100, 50])));
        let canvas = Letterbox::whole((4, 2), 64.0, 16.0).draw(&picture).collect();
        assert_eq!((canvas.width, canvas.pixels.len()), (96, 96 * 64));
        assert_eq!(canvas.pixels[32 * 96 + 48], [50.0, 100.0, 200.0]);
        assert_eq!(canvas.pixels[0], [0.0; 3]);
    }
}
