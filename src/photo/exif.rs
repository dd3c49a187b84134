//! The EXIF orientation: the one tag that changes how a picture is shown.

/// Precedes the block in a JPEG, and sometimes in a WebP.
pub const PREFIX: &[u8] = b"Exif\0\0";

/// The orientation in an EXIF block, if it turns or mirrors. Only a single SHORT in IFD 0 counts
/// (Exif 2.32, 4.6.2), as in viewers.
pub fn orientation(block: &[u8]) -> Option<u8> {
    let is_little = block.starts_with(b"II\x2a\0");
    if !is_little && !block.starts_with(b"MM\0\x2a") {
        return None;
    }
    let short = |at: usize| {
        let bytes = [*block.get(at)?, *block.get(at + 1)?];
        Some(if is_little { u16::from_le_bytes(bytes) } else { u16::from_be_bytes(bytes) })
    };
    let long = |at: usize| {
        let [first, second] = [short(at)?, short(at + 2)?].map(usize::from);
        Some(if is_little { first | second << 16 } else { first << 16 | second })
    };
    let directory = long(4)?;
    let entries = (0..usize::from(short(directory)?)).map(|i| directory + 2 + 12 * i);
    let is_orientation = |at: usize| {
        [short(at), short(at + 2)] == [Some(0x0112), Some(3)] && long(at + 4) == Some(1)
    };
    let entry = entries.into_iter().find(|&at| is_orientation(at))?;
    let value = u8::try_from(short(entry + 8)?).ok()?;
    (2..=8).contains(&value).then_some(value)
}

pub fn block(orientation: u8) -> Vec<u8> {
    let mut block = b"MM\0\x2a\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0".to_vec();
    block.push(orientation);
    block.extend([0; 6]);
    block
}
