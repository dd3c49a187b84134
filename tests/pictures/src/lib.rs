//! Large photos for the tests, which would take a minute each without optimisation.

use std::io::Cursor;

use image::codecs::jpeg::JpegEncoder;
use image::imageops::FilterType;
use image::{DynamicImage, ImageEncoder as _, ImageFormat, ImageResult, RgbImage, imageops};

pub fn encode(picture: &DynamicImage, format: ImageFormat) -> ImageResult<Vec<u8>> {
    let mut bytes = Vec::new();
    picture.write_to(&mut Cursor::new(&mut bytes), format)?;
    Ok(bytes)
}

/// Metadata is left out if it is empty.
pub fn jpeg(picture: &RgbImage, quality: u8, icc: &[u8], exif: &[u8]) -> ImageResult<Vec<u8>> {
    let mut bytes = Vec::new();
    let mut encoder = JpegEncoder::new_with_quality(&mut bytes, quality);
    if !icc.is_empty() {
        encoder.set_icc_profile(icc.to_vec()).map_err(image::ImageError::Unsupported)?;
    }
    if !exif.is_empty() {
        encoder.set_exif_metadata(exif.to_vec()).map_err(image::ImageError::Unsupported)?;
    }
    encoder.encode_image(picture)?;
    Ok(bytes)
}

pub fn resize(picture: &RgbImage, width: u32, height: u32, filter: FilterType) -> RgbImage {
    imageops::resize(picture, width, height, filter)
}

/// Enlarged, with noise of up to `level` a channel, which compresses badly: a few megabytes with few
/// pixels.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped to 0 to 255")]
pub fn noisy(picture: &RgbImage, width: u32, height: u32, level: u8) -> RgbImage {
    let mut large = resize(picture, width, height, FilterType::Triangle);
    let (mut state, level) = (1_u32, i32::from(level));
    for value in large.iter_mut() {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        let noise = (state >> 16).cast_signed() % (2 * level + 1) - level;
        *value = (i32::from(*value) + noise).clamp(0, 255) as u8;
    }
    large
}
