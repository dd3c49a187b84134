//! HEIC, the default format of iPhones.

use bytes::Bytes;
use heic_decoder::{DecodedImage, HeifError, ImageInfo};
use image::{DynamicImage, RgbImage, RgbaImage};
use rayon::ThreadPoolBuilder;

use super::Error;
use super::decode::{MAX_MEMORY, check_size};
use crate::panics;

/// Memory to budget for decoding: we measured 27 bytes a pixel for 12 megapixels of 4:2:0.
const BYTES_A_PIXEL: u64 = 28;

/// Width and height with the container's rotation applied; the EXIF orientation is to be ignored
/// (ISO/IEC 23008-12, 6.5.10).
pub(super) fn size(photo: &Bytes) -> Result<(u32, u32), Error> {
    let ImageInfo { width, height, .. } = heic_decoder::probe(photo).map_err(refused)?;
    Ok((side(width), side(height)))
}

fn side(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}

pub(super) fn profile(photo: &Bytes) -> Option<Vec<u8>> {
    heic_decoder::read_metadata(photo).ok()?.icc_profile
}

/// Decodes the picture upright.
pub(super) fn decode(photo: &Bytes) -> Result<DynamicImage, Error> {
    let (width, height) = size(photo)?;
    check_size((width, height))?;
    if u64::from(width) * u64::from(height) * BYTES_A_PIXEL > MAX_MEMORY {
        return Err(Error::TooLarge { size: None });
    }
    // A pool of our own, so that panics on its threads are caught too.
    let pool = ThreadPoolBuilder::new().start_handler(|_| panics::catch_on_this_thread()).build();
    pool.map_err(|_| Error::NoThread)?
        .install(|| rgb(&heic_decoder::decode(photo).map_err(refused)?))
}

fn rgb(image: &DecodedImage) -> Result<DynamicImage, Error> {
    let (width, height) = (side(image.width), side(image.height));
    let picture = if image.alpha.is_some() {
        let pixels = image.to_rgba8().map_err(refused)?.data;
        RgbaImage::from_raw(width, height, pixels).map(DynamicImage::from)
    } else {
        let pixels = image.to_rgb8().map_err(refused)?.data;
        RgbImage::from_raw(width, height, pixels).map(DynamicImage::from)
    };
    picture.ok_or(Error::Damaged(None))
}

#[allow(clippy::needless_pass_by_value, reason = "for map_err")]
fn refused(error: HeifError) -> Error {
    match error {
        HeifError::Unsupported(_) => Error::Unsupported("this variant of HEIC"),
        _ => Error::Damaged(None),
    }
}
