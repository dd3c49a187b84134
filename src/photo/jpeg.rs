//! Splits a JPEG into segments. Decoding, reading the header and stripping metadata all use this,
//! so that they can't disagree.
//!
//! Like libjpeg, it skips bytes between segments, and ends the picture at its end marker, at the
//! start of another picture, or at the end of the file.

use std::borrow::Cow;

use super::exif;

/// Markers of ISO/IEC 10918-1, table B.1.
pub mod marker {
    pub const SOI: u8 = 0xd8;
    pub const EOI: u8 = 0xd9;
    pub const SOS: u8 = 0xda;
    pub(super) const DHT: u8 = 0xc4;
    pub(super) const JPG: u8 = 0xc8;
    pub(super) const DAC: u8 = 0xcc;
    pub(super) const DQT: u8 = 0xdb;
    pub(super) const DNL: u8 = 0xdc;
    pub(super) const DRI: u8 = 0xdd;
    pub(super) const APP0: u8 = 0xe0;
    pub const APP1: u8 = 0xe1;
    pub(super) const APP2: u8 = 0xe2;
    pub(super) const APP14: u8 = 0xee;
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Jpeg<'a> {
    /// The segments of its first picture.
    pub segments: Vec<Segment<'a>>,
    pub has_end: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Segment<'a> {
    /// The marker's second byte.
    pub marker: u8,
    pub contents: &'a [u8],
    /// After the start of a scan, the compressed pixels, restart markers included.
    pub scan: &'a [u8],
}

impl<'a> Jpeg<'a> {
    /// Splits a file; `None` if it doesn't begin like a JPEG.
    pub fn walk(file: &'a [u8]) -> Option<Self> {
        let mut rest = file.strip_prefix(&[0xff, marker::SOI])?;
        let mut segments = Vec::new();
        while let Some((marker, after)) = next_marker(rest) {
            match marker {
                marker::EOI => return Some(Self { segments, has_end: true }),
                marker::SOI => break,
                // No contents follow (B.1.1.3); outside of a scan they mean nothing.
                0x01 | 0xd0..=0xd7 => rest = after,
                _ => {
                    let Some((segment, after)) = segment(marker, after) else { break };
                    segments.push(segment);
                    rest = after;
                }
            }
        }
        Some(Self { segments, has_end: false })
    }

    /// The frame header: size and compression.
    pub fn frame(&self) -> Option<Segment<'a>> {
        self.segments.iter().copied().find(Segment::is_frame)
    }

    pub fn scans(&self) -> impl Iterator<Item = Segment<'a>> {
        self.segments.iter().copied().filter(|segment| segment.marker == marker::SOS)
    }

    /// The file with only what the picture needs, and an EXIF block with only `orientation`.
    pub fn rebuilt(&self, orientation: Option<u8>, with_end: bool) -> Vec<u8> {
        let kept: Vec<_> = self.segments.iter().filter_map(Segment::needed).collect();
        let mut file = vec![0xff, marker::SOI];
        let length = kept.iter().map(|(segment, contents)| segment.scan.len() + contents.len());
        file.reserve(length.sum::<usize>() + 4 * kept.len() + 64);
        // JFIF's segment has to be the first.
        let is_jfif = |kept: &(&Segment<'_>, Cow<'_, [u8]>)| kept.0.marker == marker::APP0;
        let first = kept.iter().take_while(|kept| is_jfif(kept)).count();
        kept[..first].iter().for_each(|kept| put(&mut file, kept));
        if let Some(orientation) = orientation {
            let block = [exif::PREFIX, &exif::block(orientation)].concat();
            let exif = Segment { marker: marker::APP1, contents: &block, scan: &[] };
            put(&mut file, &(&exif, Cow::Borrowed(&block)));
        }
        kept[first..].iter().for_each(|kept| put(&mut file, kept));
        if with_end {
            file.extend([0xff, marker::EOI]);
        }
        file
    }

    /// The file with only what the picture needs, for decoders that guess the colours differently:
    /// without JFIF, with Adobe's segment if `transform` is given, and with components numbered by
    /// `id`. A file without Huffman tables is marked as a frame of a video, so that the decoder uses
    /// the standard ones, as libjpeg does.
    pub fn unambiguous(
        &self,
        transform: Option<u8>,
        id: impl Fn(u8) -> u8,
        with_end: bool,
    ) -> Vec<u8> {
        use marker::{APP0, APP14, DHT, EOI, SOI, SOS};
        let mut file = vec![0xff, SOI];
        let mut put_new = |marker, contents: &[u8]| {
            put(&mut file, &(&Segment { marker, contents, scan: &[] }, contents.into()));
        };
        if !self.segments.iter().any(|segment| segment.marker == DHT) {
            put_new(APP0, b"AVI1\0\0\0\0");
        }
        if let Some(transform) = transform {
            put_new(APP14, &[&b"Adobe\0\x64\0\0\0\0"[..], &[transform]].concat());
        }
        for (segment, contents) in self.segments.iter().filter_map(Segment::needed) {
            let (first, step) = match segment.marker {
                APP0 | APP14 => continue,
                SOS => (1, 2),
                _ if segment.is_frame() => (6, 3),
                _ => (usize::MAX, 1),
            };
            let mut contents = contents.into_owned();
            // A scan's components are followed by three other bytes.
            let end = contents.len().saturating_sub(if step == 2 { 3 } else { 0 });
            let ids = contents[..end].iter_mut().skip(first).step_by(step);
            ids.for_each(|place| *place = id(*place));
            put(&mut file, &(segment, contents.into()));
        }
        if with_end {
            file.extend([0xff, EOI]);
        }
        file
    }
}

