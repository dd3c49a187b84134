//! `report --embed-thumbnails`: the compared faces, cut out, boxed and encoded for the page.

#![allow(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    reason = "pixels of a photo; casts of floats saturate"
)]

use std::collections::HashMap;
use std::io::Cursor;
use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use image::codecs::jpeg::JpegEncoder;
use image::imageops;
use image::{Rgb, RgbImage};

use super::judged_photo;
use super::parallel::on_all_cores;
use crate::error::Result;
use crate::panics;
use crate::picture::decode;
use crate::report::{Entry, Report};
use crate::verdict::answer::ImageDetails;

const SIDE: u32 = 240;
const QUALITY: u8 = 80;
/// How much to show around the box, relative to its size.
const AROUND: f64 = 0.5;
const FRAME: Rgb<u8> = Rgb([255, 214, 0]);

/// The faces of each pair by its id, if both photos are unchanged.
pub(in crate::commands) fn of(report: &Report) -> Result<HashMap<String, [String; 2]>> {
    let faces = |entry: &Entry| {
        let faces = panics::caught(|| both(entry, &report.base_dir)).flatten();
        Ok(faces.map(|faces| (entry.id.clone(), faces)))
    };
    Ok(on_all_cores(&report.entries, faces, || ())?.into_iter().flatten().collect())
}

fn both(entry: &Entry, folder: &Path) -> Option<[String; 2]> {
    Some([face(entry, 0, folder)?, face(entry, 1, folder)?])
}

fn face(entry: &Entry, place: usize, folder: &Path) -> Option<String> {
    let picture = decode::upright(&judged_photo::read(entry, place, folder).ok()?).ok()?;
    let details = entry.faces[place].on(picture.dimensions());
    let face = boxed(picture, &details);
    let (width, height) = face.dimensions();
    let scale = |side: u32| (side * SIDE / width.max(height)).max(1);
    let face = imageops::thumbnail(&face, scale(width), scale(height));
    let mut jpeg = Cursor::new(Vec::new());
    JpegEncoder::new_with_quality(&mut jpeg, QUALITY).encode_image(&face).ok()?;
    Some(STANDARD.encode(jpeg.into_inner()))
}

/// The part of `picture` around the compared face, with its box; the whole picture if no face was
/// found.
fn boxed(picture: RgbImage, details: &ImageDetails) -> RgbImage {
    let Some((turn, [left, top, right, bottom])) = details.compared() else { return picture };
    let mut picture = decode::rotate(&picture, turn);
    let (width, height) = (f64::from(picture.width()), f64::from(picture.height()));
    if left < 0.0 || top < 0.0 || right > width || bottom > height {
        return picture;
    }
    let side = (right - left).max(bottom - top) * (1.0 + 2.0 * AROUND);
    let span = |low: f64, high: f64, all: f64| {
        let side = side.min(all);
        let from = (f64::midpoint(low, high) - side / 2.0).clamp(0.0, all - side);
        (from as u32, side.max(1.0) as u32)
    };
    let ((x, across), (y, down)) = (span(left, right, width), span(top, bottom, height));
    frame(&mut picture, [left, top, right, bottom], (across / 80).max(1));
    imageops::crop_imm(&picture, x, y, across, down).to_image()
}

fn frame(picture: &mut RgbImage, bbox: [f64; 4], line: u32) {
    let [left, top, right, bottom] = bbox.map(|side| side as u32);
    for y in top..bottom.min(picture.height()) {
        for x in left..right.min(picture.width()) {
            let is_edge =
                x < left + line || y < top + line || x + line >= right || y + line >= bottom;
            if is_edge {
                picture.put_pixel(x, y, FRAME);
            }
        }
    }
}
