//! Anything taken for a photo: recognised, decoded within limits, stripped of metadata.

use bytes::Bytes;
use didit_face::photo::{self, Format, Photo};
use didit_face::picture::decode::{self, Header, MAX_PIXELS, MAX_SIDE, upright};
use didit_face::prepare::strip;

/// Only the headers of larger pictures are read: a few bytes can encode a hundred megapixels of
/// white, which take as much time and memory as a photo.
const DECODED: u64 = 1 << 20;

pub(crate) fn check(bytes: &[u8]) {
    assert!(Format::of(bytes).is_none() || photo::is_decodable(bytes));
    let _ = photo::Foreign::of(bytes).conversion();
    let bytes = Bytes::copy_from_slice(bytes);
    decoded(&bytes);
    match Photo::new("a photo".to_owned(), bytes.clone()) {
        Ok(photo) => stripped(&photo, &bytes),
        Err(_) => assert!(Format::of(&bytes).is_none()),
    }
}

fn decoded(bytes: &Bytes) {
    let header = decode::header(bytes).ok();
    let (pixels, is_too_large) = header.map_or((0, false), extent);
    if DECODED < pixels && !is_too_large {
        return;
    }
    if let Ok(picture) = upright(bytes) {
        let Header { size: (width, height), orientation } = header.expect("it was decoded");
        let size = if orientation < 5 { (width, height) } else { (height, width) };
        assert_eq!(picture.dimensions(), size);
        assert!(!is_too_large);
    }
}

fn extent(header: Header) -> (u64, bool) {
    let (width, height) = header.size;
    let pixels = u64::from(width) * u64::from(height);
    (pixels, pixels > MAX_PIXELS || width.max(height) > MAX_SIDE)
}

fn stripped(photo: &Photo, bytes: &Bytes) {
    let Ok(once) = strip::metadata(photo) else { return };
    let twice = strip::metadata(&once).expect("it was done before");
    let once = once.bytes();
    assert_eq!(once, twice.bytes(), "there is nothing left to strip");
    assert_eq!(Format::of(&once), Some(photo.format()));
    let Ok(header) = decode::header(bytes) else { return };
    if DECODED < extent(header).0 {
        return;
    }
    let Ok(before) = upright(bytes) else { return };
    assert_eq!(decode::header(&once).expect("still a picture"), header);
    assert!(upright(&once).is_ok_and(|after| after == before), "every pixel is unchanged");
}
