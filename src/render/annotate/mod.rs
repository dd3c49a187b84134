//! Photos side by side with their faces, under a banner: for people to look at.

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

use std::io::Cursor;

use image::{ImageFormat, Rgb, RgbImage};

use crate::error::Result;

use banner::Banner;
use canvas::{Canvas, Rect};
use font::Font;
use panel::Panel;
pub use print::Print;

/// The most photos that one picture shows.
pub const MOST_PHOTOS: usize = 6;

/// The height of all photos.
const PHOTO_HEIGHT: i32 = 900;
/// Between and around the photos; wide enough for the boxes of faces at a photo's edge.
const MARGIN: i32 = 24;

const PAPER: Rgb<u8> = Rgb([250, 250, 250]);
const INK: Rgb<u8> = Rgb([32, 32, 32]);
const WHITE: Rgb<u8> = Rgb([255, 255, 255]);
// White text is legible on each (WCAG 2.2, 1.4.3: a contrast of 4.5 at least).
const GREEN: Rgb<u8> = Rgb([26, 127, 55]);
const RED: Rgb<u8> = Rgb([196, 32, 38]);
const GREY: Rgb<u8> = Rgb([95, 99, 104]);
const AMBER: Rgb<u8> = Rgb([154, 103, 0]);

/// What a picture shows.
pub struct Sheet {
    banner: Banner,
    panels: Vec<Panel>,
}

impl Sheet {
    /// Draws it.
    ///
    /// # Errors
    /// Only for bugs of ours: a font that can't be read.
    pub fn draw(&self) -> Result<RgbImage> {
        let font = Font::embedded()?;
        let widths = self.panels.iter().map(|panel| panel.width() + MARGIN);
        let caption = self.panels.iter().map(Panel::caption_height).max().unwrap_or_default();
        let top = self.banner.height() + caption;
        let (width, height) = (MARGIN + widths.sum::<i32>(), top + PHOTO_HEIGHT + MARGIN);
        let mut canvas = Canvas::new(width, height, PAPER);
        self.banner.draw(&mut canvas, &font);
        let mut left = MARGIN;
        for panel in &self.panels {
            let area = Rect { x: left, y: top, width: panel.width(), height: PHOTO_HEIGHT };
            panel.draw(&mut canvas, &font, area);
            left += panel.width() + MARGIN;
        }
        Ok(canvas.into_picture())
    }
}

/// `picture` as a PNG file.
///
/// # Errors
/// Only for bugs of ours.
pub fn png(picture: &RgbImage) -> Result<Vec<u8>> {
    let mut file = Cursor::new(Vec::new());
    picture.write_to(&mut file, ImageFormat::Png)?;
    Ok(file.into_inner())
}

/// How many faces there are, and what was done with the largest.
fn faces_in_words(count: usize, done: &str) -> String {
    match count {
        0 => "no face found".to_owned(),
        1 => "1 face".to_owned(),
        n => format!("{n} faces, the largest {done}"),
    }
}

/// How a photo was turned, if it was; `None` for an unknown angle.
fn turn_in_words(turn: Option<u16>) -> Option<String> {
    match turn {
        Some(0) => None,
        Some(degrees) => Some(format!("turned by {degrees}°")),
        None => Some("turned by an unknown angle".to_owned()),
    }
}
