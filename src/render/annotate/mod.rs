//! Draws photos side by side below a banner, with their faces boxed.

#![allow(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    clippy::cast_possible_wrap,
    reason = "coordinates of a picture of a few thousand pixels; casts of floats saturate"
)]

mod banner;
mod canvas;
pub mod checked;
mod font;
pub mod judged;
mod labels;
mod panel;
mod placement;
mod print;

use image::codecs::png::{CompressionType, FilterType, PngEncoder};
use image::{Rgb, RgbImage};

use crate::error::Result;

use banner::Banner;
use canvas::{Canvas, Rect};
use font::Font;
use panel::{Caption, Panel};
pub use print::Print;

pub const MOST_PHOTOS: usize = 48;
/// Up to this many photos share one row; more are laid out in a grid of equal fields.
const SIDE_BY_SIDE: usize = 3;
const MOST_COLUMNS: usize = 6;

/// The space around photos, wide enough for face frames at their edges.
const MARGIN: i32 = 24;

const PAPER: Rgb<u8> = Rgb([250, 250, 250]);
const INK: Rgb<u8> = Rgb([32, 32, 32]);
const WHITE: Rgb<u8> = Rgb([255, 255, 255]);
// Each has a contrast of at least 4.5 with white text (WCAG 2.2, 1.4.3).
const GREEN: Rgb<u8> = Rgb([26, 127, 55]);
const RED: Rgb<u8> = Rgb([196, 32, 38]);
const GREY: Rgb<u8> = Rgb([95, 99, 104]);
const AMBER: Rgb<u8> = Rgb([154, 103, 0]);

/// The size of photos in a picture, and how many fit in a row.
#[derive(Clone, Copy, Debug)]
pub struct Layout {
    columns: usize,
    /// The height of each photo.
    height: i32,
    /// The width of each field; `None` to follow the photo's aspect ratio.
    width: Option<i32>,
    /// The longest side at which a photo is drawn, in any rotation.
    longest: u32,
}

impl Layout {
    pub const PAIR: Self = Self { columns: SIDE_BY_SIDE, height: 900, width: None, longest: 2048 };

    /// Chooses a grid that is about square.
    pub fn of(photos: usize) -> Self {
        if photos <= SIDE_BY_SIDE {
            return Self::PAIR;
        }
        let columns = (1..MOST_COLUMNS).find(|n| n * n >= photos).unwrap_or(MOST_COLUMNS);
        Self { columns, height: 420, width: Some(560), longest: 640 }
    }
}

pub struct Sheet {
    banner: Banner,
    panels: Vec<Panel>,
}

impl Sheet {
    pub fn draw(&self) -> Result<RgbImage> {
        let font = Font::embedded()?;
        let layout = Layout::of(self.panels.len());
        let rows: Vec<_> =
            self.panels.chunks(layout.columns).map(|row| Row::new(row, layout, &font)).collect();
        let width = rows.iter().map(Row::width).max().unwrap_or(MARGIN);
        let banner = self.banner.lines(&font, width);
        let mut top = Banner::height(&banner);
        let height = top + rows.iter().map(|row| row.height(layout)).sum::<i32>();
        let mut canvas = Canvas::new(width, height, PAPER);
        self.banner.draw(&mut canvas, &font, &banner);
        for row in rows {
            row.draw(&mut canvas, &font, layout, top);
            top += row.height(layout);
        }
        Ok(canvas.into_picture())
    }
}

/// Photos side by side, each below its caption.
struct Row<'a>(Vec<(&'a Panel, i32, Caption)>);

impl<'a> Row<'a> {
    fn new(panels: &'a [Panel], layout: Layout, font: &Font) -> Self {
        let captioned = panels.iter().map(|panel| {
            let width = layout.width.unwrap_or_else(|| panel.width(layout.height));
            (panel, width, panel.caption(font, (width, layout.height)))
        });
        Self(captioned.collect())
    }

    fn width(&self) -> i32 {
        MARGIN + self.0.iter().map(|(_, width, _)| width + MARGIN).sum::<i32>()
    }

    fn caption_height(&self) -> i32 {
        self.0.iter().map(|(_, _, caption)| caption.height()).max().unwrap_or_default()
    }

    fn height(&self, layout: Layout) -> i32 {
        self.caption_height() + layout.height + MARGIN
    }

    fn draw(&self, canvas: &mut Canvas, font: &Font, layout: Layout, top: i32) {
        let y = top + self.caption_height();
        let mut x = MARGIN;
        for (panel, width, caption) in &self.0 {
            caption.draw(canvas, font, x, top);
            panel.draw(canvas, font, Rect { x, y, width: *width, height: layout.height });
            x += width + MARGIN;
        }
    }
}

pub fn png(picture: &RgbImage) -> Result<Vec<u8>> {
    let mut file = Vec::new();
    // Adaptive filters take several times as long, for files that are a few percent smaller.
    let encoder = PngEncoder::new_with_quality(&mut file, CompressionType::Fast, FilterType::Up);
    picture.write_with_encoder(encoder)?;
    Ok(file)
}

fn faces_in_words(count: usize, done: &str) -> String {
    match count {
        0 => "no face found".to_owned(),
        1 => "1 face".to_owned(),
        n => format!("{n} faces (largest {done})"),
    }
}

/// `turn` is `None` for an unknown angle.
fn turn_in_words(turn: Option<u16>) -> Option<String> {
    match turn {
        Some(0) => None,
        Some(degrees) => Some(format!("turned by {degrees}°")),
        None => Some("turned by an unknown angle".to_owned()),
    }
}
