//! HEIC, the default format of iPhones, and JPEG 2000, that of most portraits in passport chips.

use bytes::Bytes;
use hayro_jpeg2000::{ColorSpace, DecodeError, DecodeSettings, DecoderContext};
use heifer::heifer_isobmff::boxes::Property;
use heifer::heifer_isobmff::{FourCC, HeifFile};
use heifer::{Error as HeifError, Image, Options};
use image::{DynamicImage, GrayAlphaImage, GrayImage, RgbImage, RgbaImage};

use super::Error;
use super::decode::{MAX_PIXELS, check_size, on_white};

/// Memory to budget for decoding, in bytes a pixel: we measured 7 for 4:2:0, and 4:2:2 takes one more.
const HEIC_BYTES: u64 = 9;

/// Width and height of an HEIC with the container's crop and rotation applied; the EXIF orientation is to be
/// ignored (ISO/IEC 23008-12, 6.5.10).
pub(super) fn heic_size(photo: &Bytes) -> Result<(u32, u32), Error> {
    let file = HeifFile::parse(photo).map_err(|e| heic_refused(e.into()))?;
    let id = file.primary_id;
    let mut size = file.image_size(id).map_err(|e| heic_refused(e.into()))?;
    for property in file.item_properties(id).map_err(|e| heic_refused(e.into()))? {
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

pub(super) fn heic_profile(photo: &Bytes) -> Option<Vec<u8>> {
    heifer::read_metadata(photo).ok()?.icc_profile
}

/// Decodes an HEIC upright.
pub(super) fn heic(photo: &Bytes) -> Result<DynamicImage, Error> {
    check_size(heic_size(photo)?, HEIC_BYTES)?;
    // On this thread, which catches the decoder's panics.
    let options = Options { max_threads: 1, max_pixels: MAX_PIXELS };
    let image: Image<u8> = heifer::decode_rgba8(photo, &options).map_err(heic_refused)?;
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
fn heic_refused(error: HeifError) -> Error {
    use heifer::heifer_hevc_dec::Error as Hevc;
    match error {
        HeifError::Unsupported(_)
        | HeifError::Container(heifer::heifer_isobmff::Error::Unimplemented(_))
        | HeifError::Hevc(Hevc::Unimplemented(_)) => Error::Unsupported("this variant of HEIC"),
        _ => Error::Damaged(None),
    }
}

/// Memory to budget for decoding, in bytes a pixel: we measured 23 for three channels; there may be four.
const JPEG2000_BYTES: u64 = 32;

fn open_jpeg2000(photo: &[u8]) -> Result<hayro_jpeg2000::Image<'_>, Error> {
    // Strictly: a photo that is cut short must not be judged.
    let settings = DecodeSettings { strict: true, ..DecodeSettings::default() };
    hayro_jpeg2000::Image::new(photo, &settings).map_err(jpeg2000_refused)
}

pub(super) fn jpeg2000_size(photo: &Bytes) -> Result<(u32, u32), Error> {
    open_jpeg2000(photo).map(|image| (image.width(), image.height()))
}

pub(super) fn jpeg2000_profile(photo: &Bytes) -> Option<Vec<u8>> {
    match open_jpeg2000(photo).ok()?.color_space() {
        ColorSpace::Icc { profile, .. } => Some(profile.clone()),
        _ => None,
    }
}

pub(super) fn jpeg2000(photo: &Bytes) -> Result<DynamicImage, Error> {
    let image = open_jpeg2000(photo)?;
    let (width, height) = (image.width(), image.height());
    check_size((width, height), JPEG2000_BYTES)?;
    let mut context = DecoderContext::default();
    let pixels = image.decode(&mut context).map_err(jpeg2000_refused)?.data_u8();
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
fn jpeg2000_refused(error: DecodeError) -> Error {
    match error {
        DecodeError::Marker(hayro_jpeg2000::MarkerError::Unsupported) => {
            Error::Unsupported("this variant of JPEG 2000")
        }
        _ => Error::Damaged(None),
    }
}
