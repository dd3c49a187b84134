//! The coloured banner with the result.

use image::Rgb;

use super::canvas::{Canvas, Paint, Rect};
use super::font::{Font, Line};
use super::{MARGIN, WHITE};

/// Size and top position of the first two lines.
const HEADLINES: [(f32, i32); 2] = [(50.0, 12), (28.0, 68)];
/// Size, top position and line height of the other lines, which may wrap.
const OTHERS: (f32, i32, i32) = (22.0, 110, 32);
const BELOW: i32 = 42;

pub(super) struct Banner {
    pub(super) colour: Rgb<u8>,
    /// Most important first.
    pub(super) lines: Vec<String>,
}

impl Banner {
    /// Lays out the lines for a picture of this width, each with its top position.
    pub(super) fn lines(&self, font: &Font, width: i32) -> Vec<(Line, i32)> {
        let room = width - 2 * MARGIN;
        let headlines = self.lines.iter().zip(HEADLINES);
        let mut lines: Vec<_> =
            headlines.map(|(text, (size, y))| (font.fitted(text, size, room), y)).collect();
        let (size, mut y, step) = OTHERS;
        for text in self.lines.iter().skip(HEADLINES.len()) {
            for line in font.wrapped(text, size, room) {
                lines.push((line, y));
                y += step;
            }
        }
        lines
    }

    pub(super) fn height(lines: &[(Line, i32)]) -> i32 {
        lines.last().map_or(0, |(_, y)| y + BELOW)
    }

    pub(super) fn draw(&self, canvas: &mut Canvas, font: &Font, lines: &[(Line, i32)]) {
        let (width, height) = (canvas.width(), Self::height(lines));
        canvas.fill(Rect { x: 0, y: 0, width, height }, Paint(self.colour, 1.0));
        for (line, y) in lines {
            canvas.write(font, line, MARGIN, *y, WHITE);
        }
    }
}
