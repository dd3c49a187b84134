//! A picture, or a part of it, on the detector's canvas, and the way back.

use rten_tensor::Tensor;

use super::pyramid::{Pyramid, at_level};

/// The sides of the canvas are multiples of the detector's largest stride.
const GRID: f32 = 32.0;

/// How a picture, or a part of it, is laid on the detector's canvas.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Letterbox {
    /// Canvas pixels for a pixel of the picture.
    scale: f32,
    /// Where the picture's left upper corner lies on the canvas; negative for a part of it.
    offset: [f32; 2],
    /// Width and height of the canvas, multiples of 32.
    canvas: [usize; 2],
}

impl Letterbox {
    /// The whole picture, its longer side `fit` pixels long, with at least `margin` pixels of
    /// black on all sides.
    pub fn whole((width, height): (u32, u32), fit: f32, margin: f32) -> Self {
        let scale = fit / width.max(height) as f32;
        let drawn = [width, height].map(|side| (side as f32 * scale).round().max(1.0));
        let canvas = drawn.map(|side| ((side + 2.0 * margin) / GRID).ceil() as usize * 32);
        let offset = [0, 1].map(|i| ((canvas[i] as f32 - drawn[i]) / 2.0).floor());
        Self { scale, offset, canvas }
    }

    /// The part of this canvas around `bbox` (in pixels of the picture), on the same grid, so
    /// that the network sees there what it would see in the whole.
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

    /// The canvas' width.
    pub fn width(&self) -> usize {
        self.canvas[0]
    }

    /// The position in the picture of a position on the canvas.
    pub fn undo(&self, x: f32, y: f32) -> [f32; 2] {
        [(x - self.offset[0]) / self.scale, (y - self.offset[1]) / self.scale]
    }

    /// The canvas as planes in the order BGR.
    pub fn draw(&self, picture: &Pyramid) -> Tensor<f32> {
        let (level, halvings) = picture.level_for(self.scale);
        let full = picture.size();
        let [width, height] = self.canvas;
        let columns = taps(self.offset[0], self.scale, width, full.0, halvings, level.width());
        let rows = taps(self.offset[1], self.scale, height, full.1, halvings, level.height());
        let stride = 3 * level.width() as usize;
        let pixels = level.as_raw();
        let mut planes = vec![0.0; 3 * width * height];
        let (blue, rest) = planes.split_at_mut(width * height);
        let (green, red) = rest.split_at_mut(width * height);
        for y in &rows {
            let upper = &pixels[y.near * stride..][..stride];
            let lower = &pixels[y.far * stride..][..stride];
            for x in &columns {
                let [near, far] = [3 * x.near, 3 * x.far];
                let mix = |c: usize| {
                    let top = blend(upper[near + c], upper[far + c], x.weight);
                    let bottom = blend(lower[near + c], lower[far + c], x.weight);
                    top + (bottom - top) * y.weight
                };
                let at = y.target * width + x.target;
                (red[at], green[at], blue[at]) = (mix(0), mix(1), mix(2));
            }
        }
        Tensor::from_data(&[1, 3, height, width], planes)
    }
}

/// One row or column of the canvas: which two of the level it lies between.
struct Tap {
    target: usize,
    near: usize,
    far: usize,
    /// The part of `far`.
    weight: f32,
}

/// The taps of one axis; where the picture does not reach there are none.
fn taps(offset: f32, scale: f32, canvas: usize, full: u32, halvings: u32, side: u32) -> Vec<Tap> {
    let last = side as usize - 1;
    let mut taps = Vec::with_capacity(canvas);
    for target in 0..canvas {
        let centre = (target as f32 + 0.5 - offset) / scale;
        if !(0.0..full as f32).contains(&centre) {
            continue;
        }
        let at = at_level(centre - 0.5, halvings).clamp(0.0, last as f32);
        let near = (at as usize).min(last);
        taps.push(Tap { target, near, far: (near + 1).min(last), weight: at - near as f32 });
    }
    taps
}

fn blend(near: u8, far: u8, weight: f32) -> f32 {
    let near = f32::from(near);
    near + (f32::from(far) - near) * weight
}

#[cfg(test)]
#[allow(clippy::float_cmp, reason = "exact by construction")]
mod tests {
    use rten_tensor::prelude::*;

    use super::*;

    #[test]
    fn the_letterbox_keeps_the_shape_and_is_undone() {
        let letterbox = Letterbox::whole((1200, 800), 640.0, 0.0);
        assert_eq!(letterbox.canvas, [640, 448]);
        assert_eq!(letterbox.offset, [0.0, 10.0]);
        let [x, y] = letterbox.undo(320.0, 10.0);
        assert!((x - 600.0).abs() < 1e-3 && y.abs() < 1e-3);
    }

    #[test]
    fn extreme_shapes_have_a_canvas() {
        for size in [(1, 1), (1, 5000), (65_535, 1)] {
            let letterbox = Letterbox::whole(size, 256.0, 0.0);
            assert!(letterbox.canvas.iter().all(|&side| (32..=256).contains(&side)), "{size:?}");
            let picture = Pyramid::new(image::RgbImage::new(size.0, size.1));
            letterbox.draw(&picture);
        }
    }

    #[test]
    fn a_part_lies_on_the_grid_of_the_whole() {
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
    fn the_canvas_is_bgr_and_black_around() {
        let picture = Pyramid::new(image::RgbImage::from_pixel(4, 2, image::Rgb([200, 100, 50])));
        let planes = Letterbox::whole((4, 2), 64.0, 16.0).draw(&picture);
        assert_eq!(planes.shape(), [1, 3, 64, 96]);
        assert_eq!(planes[[0, 0, 32, 48]], 50.0);
        assert_eq!(planes[[0, 2, 32, 48]], 200.0);
        assert_eq!(planes[[0, 1, 0, 0]], 0.0);
    }
}
