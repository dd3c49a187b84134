//! Decodes photos to upright RGB, within limits.

use std::io::Cursor;

use bytes::Bytes;
use image::metadata::Orientation;
use image::{
    ColorType, DynamicImage, ImageDecoder, ImageError, ImageFormat, ImageReader, Limits, RgbImage,
    imageops,
};

use super::{Error, guard, heic, jpeg, tiff, webp};
use crate::photo::jpeg::Jpeg;
use crate::photo::{Foreign, Format, exif};

/// The largest picture to decode: 100 megapixels, the most that common cameras take.
pub const MAX_PIXELS: u64 = 100_000_000;

/// The longest side to decode: JPEG's limit.
pub const MAX_SIDE: u32 = 65_535;

/// Memory limit for decoding, copies included: enough for 100 megapixels of 8-bit RGB, 75 if the
/// picture has to be rotated, 64 of RGBA.
pub const MAX_MEMORY: u64 = 450_000_000;

/// A decoded picture whose EXIF orientation is not applied yet.
pub struct Stored {
    pub picture: RgbImage,
    pub orientation: Option<Orientation>,
}

impl Stored {
    /// Width and height once the orientation is applied.
    pub fn upright_size(&self) -> (u32, u32) {
        let (width, height) = self.picture.dimensions();
        if is_turned(self.orientation) { (height, width) } else { (width, height) }
    }

    pub fn upright(self) -> RgbImage {
        let Some(orientation) = self.orientation else { return self.picture };
        let mut picture = DynamicImage::from(self.picture);
        picture.apply_orientation(orientation);
        picture.into_rgb8()
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
    let (picture, orientation) = match (Format::of(photo), Foreign::of(photo)) {
        (Some(Format::Jpeg), _) => {
            let jpeg = Jpeg::walk(photo).ok_or(Error::NotAnImage)?;
            let orientation = jpeg.orientation().and_then(Orientation::from_exif);
            (jpeg::decode(&jpeg, is_turned(orientation))?, orientation)
        }
        (Some(Format::Tiff), _) | (None, Foreign::BigTiff) => tiff::decode(photo)?,
        (None, Foreign::Heic) => (heic::decode(photo)?, None),
        _ => {
            let orientation = exif_orientation(&mut reader(photo)?.into_decoder()?, photo);
            (plain(photo, orientation)?, orientation)
        }
    };
    Ok(Stored { picture: to_rgb(picture), orientation })
}

/// Decodes a photo with the image crate; `orientation` is only used to estimate memory.
pub(super) fn plain(
    photo: &Bytes,
    orientation: Option<Orientation>,
) -> Result<DynamicImage, Error> {
    let mut reader = reader(photo)?;
    let mut limits = Limits::no_limits();
    limits.max_alloc = Some(MAX_MEMORY);
    reader.limits(limits.clone());
    let mut decoder = reader.into_decoder()?;
    check_size(decoder.dimensions())?;
    if memory(&decoder, orientation) > MAX_MEMORY {
        return Err(Error::TooLarge { size: None });
    }
    decoder.set_limits(limits)?;
    Ok(DynamicImage::from_decoder(decoder)?)
}

pub(super) fn check_size((width, height): (u32, u32)) -> Result<(), Error> {
    if width.max(height) > MAX_SIDE || u64::from(width) * u64::from(height) > MAX_PIXELS {
        return Err(Error::TooLarge { size: Some((width, height)) });
    }
    if width == 0 || height == 0 {
        return Err(Error::Damaged(Some("it has no pixels")));
    }
    Ok(())
}

/// The memory needed to turn the picture into upright RGB.
fn memory(decoder: &impl ImageDecoder, orientation: Option<Orientation>) -> u64 {
    let (width, height) = decoder.dimensions();
    let stored = decoder.total_bytes();
    let turned = if is_turned(orientation) { stored } else { 0 };
    let is_rgb = decoder.color_type() == ColorType::Rgb8;
    let rgb = if is_rgb { 0 } else { 3 * u64::from(width) * u64::from(height) };
    stored.saturating_add(turned.max(rgb))
}

/// Whether the orientation swaps width and height, which takes a second copy.
fn is_turned(orientation: Option<Orientation>) -> bool {
    orientation.is_some_and(|orientation| orientation.to_exif() >= 5)
}

pub(super) fn reader(photo: &Bytes) -> Result<ImageReader<Cursor<&[u8]>>, Error> {
    let mut reader = ImageReader::new(Cursor::new(photo.as_ref()));
    // The image crate decodes BigTIFF but doesn't detect it.
    if Foreign::of(photo) == Foreign::BigTiff {
        reader.set_format(ImageFormat::Tiff);
    } else {
        reader = reader.with_guessed_format().map_err(|_| Error::NotAnImage)?;
    }
    if reader.format().is_some() { Ok(reader) } else { Err(Error::NotAnImage) }
}

/// The EXIF orientation of PNG, WebP and other formats. A damaged EXIF block is ignored: the pixels
/// may be fine.
pub(super) fn exif_orientation(
    decoder: &mut impl ImageDecoder,
    photo: &[u8],
) -> Option<Orientation> {
    if Format::of(photo) != Some(Format::WebP) {
        return decoder.orientation().ok();
    }
    // The decoder allocates the block's claimed length, up to 4 GiB, before checking it.
    let block = webp::chunk(photo, *b"EXIF")?;
    Orientation::from_exif_chunk(block.strip_prefix(exif::PREFIX).unwrap_or(block))
}

/// Rotates `picture` clockwise by 90, 180 or 270 degrees; other angles leave it unchanged.
pub fn rotate(picture: &RgbImage, degrees: u16) -> RgbImage {
    match degrees {
        90 => imageops::rotate90(picture),
        180 => imageops::rotate180(picture),
        270 => imageops::rotate270(picture),
        _ => picture.clone(),
    }
}

fn to_rgb(picture: DynamicImage) -> RgbImage {
    if !picture.color().has_alpha() {
        return picture.into_rgb8();
    }
    let picture = picture.into_rgba8();
    RgbImage::from_fn(picture.width(), picture.height(), |x, y| {
        let [r, g, b, alpha] = picture.get_pixel(x, y).0.map(u16::from);
        // Never exceeds 255.
        image::Rgb([r, g, b].map(|c| ((c * alpha + 255 * (255 - alpha) + 127) / 255) as u8))
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn transparency_is_blended_with_white() {
        let half = image::RgbaImage::from_pixel(1, 1, image::Rgba([0, 100, 255, 128]));
        assert_eq!(to_rgb(half.into()).get_pixel(0, 0).0, [127, 177, 255]);
    }
}
