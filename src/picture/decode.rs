//! Decodes photos to upright RGB, within limits.

use std::io::Cursor;

use bytes::Bytes;
use image::metadata::Orientation;
use image::{
    ColorType, DynamicImage, ImageDecoder, ImageError, ImageFormat, ImageReader, Limits, RgbImage,
};

use super::{Error, foreign, guard, jpeg, tiff};
pub use didit_face_engine::rotate;

use crate::photo::jpeg::Jpeg;
use crate::photo::orientation;
use crate::photo::parts::{png_chunks, portrait, webp_chunk, whole_webp};
use crate::photo::{Foreign, Format};

/// The largest picture to decode: 100 megapixels, the most that common cameras take.
pub const MAX_PIXELS: u64 = 100_000_000;

/// The longest side to decode: JPEG's limit.
pub const MAX_SIDE: u32 = 65_535;

/// Memory limit for decoding, copies included: enough for 100 megapixels of 8-bit RGB, 75 if the
/// picture has to be rotated, 64 of RGBA.
pub const MAX_MEMORY: u64 = 450_000_000;

/// The least difference of a colour, of 255, that can be seen.
const VISIBLE: u8 = 8;

/// A decoded picture whose EXIF orientation is not applied yet.
pub struct Stored {
    pub picture: RgbImage,
    pub orientation: Orientation,
    /// The colours without the transparency, as programs that ignore it show them.
    pub opaque: Option<RgbImage>,
}

impl Stored {
    /// Width and height once the orientation is applied.
    pub fn upright_size(&self) -> (u32, u32) {
        let (width, height) = self.picture.dimensions();
        if is_turned(self.orientation) { (height, width) } else { (width, height) }
    }

    pub fn upright(self) -> RgbImage {
        turned(self.picture, self.orientation)
    }
}

/// Decodes a photo and applies its EXIF orientation. The format is detected from the content.
///
/// Every pixel type (16-bit, grey, palette, CMYK) becomes 8-bit RGB; transparency is blended with
/// white, as viewers do.
pub fn upright(photo: &Bytes) -> Result<RgbImage, Error> {
    Ok(stored(photo, ())?.0.upright())
}

/// Like [`upright`], without applying the orientation. Holds a resource (such as a share of memory)
/// for as long as the decoder runs, even if it is abandoned after the time limit.
pub fn stored<H: Send + 'static>(photo: &Bytes, held: H) -> Result<(Stored, H), Error> {
    let photo = photo.clone();
    guard::decoded(held, move || decode(&photo))
}

fn decode(photo: &Bytes) -> Result<Stored, Error> {
    let photo = &picture_in(photo)?;
    let orientation = orientation_of(photo);
    let picture = match (Format::of(photo), Foreign::of(photo)) {
        (Some(Format::Jpeg), _) => {
            let jpeg = Jpeg::walk(photo).ok_or(Error::NotAnImage)?;
            jpeg::decode(&jpeg, is_turned(orientation))?
        }
        (Some(Format::Tiff), _) | (None, Foreign::BigTiff) => tiff::decode(photo, orientation)?,
        (None, Foreign::Heic) => foreign::heic(photo)?,
        (None, Foreign::Jpeg2000) => foreign::jpeg2000(photo)?,
        _ => plain(photo, orientation)?,
    };
    let (picture, opaque) = to_rgb(picture);
    Ok(Stored { picture, orientation, opaque })
}

/// The photo, as its decoder takes it, or the picture in a passport chip's record.
fn picture_in(photo: &Bytes) -> Result<Bytes, Error> {
    if Format::of(photo) == Some(Format::WebP) {
        return whole_webp(photo).ok_or(Error::Damaged(Some("it is cut short")));
    }
    if Foreign::of(photo) != Foreign::Dg2 || Format::of(photo).is_some() {
        return Ok(photo.clone());
    }
    portrait(photo).ok_or(Error::Damaged(Some("it is cut short, or has no picture")))
}

fn orientation_of(photo: &[u8]) -> Orientation {
    let value = orientation::Orientation::of(photo).value;
    Orientation::from_exif(value).unwrap_or(Orientation::NoTransforms)
}

pub fn turned(picture: RgbImage, orientation: Orientation) -> RgbImage {
    let mut picture = DynamicImage::from(picture);
    picture.apply_orientation(orientation);
    picture.into_rgb8()
}

/// Decodes a photo with the image crate; `orientation` is only used to estimate memory.
pub(super) fn plain(photo: &Bytes, orientation: Orientation) -> Result<DynamicImage, Error> {
    let mut reader = reader(photo)?;
    let mut limits = Limits::no_limits();
    limits.max_alloc = Some(MAX_MEMORY);
    reader.limits(limits.clone());
    let mut decoder = reader.into_decoder()?;
    check_size(decoder.dimensions(), bytes_a_pixel(&decoder, orientation))?;
    decoder.set_limits(limits)?;
    Ok(DynamicImage::from_decoder(decoder)?)
}

/// Fails if the picture is too large, or its decoder takes too much memory.
pub(super) fn check_size((width, height): (u32, u32), bytes_a_pixel: u64) -> Result<(), Error> {
    let pixels = u64::from(width) * u64::from(height);
    if width.max(height) > MAX_SIDE || pixels > MAX_PIXELS {
        return Err(Error::TooLarge { size: Some((width, height)) });
    }
    match pixels {
        0 => Err(Error::Damaged(Some("it has no pixels"))),
        _ if pixels * bytes_a_pixel > MAX_MEMORY => Err(Error::TooLarge { size: None }),
        _ => Ok(()),
    }
}

