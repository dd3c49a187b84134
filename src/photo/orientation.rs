//! Which way up a photo is. One rule for everything that decodes, strips or draws a photo: what
//! Pillow and OpenCV do, because services are built on them.

use super::exif::{self, Views};
use super::jpeg::{Jpeg, marker};
use super::tiff::{self, Directory};
use super::{Format, png, webp};

const JPEG_XMP: &[u8] = b"http://ns.adobe.com/xap/1.0/\0";
const PNG_XMP: &[u8] = b"XML:com.adobe.xmp\0";

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
            _ => Self { value: of_tiff(photo), is_disputed: false },
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
    let blocks: Vec<_> = contents(exif::PREFIX).collect();
    let joined = exif::views(&blocks.concat());
    let mut each = blocks.iter().map(|block| exif::views(block));
    let first = each.find(|views| views.opencv.is_some()).unwrap_or_default();
    Orientation::seen(Views { opencv: first.opencv, ..joined }, contents(JPEG_XMP).last())
}

/// Of several blocks, Pillow takes the last and OpenCV the first. Only Pillow reads one with JPEG's
/// prefix.
fn of_png(photo: &[u8]) -> Orientation {
    let chunks = png::chunks(photo).filter(|(name, _)| name == b"eXIf");
    let blocks: Vec<_> = chunks.map(|(_, contents)| contents).collect();
    let opencv = exif::views(blocks.first().unwrap_or(&&[][..])).opencv;
    let pillow = exif::views(without_prefix(blocks.last().unwrap_or(&&[][..])));
    let texts = png::chunks(photo).filter(|(name, _)| name == b"iTXt");
    let xmp = texts.filter_map(|(_, text)| text.strip_prefix(PNG_XMP)).last();
    let seen = Orientation::seen(Views { opencv, ..pillow }, xmp);
    // Pillow reads what older ImageMagicks wrote: the block in hexadecimal digits, compressed.
    let is_raw = |(name, text): ([u8; 4], &[u8])| {
        matches!(&name, b"tEXt" | b"zTXt") && text.starts_with(b"Raw profile type exif\0")
    };
    let is_raw = blocks.is_empty() && png::chunks(photo).any(is_raw);
    Orientation { is_disputed: seen.is_disputed || is_raw, ..seen }
}

fn of_webp(photo: &[u8]) -> Orientation {
    let part = |flag, name| webp::chunk(photo, name).filter(|_| webp::has_flag(photo, flag));
    let block = part(webp::HAS_EXIF, *b"EXIF").unwrap_or_default();
    let opencv = exif::views(block).opencv;
    let pillow = exif::views(without_prefix(block));
    Orientation::seen(Views { opencv, ..pillow }, part(webp::HAS_XMP, *b"XMP "))
}

fn of_tiff(photo: &[u8]) -> u8 {
    let is_tiff = photo.starts_with(b"II") || photo.starts_with(b"MM");
    let directory = Directory::of(photo).filter(|_| is_tiff);
    let value = directory.map_or(1, |directory| directory.value(tiff::ORIENTATION, 1));
    u8::try_from(value).ok().filter(|value| (1..=8).contains(value)).unwrap_or(1)
}

fn without_prefix(block: &[u8]) -> &[u8] {
    block.strip_prefix(exif::PREFIX).unwrap_or(block)
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
