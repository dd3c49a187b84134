//! JPEG 2000, the format of most portraits in passport chips.

use bytes::Bytes;
use hayro_jpeg2000::{ColorSpace, DecodeError, DecodeSettings, DecoderContext, Image};
use image::{DynamicImage, GrayAlphaImage, GrayImage, RgbImage, RgbaImage};

use super::Error;
use super::decode::{MAX_MEMORY, check_size};

/// Memory to budget for decoding, in bytes a pixel: we measured 23 for three channels; there may be four.
const BYTES_A_PIXEL: u64 = 32;

fn open(photo: &[u8]) -> Result<Image<'_>, Error> {
    // Strictly: a photo that is cut short must not be judged.
    let settings = DecodeSettings { strict: true, ..DecodeSettings::default() };
    Image::new(photo, &settings).map_err(refused)
}

pub(super) fn size(photo: &Bytes) -> Result<(u32, u32), Error> {
    open(photo).map(|image| (image.width(), image.height()))
}

pub(super) fn profile(photo: &Bytes) -> Option<Vec<u8>> {
    match open(photo).ok()?.color_space() {
        ColorSpace::Icc { profile, .. } => Some(profile.clone()),
        _ => None,
    }
}

pub(super) fn decode(photo: &Bytes) -> Result<DynamicImage, Error> {
    let image = open(photo)?;
    let (width, height) = (image.width(), image.height());
    check_size((width, height))?;
    if u64::from(width) * u64::from(height) * BYTES_A_PIXEL > MAX_MEMORY {
        return Err(Error::TooLarge { size: None });
    }
    let mut context = DecoderContext::default();
    let pixels = image.decode(&mut context).map_err(refused)?.data_u8();
    let picture = match (image.color_space().num_channels(), image.has_alpha()) {
        (1, false) => GrayImage::from_raw(width, height, pixels).map(DynamicImage::from),
        (1, true) => GrayAlphaImage::from_raw(width, height, pixels).map(DynamicImage::from),
        (3, false) => RgbImage::from_raw(width, height, pixels).map(DynamicImage::from),
        (3, true) => RgbaImage::from_raw(width, height, pixels).map(DynamicImage::from),
        _ => return Err(Error::Unsupported("JPEG 2000 images with such colours")),
    };
    picture.ok_or(Error::Damaged(None))
}

#[allow(clippy::needless_pass_by_value, reason = "for map_err")]
fn refused(error: DecodeError) -> Error {
    match error {
        DecodeError::Marker(hayro_jpeg2000::MarkerError::Unsupported) => {
            Error::Unsupported("this variant of JPEG 2000")
        }
        _ => Error::Damaged(None),
    }
}