/// The memory needed to turn the picture into upright RGB.
fn bytes_a_pixel(decoder: &impl ImageDecoder, orientation: Orientation) -> u64 {
    let colour = decoder.color_type();
    let stored = colour.bytes_per_pixel().into();
    let turned = if is_turned(orientation) { stored } else { 0 };
    // Two copies: with the transparency and without.
    let rgb = match colour {
        ColorType::Rgb8 => 0,
        colour if colour.has_alpha() => 6,
        _ => 3,
    };
    stored + turned.max(rgb)
}

/// Whether the orientation swaps width and height, which takes a second copy.
fn is_turned(orientation: Orientation) -> bool {
    orientation.to_exif() >= 5
}

fn reader(photo: &Bytes) -> Result<ImageReader<Cursor<&[u8]>>, Error> {
    if png_chunks(photo).next().is_some_and(|(name, _)| name == *b"CgBI") {
        return Err(Error::Unsupported("PNGs that Xcode has rewritten (CgBI)"));
    }
    let mut reader = ImageReader::new(Cursor::new(photo.as_ref()));
    // The image crate decodes BigTIFF but doesn't detect it.
    if Foreign::of(photo) == Foreign::BigTiff {
        reader.set_format(ImageFormat::Tiff);
    } else {
        reader = reader.with_guessed_format().map_err(|_| Error::NotAnImage)?;
    }
    if reader.format().is_some() { Ok(reader) } else { Err(Error::NotAnImage) }
}

/// RGB on white and, if that hides anything, the colours without their transparency.
fn to_rgb(picture: DynamicImage) -> (RgbImage, Option<RgbImage>) {
    if !picture.color().has_alpha() {
        return (picture.into_rgb8(), None);
    }
    let picture = picture.into_rgba8();
    let on_white = RgbImage::from_fn(picture.width(), picture.height(), |x, y| {
        let [r, g, b, alpha] = picture.get_pixel(x, y).0.map(u16::from);
        // Never exceeds 255.
        image::Rgb([r, g, b].map(|c| ((c * alpha + 255 * (255 - alpha) + 127) / 255) as u8))
    });
    let is_hiding = |(shown, stored): (&image::Rgb<u8>, &image::Rgba<u8>)| {
        shown.0.iter().zip(stored.0).any(|(shown, stored)| shown.abs_diff(stored) > VISIBLE)
    };
    let hides = on_white.pixels().zip(picture.pixels()).any(is_hiding);
    let opaque = hides.then(|| DynamicImage::from(picture).into_rgb8());
    (on_white, opaque)
}

/// Premultiplied colours: white is added for what is missing.
pub(super) fn on_white(picture: &image::RgbaImage) -> RgbImage {
    RgbImage::from_fn(picture.width(), picture.height(), |x, y| {
        let [r, g, b, alpha] = picture.get_pixel(x, y).0;
        image::Rgb([r, g, b].map(|value| value.saturating_add(255 - alpha)))
    })
}

impl From<ImageError> for Error {
    /// Drops the decoder's own message, which quotes Rust types, raw bytes and our limits.
    fn from(error: ImageError) -> Self {
        match error {
            ImageError::Limits(_) => Self::TooLarge { size: None },
            ImageError::Unsupported(_) => Self::Unsupported("this variant of the format"),
            _ => Self::Damaged(None),
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Header {
    /// Width and height before the EXIF orientation is applied.
    pub size: (u32, u32),
    /// The EXIF orientation, 1 to 8; 1 by default.
    pub orientation: u8,
}

/// Larger than the profiles of common cameras and screens.
const LONGEST_PROFILE: usize = 1024 * 1024;

/// The picture's ICC profile, if it is an RGB profile and so applies to the decoded picture.
pub fn rgb_profile(photo: &Bytes) -> Option<Vec<u8>> {
    guard::read(|| Ok(profile(photo))).ok()?
}

fn profile(photo: &Bytes) -> Option<Vec<u8>> {
    let photo = &picture_in(photo).ok()?;
    // ICC.1:2022, 7.2.6: the colour space of the data, at byte 16 of the header.
    let is_rgb_profile = |profile: &Vec<u8>| {
        profile.get(16..20) == Some(b"RGB ") && profile.len() <= LONGEST_PROFILE
    };
    match Foreign::of(photo) {
        Foreign::Heic => return foreign::heic_profile(photo).filter(is_rgb_profile),
        Foreign::Jpeg2000 => return foreign::jpeg2000_profile(photo).filter(is_rgb_profile),
        _ => {}
    }
    let mut decoder = reader(photo).ok()?.into_decoder().ok()?;
    let is_rgb = decoder.color_type().has_color();
    let profile = match Format::of(photo) {
        Some(Format::WebP) => webp_chunk(photo, *b"ICCP")?.to_vec(),
        _ => decoder.icc_profile().ok()??,
    };
    Some(profile).filter(|profile| is_rgb && is_rgb_profile(profile))
}

/// Reads the header, without decoding any pixels.
pub fn header(photo: &Bytes) -> Result<Header, Error> {
    guard::read(|| {
        let photo = &picture_in(photo)?;
        let size = match (Format::of(photo), Foreign::of(photo)) {
            (Some(Format::Jpeg), _) => jpeg::size(&Jpeg::walk(photo).ok_or(Error::NotAnImage)?)?,
            (Some(Format::Tiff), _) | (None, Foreign::BigTiff) => tiff::size(photo)?,
            (None, Foreign::Heic) => foreign::heic_size(photo)?,
            (None, Foreign::Jpeg2000) => foreign::jpeg2000_size(photo)?,
            _ => reader(photo)?.into_decoder()?.dimensions(),
        };
        Ok(Header { size, orientation: orientation_of(photo).to_exif() })
    })
}
