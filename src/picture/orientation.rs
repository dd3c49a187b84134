//! Which way up a picture was taken.

use image::ImageDecoder;
use image::metadata::Orientation;

use super::webp;
use crate::photo::{Format, exif};

/// The EXIF orientation, if there is a sound one: a damaged block says nothing about the pixels.
pub(super) fn of(decoder: &mut impl ImageDecoder, photo: &[u8]) -> Option<Orientation> {
    if Format::of(photo) != Some(Format::WebP) {
        return decoder.orientation().ok();
    }
    // The decoder takes as much memory as the block says it is long, up to 4 GiB, before it
    // looks whether there is so much.
    let block = webp::chunk(photo, *b"EXIF")?;
    Orientation::from_exif_chunk(block.strip_prefix(exif::PREFIX).unwrap_or(block))
}