impl Segment<'_> {
    /// JFIF's segment, unless it is too short to count (libjpeg, jdmarker.c).
    pub fn is_jfif(&self) -> bool {
        self.marker == marker::APP0
            && self.contents.len() >= 14
            && self.contents.starts_with(b"JFIF\0")
    }

    /// Adobe's colour transform, unless its segment is too short to count (libjpeg, jdmarker.c).
    pub fn adobe_transform(&self) -> Option<u8> {
        let is_adobe = self.marker == marker::APP14 && self.contents.starts_with(b"Adobe");
        self.contents.get(11).copied().filter(|_| is_adobe)
    }

    fn is_frame(&self) -> bool {
        use marker::{DAC, DHT, JPG};
        matches!(self.marker, 0xc0..=0xcf) && !matches!(self.marker, DHT | JPG | DAC)
    }

    /// The contents to keep, if any: tables, frame and scans, JFIF without its preview, the colour
    /// profile, Adobe's colour transform.
    fn needed(&self) -> Option<(&Self, Cow<'_, [u8]>)> {
        use marker::{APP0, APP2, APP14, DAC, DHT, DNL, DQT, DRI, SOS};
        let contents = match self.marker {
            APP0 if self.is_jfif() => Cow::Owned([&self.contents[..12], &[0, 0]].concat()),
            APP2 if self.contents.starts_with(b"ICC_PROFILE\0") => self.contents.into(),
            APP14 if self.adobe_transform().is_some() => self.contents.into(),
            DHT | DAC | DQT | DRI | DNL | SOS => self.contents.into(),
            _ if self.is_frame() => self.contents.into(),
            _ => return None,
        };
        Some((self, contents))
    }
}

/// The next marker and what follows it. Skips fill bytes (B.1.1.2), and anything else, though the
/// standard doesn't allow that.
fn next_marker(bytes: &[u8]) -> Option<(u8, &[u8])> {
    let at = bytes.windows(2).position(|pair| pair[0] == 0xff && !matches!(pair[1], 0 | 0xff))?;
    Some((bytes[at + 1], &bytes[at + 2..]))
}

/// The segment after its marker, and the rest; `None` if it is truncated.
fn segment(marker: u8, bytes: &[u8]) -> Option<(Segment<'_>, &[u8])> {
    let (length, contents) = bytes.split_first_chunk()?;
    let length = usize::from(u16::from_be_bytes(*length)).checked_sub(2)?;
    let (contents, rest) = contents.split_at_checked(length)?;
    let end = if marker == marker::SOS { scan_length(rest) } else { 0 };
    let (scan, rest) = rest.split_at(end);
    Some((Segment { marker, contents, scan }, rest))
}

/// The end of a scan: the next marker other than a restart (B.1.1.5).
fn scan_length(bytes: &[u8]) -> usize {
    let mut at = 0;
    while let Some(found) = bytes.get(at..).and_then(|rest| rest.iter().position(|b| *b == 0xff)) {
        at += found;
        let fill = bytes[at..].iter().take_while(|byte| **byte == 0xff).count();
        match bytes.get(at + fill) {
            Some(0 | 0xd0..=0xd7) => at += fill + 1,
            Some(_) => return at,
            None => break,
        }
    }
    bytes.len()
}

fn put(file: &mut Vec<u8>, (segment, contents): &(&Segment<'_>, Cow<'_, [u8]>)) {
    // No longer than it was read, so less than 65,534.
    let length = u16::try_from(contents.len() + 2).unwrap_or(u16::MAX);
    file.extend([0xff, segment.marker]);
    file.extend(length.to_be_bytes());
    file.extend_from_slice(contents);
    file.extend_from_slice(segment.scan);
}

#[cfg(test)]
mod tests {
    use super::*;

    /// SOI, APP1 with an end marker inside, a gap, SOS with a restart and fill bytes, EOI, more.
    const FILE: &[u8] =
        b"\xff\xd8\xff\xe1\x00\x04\xff\xd9gap\xff\xff\xda\x00\x02sc\xff\xd0an\xff\x00\xff\xff\xd9\xff\xe1";

    #[test]
    fn the_picture_ends_at_its_own_end_marker() {
        let jpeg = Jpeg::walk(FILE).unwrap();
        let found: Vec<_> = jpeg.segments.iter().map(|s| (s.marker, s.scan)).collect();
        assert_eq!(found, [(0xe1, &b""[..]), (0xda, b"sc\xff\xd0an\xff\x00")]);
        assert!(jpeg.has_end);
        for end in 2..FILE.len() - 3 {
            assert!(!Jpeg::walk(&FILE[..end]).unwrap().has_end, "{end}");
        }
    }

    #[test]
    fn a_second_picture_ends_the_first() {
        let glued = [&FILE[..20], FILE].concat();
        let jpeg = Jpeg::walk(&glued).unwrap();
        assert_eq!((jpeg.has_end, jpeg.segments.len()), (false, 2));
    }

    #[test]
    fn rebuilding_twice_changes_nothing() {
        let once = Jpeg::walk(FILE).unwrap().rebuilt(Some(6), true);
        let jpeg = Jpeg::walk(&once).unwrap();
        assert_eq!(super::super::orientation::Orientation::of(&once).value, 6);
        assert_eq!(jpeg.rebuilt(Some(6), jpeg.has_end), once);
        assert!(!once.windows(3).any(|bytes| bytes == b"gap"));
    }
}
