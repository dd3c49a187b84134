//! Bytes to an upright RGB picture, under limits.

use std::io::Cursor;

use bytes::Bytes;
use image::metadata::Orientation;
use image::{
    ColorType, DynamicImage, ImageDecoder, ImageError, ImageFormat, ImageReader, Limits, RgbImage,
    imageops,
};

use super::jpeg::{self, Scans};
use super::{Error, guard, orientation, tiff};

/// The most pixels a picture may have: 100 megapixels, what the largest cameras make.
pub const MAX_PIXELS: u64 = 100_000_000;

/// The longest side a picture may have: what a JPEG can say, and all that a photo needs.
pub const MAX_SIDE: u32 = 65_535;

/// The most memory that decoding may take, all copies of the picture included: 100 megapixels of
/// 8-bit RGB as they are, 75 that have to be turned, 64 of RGBA.
pub const MAX_MEMORY: u64 = 450_000_000;

/// Decodes a JPEG, PNG, WebP or TIFF, told by its content, and turns it as its EXIF
/// orientation says.
///
/// Whatever the file holds (16 bits, grey, palette, CMYK) comes out as 8-bit RGB.
/// What is transparent is shown on white, as viewers do.
pub fn upright(photo: &Bytes) -> Result<RgbImage, Error> {
    Ok(upright_with(photo, ())?.0)
}

/// As [`upright`], with `held` beside the picture: a share of memory, for instance.
///
/// It goes along with the decoder, which keeps it while it runs, even after it was given up.
pub fn upright_with<H: Send + 'static>(photo: &Bytes, held: H) -> Result<(RgbImage, H), Error> {
    let photo = photo.clone();
    guard::decoded(held, move || decode(&photo))
}

fn decode(photo: &Bytes) -> Result<RgbImage, Error> {
    let mut reader = reader(photo)?;
    let format = reader.format().ok_or(Error::NoImage)?;
    let mut limits = Limits::no_limits();
    limits.max_alloc = Some(MAX_MEMORY);
    reader.limits(limits.clone());
    let mut decoder = reader.into_decoder()?;
    let (width, height) = decoder.dimensions();
    if width.max(height) > MAX_SIDE || u64::from(width) * u64::from(height) > MAX_PIXELS {
        return Err(Error::TooLarge { size: Some((width, height)) });
    }
    let scans = if format == ImageFormat::Jpeg { jpeg::scans(photo) } else { Scans::default() };
    if scans.is_cut_short {
        return Err(Error::Damaged(Some("it is cut short")));
    }
    let orientation = orientation::of(&mut decoder, photo);
    if memory(&decoder, orientation, scans.is_progressive) > MAX_MEMORY {
        return Err(Error::TooLarge { size: None });
    }
    if width == 0 || height == 0 {
        return Err(Error::Damaged(Some("it has no pixels")));
    }
    decoder.set_limits(limits)?;
    let mut picture = DynamicImage::from_decoder(decoder)?;
    if let Some(orientation) = orientation {
        picture.apply_orientation(orientation);
    }
    Ok(to_rgb(picture))
}

/// The bytes that a picture takes while it is made upright RGB, with what stands beside it.
fn memory(
    decoder: &impl ImageDecoder,
    orientation: Option<Orientation>,
    is_progressive: bool,
) -> u64 {
    let (width, height) = decoder.dimensions();
    let stored = decoder.total_bytes();
    // Where width and height change places, the pixels can't stay where they are.
    let is_copied = orientation.is_some_and(|orientation| orientation.to_exif() >= 5);
    let turned = if is_copied { stored } else { 0 };
    let is_rgb = decoder.color_type() == ColorType::Rgb8;
    let rgb = if is_rgb { 0 } else { 3 * u64::from(width) * u64::from(height) };
    // The decoder keeps all coefficients, two bytes each.
    let coefficients = if is_progressive { stored.saturating_mul(2) } else { 0 };
    stored.saturating_add(turned.max(rgb).max(coefficients))
}

/// A reader that knows the format, where it is one that can be decoded.
pub(super) fn reader(photo: &Bytes) -> Result<ImageReader<Cursor<&[u8]>>, Error> {
    let mut reader = ImageReader::new(Cursor::new(photo.as_ref()));
    // BigTIFF, which the decoder reads and the guess does not know.
    if let [b'I', b'I', 43, 0, ..] | [b'M', b'M', 0, 43, ..] = photo[..] {
        reader.set_format(ImageFormat::Tiff);
    } else {
        reader = reader.with_guessed_format().map_err(|_| Error::NoImage)?;
    }
    let flaw = if reader.format() == Some(ImageFormat::Tiff) { tiff::flaw(photo) } else { None };
    if let Some(flaw) = flaw {
        return Err(Error::Damaged(Some(flaw)));
    }
    Ok(reader)
}

/// `picture` turned clockwise by `degrees`: 0, 90, 180 or 270, and any other value as 0.
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
        // At most 255 after the division, so that nothing is cut off.
        image::Rgb([r, g, b].map(|c| ((c * alpha + 255 * (255 - alpha) + 127) / 255) as u8))
    })
}

impl From<ImageError> for Error {
    /// What the decoder says is not for our readers: it quotes types, bytes and our own limits.
    fn from(error: ImageError) -> Self {
        match error {
            ImageError::Limits(_) => Self::TooLarge { size: None },
            ImageError::Unsupported(_) => Self::Unsupported("images of this kind"),
            _ => Self::Damaged(None),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn transparency_is_shown_on_white() {
        let half = image::RgbaImage::from_pixel(1, 1, image::Rgba([0, 100, 255, 128]));
        assert_eq!(to_rgb(half.into()).get_pixel(0, 0).0, [127, 177, 255]);
    }
}
