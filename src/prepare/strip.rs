//! A photo without its metadata, and with every pixel as it was.
//!
//! What is known to be needed for the picture is kept, and all else left out: also what
//! follows the picture's end, where phones put previews and films with metadata of their own.

use std::borrow::Cow;

use bytes::Bytes;
use img_parts::jpeg::{Jpeg, JpegSegment};
use img_parts::png::Png;
use img_parts::riff::{RiffChunk, RiffContent};
use img_parts::webp::WebP;
use img_parts::{ImageEXIF, jpeg::markers};

use crate::error::{Error, Kind};
use crate::photo::{Format, Photo};

/// The photo without EXIF, XMP, IPTC and comments; how it is turned is kept.
///
/// # Errors
/// [`Kind::Input`], naming the file: damaged, or a TIFF, whose pixels stand among its tags.
pub fn metadata(photo: &Photo) -> Result<Photo, Error> {
    let name = photo.name().to_owned();
    let bytes = photo.bytes()?;
    let damaged = |Damage(how): Damage| {
        let what =
            format!("`{name}` can't be stripped of its metadata: the file is damaged ({how})");
        Error::new(Kind::Input, what).hint("take or export it again")
    };
    let stripped = match photo.format() {
        Format::Jpeg => jpeg(bytes),
        Format::Png => png(bytes),
        Format::WebP => webp(bytes),
        Format::Tiff => return Err(no_tiff(&name)),
    };
    Photo::new(name.clone(), stripped.map_err(damaged)?)
}

/// What is wrong with a file.
struct Damage(Cow<'static, str>);

impl From<img_parts::Error> for Damage {
    fn from(error: img_parts::Error) -> Self {
        Self(error.to_string().into())
    }
}

fn no_tiff(name: &str) -> Error {
    let hint = if cfg!(feature = "engine") {
        "add --fit to send it as a JPEG without metadata"
    } else {
        "convert it to JPEG first"
    };
    let what = format!("`{name}` is a TIFF, whose metadata can't be removed without loss");
    Error::new(Kind::Input, what).hint(hint)
}

fn jpeg(bytes: Bytes) -> Result<Bytes, Damage> {
    if has_gaps(&bytes) {
        return Err(Damage("its segments have gaps between them".into()));
    }
    let mut jpeg = Jpeg::from_bytes(bytes)?;
    // Of several EXIF blocks the last one counts, as it does for the decoder of `check`.
    let app1 = jpeg.segments().iter().filter(|segment| segment.marker() == markers::APP1);
    let blocks = app1.filter_map(|segment| segment.contents().strip_prefix(b"Exif\0\0"));
    let turned = blocks.filter(|block| !block.is_empty()).last().and_then(orientation);
    let segments = std::mem::take(jpeg.segments_mut());
    *jpeg.segments_mut() = segments.into_iter().filter_map(needed).collect();
    jpeg.set_exif(turned.map(exif));
    Ok(jpeg.encoder().bytes())
}

/// Whether anything but segments stands before the first scan: one reader skips it up to the next
/// marker, another by a length that it may not have (ISO/IEC 10918-1, B.1.1.2 to B.1.1.4).
fn has_gaps(bytes: &[u8]) -> bool {
    let mut rest = bytes.get(2..).unwrap_or_default();
    loop {
        let fill = rest.iter().take_while(|byte| **byte == 0xff).count();
        let Some(&[marker, high, low, ..]) = rest.get(fill..) else { return false };
        if fill == 0 || !matches!(marker, 0xc0..=0xcf | 0xda..=0xfe) {
            return true;
        }
        if marker == markers::SOS {
            return false;
        }
        rest = rest.get(fill + 1 + usize::from(be16(&[high, low]))..).unwrap_or_default();
    }
}

/// The segment as the picture needs it: JFIF without preview, the colour profile, how Adobe's
/// colours are meant, tables and pixels.
fn needed(segment: JpegSegment) -> Option<JpegSegment> {
    let contents = segment.contents();
    let profile = b"ICC_PROFILE\0".as_slice();
    match segment.marker() {
        markers::APP0 => jfif(contents),
        markers::APP2 => contents.starts_with(profile).then_some(segment),
        markers::APP14 => contents.starts_with(b"Adobe").then_some(segment),
        markers::SOS => {
            let scans = scans(&segment);
            Some(JpegSegment::new_with_entropy(markers::SOS, contents.clone(), scans))
        }
        marker if is_metadata(marker) => None,
        _ => Some(segment),
    }
}

fn is_metadata(marker: u8) -> bool {
    (markers::APP0..=markers::APP15).contains(&marker) || marker == markers::COM
}

fn jfif(contents: &Bytes) -> Option<JpegSegment> {
    let head = contents.get(..12).filter(|head| head.starts_with(b"JFIF\0"))?;
    let without_preview = Bytes::from([head, &[0, 0]].concat());
    Some(JpegSegment::new_with_contents(markers::APP0, without_preview))
}

/// All from the first scan to the end of the picture, without what is metadata between scans.
fn scans(first: &JpegSegment) -> Bytes {
    let encoded = first.clone().encoder().bytes();
    let bytes = encoded.get(4 + first.contents().len()..).unwrap_or_default();
    let mut kept = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        // Fill bytes belong to the marker after them (ISO/IEC 10918-1, B.1.1.2): left behind,
        // they would make a marker of what follows it.
        let fill = bytes[at..].iter().take_while(|byte| **byte == 0xff).count().saturating_sub(1);
        let code = at + fill + usize::from(byte == 0xff);
        let Some(&marker) = bytes.get(code) else { break };
        let length = match (byte, marker) {
            (0xff, 0xd9) => {
                kept.extend([0xff, 0xd9]);
                return kept.into();
            }
            // A byte of the scan, 0xff itself, or a restart.
            (0xff, 0 | 0xd0..=0xd7 | 1) => 1,
            (0xff, _) => 1 + bytes.get(code + 1..code + 3).map_or(2, |l| be16(l).into()),
            _ => 1,
        };
        let end = bytes.len().min(code + length);
        if byte != 0xff || !is_metadata(marker) {
            kept.extend_from_slice(&bytes[at..end]);
        }
        at = end;
    }
    // A file that is cut short stays so.
    kept.extend_from_slice(bytes.get(at..).unwrap_or_default());
    kept.into()
}

