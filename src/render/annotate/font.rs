//! Draws text with the embedded font.

use ab_glyph::{Font as _, FontRef, Glyph, ScaleFont, point};

use crate::error::Result;
use crate::values::text::safe;

/// See assets/fonts/README.md for its origin.
const DEJAVU_SANS: &[u8] = include_bytes!("../../../assets/fonts/DejaVuSans-subset.ttf");
/// More than fit in a line. Untrusted text can be arbitrarily long.
const MOST_CHARACTERS: usize = 400;

pub(super) struct Font(FontRef<'static>);

pub(super) struct Line {
    pub(super) text: String,
    pub(super) size: f32,
}

impl Font {
    pub(super) fn embedded() -> Result<Self> {
        Ok(Self(FontRef::try_from_slice(DEJAVU_SANS)?))
    }

    /// Escapes `text`, and leaves out its middle if it is wider than `width`.
    pub(super) fn line(&self, text: &str, size: f32, width: i32) -> Line {
        let text = self.harmless(text);
        let fits = |text: &String| self.width(text, size) <= width as f32;
        if fits(&text) {
            return Line { text, size };
        }
        // The end of a file name says as much as its beginning.
        let all: Vec<char> = text.chars().collect();
        let without_middle = |kept: usize| {
            let (start, end) = all.split_at(kept - kept / 3);
            let end = &end[end.len() - kept / 3..];
            start.iter().chain(&['…']).chain(end).collect::<String>()
        };
        let text = (0..all.len()).rev().map(without_middle).find(fits).unwrap_or_default();
        Line { text, size }
    }

    /// Fits `text` into one line of `width`, shrinking the font to two thirds at most.
    pub(super) fn fitted(&self, text: &str, size: f32, width: i32) -> Line {
        let needed = self.width(&self.harmless(text), size);
        let size = (size * width as f32 / needed.max(1.0)).clamp(size / 1.5, size);
        self.line(text, size, width)
    }

    /// Wraps `text` to lines of `width`, at spaces if possible. Empty text gives one empty line.
    pub(super) fn wrapped(&self, text: &str, size: f32, width: i32) -> Vec<Line> {
        let fits = |text: &str| self.width(text, size) <= width as f32;
        let mut lines = vec![String::new()];
        for word in self.harmless(text).split_inclusive(' ') {
            let line = lines.last().map_or("", String::as_str);
            if !line.is_empty() && !fits(&format!("{line}{}", word.trim_end())) {
                lines.push(String::new());
            }
            for c in word.chars() {
                let line = lines.last().map_or("", String::as_str);
                if c != ' ' && !line.is_empty() && !fits(&format!("{line}{c}")) {
                    lines.push(String::new());
                }
                lines.iter_mut().last().into_iter().for_each(|line| line.push(c));
            }
        }
        lines.into_iter().map(|text| Line { text: text.trim_end().to_owned(), size }).collect()
    }

    pub(super) fn width_of(&self, line: &Line) -> i32 {
        self.width(&line.text, line.size).ceil() as i32
    }

    pub(super) fn height_of(&self, line: &Line) -> i32 {
        self.0.as_scaled(line.size).height().ceil() as i32
    }

    /// Calls `ink` with the position, relative to the top left corner, and the coverage of each
    /// pixel.
    pub(super) fn draw(&self, line: &Line, mut ink: impl FnMut(i32, i32, f32)) {
        let font = self.0.as_scaled(line.size);
        let mut pen = point(0.0, font.ascent());
        for glyph in line.text.chars().map(|c| font.scaled_glyph(c)) {
            let advance = font.h_advance(glyph.id);
            let glyph = Glyph { position: pen, ..glyph };
            if let Some(outline) = font.outline_glyph(glyph) {
                let corner = outline.px_bounds().min;
                let (left, top) = (corner.x as i32, corner.y as i32);
                outline.draw(|x, y, cover| ink(left + x as i32, top + y as i32, cover));
            }
            pen.x += advance;
        }
    }

    fn width(&self, text: &str, size: f32) -> f32 {
        let font = self.0.as_scaled(size);
        text.chars().map(|c| font.h_advance(font.glyph_id(c))).sum()
    }

    /// Escapes control and bidi characters, and those missing from the font, which would all look
    /// the same.
    fn harmless(&self, text: &str) -> String {
        let mut out = String::new();
        for c in safe(text).chars().take(MOST_CHARACTERS) {
            match self.0.glyph_id(c).0 {
                0 => out.extend(c.escape_unicode()),
                _ => out.push(c),
            }
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_font_covers_the_characters_we_use() {
        let font = Font::embedded().unwrap();
        let wanted = "Approved 0123456789.%,:()·… äöüßéñçøłčőžĐơư Zoe\u{308} Αθήνα Москва Ґанок Қазақ Հայ ქარ “quoted” – it’s";
        for c in wanted.chars() {
            assert_ne!(font.0.glyph_id(c).0, 0, "no glyph for {c}");
        }
    }

    #[test]
    fn lines_fit_their_width() {
        let font = Font::embedded().unwrap();
        for text in ["", "a", &"W".repeat(5000), &"日".repeat(300), "\x1b[2J\u{202e}x"] {
            for width in [40, 300] {
                for line in [font.line(text, 30.0, width), font.fitted(text, 30.0, width)] {
                    assert!(font.width_of(&line) <= width, "{} in {width}", line.text);
                }
            }
        }
        assert_eq!(font.line("a\x1bb 李🦊م", 10.0, 900).text, r"a\u{1b}b \u{674e}\u{1f98a}\u{645}");
    }

    #[test]
    fn wrapping_loses_only_spaces_at_line_ends() {
        let font = Font::embedded().unwrap();
        let long = format!("retake it: {} · too dark, 12 of 255", "a/long_name".repeat(9));
        for width in [40, 160, 555, 9000] {
            let lines = font.wrapped(&long, 20.0, width);
            assert!(lines.iter().all(|line| font.width_of(line) <= width), "{width}");
            let text: String = lines.iter().map(|line| line.text.as_str()).collect();
            assert_eq!(text.replace(' ', ""), long.replace(' ', ""), "{width}");
        }
        assert_eq!(font.wrapped("", 20.0, 100).len(), 1);
    }
}
