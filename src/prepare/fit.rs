//! A photo made to fit: a JPEG that the service takes, scaled down only as far as needed.

#![allow(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    reason = "sides are at most 65535, and lengths are estimates"
)]

use std::thread;

use bytes::Bytes;
use image::RgbImage;

use super::scaling::Original;
use crate::engine::EngineError;
use crate::error::{Error, Kind, Result};
use crate::photo::{Format, Photo, kind_of};
use crate::picture::{self, decode, header};
use crate::preflight::{self, Inspector};
use crate::values::text::megabytes;

/// The most that a photo made to fit has, in bytes: the service's "5 MB", read strictly.
const FITS: usize = 5_000_000;
/// The same, to be compared with estimates.
const LIMIT: f64 = FITS as f64;
/// The most that is read of a file.
pub const MOST_BYTES: usize = preflight::MOST_BYTES;

/// The quality of a picture that fits with all its pixels.
const FAITHFUL: u8 = 95;
/// The lowest quality: pixels are given up before that.
const LOWEST: u8 = 85;
/// A face at least so high is never made lower.
const FACE_HEIGHT: f32 = 200.0;
/// Two measures of a face's height at different scales differ by a pixel or so.
const SAFE_FACE_HEIGHT: f32 = 1.02 * FACE_HEIGHT;
/// A picture that takes less than this part of the limit was scaled down too far.
const USED_WELL: f64 = 0.85;
/// The part of the limit that is aimed at.
const AIM: f64 = 0.95;
/// An estimate that is nearer to the aim than this part of it is near enough.
const NEAR: f64 = 0.02;
/// How often another scale is tried.
const ROUNDS: usize = 6;

/// A photo that fits, and what was done to it.
#[derive(Clone)]
pub struct Fitted {
    /// The photo.
    pub photo: Photo,
    /// What was done, for people.
    pub summary: String,
}

/// Makes a JPEG that the service takes of the file `name`, upright and without metadata.
///
/// # Errors
/// [`Kind::Input`]: over [`MOST_BYTES`], not decodable, or fitting only with too low a face.
pub fn fit(inspector: &Inspector, name: &str, bytes: &Bytes) -> Result<Fitted> {
    let unusable = |e: picture::Error| EngineError::from(e).of_photo(name);
    if bytes.len() > MOST_BYTES {
        let what = format!("`{name}` is over 64 MB, the limit of --fit");
        return Err(Error::new(Kind::Input, what).hint("make it smaller").into());
    }
    let size = header::read(bytes).map_err(unusable)?.size;
    // Also for the smaller pictures beside it.
    let memory = inspector.reserve((size.0.saturating_mul(2), size.1));
    let (picture, _memory) = decode::upright_with(bytes, memory).map_err(unusable)?;
    let profile = header::rgb_profile(bytes);
    let original = Original { picture: &picture, profile: profile.as_deref() };
    let (jpeg, scale) = match with_all_pixels(&original)? {
        Some(jpeg) => (jpeg, 1.0),
        None => scaled_down(inspector, name, &original)?,
    };
    let (before, after) = (picture.dimensions(), original.size_at(scale));
    let summary = summary(name, bytes, before, jpeg.len(), after);
    Ok(Fitted { photo: Photo::new(name.to_owned(), Bytes::from(jpeg))?, summary })
}

fn with_all_pixels(original: &Original<'_>) -> Result<Option<Vec<u8>>> {
    // The estimate is seldom wrong by a quarter.
    let may_fit = |quality| Ok::<_, anyhow::Error>(original.estimate(1.0, quality)? < 1.25 * LIMIT);
    if !may_fit(LOWEST)? {
        return Ok(None);
    }
    for quality in [FAITHFUL, LOWEST] {
        if quality == LOWEST || may_fit(quality)? {
            let jpeg = original.jpeg(1.0, quality)?;
            if jpeg.len() <= FITS {
                return Ok(Some(jpeg));
            }
        }
    }
    Ok(None)
}

/// The JPEG at the largest scale at which it fits, and that scale.
fn scaled_down(
    inspector: &Inspector,
    name: &str,
    original: &Original<'_>,
) -> Result<(Vec<u8>, f64)> {
    let (lowest, scale) = thread::scope(|scope| {
        let lowest = scope.spawn(|| lowest_scale(inspector, original.picture));
        let scale = estimated_scale(original);
        (lowest.join().unwrap_or_else(|bug| std::panic::resume_unwind(bug)), scale)
    });
    let (lowest, scale) = (lowest.map_err(|e| e.of_photo(name))?, scale?);
    largest(original, scale, lowest)?.ok_or_else(|| {
        let what = format!(
            "`{name}` can't be scaled below 5 MB with its face at least {FACE_HEIGHT} pixels high"
        );
        Error::new(Kind::Input, what).hint("crop it to the face").into()
    })
}

/// The scale at which the largest face is as low as it may become; 0 if it is lower already.
fn lowest_scale(inspector: &Inspector, picture: &RgbImage) -> Result<f64, EngineError> {
    let height = inspector.face_height(picture)?;
    let height = height.filter(|height| *height >= FACE_HEIGHT);
    Ok(height.map_or(0.0, |height| f64::from(SAFE_FACE_HEIGHT / height).min(1.0)))
}

/// The scale at which the picture should fit, nearly.
fn estimated_scale(original: &Original<'_>) -> Result<f64> {
    let mut scale = 1.0;
    for _ in 0..ROUNDS {
        let used = original.estimate(scale, LOWEST)? / (AIM * LIMIT);
        if (used - 1.0).abs() < NEAR {
            break;
        }
        scale = (scale / used.sqrt()).min(1.0);
    }
    Ok(scale)
}

/// The JPEG at the largest scale from `lowest` on at which it fits, nearly; tried from `scale` on.
fn largest(original: &Original<'_>, mut scale: f64, lowest: f64) -> Result<Option<(Vec<u8>, f64)>> {
    let mut best: Option<(Vec<u8>, f64)> = None;
    for _ in 0..ROUNDS {
        scale = scale.max(lowest);
        let jpeg = original.jpeg(scale, LOWEST)?;
        let used = jpeg.len() as f64 / LIMIT;
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

fn summary(
    name: &str,
    bytes: &[u8],
    before: (u32, u32),
    length: usize,
    after: (u32, u32),
) -> String {
    let [from, to] = [bytes.len(), length].map(megabytes);
    let format = match Format::of(bytes) {
        Some(Format::Jpeg) => String::new(),
        Some(format) => format!("{} -> JPEG, ", format.name()),
        None => format!("{} -> JPEG, ", kind_of(bytes).trim_start_matches("a ")),
    };
    let pixels = |(width, height): (u32, u32)| format!("{width}x{height}");
    let size = if before == after {
        pixels(before)
    } else {
        format!("{} -> {}", pixels(before), pixels(after))
    };
    format!("{name}: {format}{from} -> {to}, {size}")
}
