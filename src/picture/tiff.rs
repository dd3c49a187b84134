//! The first directory of a TIFF, where the decoder must not be let in: it speaks on standard error
//! itself of a text that is too long, and after a type that it does not know it reads the rest of
//! a BigTIFF's directory 8 bytes too early (TIFF 6.0, section 2; BigTIFF).

/// The type of a text.
const ASCII: u64 = 2;

/// What is wrong with it, if anything.
pub(super) fn flaw(file: &[u8]) -> Option<&'static str> {
    let is_little = file.starts_with(b"II");
    let number = |at: usize, length: usize| -> Option<u64> {
        let bytes = file.get(at..)?.get(..length)?.iter();
        let join = |value: u64, byte: &u8| value << 8 | u64::from(*byte);
        Some(if is_little { bytes.rev().fold(0, join) } else { bytes.fold(0, join) })
    };
    let is_big = number(2, 2)? == 43;
    let (offset, tags, tag, count) = if is_big { (8, 8, 20, 8) } else { (4, 2, 12, 4) };
    let directory = usize::try_from(number(offset, count)?).ok()?;
    let listed = number(directory, tags)?;
    // No more than there is room for.
    let mut entries = (directory + tags..file.len()).step_by(tag).zip(0..listed);
    entries.find_map(|(entry, _)| match number(entry + 2, 2)? {
        ASCII if number(entry + 4, count)? > file.len() as u64 => {
            Some("a text in it is longer than the file")
        }
        1..=13 | 16..=18 => None,
        _ => is_big.then_some("it holds a value of an unknown type"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_no_longer_than_its_file() {
        let little =
            b"II*\0\x08\0\0\0\x02\0\x0e\x01\x04\0\0\0\0\x80....\x0f\x01\x02\0\x22\0\0\0....";
        assert!(flaw(little).is_none());
        let mut longer = *little;
        longer[26] += 1;
        assert!(flaw(&longer).is_some());
        longer[8] = 1; // the directory ends before it
        assert!(flaw(&longer).is_none());
        let big = b"MM\0\x2b\0\x08\0\0\0\0\0\0\0\0\0\x10\0\0\0\0\0\0\0\x01\x01\x0f\0\x02\0\0\x80\0\0\0\0\0";
        assert!(flaw(big).is_some());
        for end in 0..big.len() {
            assert!(end > 27 || flaw(&big[..end]).is_none());
        }
    }
}
