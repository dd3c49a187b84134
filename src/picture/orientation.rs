//! The EXIF orientation of PNG, WebP and other formats.

use image::ImageDecoder;
use image::metadata::Orientation;

use super::webp;
use crate::photo::{Format, exif};

/// The EXIF orientation; none if the block is damaged, which says nothing about the pixels.
pub(super) fn of(decoder: &mut impl ImageDecoder, photo: &[u8]) -> Option<Orientation> {
    if Format::of(photo) != Some(Format::WebP) {
        return decoder.orientation().ok();
    }
    // The decoder allocates the block's claimed length, up to 4 GiB, before it checks it.
    let block = webp::chunk(photo, *b"EXIF")?;
    Orientation::from_exif_chunk(block.strip_prefix(exif::PREFIX).unwrap_or(block))
}
