//! Finds the parts of files: chunks of PNG and WebP, the portrait in a passport's chip.

use bytes::Bytes;

/// The name and contents of each chunk of a PNG, up to the end or to a truncated one. They may be
/// anywhere between the header and the end (PNG 3, 11.3.4.5).
pub fn png_chunks(file: &[u8]) -> impl Iterator<Item = ([u8; 4], &[u8])> + Clone {
    let mut rest = file.get(8..).unwrap_or_default();
    std::iter::from_fn(move || {
        let (length, after) = rest.split_first_chunk()?;
        let (name, after) = after.split_first_chunk()?;
        let length = usize::try_from(u32::from_be_bytes(*length)).ok()?;
        let (contents, after) = after.split_at_checked(length)?;
        // A checksum follows.
        rest = if name == b"IEND" { &[] } else { after.get(4..).unwrap_or_default() };
        Some((*name, contents))
    })
}

pub fn png_chunk(file: &[u8], wanted: [u8; 4]) -> Option<&[u8]> {
    png_chunks(file).find(|(name, _)| *name == wanted).map(|(_, contents)| contents)
}

/// Flags of a WebP's VP8X chunk.
pub const HAS_EXIF: u8 = 0x08;
pub const HAS_XMP: u8 = 0x04;
pub const HAS_ALPHA: u8 = 0x10;

/// The contents of the first chunk with this name of a WebP, unless truncated (WebP container
/// specification, "RIFF file format"). The decoder would allocate whatever length a chunk claims.
pub fn webp_chunk(photo: &[u8], wanted: [u8; 4]) -> Option<&[u8]> {
    let mut chunks = photo.get(12..webp_end(photo)?.min(photo.len()))?;
    loop {
        let (name, rest) = chunks.split_first_chunk::<4>()?;
        let (length, rest) = rest.split_first_chunk::<4>()?;
        let length = usize::try_from(u32::from_le_bytes(*length)).ok()?;
        if *name == wanted {
            return rest.get(..length);
        }
        // Chunks are padded to an even length.
        chunks = rest.get(length..)?.get(length % 2..)?;
    }
}

/// The end that a WebP declares.
fn webp_end(photo: &[u8]) -> Option<usize> {
    let length = u32::from_le_bytes(*photo.get(4..)?.first_chunk()?);
    usize::try_from(length).ok()?.checked_add(8)
}

/// A WebP up to its end, and without the flags for metadata that it hasn't: libwebp ignores them, our
/// decoder fails. `None` if it is cut short, which libwebp doesn't read.
pub fn whole_webp(photo: &Bytes) -> Option<Bytes> {
    let end = webp_end(photo).filter(|end| *end <= photo.len())?;
    let lacks =
        |(flag, name): &(u8, _)| webp_has_flag(photo, *flag) && webp_chunk(photo, *name).is_none();
    let metadata = [(HAS_EXIF, *b"EXIF"), (HAS_XMP, *b"XMP ")];
    let lacking = metadata.into_iter().filter(lacks).fold(0, |flags, (flag, _)| flags | flag);
    let photo = photo.slice(..end);
    if lacking == 0 || photo.get(12..16)? != b"VP8X" {
        return Some(photo);
    }
    let mut photo = Vec::from(photo);
    *photo.get_mut(20)? &= !lacking;
    Some(photo.into())
}

pub fn webp_has_flag(photo: &[u8], flag: u8) -> bool {
    webp_chunk(photo, *b"VP8X").and_then(<[u8]>::first).is_some_and(|flags| flags & flag != 0)
}

/// What the portrait in a passport's chip begins with: JPEG, JPEG 2000, and its bare codestream. Real records
/// give the wrong type, so that it is recognised by its content.
const PICTURES: [&[u8]; 3] = [b"\xff\xd8\xff", b"\0\0\0\x0cjP  \r\n\x87\n", b"\xff\x4f\xff\x51\0"];

/// Whether the file is a record of a passport's chip, EF.DG2 (ICAO Doc 9303-10, 4.7.2; ISO/IEC 19794-5
/// and 39794-5): `75` (the file), `7f61` (its templates), `7f60` (one of them)
/// or `65` (a record of 39794-5), with a length.
pub fn is_chip_record(file: &[u8]) -> bool {
    match file {
        [0x7f, 0x60 | 0x61, rest @ ..] => length(rest).is_some(),
        [0x75, rest @ ..] => length(rest).is_some_and(|(_, rest)| rest.starts_with(&[0x7f, 0x61])),
        [0x65, rest @ ..] => length(rest).is_some_and(|(_, rest)| rest.starts_with(&[0xa0])),
        _ => false,
    }
}

/// The first picture of such a record; `None` if it is cut short or has none.
pub fn portrait(file: &Bytes) -> Option<Bytes> {
    let rest = file.get(if file.first() == Some(&0x7f) { 2 } else { 1 }..)?;
    let end = match file.strip_prefix(b"FAC\0") {
        Some(header) => {
            usize::try_from(u32::from_be_bytes(*header.get(4..)?.first_chunk()?)).ok()?
        }
        None => {
            length(rest).map(|(length, rest)| length.saturating_add(file.len() - rest.len()))?
        }
    };
    let record = file.get(..end)?;
    let places = (0..record.len()).find(|&at| PICTURES.iter().any(|p| record[at..].starts_with(p)));
    places.map(|start| file.slice(start..end))
}

/// A length in BER, of up to four bytes, and what follows it.
fn length(bytes: &[u8]) -> Option<(usize, &[u8])> {
    let (&first, rest) = bytes.split_first()?;
    if first < 0x80 {
        return Some((first.into(), rest));
    }
    let (length, rest) = rest.split_at_checked(usize::from(first & 0x7f))?;
    let is_valid = matches!(length.len(), 1..=4);
    is_valid.then(|| (length.iter().fold(0, |sum, byte| sum << 8 | usize::from(*byte)), rest))
}
