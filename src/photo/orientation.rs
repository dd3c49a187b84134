//! Which way up a photo is. One rule for everything that decodes, strips or draws a photo: what
//! Pillow and OpenCV do, because services are built on them.

use super::Format;
use super::jpeg::{Jpeg, marker};
use super::parts::{HAS_EXIF, HAS_XMP, png_chunks, webp_chunk, webp_has_flag};
use super::tiff::{Directory, tag::ORIENTATION};

const JPEG_XMP: &[u8] = b"http://ns.adobe.com/xap/1.0/\0";
const PNG_XMP: &[u8] = b"XML:com.adobe.xmp\0";
/// As older ImageMagicks write it.
const RAW_EXIF: &[u8] = b"Raw profile type exif\0";

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Orientation {
    /// 1 to 8: as Pillow shows the photo or, if Pillow doesn't turn it, OpenCV.
    pub value: u8,
    /// Whether programs may disagree.
    pub is_disputed: bool,
}

impl Orientation {
    const NONE: Self = Self { value: 1, is_disputed: false };

    pub fn of(photo: &[u8]) -> Self {
        match Format::of(photo) {
            Some(Format::Jpeg) => Jpeg::walk(photo).map_or(Self::NONE, |jpeg| of_jpeg(&jpeg)),
            Some(Format::Png) => of_png(photo),
            Some(Format::WebP) => of_webp(photo),
            _ => of_tiff(photo),
        }
    }

    /// Pillow looks for the orientation in XMP if EXIF has none.
    fn seen(views: Views, xmp: Option<&[u8]>) -> Self {
        let pillow = views.pillow.or_else(|| in_xmp(xmp?)).unwrap_or(1);
        let opencv = views.opencv.unwrap_or(1);
        let value = if pillow == 1 { opencv } else { pillow };
        Self { value, is_disputed: pillow != opencv || views.is_odd }
    }
}

/// Pillow joins the blocks into one; OpenCV takes the first that has an orientation.
fn of_jpeg(jpeg: &Jpeg<'_>) -> Orientation {
    let head = jpeg.segments.iter().take_while(|segment| segment.marker != marker::SOS);
    let app1 = || head.clone().filter(|segment| segment.marker == marker::APP1);
    let contents = |prefix: &'static [u8]| app1().filter_map(|s| s.contents.strip_prefix(prefix));
    let blocks: Vec<_> = contents(EXIF_PREFIX).collect();
    let joined = views(without_prefix(&blocks.concat()));
    let mut each = blocks.iter().map(|block| views(block));
    let first = each.find(|views| views.opencv.is_some()).unwrap_or_default();
    Orientation::seen(Views { opencv: first.opencv, ..joined }, contents(JPEG_XMP).last())
}

/// Of several blocks, Pillow takes the last and OpenCV the first. Only Pillow reads one with JPEG's
/// prefix.
fn of_png(photo: &[u8]) -> Orientation {
    let chunks = png_chunks(photo).filter(|(name, _)| name == b"eXIf");
    let blocks: Vec<_> = chunks.map(|(_, contents)| contents).collect();
    let opencv = views(blocks.first().unwrap_or(&&[][..])).opencv;
    let pillow = views(without_prefix(blocks.last().unwrap_or(&&[][..])));
    let texts = png_chunks(photo).filter(|(name, _)| matches!(name, b"tEXt" | b"zTXt" | b"iTXt"));
    let xmp = texts.clone().filter_map(|(_, text)| text.strip_prefix(PNG_XMP)).last();
    let seen = Orientation::seen(Views { opencv, ..pillow }, xmp);
    // Only Pillow reads these, which may be compressed or in hexadecimal digits.
    let has_none = pillow.pillow.is_none();
    let is_hidden = texts.into_iter().any(|(name, text)| match text.strip_prefix(PNG_XMP) {
        Some(xmp) => has_none && (&name == b"zTXt" || &name == b"iTXt" && xmp.first() != Some(&0)),
        None if text.starts_with(b"exif\0") => true,
        None => has_none && (text.starts_with(RAW_EXIF) || text.starts_with(b"xmp\0")),
    });
    let is_disputed = seen.is_disputed || is_hidden;
    Orientation { is_disputed, ..seen }
}