fn png(bytes: Bytes) -> Result<Bytes, Damage> {
    /// PNG 3, 5.6 and 11.3: what decides about pixels, frames and colours.
    const NEEDED: [&[u8; 4]; 19] = [
        b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"cHRM", b"gAMA", b"iCCP", b"sBIT", b"sRGB",
        b"cICP", b"mDCV", b"cLLI", b"bKGD", b"hIST", b"pHYs", b"acTL", b"fcTL", b"fdAT",
    ];
    let mut png = Png::from_bytes(bytes)?;
    // Without its end it is decoded, or not, by what stands in the end's place.
    if png.chunk_by_type(*b"IEND").is_none() {
        return Err(Damage("its end is missing".into()));
    }
    let turned = png.exif().as_deref().and_then(orientation);
    png.chunks_mut().retain(|chunk| NEEDED.contains(&&chunk.kind()));
    png.set_exif(turned.map(exif));
    Ok(png.encoder().bytes())
}

fn webp(bytes: Bytes) -> Result<Bytes, Damage> {
    const NEEDED: [&[u8; 4]; 7] = [b"VP8X", b"VP8 ", b"VP8L", b"ALPH", b"ANIM", b"ANMF", b"ICCP"];
    // A decoder that goes on behind the end that the file gives itself would see another picture.
    let behind = behind(&bytes).windows(4);
    if behind.take(10).any(|name| name == b"EXIF" || NEEDED.iter().any(|needed| *needed == name)) {
        return Err(Damage("it has data after its end".into()));
    }
    let mut webp = WebP::from_bytes(bytes)?;
    let block = webp.chunks().iter().find(|chunk| chunk.id() == *b"EXIF");
    let block = block.and_then(|chunk| chunk.content().data());
    let turned = block.and_then(|b| orientation(b.strip_prefix(b"Exif\0\0").unwrap_or(b)));
    webp.chunks_mut().retain(|chunk| NEEDED.contains(&&chunk.id()));
    set_flags(&mut webp, turned.is_some());
    if let Some(turned) = turned {
        webp.chunks_mut().push(RiffChunk::new(*b"EXIF", RiffContent::Data(exif(turned))));
    }
    Ok(webp.encoder().bytes())
}

/// What follows the end of a RIFF file, as its length says.
fn behind(bytes: &[u8]) -> &[u8] {
    let rest = || {
        let (length, rest) = bytes.get(4..)?.split_first_chunk()?;
        rest.get(usize::try_from(u32::from_le_bytes(*length)).ok()?..)
    };
    rest().unwrap_or_default()
}

/// The flags say which metadata there is.
fn set_flags(webp: &mut WebP, has_exif: bool) {
    const EXIF: u8 = 0x08;
    const XMP: u8 = 0x04;
    for chunk in webp.chunks_mut().iter_mut().filter(|chunk| chunk.id() == *b"VP8X") {
        if let RiffContent::Data(data) = chunk.content_mut() {
            let mut header = data.to_vec();
            if let Some(flags) = header.first_mut() {
                *flags = *flags & !(EXIF | XMP) | if has_exif { EXIF } else { 0 };
            }
            *data = header.into();
        }
    }
}

/// The orientation in an EXIF block, if it turns or mirrors: in IFD 0, of type SHORT and alone
/// (Exif 2.32, 4.6.2), or the picture would be shown otherwise than before.
fn orientation(block: &[u8]) -> Option<u8> {
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

/// An EXIF block with nothing but the orientation.
fn exif(orientation: u8) -> Bytes {
    let mut block = b"MM\0\x2a\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0".to_vec();
    block.push(orientation);
    block.extend([0; 6]);
    block.into()
}

fn be16(bytes: &[u8]) -> u16 {
    bytes.iter().fold(0, |value, &byte| value << 8 | u16::from(byte))
}
