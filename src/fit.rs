//! A photo made to fit: a JPEG that the service takes, scaled down only as far as needed.

#![allow(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    reason = "sides are at most 65535, and lengths are estimates"
)]

use anyhow::Context as _;
use bytes::Bytes;
use fast_image_resize::images::{Image, ImageRef};
use fast_image_resize::{FilterType, PixelType, ResizeAlg, ResizeOptions, Resizer};
use image::RgbImage;
use jpeg_encoder::{ColorType, Encoder};

use crate::engine::{EngineError, decode, header};
use crate::error::{Error, Kind, Result};
use crate::photo::{Format, Photo, kind_of, megabytes};
use crate::preflight::{self, Inspector};

/// The most that a photo made to fit has, in bytes: the service's "5 MB", read strictly.
const FITS: usize = 5_000_000;
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

/// A picture scaled and encoded; its pixels are let go, as there may be many.
struct Scaled {
    scale: f64,
    size: (u32, u32),
    jpeg: Vec<u8>,
}

/// Makes a JPEG that the service takes of the file `name`, upright and without metadata.
///
/// # Errors
/// [`Kind::Input`]: over [`MOST_BYTES`], not decodable, or fitting only with too low a face.
pub fn fit(inspector: &Inspector, name: &str, bytes: &[u8]) -> Result<Fitted> {
    let unusable = |e| unusable(name, e);
    if bytes.len() > MOST_BYTES {
        let what = format!("`{name}` is over 64 MB, the most that --fit reads");
        return Err(Error::new(Kind::Input, what).hint("make it smaller").into());
    }
    let size = header::read(bytes).map_err(unusable)?.size;
    // Also for the smaller pictures beside it.
    let _memory = inspector.reserve((size.0.saturating_mul(2), size.1));
    let picture = decode::upright(bytes).map_err(unusable)?;
    let before = picture.dimensions();
    let (jpeg, after) = match with_all_pixels(&picture)? {
        Some(jpeg) => (jpeg, before),
        None => scaled_down(inspector, name, &picture)?,
    };
    let summary = summary(name, bytes, before, jpeg.len(), after);
    Ok(Fitted { photo: Photo::new(name.to_owned(), Bytes::from(jpeg))?, summary })
}

/// A picture that can't be decoded is the caller's; a model that can't be run is a bug of ours.
fn unusable(name: &str, e: EngineError) -> anyhow::Error {
    match e {
        EngineError::Model(bug) => bug,
        damaged => Error::new(Kind::Input, format!("`{name}`: {damaged}")).into(),
    }
}

fn with_all_pixels(picture: &RgbImage) -> Result<Option<Vec<u8>>> {
    for quality in [FAITHFUL, LOWEST] {
        // The estimate is seldom wrong by a quarter.
        if estimate(picture, quality)? < 1.25 * FITS as f64 {
            let jpeg = encode(picture, quality)?;
            if jpeg.len() <= FITS {
                return Ok(Some(jpeg));
            }
        }
    }
    Ok(None)
}

fn scaled_down(
    inspector: &Inspector,
    name: &str,
    picture: &RgbImage,
) -> Result<(Vec<u8>, (u32, u32))> {
    let too_large = || {
        let what =
            format!("`{name}` can't be brought under 5 MB with its face {FACE_HEIGHT} pixels high");
        Error::new(Kind::Input, what).hint("crop it to the face")
    };
    let Scaled { scale, size, jpeg } = largest(picture)?.ok_or_else(too_large)?;
    let height = decode::upright(&jpeg).and_then(|small| inspector.face_height(small));
    let height = height.map_err(|e| unusable(name, e))?;
    let height = height.map_or(f64::INFINITY, f64::from);
    // Already too low before, or high enough still.
    if height / scale < f64::from(FACE_HEIGHT) || height >= f64::from(FACE_HEIGHT) {
        return Ok((jpeg, size));
    }
    let floor = scale * f64::from(SAFE_FACE_HEIGHT) / height;
    let Scaled { size, jpeg, .. } = scaled(picture, floor)?;
    if jpeg.len() > FITS { Err(too_large().into()) } else { Ok((jpeg, size)) }
}

/// The largest scale at which the picture fits, nearly.
fn largest(picture: &RgbImage) -> Result<Option<Scaled>> {
    let limit = FITS as f64;
    let mut best: Option<Scaled> = None;
    let mut scale = (AIM * limit / estimate(picture, LOWEST)?).sqrt();
    for _ in 0..ROUNDS {
        let next = scaled(picture, scale)?;
        let used = next.jpeg.len() as f64 / limit;
        scale = next.scale * (AIM / used).sqrt();
        if used <= 1.0 && best.as_ref().is_none_or(|best| best.scale < next.scale) {
            best = Some(next);
        }
        if best.as_ref().is_some_and(|best| best.jpeg.len() as f64 >= USED_WELL * limit) {
            break;
        }
    }
    Ok(best)
}

fn scaled(picture: &RgbImage, scale: f64) -> Result<Scaled> {
    let scale = scale.min(1.0);
    let side = |side: u32| (f64::from(side) * scale).round().max(1.0) as u32;
    let picture = resize(picture, side(picture.width()), side(picture.height()))?;
    let jpeg = encode(&picture, LOWEST)?;
    Ok(Scaled { scale, size: picture.dimensions(), jpeg })
}

fn resize(picture: &RgbImage, width: u32, height: u32) -> Result<RgbImage> {
    let (from_width, from_height) = picture.dimensions();
    let from = ImageRef::new(from_width, from_height, picture.as_raw(), PixelType::U8x3)?;
    let mut to = Image::new(width, height, PixelType::U8x3);
    let lanczos = ResizeOptions::new().resize_alg(ResizeAlg::Convolution(FilterType::Lanczos3));
    Resizer::new().resize(&from, &mut to, &lanczos)?;
    RgbImage::from_raw(width, height, to.into_vec()).context("a picture of another length")
}

/// About how many bytes the JPEG takes: from an eighth of the picture, in strips.
fn estimate(picture: &RgbImage, quality: u8) -> Result<f64> {
    /// As high as the blocks of a JPEG with halved colours.
    const STRIP: usize = 16;
    const OUT_OF: usize = 8;
    let row = 3 * picture.width() as usize;
    let strips = picture.as_raw().chunks_exact(STRIP * row).step_by(OUT_OF);
    let sample: Vec<u8> = strips.flatten().copied().collect();
    let rows = (sample.len() / row) as u32;
    if rows == 0 {
        return Ok(0.0);
    }
    let sample = RgbImage::from_raw(picture.width(), rows, sample).context("a wrong sample")?;
    let length = encode(&sample, quality)?.len() as f64;
    Ok(length * f64::from(picture.height()) / f64::from(rows))
}

fn encode(picture: &RgbImage, quality: u8) -> Result<Vec<u8>> {
    let (width, height) = (picture.width().try_into()?, picture.height().try_into()?);
    let mut jpeg = Vec::new();
    let encoder = Encoder::new(&mut jpeg, quality);
    encoder.encode(picture.as_raw(), width, height, ColorType::Rgb)?;
    Ok(jpeg)
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
