//! The first directory of a TIFF, where the decoder would speak on standard error itself of a text
//! that is too long (TIFF 6.0, section 2; BigTIFF has 8 bytes for 2 or 4 in most places).

/// The type of a text.
const ASCII: u64 = 2;

/// Whether a text claims more bytes than the file has.
pub(super) fn has_endless_text(file: &[u8]) -> bool {
    let is_little = file.starts_with(b"II");
    let number = |at: usize, length: usize| -> Option<u64> {
        let bytes = file.get(at..)?.get(..length)?.iter();
        let join = |value: u64, byte: &u8| value << 8 | u64::from(*byte);
        Some(if is_little { bytes.rev().fold(0, join) } else { bytes.fold(0, join) })
    };
    let is_big = number(2, 2) == Some(43);
    let (offset, tags, tag, count) = if is_big { (8, 8, 20, 8) } else { (4, 2, 12, 4) };
    let directory = number(offset, count).and_then(|at| usize::try_from(at).ok());
    let Some(directory) = directory.filter(|at| *at < file.len()) else { return false };
    let listed = number(directory, tags).unwrap_or(0);
    // No more than there is room for.
    let entries = (directory + tags..file.len()).step_by(tag);
    entries.zip(0..listed).any(|(entry, _)| {
        let length = number(entry + 4, count).unwrap_or(0);
        number(entry + 2, 2) == Some(ASCII) && length > file.len() as u64
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_endless_if_it_is_longer_than_its_file() {
        let little =
            b"II*\0\x08\0\0\0\x02\0\x0e\x01\x04\0\0\0\0\x80....\x0f\x01\x02\0\x22\0\0\0....";
        assert!(!has_endless_text(little));
        let mut longer = *little;
        longer[26] += 1;
        assert!(has_endless_text(&longer));
        longer[8] = 1; // the directory ends before it
        assert!(!has_endless_text(&longer));
        let big = b"MM\0\x2b\0\x08\0\0\0\0\0\0\0\0\0\x10\0\0\0\0\0\0\0\x01\x01\x0f\0\x02\0\0\x80\0\0\0\0\0";
        assert!(has_endless_text(big));
        for end in 0..big.len() {
            has_endless_text(&big[..end]);
        }
    }
}
