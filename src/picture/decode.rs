//! Bytes to an upright RGB picture, under limits.

use std::io::Cursor;
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::Duration;

use bytes::Bytes;
use image::metadata::Orientation;
use image::{
    ColorType, DynamicImage, ImageDecoder, ImageError, ImageFormat, ImageReader, Limits, RgbImage,
    imageops,
};

use super::Error;
use super::jpeg::{self, Scans};
use super::{orientation, tiff};

/// The most pixels a picture may have: 100 megapixels, what the largest cameras make.
pub const MAX_PIXELS: u64 = 100_000_000;

/// The longest side a picture may have: what a JPEG can say, and all that a photo needs.
pub const MAX_SIDE: u32 = 65_535;

/// The most memory that decoding may take, all copies of the picture included: 100 megapixels of
/// 8-bit RGB as they are, 75 that have to be turned, 64 of RGBA.
pub const MAX_MEMORY: u64 = 450_000_000;

/// The longest that decoding may take: a file of a few kilobytes can ask for minutes. The
/// largest pictures take about a second.
pub const MAX_TIME: Duration = Duration::from_secs(10);

/// Decodes a JPEG, PNG, WebP or TIFF, told by its content, and turns it as its EXIF
/// orientation says.
///
/// Whatever the file holds (16 bits, grey, palette, CMYK) comes out as 8-bit RGB.
/// What is transparent is shown on white, as viewers do.
pub fn upright(photo: &Bytes) -> Result<RgbImage, Error> {
    let photo = photo.clone();
    within(MAX_TIME, move || decode(&photo)).unwrap_or(Err(Error::TooSlow))
}

fn decode(photo: &Bytes) -> Result<RgbImage, Error> {
    let mut reader = reader(photo)?;
    let format = reader.format().ok_or_else(|| Error::Undecodable {
        reason: "it is not a JPEG, PNG, WebP or TIFF image".to_owned(),
    })?;
    let mut limits = Limits::no_limits();
    limits.max_alloc = Some(MAX_MEMORY);
    reader.limits(limits.clone());
    let mut decoder = reader.into_decoder().map_err(refused)?;
    let (width, height) = decoder.dimensions();
    if width.max(height) > MAX_SIDE || u64::from(width) * u64::from(height) > MAX_PIXELS {
        return Err(Error::TooLarge { size: Some((width, height)) });
    }
    let scans = if format == ImageFormat::Jpeg { jpeg::scans(photo) } else { Scans::default() };
    if scans.is_cut_short {
        let reason = "the JPEG file is cut short".to_owned();
        return Err(Error::Undecodable { reason });
    }
    let orientation = orientation::of(&mut decoder, photo);
    if memory(&decoder, orientation, scans.is_progressive) > MAX_MEMORY {
        return Err(Error::TooLarge { size: None });
    }
    if width == 0 || height == 0 {
        return Err(Error::Undecodable { reason: "it has no pixels".to_owned() });
    }
    decoder.set_limits(limits).map_err(refused)?;
    let mut picture = DynamicImage::from_decoder(decoder).map_err(refused)?;
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

/// What `work` comes to, unless it takes longer than `limit`: then it is left to itself.
fn within<T: Send + 'static>(
    limit: Duration,
    work: impl FnOnce() -> T + Send + 'static,
) -> Option<T> {
    let (sender, receiver) = mpsc::sync_channel(1);
    // Nobody listens any more after the time.
    let worker = thread::spawn(move || drop(sender.send(work())));
    let result = match receiver.recv_timeout(limit) {
        Ok(result) => Some(result),
        Err(RecvTimeoutError::Timeout) => return None,
        Err(RecvTimeoutError::Disconnected) => None,
    };
    // It has ended; if by a panic, that is a bug, as it would be on this thread.
    worker.join().unwrap_or_else(|bug| std::panic::resume_unwind(bug));
    result
}

/// A reader that knows the format, where it is one that can be decoded.
pub(super) fn reader(photo: &Bytes) -> Result<ImageReader<Cursor<&[u8]>>, Error> {
    let mut reader = ImageReader::new(Cursor::new(photo.as_ref()));
    // BigTIFF, which the decoder reads and the guess does not know.
    if let [b'I', b'I', 43, 0, ..] | [b'M', b'M', 0, 43, ..] = photo[..] {
        reader.set_format(ImageFormat::Tiff);
    } else {
        let undecodable = |e: std::io::Error| Error::Undecodable { reason: e.to_string() };
        reader = reader.with_guessed_format().map_err(undecodable)?;
    }
    let flaw = if reader.format() == Some(ImageFormat::Tiff) { tiff::flaw(photo) } else { None };
    if let Some(flaw) = flaw {
        let reason = format!("the TIFF file is damaged: {flaw}");
        return Err(Error::Undecodable { reason });
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

fn refused(error: ImageError) -> Error {
    let reason = match error {
        ImageError::Limits(_) => return Error::TooLarge { size: None },
        // The library says the format around its decoder's own text.
        ImageError::Decoding(e) => std::error::Error::source(&e)
            .map_or_else(|| e.to_string(), std::string::ToString::to_string),
        other => other.to_string(),
    };
    Error::Undecodable { reason }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn work_that_takes_too_long_is_left_to_itself() {
        let soon = within(Duration::from_mins(1), || 7);
        let never = within(Duration::from_millis(20), || thread::sleep(Duration::from_mins(1)));
        assert_eq!((soon, never), (Some(7), None));
        let panicked = std::panic::catch_unwind(|| {
            within(Duration::from_mins(1), || assert_eq!(1, 2, "a bug of a decoder"))
        });
        assert!(panicked.is_err());
    }

    #[test]
    fn transparency_is_shown_on_white() {
        let half = image::RgbaImage::from_pixel(1, 1, image::Rgba([0, 100, 255, 128]));
        assert_eq!(to_rgb(half.into()).get_pixel(0, 0).0, [127, 177, 255]);
    }
}
