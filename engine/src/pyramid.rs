//! An image pyramid, built once for all stages.

use std::borrow::Cow;

use image::RgbImage;

/// The minimum longer side of a level: the size of the smallest detector pass.
const SMALLEST: u32 = 256;

/// The longer side of the picture in the detector's largest pass.
const LARGEST_PASS: u32 = 640;

/// A picture at full size, at half, at a quarter, and so on.
pub struct Pyramid {
    levels: Vec<RgbImage>,
}

impl Pyramid {
    /// Halves `picture` repeatedly, by averaging 2 x 2 pixels, while a stage can use the result.
    pub fn new(picture: RgbImage) -> Self {
        let mut levels = vec![picture];
        while let Some(half) = levels.last().and_then(half) {
            levels.push(half);
        }
        Self { levels }
    }

    pub fn full(&self) -> &RgbImage {
        &self.levels[0]
    }

    /// Width and height of the full-size picture.
    pub fn size(&self) -> (u32, u32) {
        self.full().dimensions()
    }

    /// The smallest level with all the pixels that the detector uses.
    pub fn reduced(&self) -> &RgbImage {
        let enough = |level: &&RgbImage| level.width().max(level.height()) >= LARGEST_PASS;
        self.levels.iter().rev().find(enough).unwrap_or(self.full())
    }

    /// The level to use for drawing the picture scaled by `scale`, and its number of halvings.
    /// Scaling a level by less than half would skip pixels, since bilinear interpolation uses 2 x
    /// 2.
    pub fn level_for(&self, mut scale: f32) -> (&RgbImage, u32) {
        let mut halvings = 0;
        while scale < 0.5 && halvings + 1 < self.levels.len() {
            scale *= 2.0;
            halvings += 1;
        }
        (&self.levels[halvings], halvings as u32)
    }
}

/// Halves `picture` for as long as the detector keeps all the pixels it uses; also returns the
/// number of halvings.
pub fn reduce(picture: &RgbImage) -> (Cow<'_, RgbImage>, u32) {
    let (mut small, mut halvings) = (Cow::Borrowed(picture), 0);
    while small.width().max(small.height()) >= 2 * LARGEST_PASS {
        let Some(half) = half(&small) else { break };
        (small, halvings) = (Cow::Owned(half), halvings + 1);
    }
    (small, halvings)
}

/// Maps position `x` of the full-size picture to a level. Pixel centres are at integers.
pub fn at_level(x: f32, halvings: u32) -> f32 {
    (x + 0.5) / (1_u32 << halvings) as f32 - 0.5
}

/// Samples the picture at `(x, y)` by bilinear interpolation; black outside.
pub fn sample(picture: &RgbImage, x: f32, y: f32) -> [f32; 3] {
    let (width, height) = (picture.width() as usize, picture.height() as usize);
    let (left, top) = (floor(x), floor(y));
    let (fx, fy) = (x - left as f32, y - top as f32);
    let pixels = picture.as_raw();
    let mut out = [0.0; 3];
    for (row, wy) in [(top, 1.0 - fy), (top.saturating_add(1), fy)] {
        for (column, wx) in [(left, 1.0 - fx), (left.saturating_add(1), fx)] {
            // A negative number becomes too large.
            let (row, column) = (row as usize, column as usize);
            if row < height && column < width {
                let pixel = &pixels[3 * (row * width + column)..][..3];
                for (value, &channel) in out.iter_mut().zip(pixel) {
                    *value += wx * wy * f32::from(channel);
                }
            }
        }
    }
    out
}

/// Unlike `f32::floor`, no call of a library on processors without SSE 4.1.
fn floor(x: f32) -> i32 {
    let whole = x as i32;
    if whole as f32 > x { whole.saturating_sub(1) } else { whole }
}

/// Halves `picture` by averaging 2 x 2 pixels; `None` if no stage needs the smaller size.
pub fn half(picture: &RgbImage) -> Option<RgbImage> {
    let (width, height) = (picture.width() / 2, picture.height() / 2);
    if width == 0 || height == 0 || width.max(height) < SMALLEST {
        return None;
    }
    let mut out = RgbImage::new(width, height);
    let stride = 3 * picture.width() as usize;
    let rows = picture.as_raw().chunks_exact(2 * stride);
    for (pair, target) in rows.zip(out.as_mut().chunks_exact_mut(3 * width as usize)) {
        let (upper, lower) = pair.split_at(stride);
        let blocks = upper.chunks_exact(6).zip(lower.chunks_exact(6));
        for ((u, l), pixel) in blocks.zip(target.chunks_exact_mut(3)) {
            for (c, value) in pixel.iter_mut().enumerate() {
                let sum =
                    u16::from(u[c]) + u16::from(u[c + 3]) + u16::from(l[c]) + u16::from(l[c + 3]);
                *value = ((sum + 2) / 4) as u8;
            }
        }
    }
    Some(out)
}

#[cfg(test)]
#[allow(clippy::float_cmp, reason = "exact by construction")]
mod tests {
    use super::*;
    use image::Rgb;

    #[test]
    fn levels_halve_down_to_the_smallest_pass() {
        let pyramid = Pyramid::new(RgbImage::new(2049, 1001));
        let sizes: Vec<_> = pyramid.levels.iter().map(RgbImage::dimensions).collect();
        assert_eq!(sizes, [(2049, 1001), (1024, 500), (512, 250), (256, 125)]);
        assert_eq!(pyramid.level_for(0.3).1, 1);
        assert_eq!(pyramid.level_for(0.5).1, 0);
        assert_eq!(pyramid.level_for(0.001).1, 3);
    }

    #[test]
    fn halving_averages_pixels() {
        let picture = RgbImage::from_fn(1024, 2, |x, y| Rgb([(4 * (x % 2) + 8 * y) as u8, 0, 9]));
        assert_eq!(half(&picture).unwrap().get_pixel(3, 0).0, [6, 0, 9]);
        assert!((at_level(0.5, 1) - 0.0).abs() < 1e-6);
    }

    #[test]
    fn samples_are_interpolated_and_black_outside() {
        let picture = RgbImage::from_fn(2, 2, |x, y| Rgb([(100 * x + 50 * y) as u8; 3]));
        assert_eq!(sample(&picture, 0.5, 0.5), [75.0; 3]);
        assert_eq!(sample(&picture, 1.0, 1.0), [150.0; 3]);
        assert_eq!(sample(&picture, -0.5, 0.0), [0.0; 3]);
        assert_eq!(sample(&picture, 2.5, 0.0), [0.0; 3]);
    }
}
