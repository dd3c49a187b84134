//! What was decided, in its colour.

use image::Rgb;

use super::canvas::{Canvas, Paint, Rect};
use super::font::Font;
use super::{MARGIN, WHITE};

/// The size of each line, and how far it is from the top.
const LINES: [(f32, i32); 4] = [(50.0, 12), (28.0, 68), (22.0, 110), (22.0, 142)];

pub(super) struct Banner {
    pub(super) colour: Rgb<u8>,
    /// From the weightiest to the least.
    pub(super) lines: Vec<String>,
}

impl Banner {
    pub(super) fn height(&self) -> i32 {
        let last = LINES.iter().take(self.lines.len()).next_back();
        last.map_or(0, |(_, y)| y + 42)
    }

    pub(super) fn draw(&self, canvas: &mut Canvas, font: &Font) {
        let width = canvas.width();
        canvas.fill(Rect { x: 0, y: 0, width, height: self.height() }, Paint(self.colour, 1.0));
        for (text, (size, y)) in self.lines.iter().zip(LINES) {
            let line = font.fitted(text, size, width - 2 * MARGIN);
            canvas.write(font, &line, MARGIN, y, WHITE);
        }
    }
}
