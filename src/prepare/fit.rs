//! `--fit`: converts a photo to a JPEG within a size limit, downscaled only as far as needed.

#![allow(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    reason = "sides are at most 65535, and lengths are estimates"
)]

use std::thread;

use bytes::Bytes;
use image::RgbImage;
use image::metadata::Orientation;

use super::scaling::{FAITHFUL, Original};
use super::{Prepared, Remark};
use crate::engine::{EngineError, pyramid};
use crate::error::{Error, Kind, Result};
use crate::photo::{self, Format, MOST_BYTES, Photo, ambiguous, format_name};
use crate::picture;
use crate::picture::decode::{self, Stored};
use crate::preflight::Inspector;
use crate::values::quantity::PhotoSize;
use crate::values::text;

/// JPEG qualities, tried in turn. If the lowest is still too large, the picture is downscaled.
const QUALITIES: [u8; 3] = [FAITHFUL, 90, LOWEST];
const LOWEST: u8 = 85;
/// In pixels; no face is shrunk below this height.
const FACE_HEIGHT: f32 = 200.0;
/// The measured height of a face differs by a pixel or so between scales.
const SAFE_FACE_HEIGHT: f32 = 1.02 * FACE_HEIGHT;
/// A JPEG that uses less than this fraction of the limit was downscaled too far.
const USED_WELL: f64 = 0.85;
const AIM: f64 = 0.95;
/// An estimate within this fraction of the aim is close enough.
const NEAR: f64 = 0.02;
/// The lowest scale of a picture without a face.
const SMALLEST_SCALE: f64 = 0.02;
/// Estimated lengths are seldom off by more than this factor.
const MARGIN: f64 = 1.25;
/// A picture is halved only if the half uses this fraction of the limit at the lowest quality.
const WORTH_HALVING: f64 = 0.5;
/// The maximum number of scales to try.
const ROUNDS: usize = 6;

/// Converts the file `name` to an upright JPEG of at most `limit`, without metadata.
///
/// If its face would shrink below 200 pixels, the JPEG may exceed `limit`, but not 5 MB.
pub fn fit(inspector: &Inspector, name: &str, bytes: &Bytes, limit: PhotoSize) -> Result<Prepared> {
    let unusable = |e: picture::Error| EngineError::from(e).of_photo(name);
    if bytes.len() > MOST_BYTES {
        let what = format!("`{name}` is over 64 MB, the limit for --fit");
        return Err(Error::new(Kind::Input, what).hint("make it smaller").into());
    }
    let size = decode::header(bytes).map_err(unusable)?.size;
    // Includes its smaller copies.
    let memory = inspector.reserve((size.0.saturating_mul(2), size.1));
    let (mut stored, _memory) = decode::stored(bytes, memory).map_err(unusable)?;
    let hides = stored.opaque.take().is_some();
    let why = ambiguous::reason(bytes).or(hides.then_some("colours under transparent pixels"));
    let can_be_sent = why.is_none() && Format::of(bytes).is_some() && bytes.len() <= photo::LIMIT;
    let as_it_is = |remarks| -> Result<Prepared> {
        let photo = Photo::new(name.to_owned(), bytes.clone())?;
        Ok(Prepared { photo, remarks, size: None })
    };
    if can_be_sent && ambiguous::may_hide(bytes) && bytes.len() <= limit.bytes() {
        return as_it_is(Vec::new());
    }
    let before = stored.upright_size();
    let (picture, profile) = (halved(inspector, name, stored, limit)?, decode::rgb_profile(bytes));
    let original = Original { picture: &picture, profile: profile.as_deref() };
    let (jpeg, scale) = match with_all_pixels(&original, limit)? {
        Some(jpeg) => (jpeg, 1.0),
        None => scaled_down(inspector, name, &original, limit)?,
    };
    let is_too_large = jpeg.len() > limit.bytes();
    if can_be_sent && is_too_large && jpeg.len() >= bytes.len() {
        let note = format!("{name}: left as it is: its face needs these pixels");
        return as_it_is(vec![Remark::Note(note)]);
    }
    let size = original.size_at(scale);
    let mut note = summary(name, bytes, &jpeg, before, size);
    if let Some(why) = why {
        note += &format!(" (programs read it differently: {why})");
    }
    if is_too_large {
        note += &format!(" (still over {limit}: its face needs these pixels)");
    }
    let photo = Photo::new(name.to_owned(), Bytes::from(jpeg))?;
    Ok(Prepared { photo, remarks: vec![Remark::Note(note)], size: Some(size) })
}

