//! HEIC, the default format of iPhones.

use bytes::Bytes;
use heifer::heifer_isobmff::boxes::Property;
use heifer::heifer_isobmff::{FourCC, HeifFile};
use heifer::{Error as HeifError, Image, Options};
use image::{DynamicImage, RgbImage, RgbaImage};

use super::Error;
use super::decode::{MAX_MEMORY, MAX_PIXELS, check_size, on_white};

/// Memory to budget for decoding, in bytes a pixel: we measured 7 for 4:2:0, and 4:2:2 takes one more.
const BYTES_A_PIXEL: u64 = 9;

/// Width and height with the container's crop and rotation applied; the EXIF orientation is to be
/// ignored (ISO/IEC 23008-12, 6.5.10).
pub(super) fn size(photo: &Bytes) -> Result<(u32, u32), Error> {
    let file = HeifFile::parse(photo).map_err(|e| refused(e.into()))?;
    let id = file.primary_id;
    let properties = file.item_properties(id).map_err(|e| refused(e.into()))?;
    let mut size = file.image_size(id).map_err(|e| refused(e.into()))?;
    for property in properties {
        size = match (property, size) {
            (&Property::CleanAperture { width, height, .. }, Some((most, highest))) => {
                let side = |(part, whole): (u32, u32)| f64::from(part) / f64::from(whole);
                let cropped = |length, most: u32| (side(length).round() as u32).min(most);
                Some((cropped(width, most), cropped(height, highest)))
            }
            (Property::Rotation(1 | 3), Some((width, height))) => Some((height, width)),
            _ => size,
        };
    }
    size.ok_or(Error::Damaged(Some("it doesn't say how large it is")))
}

pub(super) fn profile(photo: &Bytes) -> Option<Vec<u8>> {
    heifer::read_metadata(photo).ok()?.icc_profile
}

/// Decodes the picture upright.
pub(super) fn decode(photo: &Bytes) -> Result<DynamicImage, Error> {
    let (width, height) = size(photo)?;
    check_size((width, height))?;
    if u64::from(width) * u64::from(height) * BYTES_A_PIXEL > MAX_MEMORY {
        return Err(Error::TooLarge { size: None });
    }
    // On this thread, which catches the decoder's panics.
    let options = Options { max_threads: 1, max_pixels: MAX_PIXELS };
    let image: Image<u8> = heifer::decode_rgba8(photo, &options).map_err(refused)?;
    let (width, height) = (image.width, image.height);
    let damaged = Error::Damaged(None);
    if !image.has_alpha {
        let picture = RgbImage::from_raw(width, height, image.into_rgb8());
        return picture.map(DynamicImage::from).ok_or(damaged);
    }
    let picture = RgbaImage::from_raw(width, height, image.data).ok_or(damaged)?;
    Ok(if is_premultiplied(photo) { on_white(&picture).into() } else { picture.into() })
}

/// Whether the colours are multiplied by alpha already (ISO/IEC 23008-12, 6.5.8). The container's
/// parser keeps the reference, from the picture to its alpha.
fn is_premultiplied(photo: &Bytes) -> bool {
    HeifFile::parse(photo).is_ok_and(|file| {
        let references = file.references.iter();
        references.into_iter().any(|r| r.from == file.primary_id && r.ref_type == FourCC(*b"prem"))
    })
}

#[allow(clippy::needless_pass_by_value, reason = "for map_err")]
fn refused(error: HeifError) -> Error {
    use heifer::heifer_hevc_dec::Error as Hevc;
    match error {
        HeifError::Unsupported(_)
        | HeifError::Container(heifer::heifer_isobmff::Error::Unimplemented(_))
        | HeifError::Hevc(Hevc::Unimplemented(_)) => Error::Unsupported("this variant of HEIC"),
        _ => Error::Damaged(None),
    }
}
