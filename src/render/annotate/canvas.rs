//! A canvas for rectangles and text, clipped at its edges.

use image::{Rgb, RgbImage};

use super::font::{Font, Line};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Rect {
    pub(super) x: i32,
    pub(super) y: i32,
    pub(super) width: i32,
    pub(super) height: i32,
}

impl Rect {
    /// Grows the rectangle by `by` pixels on each side.
    pub(super) fn grown(self, by: i32) -> Self {
        let Self { x, y, width, height } = self;
        Self { x: x - by, y: y - by, width: width + 2 * by, height: height + 2 * by }
    }

    /// Whether `other` lies completely within.
    pub(super) fn holds(self, other: Self) -> bool {
        self.x <= other.x
            && self.y <= other.y
            && other.x + other.width <= self.x + self.width
            && other.y + other.height <= self.y + self.height
    }

    pub(super) fn meets(self, other: Self) -> bool {
        self.x < other.x + other.width
            && other.x < self.x + self.width
            && self.y < other.y + other.height
            && other.y < self.y + self.height
    }
}

/// A colour and its opacity, 0 to 1.
#[derive(Clone, Copy, Debug)]
pub(super) struct Paint(pub(super) Rgb<u8>, pub(super) f32);

pub(super) struct Canvas(RgbImage);

impl Canvas {
    pub(super) fn new(width: i32, height: i32, paper: Rgb<u8>) -> Self {
        Self(RgbImage::from_pixel(width as u32, height as u32, paper))
    }

    pub(super) fn width(&self) -> i32 {
        self.0.width() as i32
    }

    pub(super) fn into_picture(self) -> RgbImage {
        self.0
    }

    /// Draws `picture` with its top left corner at `x`, `y`.
    pub(super) fn place(&mut self, picture: &RgbImage, x: i32, y: i32) {
        image::imageops::replace(&mut self.0, picture, x.into(), y.into());
    }

    pub(super) fn fill(&mut self, rect: Rect, paint: Paint) {
        let clip = |from: i32, length: i32, most: i32| {
            (from.clamp(0, most) as usize, (from + length).clamp(0, most) as usize)
        };
        let (left, right) = clip(rect.x, rect.width, self.width());
        let (top, bottom) = clip(rect.y, rect.height, self.0.height() as i32);
        let Paint(colour, cover) = paint;
        for y in top..bottom {
            if cover < 1.0 {
                (left..right).for_each(|x| self.dot(x as i32, y as i32, paint));
            } else {
                let start = y * self.width() as usize;
                let row = &mut self.0.as_chunks_mut::<3>().0[start..][left..right];
                row.fill(colour.0);
            }
        }
    }

    /// Draws a frame around the outside of `rect`.
    pub(super) fn frame(&mut self, rect: Rect, line: i32, paint: Paint) {
        let Rect { x, y, width, height } = rect.grown(line);
        self.fill(Rect { x, y, width, height: line }, paint);
        self.fill(Rect { x, y: rect.y + rect.height, width, height: line }, paint);
        let sides = Rect { x, y: y + line, width: line, height: height - 2 * line };
        self.fill(sides, paint);
        self.fill(Rect { x: rect.x + rect.width, ..sides }, paint);
    }

    /// Writes `line` with its top left corner at `x`, `y`.
    pub(super) fn write(&mut self, font: &Font, line: &Line, x: i32, y: i32, colour: Rgb<u8>) {
        font.draw(line, |dx, dy, cover| self.dot(x + dx, y + dy, Paint(colour, cover)));
    }

    fn dot(&mut self, x: i32, y: i32, Paint(colour, cover): Paint) {
        let (Ok(x), Ok(y)) = (u32::try_from(x), u32::try_from(y)) else { return };
        let Some(pixel) = self.0.get_pixel_mut_checked(x, y) else { return };
        for (below, above) in pixel.0.iter_mut().zip(colour.0) {
            let mixed = f32::from(*below) * (1.0 - cover) + f32::from(above) * cover;
            *below = mixed.round() as u8;
        }
    }
}
