//! The orientation in an EXIF block, as Pillow and OpenCV read it.

use super::tiff::{Directory, ORIENTATION};

/// Precedes the block in a JPEG, and sometimes elsewhere.
pub const PREFIX: &[u8] = b"Exif\0\0";

const BYTE: u64 = 1;
const ASCII: u64 = 2;
const SHORT: u64 = 3;
const LONG: u64 = 4;
const SIGNED_BYTE: u64 = 6;
const SIGNED_SHORT: u64 = 8;
const SIGNED_LONG: u64 = 9;

/// The block's orientation; `None` if it has none, 1 if it is invalid.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Views {
    pub(super) pillow: Option<u8>,
    pub(super) opencv: Option<u8>,
    /// Whether it is of a type that others convert: sharp (libexif) turns bytes, too.
    pub(super) is_odd: bool,
}

/// Both take the first entry. Pillow believes its type, if that is a number; OpenCV always reads 16
/// bits.
pub(super) fn views(block: &[u8]) -> Views {
    let views = || {
        // BigTIFF has no place in EXIF.
        let directory = Directory::of(block)
            .filter(|_| block.starts_with(b"II\x2a\0") || block.starts_with(b"MM\0\x2a"))?;
        let entry = directory.entry(ORIENTATION)?;
        let [kind, count] = [directory.number(entry + 2, 2)?, directory.number(entry + 4, 4)?];
        let value = |length| directory.number(entry + 8, length).map(valid);
        let (length, most) = match kind {
            SHORT | SIGNED_SHORT => (2, 2),
            LONG | SIGNED_LONG => (4, 1),
            SIGNED_BYTE => (1, 4),
            _ => (0, 0),
        };
        let pillow = if (1..=most).contains(&count) { value(length) } else { Some(1) };
        let is_odd = matches!(kind, BYTE | ASCII | SIGNED_BYTE) || count != 1;
        Some(Views { pillow, opencv: value(2), is_odd })
    };
    views().unwrap_or_default()
}

fn valid(value: u64) -> u8 {
    u8::try_from(value).ok().filter(|value| (1..=8).contains(value)).unwrap_or(1)
}

/// A block with only the orientation.
pub fn block(orientation: u8) -> Vec<u8> {
    let mut block = b"MM\0\x2a\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0".to_vec();
    block.push(orientation);
    block.extend([0; 6]);
    block
}
