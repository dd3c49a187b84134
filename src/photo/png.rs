//! Splits a PNG into chunks. They may be anywhere between the header and the end (PNG 3, 11.3.4.5).

/// The name and contents of each chunk up to the end or to a truncated one.
pub fn chunks(file: &[u8]) -> impl Iterator<Item = ([u8; 4], &[u8])> {
    let mut rest = file.get(8..).unwrap_or_default();
    std::iter::from_fn(move || {
        let (length, after) = rest.split_first_chunk()?;
        let (name, after) = after.split_first_chunk()?;
        let length = usize::try_from(u32::from_be_bytes(*length)).ok()?;
        let (contents, after) = after.split_at_checked(length)?;
        // A checksum follows.
        rest = after.get(4..).unwrap_or_default();
        Some((*name, contents))
    })
}

pub fn chunk(file: &[u8], wanted: [u8; 4]) -> Option<&[u8]> {
    chunks(file).find(|(name, _)| *name == wanted).map(|(_, contents)| contents)
}