/// Halves a picture that is far too large as many times as its face allows, and turns it upright.
///
/// The engine halves pictures in the same way, so scores hardly change. At any other scale the
/// detector would see different pixels.
fn halved(
    inspector: &Inspector,
    name: &str,
    mut picture: Stored,
    limit: PhotoSize,
) -> Result<RgbImage> {
    let used = |picture: &RgbImage| {
        let original = Original { picture, profile: None };
        Ok::<_, anyhow::Error>(original.estimate(1.0, LOWEST)? / limit.bytes() as f64)
    };
    while used(&picture.picture)? > MARGIN {
        let Some(half) = pyramid::half(&picture.picture) else { break };
        if used(&half)? < WORTH_HALVING {
            break;
        }
        let half = decode::turned(half, picture.orientation);
        let face = inspector.face_height(&half).map_err(|e| e.of_photo(name))?;
        if face.is_some_and(|height| height < SAFE_FACE_HEIGHT) {
            break;
        }
        picture = Stored { picture: half, orientation: Orientation::NoTransforms, opaque: None };
    }
    Ok(picture.upright())
}

fn with_all_pixels(original: &Original<'_>, limit: PhotoSize) -> Result<Option<Vec<u8>>> {
    let most = MARGIN * limit.bytes() as f64;
    for quality in QUALITIES {
        if original.estimate(1.0, quality)? < most {
            let jpeg = original.jpeg(1.0, quality)?;
            if jpeg.len() <= limit.bytes() {
                return Ok(Some(jpeg));
            }
        }
    }
    Ok(None)
}

/// The JPEG at the largest scale that fits, or, if the face has to stay larger, at the smallest
/// scale that the face allows; and that scale.
fn scaled_down(
    inspector: &Inspector,
    name: &str,
    original: &Original<'_>,
    limit: PhotoSize,
) -> Result<(Vec<u8>, f64)> {
    let (face, scale) = thread::scope(|scope| {
        let face = scope.spawn(|| inspector.face_height(original.picture));
        let scale = estimated_scale(original, limit);
        (face.join().unwrap_or_else(|bug| std::panic::resume_unwind(bug)), scale)
    });
    let (face, scale) = (face.map_err(|e| e.of_photo(name))?, scale?);
    let lowest =
        face.map_or(SMALLEST_SCALE, |height| f64::from(SAFE_FACE_HEIGHT / height).min(1.0));
    if let Some(made) = largest(original, scale, lowest, limit)? {
        return Ok(made);
    }
    let jpeg = original.jpeg(lowest, LOWEST)?;
    if jpeg.len() <= photo::LIMIT {
        return Ok((jpeg, lowest));
    }
    // A face that was small from the start may shrink until the service takes the photo.
    if face.is_some_and(|height| height < FACE_HEIGHT) {
        let limit = PhotoSize::default();
        if let Some(made) = largest(original, estimated_scale(original, limit)?, 0.0, limit)? {
            return Ok(made);
        }
    }
    let what = format!(
        "`{name}` can't be scaled below 5 MB with its face at least {FACE_HEIGHT} pixels high"
    );
    Err(Error::new(Kind::Input, what).hint("crop it to the face").into())
}

/// The scale at which the picture should just fit.
fn estimated_scale(original: &Original<'_>, limit: PhotoSize) -> Result<f64> {
    let mut scale = 1.0;
    for _ in 0..ROUNDS {
        let used = original.estimate(scale, LOWEST)? / (AIM * limit.bytes() as f64);
        if (used - 1.0).abs() < NEAR {
            break;
        }
        scale = (scale / used.sqrt()).min(1.0);
    }
    Ok(scale)
}

/// The JPEG at about the largest scale that fits, but not below `lowest`. The search starts at
/// `scale`.
fn largest(
    original: &Original<'_>,
    mut scale: f64,
    lowest: f64,
    limit: PhotoSize,
) -> Result<Option<(Vec<u8>, f64)>> {
    let mut best: Option<(Vec<u8>, f64)> = None;
    for _ in 0..ROUNDS {
        scale = scale.max(lowest);
        let jpeg = original.jpeg(scale, LOWEST)?;
        let used = jpeg.len() as f64 / limit.bytes() as f64;
        if used <= 1.0 && best.as_ref().is_none_or(|(_, best)| *best < scale) {
            best = Some((jpeg, scale));
        } else if scale <= lowest {
            break;
        }
        if best.is_some() && used >= USED_WELL {
            break;
        }
        scale = (scale * (AIM / used).sqrt()).min(1.0);
    }
    Ok(best)
}

fn summary(name: &str, bytes: &[u8], jpeg: &[u8], before: (u32, u32), after: (u32, u32)) -> String {
    let [from, to] = [bytes.len(), jpeg.len()].map(text::size);
    let format = match Format::of(bytes) {
        Some(Format::Jpeg) => String::new(),
        _ => format!("{} -> JPEG, ", format_name(bytes)),
    };
    let pixels = |(width, height): (u32, u32)| format!("{width}x{height}");
    let size = if before == after {
        pixels(before)
    } else {
        format!("{} -> {}", pixels(before), pixels(after))
    };
    format!("{name}: {format}{from} -> {to}, {size}")
}
