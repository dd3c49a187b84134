//! Both photos side by side with their faces, under the verdict: for people to look at.

#![allow(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    clippy::cast_possible_wrap,
    reason = "coordinates of a picture of a few thousand pixels; casts of floats saturate"
)]

mod banner;
mod canvas;
mod font;
mod labels;
mod panel;
mod placement;
mod print;

use std::io::Cursor;

use image::{ImageFormat, Rgb};

use crate::answer::Report;
use crate::error::Result;
use crate::verdict::{Status, Verdict};

use canvas::{Canvas, Rect};
use font::Font;
use panel::Panel;
pub use print::Print;

/// The height of both photos.
const PHOTO_HEIGHT: i32 = 900;
/// Between and around the photos; wide enough for the boxes of faces at a photo's edge.
const MARGIN: i32 = 24;

const PAPER: Rgb<u8> = Rgb([250, 250, 250]);
const INK: Rgb<u8> = Rgb([32, 32, 32]);
const WHITE: Rgb<u8> = Rgb([255, 255, 255]);

/// The annotated picture of `photos`, the user image and the reference image, as a PNG file.
///
/// # Errors
/// Only for bugs of ours: a font that can't be read, a picture that can't be encoded.
pub fn png(photos: &[Print; 2], report: &Report, verdict: &Verdict) -> Result<Vec<u8>> {
    let font = Font::embedded()?;
    let [user, reference] = photos;
    let panels = [
        Panel::new("User image", user, &report.user_image),
        Panel::new("Reference image", reference, &report.ref_image),
    ];
    let width = panels.iter().map(Panel::width).sum::<i32>() + 3 * MARGIN;
    let top = banner::HEIGHT + panel::CAPTION_HEIGHT;
    let mut canvas = Canvas::new(width, top + PHOTO_HEIGHT + MARGIN, PAPER);
    let colour = colour(verdict.status());
    banner::draw(&mut canvas, &font, colour, verdict, report);
    let mut left = MARGIN;
    for panel in &panels {
        let area = Rect { x: left, y: top, width: panel.width(), height: PHOTO_HEIGHT };
        panel.draw(&mut canvas, &font, colour, area);
        left += panel.width() + MARGIN;
    }
    let mut file = Cursor::new(Vec::new());
    canvas.into_picture().write_to(&mut file, ImageFormat::Png)?;
    Ok(file.into_inner())
}

/// White text is legible on each (WCAG 2.2, 1.4.3: a contrast of 4.5 at least).
fn colour(status: Status) -> Rgb<u8> {
    match status {
        Status::Approved => Rgb([26, 127, 55]),
        Status::Declined => Rgb([196, 32, 38]),
        Status::InReview => Rgb([154, 103, 0]),
    }
}
