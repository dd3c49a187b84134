//! Bytes to an upright RGB picture, under limits.

use std::io::Cursor;

use image::{
    DynamicImage, ImageDecoder, ImageError, ImageFormat, ImageReader, Limits, RgbImage, imageops,
};

use super::{EngineError, orientation};

/// The most pixels a picture may have: 100 megapixels, what the largest cameras make.
pub const MAX_PIXELS: u64 = 100_000_000;

/// The longest side a picture may have: what a JPEG can say, and all that a photo needs.
pub const MAX_SIDE: u32 = 65_535;

/// The most memory a decoder may take, the decoded picture included: 100 megapixels of
/// 8-bit RGBA. The RGB picture made of it takes 3 bytes a pixel more.
pub const MAX_DECODER_BYTES: u64 = 4 * MAX_PIXELS + 16 * 1024 * 1024;

/// Decodes a JPEG, PNG, WebP or TIFF, told by its content, and turns it as its EXIF
/// orientation says.
///
/// Whatever the file holds (16 bits, grey, palette, CMYK) comes out as 8-bit RGB.
/// What is transparent is shown on white, as viewers do.
pub fn upright(photo: &[u8]) -> Result<RgbImage, EngineError> {
    let mut reader = reader(photo)?;
    let format = reader.format().ok_or_else(|| EngineError::Undecodable {
        reason: "it is not a JPEG, PNG, WebP or TIFF image".to_owned(),
    })?;
    if format == ImageFormat::Jpeg && is_cut_short(photo) {
        return Err(EngineError::Undecodable { reason: "the JPEG file is cut short".to_owned() });
    }
    let mut limits = Limits::no_limits();
    limits.max_alloc = Some(MAX_DECODER_BYTES);
    reader.limits(limits.clone());
    let mut decoder = reader.into_decoder().map_err(refused)?;
    let (width, height) = decoder.dimensions();
    if width.max(height) > MAX_SIDE || u64::from(width) * u64::from(height) > MAX_PIXELS {
        return Err(EngineError::TooLarge { size: Some((width, height)) });
    }
    if decoder.total_bytes() > MAX_DECODER_BYTES {
        return Err(EngineError::TooLarge { size: None });
    }
    if width == 0 || height == 0 {
        return Err(EngineError::Undecodable { reason: "it has no pixels".to_owned() });
    }
    decoder.set_limits(limits).map_err(refused)?;
    let orientation = orientation::of(&mut decoder, photo);
    let mut picture = DynamicImage::from_decoder(decoder).map_err(refused)?;
    if let Some(orientation) = orientation {
        picture.apply_orientation(orientation);
    }
    Ok(to_rgb(picture))
}

/// A reader that knows the format, where it is one that can be decoded.
pub(super) fn reader(photo: &[u8]) -> Result<ImageReader<Cursor<&[u8]>>, EngineError> {
    let mut reader = ImageReader::new(Cursor::new(photo));
    // BigTIFF, which the decoder reads and the guess does not know.
    if let [b'I', b'I', 43, 0, ..] | [b'M', b'M', 0, 43, ..] = photo {
        reader.set_format(ImageFormat::Tiff);
        return Ok(reader);
    }
    let undecodable = |e: std::io::Error| EngineError::Undecodable { reason: e.to_string() };
    reader.with_guessed_format().map_err(undecodable)
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

/// Whether a JPEG lacks its end marker, so that part of the picture would come out grey.
///
/// Looked for after the first scan has begun: the preview in the EXIF block has an end too.
/// In a scan 0xFF is never followed by 0xD9 but there (ISO/IEC 10918-1, B.1.1.2).
fn is_cut_short(jpeg: &[u8]) -> bool {
    let mut rest = jpeg.get(2..).unwrap_or_default();
    while let [0xff, marker, high, low, ..] = *rest {
        if marker == 0xff {
            rest = &rest[1..]; // a fill byte
            continue;
        }
        let length = usize::from(u16::from_be_bytes([high, low]));
        rest = rest.get(2 + length..).unwrap_or_default();
        if marker == 0xda {
            return !rest.windows(2).any(|pair| pair == [0xff, 0xd9]);
        }
    }
    true
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

fn refused(error: ImageError) -> EngineError {
    let reason = match error {
        ImageError::Limits(_) => return EngineError::TooLarge { size: None },
        // The library says the format around its decoder's own text.
        ImageError::Decoding(e) => std::error::Error::source(&e)
            .map_or_else(|| e.to_string(), std::string::ToString::to_string),
        other => other.to_string(),
    };
    EngineError::Undecodable { reason }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_end_of_a_jpeg_is_looked_for_in_its_scan() {
        // SOI, APP1 with an end marker inside, SOS, scan data, EOI.
        let whole = b"\xff\xd8\xff\xe1\x00\x04\xff\xd9\xff\xff\xda\x00\x02scan\xff\x00\xff\xd9";
        assert!(!is_cut_short(whole));
        assert!(is_cut_short(&whole[..whole.len() - 1]));
        for end in 0..whole.len() - 1 {
            assert!(is_cut_short(&whole[..end]), "{end}");
        }
    }

    #[test]
    fn transparency_is_shown_on_white() {
        let half = image::RgbaImage::from_pixel(1, 1, image::Rgba([0, 100, 255, 128]));
        assert_eq!(to_rgb(half.into()).get_pixel(0, 0).0, [127, 177, 255]);
    }
}
