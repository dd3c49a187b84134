//! What was decided, in its colour.

use image::Rgb;

use super::canvas::{Canvas, Paint, Rect};
use super::font::Font;
use super::{MARGIN, WHITE};

pub(super) const HEIGHT: i32 = 152;

/// The size of each line, and how far it is from the top.
const LINES: [(f32, i32); 3] = [(50.0, 12), (28.0, 68), (22.0, 110)];

pub(super) struct Banner {
    pub(super) colour: Rgb<u8>,
    /// From the weightiest to the least.
    pub(super) lines: [String; 3],
}

impl Banner {
    pub(super) fn draw(&self, canvas: &mut Canvas, font: &Font) {
        let width = canvas.width();
        canvas.fill(Rect { x: 0, y: 0, width, height: HEIGHT }, Paint(self.colour, 1.0));
        for (text, (size, y)) in self.lines.iter().zip(LINES) {
            let line = font.fitted(text, size, width - 2 * MARGIN);
            canvas.write(font, &line, MARGIN, y, WHITE);
        }
    }
}
