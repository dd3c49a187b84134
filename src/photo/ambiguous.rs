//! Files that Pillow and OpenCV read differently, so that nobody knows what a service judges.
//! `tests/decoders` compares both.

use super::Format;
use super::orientation::Orientation;
use super::parts::{HAS_ALPHA, png_chunk, webp_chunk, webp_has_flag};
use super::tiff::colours::{CMYK, GREY, RGB, WHITE_IS_ZERO};
use super::tiff::tag::{
    BITS, EXTRA_SAMPLES, ORIENTATION, PHOTOMETRIC, PLANAR, SAMPLE_FORMAT, SAMPLES,
};
use super::tiff::{Directory, FLOAT};

/// What it is that programs read differently, if anything.
pub fn reason(photo: &[u8]) -> Option<&'static str> {
    if Orientation::of(photo).is_disputed {
        return Some("which way up it is");
    }
    match Format::of(photo)? {
        Format::Png if matches!(png_header(photo), Some((16, 0))) => Some("16-bit grey"),
        Format::Tiff => of_tiff(&Directory::of(photo)?),
        _ => None,
    }
}

fn of_tiff(directory: &Directory<'_>) -> Option<&'static str> {
    let photometric = directory.value(PHOTOMETRIC, GREY);
    let is_deep = directory.values(BITS).iter().any(|bits| *bits > 8);
    let is_planar = directory.value(PLANAR, 1) == 2 && directory.value(SAMPLES, 1) > 1;
    let is_grey = matches!(photometric, WHITE_IS_ZERO | GREY);
    match directory.value(ORIENTATION, 1) {
        5..=8 => return Some("a TIFF on its side"),
        2..=4 if is_grey => return Some("a grey TIFF that is turned"),
        _ => {}
    }
    if directory.values(SAMPLE_FORMAT).contains(&FLOAT) {
        return Some("floating-point colours");
    }
    match photometric {
        WHITE_IS_ZERO => Some("grey where 0 is white"),
        GREY if is_deep => Some("16-bit grey"),
        CMYK if is_deep => Some("16-bit CMYK"),
        _ if is_planar && is_deep => Some("16-bit colours in planes"),
        RGB if directory.values(EXTRA_SAMPLES).iter().any(|kind| matches!(kind, 1 | 2)) => {
            Some("a TIFF with transparency")
        }
        _ => None,
    }
}

/// Whether pixels may be transparent, and so hide colours that a service shows.
pub fn may_hide(photo: &[u8]) -> bool {
    match Format::of(photo) {
        Some(Format::Png) => {
            let is_alpha = png_header(photo).is_some_and(|(_, colour)| colour & 4 != 0);
            is_alpha || png_chunk(photo, *b"tRNS").is_some()
        }
        Some(Format::WebP) => {
            // In a bare lossless file, bit 28 after the signature and 7 bytes of chunk header.
            let is_lossless = webp_chunk(photo, *b"VP8L").and_then(|data| data.get(4));
            webp_has_flag(photo, HAS_ALPHA) || is_lossless.is_some_and(|byte| byte & 16 != 0)
        }
        _ => false,
    }
}

/// The bits and the colour type of a PNG (PNG 3, 11.2.1).
fn png_header(photo: &[u8]) -> Option<(u8, u8)> {
    match png_chunk(photo, *b"IHDR")? {
        [_, _, _, _, _, _, _, _, bits, colour, ..] => Some((*bits, *colour)),
        _ => None,
    }
}
