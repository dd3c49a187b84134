//! The portrait in a passport's chip: EF.DG2 (ICAO Doc 9303-10, 4.7.2), and the face records in it
//! (ISO/IEC 19794-5 and 39794-5).

use bytes::Bytes;

/// What the picture inside begins with: JPEG, JPEG 2000, and its bare codestream. Real records
/// give the wrong type, so that it is recognised by its content.
const PICTURES: [&[u8]; 3] = [b"\xff\xd8\xff", b"\0\0\0\x0cjP  \r\n\x87\n", b"\xff\x4f\xff\x51\0"];

/// Whether the file is such a record: `75` (the file), `7f61` (its templates), `7f60` (one of them)
/// or `65` (a record of 39794-5), with a length.
pub(super) fn is_record(file: &[u8]) -> bool {
    match file {
        [0x7f, 0x60 | 0x61, rest @ ..] => length(rest).is_some(),
        [0x75, rest @ ..] => length(rest).is_some_and(|(_, rest)| rest.starts_with(&[0x7f, 0x61])),
        [0x65, rest @ ..] => length(rest).is_some_and(|(_, rest)| rest.starts_with(&[0xa0])),
        _ => false,
    }
}

/// The first picture of a record; `None` if it is cut short or has none.
pub fn picture(file: &Bytes) -> Option<Bytes> {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_picture_is_found_wherever_the_record_begins() {
        let record = |inner: &[u8]| {
            let length = u8::try_from(inner.len()).unwrap();
            [b"\x75\x81", &[length][..], inner].concat()
        };
        let file = record(b"\x7f\x61\x09\x5f\x2e\x06\xff\xd8\xff\xe0ab");
        assert!(is_record(&file));
        let with_more = Bytes::from([&file[..], b"more"].concat());
        assert_eq!(picture(&with_more).as_deref(), Some(&b"\xff\xd8\xff\xe0ab"[..]));
        for end in 0..file.len() {
            assert_eq!(picture(&file[..end].to_vec().into()), None, "{end}");
        }
        assert!(
            !is_record(b"u") && !is_record(b"unknown text") && picture(&Bytes::new()).is_none()
        );
    }
}