fn of_webp(photo: &[u8]) -> Orientation {
    let part = |flag, name| webp_chunk(photo, name).filter(|_| webp_has_flag(photo, flag));
    let block = part(HAS_EXIF, *b"EXIF").unwrap_or_default();
    let opencv = views(block).opencv;
    let pillow = views(without_prefix(block));
    Orientation::seen(Views { opencv, ..pillow }, part(HAS_XMP, *b"XMP "))
}

/// OpenCV, unlike Pillow, also takes a byte or the first of several values.
fn of_tiff(photo: &[u8]) -> Orientation {
    let is_tiff = photo.starts_with(b"II") || photo.starts_with(b"MM");
    let Some(directory) = Directory::of(photo).filter(|_| is_tiff) else {
        return Orientation::NONE;
    };
    let kind = directory.entry(ORIENTATION).and_then(|entry| directory.number(entry + 2, 2));
    let values = directory.values(ORIENTATION);
    let is_plain = values.len() == 1 && matches!(kind, Some(SHORT | LONG));
    Orientation {
        value: valid(values.first().copied().unwrap_or(1)),
        is_disputed: kind.is_some() && !is_plain,
    }
}

fn without_prefix(block: &[u8]) -> &[u8] {
    block.strip_prefix(EXIF_PREFIX).unwrap_or(block)
}

/// The first `tiff:Orientation="6"` or `<tiff:Orientation>6`.
fn in_xmp(xmp: &[u8]) -> Option<u8> {
    const NAME: &[u8] = b"tiff:Orientation";
    let ends = xmp.windows(NAME.len()).enumerate().filter(|(_, part)| *part == NAME);
    let mut values = ends.filter_map(|(at, _)| {
        let rest = &xmp[at + NAME.len()..];
        let rest = rest.strip_prefix(b"=\"").or_else(|| rest.strip_prefix(b">"))?;
        rest.first().filter(|digit| digit.is_ascii_digit()).map(|digit| digit - b'0')
    });
    values.next().map(|value| if value > 8 { 1 } else { value.max(1) })
}

/// Precedes an EXIF block in a JPEG, and sometimes elsewhere.
pub const EXIF_PREFIX: &[u8] = b"Exif\0\0";

const BYTE: u64 = 1;
const ASCII: u64 = 2;
const SHORT: u64 = 3;
const LONG: u64 = 4;
const SIGNED_BYTE: u64 = 6;
const SIGNED_SHORT: u64 = 8;
const SIGNED_LONG: u64 = 9;
const IFD: u64 = 13;

/// The block's orientation; `None` if it has none, 1 if it is invalid.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Views {
    pillow: Option<u8>,
    opencv: Option<u8>,
    /// Whether programs may read it differently: it is damaged, or of a type that others convert:
    /// sharp (libexif) turns bytes, too.
    is_odd: bool,
}

/// Both take the first entry. Pillow believes its type, if that is a number; OpenCV always reads 16
/// bits.
fn views(block: &[u8]) -> Views {
    if block.is_empty() {
        return Views::default();
    }
    // BigTIFF has no place in EXIF.
    let is_exif = block.starts_with(b"II\x2a\0") || block.starts_with(b"MM\0\x2a");
    let Some(directory) = Directory::of(block).filter(|_| is_exif) else {
        // Pillow fails, or gives up before it looks for XMP.
        return Views { pillow: Some(1), opencv: None, is_odd: true };
    };
    let views = || {
        let entry = directory.entry(ORIENTATION)?;
        let [kind, count] = [directory.number(entry + 2, 2)?, directory.number(entry + 4, 4)?];
        let value = |length| directory.number(entry + 8, length).map(valid);
        let (length, most) = match kind {
            SHORT | SIGNED_SHORT => (2, 2),
            LONG | SIGNED_LONG | IFD => (4, 1),
            SIGNED_BYTE => (1, 4),
            _ => (0, 0),
        };
        let pillow = if (1..=most).contains(&count) { value(length) } else { Some(1) };
        let is_odd = matches!(kind, BYTE | ASCII | SIGNED_BYTE)
            || count != 1
            || !directory.is_plain_up_to(entry);
        Some(Views { pillow, opencv: value(2), is_odd })
    };
    views().unwrap_or_default()
}

fn valid(value: u64) -> u8 {
    u8::try_from(value).ok().filter(|value| (1..=8).contains(value)).unwrap_or(1)
}

/// An EXIF block with only the orientation.
pub fn exif_block(orientation: u8) -> Vec<u8> {
    let mut block = b"MM\0\x2a\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0".to_vec();
    block.push(orientation);
    block.extend([0; 6]);
    block
}
