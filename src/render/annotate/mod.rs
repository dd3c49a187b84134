//! Draws photos side by side below a banner, with their faces boxed.

#![allow(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    clippy::cast_possible_wrap,
    reason = "coordinates of a picture of a few thousand pixels; casts of floats saturate"
)]

mod canvas;
pub mod checked;
mod font;
pub mod judged;
mod panel;
pub mod placement;

use image::codecs::png::{CompressionType, FilterType, PngEncoder};
use image::{Rgb, RgbImage};

use crate::error::Result;

use canvas::{Canvas, Paint, Rect};
use font::{Font, Line};
use panel::Panel;
pub use panel::Print;

/// They are drawn in rows of three.
pub const MOST_PHOTOS: usize = 12;
const IN_A_ROW: usize = 3;
const HEIGHT: i32 = 900;
/// The space around photos, wide enough for face frames at their edges.
const MARGIN: i32 = 24;

const HEADLINES: [(f32, i32); 2] = [(50.0, 12), (28.0, 68)];
/// Size, top position and line height of its other lines, which may wrap.
const OTHERS: (f32, i32, i32) = (22.0, 110, 32);
const BELOW: i32 = 42;

const PAPER: Rgb<u8> = Rgb([250, 250, 250]);
const INK: Rgb<u8> = Rgb([32, 32, 32]);
const WHITE: Rgb<u8> = Rgb([255, 255, 255]);
// Each has a contrast of at least 4.5 with white text (WCAG 2.2, 1.4.3).
const GREEN: Rgb<u8> = Rgb([26, 127, 55]);
const RED: Rgb<u8> = Rgb([196, 32, 38]);
const GREY: Rgb<u8> = Rgb([95, 99, 104]);
const AMBER: Rgb<u8> = Rgb([154, 103, 0]);

pub struct Sheet<'a> {
    /// The banner's colour and lines, the most important first.
    colour: Rgb<u8>,
    lines: Vec<String>,
    panels: Vec<Panel<'a>>,
}

impl Sheet<'_> {
    pub fn draw(&self) -> Result<RgbImage> {
        let font = Font::embedded()?;
        // Each photo with its width and its caption.
        let captioned = |panel| {
            let width = Panel::width(panel);
            (panel, width, panel.caption(&font, (width, HEIGHT)))
        };
        let rows: Vec<Vec<_>> =
            self.panels.chunks(IN_A_ROW).map(|row| row.iter().map(captioned).collect()).collect();
        let width_of =
            |row: &Vec<(_, i32, _)>| row.iter().map(|(_, width, _)| width + MARGIN).sum::<i32>();
        let width = MARGIN + rows.iter().map(width_of).max().unwrap_or_default();
        let captions: Vec<i32> = rows
            .iter()
            .map(|row| row.iter().map(|(.., caption)| caption.height()).max().unwrap_or_default())
            .collect();
        let banner = self.banner(&font, width - 2 * MARGIN);
        let mut top = banner.last().map_or(0, |(_, y)| y + BELOW);
        let height = top + captions.iter().map(|caption| caption + HEIGHT + MARGIN).sum::<i32>();
        let mut canvas = Canvas::new(width, height, PAPER);
        canvas.fill(Rect { x: 0, y: 0, width, height: top }, Paint(self.colour, 1.0));
        for (line, y) in &banner {
            canvas.write(&font, line, MARGIN, *y, WHITE);
        }
        for (row, caption_height) in rows.iter().zip(captions) {
            let (mut x, y) = (MARGIN, top + caption_height);
            for (panel, width, caption) in row {
                caption.draw(&mut canvas, &font, x, top);
                panel.draw(&mut canvas, &font, Rect { x, y, width: *width, height: HEIGHT });
                x += width + MARGIN;
            }
            top = y + HEIGHT + MARGIN;
        }
        Ok(canvas.into_picture())
    }

    /// The banner's lines in a room of this width, each with its top position.
    fn banner(&self, font: &Font, room: i32) -> Vec<(Line, i32)> {
        let headlines = self.lines.iter().zip(HEADLINES);
        let headlines = headlines.map(|(text, (size, y))| (font.fitted(text, size, room), y));
        let (size, top, step) = OTHERS;
        let others = self.lines.iter().skip(HEADLINES.len());
        let others = others.flat_map(|text| font.wrapped(text, size, room));
        headlines.chain(others.zip((0..).map(|i| top + i * step))).collect()
    }
}

pub fn png(picture: &RgbImage) -> Result<Vec<u8>> {
    let mut file = Vec::new();
    // Adaptive filters take several times as long, for files that are a few percent smaller.
    let encoder = PngEncoder::new_with_quality(&mut file, CompressionType::Fast, FilterType::Up);
    picture.write_with_encoder(encoder)?;
    Ok(file)
}

/// How many faces a photo shows, and how it was turned; `turn` is `None` for an unknown angle.
fn facts(faces: usize, done: &str, turn: Option<u16>) -> impl Iterator<Item = String> {
    let turn = match turn {
        Some(0) => None,
        Some(degrees) => Some(format!("turned by {degrees}°")),
        None => Some("turned by an unknown angle".to_owned()),
    };
    std::iter::once(faces_in_words(faces, done)).chain(turn)
}

fn faces_in_words(count: usize, done: &str) -> String {
    match count {
        0 => "no face found".to_owned(),
        1 => "1 face".to_owned(),
        n => format!("{n} faces (largest {done})"),
    }
}
