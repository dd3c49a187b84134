//! Splits a JPEG into segments. Decoding, reading the header and stripping metadata all use this,
//! so that they can't disagree.
//!
//! Like libjpeg, it skips bytes between segments, and ends the picture at its end marker, at the
//! start of another picture, or at the end of the file.

use std::borrow::Cow;

use super::orientation::{EXIF_PREFIX, exif_block};

/// Markers of ISO/IEC 10918-1, table B.1.
pub mod marker {
    pub const SOI: u8 = 0xd8;
    pub const EOI: u8 = 0xd9;
    pub const SOS: u8 = 0xda;
    pub const DHT: u8 = 0xc4;
    pub const JPG: u8 = 0xc8;
    pub const DAC: u8 = 0xcc;
    pub const DQT: u8 = 0xdb;
    pub const DNL: u8 = 0xdc;
    pub const DRI: u8 = 0xdd;
    pub const APP0: u8 = 0xe0;
    pub const APP1: u8 = 0xe1;
    pub const APP2: u8 = 0xe2;
    pub const APP14: u8 = 0xee;
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Jpeg<'a> {
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
        let mut exif = orientation.map(|value| [EXIF_PREFIX, &exif_block(value)].concat());
        let mut file = vec![0xff, marker::SOI];
        for (segment, contents) in self.needed() {
            // JFIF's segment has to be the first.
            if segment.marker != marker::APP0
                && let Some(exif) = exif.take()
            {
                put(&mut file, marker::APP1, &exif, &[]);
            }
            put(&mut file, segment.marker, &contents, segment.scan);
        }
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
        if !self.segments.iter().any(|segment| segment.marker == DHT) {
            put(&mut file, APP0, b"AVI1\0\0\0\0", &[]);
        }
        if let Some(transform) = transform {
            put(&mut file, APP14, &[&b"Adobe\0\x64\0\0\0\0"[..], &[transform]].concat(), &[]);
        }
        for (segment, contents) in self.needed() {
            // A scan's components are followed by three other bytes.
            let (first, step, others) = match segment.marker {
                APP0 | APP14 => continue,
                SOS => (1, 2, 3),
                _ if segment.is_frame() => (6, 3, 0),
                _ => (usize::MAX, 1, 0),
            };
            let mut contents = contents.into_owned();
            let end = contents.len().saturating_sub(others);
            let ids = contents[..end].iter_mut().skip(first).step_by(step);
            ids.for_each(|place| *place = id(*place));
            put(&mut file, segment.marker, &contents, segment.scan);
        }
        if with_end {
            file.extend([0xff, EOI]);
        }
        file
    }

    fn needed(&self) -> impl Iterator<Item = (&Segment<'a>, Cow<'a, [u8]>)> {
        self.segments.iter().filter_map(|segment| Some((segment, segment.needed()?)))
    }
}

impl<'a> Segment<'a> {
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
    fn needed(&self) -> Option<Cow<'a, [u8]>> {
        use marker::{APP0, APP2, APP14, DAC, DHT, DNL, DQT, DRI, SOS};
        let is_needed = match self.marker {
            APP0 if self.is_jfif() => {
                return Some(Cow::Owned([&self.contents[..12], &[0, 0]].concat()));
            }
            APP2 => self.contents.starts_with(b"ICC_PROFILE\0"),
            APP14 => self.adobe_transform().is_some(),
            DHT | DAC | DQT | DRI | DNL | SOS => true,
            _ => self.is_frame(),
        };
        is_needed.then_some(Cow::Borrowed(self.contents))
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

fn put(file: &mut Vec<u8>, marker: u8, contents: &[u8], scan: &[u8]) {
    // No longer than it was read, so less than 65,534.
    let length = u16::try_from(contents.len() + 2).unwrap_or(u16::MAX);
    file.extend([0xff, marker]);
    file.extend(length.to_be_bytes());
    file.extend_from_slice(contents);
    file.extend_from_slice(scan);
}
