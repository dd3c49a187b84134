//! Which way up a picture was taken.

use image::ImageDecoder;
use image::metadata::Orientation;

use crate::photo::Format;

/// The EXIF orientation, if there is a sound one: a damaged block says nothing about the pixels.
pub(super) fn of(decoder: &mut impl ImageDecoder, photo: &[u8]) -> Option<Orientation> {
    if Format::of(photo) != Some(Format::WebP) {
        return decoder.orientation().ok();
    }
    // The decoder takes as much memory as the block says it is long, up to 4 GiB, before it
    // looks whether there is so much.
    let block = webp_exif(photo)?;
    Orientation::from_exif_chunk(block.strip_prefix(b"Exif\0\0").unwrap_or(block))
}

/// The first EXIF block of a WebP, if all of it is there.
fn webp_exif(photo: &[u8]) -> Option<&[u8]> {
    let mut chunks = photo.get(12..)?;
    loop {
        let (name, rest) = chunks.split_first_chunk::<4>()?;
        let (length, rest) = rest.split_first_chunk::<4>()?;
        let length = usize::try_from(u32::from_le_bytes(*length)).ok()?;
        if name == b"EXIF" {
            return rest.get(..length);
        }
        // Of uneven length, a chunk has one more byte that does not count.
        chunks = rest.get(length..)?.get(length % 2..)?;
    }
}
