//! Recognises formats by a file's first bytes.

use std::fmt;

use super::parts::is_chip_record;

/// An image format that the service takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    Jpeg,
    Png,
    WebP,
    Tiff,
}

impl Format {
    pub fn of(bytes: &[u8]) -> Option<Self> {
        match bytes {
            [0xff, 0xd8, 0xff, ..] => Some(Self::Jpeg),
            [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1a, b'\n', ..] => Some(Self::Png),
            [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Some(Self::WebP),
            [b'I', b'I', 42, 0, ..] | [b'M', b'M', 0, 42, ..] => Some(Self::Tiff),
            _ => None,
        }
    }

    /// The extension that the service expects.
    pub fn extension(self) -> &'static str {
        self.names().0
    }

    pub fn name(self) -> &'static str {
        self.names().1
    }

    pub fn media_type(self) -> &'static str {
        self.names().2
    }

    fn names(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Self::Jpeg => ("jpg", "JPEG", "image/jpeg"),
            Self::Png => ("png", "PNG", "image/png"),
            Self::WebP => ("webp", "WebP", "image/webp"),
            Self::Tiff => ("tiff", "TIFF", "image/tiff"),
        }
    }
}

/// The format of a file that the service doesn't take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Foreign {
    Gif,
    Bmp,
    /// Any of PBM, PGM, PPM and PAM.
    Pnm,
    Qoi,
    /// A TIFF with 64-bit offsets.
    BigTiff,
    /// The iPhone's format.
    Heic,
    Jpeg2000,
    /// The portrait in a passport's chip.
    Dg2,
    Avif,
    /// An image that we can't decode, with an article.
    Image(&'static str),
    /// A document or a video, with an article.
    Other(&'static str),
    /// Begins with an angle bracket.
    Markup,
    Unknown,
}

/// What a file has at an offset, and what it is then.
const SIGNATURES: [(usize, &[u8], Foreign); 47] = {
    use Foreign::{BigTiff, Bmp, Dg2, Gif, Image, Jpeg2000, Other, Qoi};
    [
        (0, b"GIF8", Gif),
        (0, b"BM", Bmp),
        (0, b"qoif", Qoi),
        (0, b"II\x2b\0", BigTiff),
        (0, b"MM\0\x2b", BigTiff),
        (0, b"\0\0\0\x0cjP  \r\n\x87\n", Jpeg2000),
        (0, b"\xff\x4f\xff\x51", Jpeg2000),
        (0, b"FAC\0", Dg2),
        (0, b"\xff\x0a", Image("a JPEG XL image")),
        (0, b"\0\0\0\x0cJXL \r\n\x87\n", Image("a JPEG XL image")),
        (0, b"II\xbc", Image("a JPEG XR image")),
        (0, b"8BPS", Image("a PSD file")),
        (0, b"\0\0\x01\0", Image("an ICO file")),
        (0, b"icns", Image("an ICNS file")),
        (0, b"FUJIFILMCCD-RAW", Image("a RAF file")),
        (0, b"IIU\0", Image("an RW2 file")),
        (0, b"IIRO", Image("an ORF file")),
        (0, b"IIRS", Image("an ORF file")),
        (0, b"MMOR", Image("an ORF file")),
        (0, b"FOVb", Image("an X3F file")),
        (0, b"\0MRM", Image("an MRW file")),
        (6, b"HEAPCCDR", Image("a CRW file")),
        (0, b"\x76\x2f\x31\x01", Image("an OpenEXR image")),
        (0, b"#?RADIANCE", Image("a Radiance HDR image")),
        (0, b"gimp xcf", Image("an XCF file")),
        (0, b"DDS ", Image("a DDS file")),
        (0, b"BPG\xfb", Image("a BPG image")),
        (0, b"FLIF", Image("a FLIF image")),
        (0, b"\xff\xa0\xff", Image("a WSQ image")),
        (0, b"\x59\xa6\x6a\x95", Image("a Sun raster file")),
        (0, b"\x8aMNG", Image("an MNG file")),
        (0, b"\x8bJNG", Image("a JNG file")),
        (40, b" EMF", Image("an EMF file")),
        (0, b"AT&TFORM", Image("a DjVu file")),
        (0, b"SIMPLE  =", Image("a FITS file")),
        (128, b"DICM", Image("a DICOM file")),
        (0, b"\xd7\xcd\xc6\x9a", Image("a WMF file")),
        (0, b"%!PS", Image("a PostScript file")),
        (0, b"\xc5\xd0\xd3\xc6", Image("an EPS file")),
        (0, b"PK\x03\x04", Other("an Office document or ZIP archive")),
        (0, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", Other("an Office document")),
        (0, b"{\\rtf", Other("an RTF document")),
        (0, b"\x1a\x45\xdf\xa3", Other("a Matroska or WebM video")),
        (8, b"AVI ", Other("an AVI video")),
        (0, b"\0\0\x01\xba", Other("an MPEG video")),
        (0, b"\x30\x26\xb2\x75\x8e\x66\xcf\x11", Other("a WMV video")),
        (0, b"FLV\x01", Other("an FLV video")),
    ]
};

/// With which the boxes of a MOV may begin, without any brands.
const BOXES: [&[u8]; 6] = [b"moov", b"mdat", b"wide", b"free", b"skip", b"pnot"];

impl Foreign {
    /// Only for files that aren't a [`Format`].
    pub fn of(bytes: &[u8]) -> Self {
        let begins = |(at, magic, _): &&(usize, &[u8], _)| {
            bytes.get(*at..).is_some_and(|b| b.starts_with(magic))
        };
        match (SIGNATURES.iter().find(begins), bytes) {
            (Some((_, _, kind)), _) => *kind,
            (None, [b'P', b'1'..=b'7', b'\n' | b'\r' | b' ' | b'\t' | b'#', ..]) => Self::Pnm,
            (None, [b'P', b'F' | b'f', b'\n', ..]) => Self::Image("a PFM image"),
            (None, [_, _, _, _, b'f', b't', b'y', b'p', ..]) => Self::of_brands(bytes),
            (None, [0, 0, 2, 0, 1..=255, 0, ..]) => Self::Image("a CUR file"),
            (None, [0x0a, 0..=5, 1, ..]) => Self::Image("a PCX file"),
            (None, [0x01, 0xda, 0 | 1, 1 | 2, ..]) => Self::Image("an SGI image"),
            // Packets of this length.
            (None, [b'G', ..]) if bytes.get(188) == Some(&b'G') => Self::Other("an MPEG video"),
            _ if bytes.get(4..8).is_some_and(|name| BOXES.contains(&name)) => {
                Self::Other("a MOV video")
            }
            _ if is_chip_record(bytes) => Self::Dg2,
            _ if is_tga(bytes) => Self::Image("a TGA file"),
            _ => Self::of_text(bytes),
        }
    }

    /// May be preceded by a byte order mark and blanks.
    fn of_text(bytes: &[u8]) -> Self {
        let text = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes).trim_ascii_start();
        let head = &text[..text.len().min(1024)];
        let has = |tag: &[u8]| head.windows(tag.len()).any(|part| part.eq_ignore_ascii_case(tag));
        match text {
            [b'%', b'P', b'D', b'F', ..] => Self::Other("a PDF"),
            [b'<', ..] if has(b"<svg") && !has(b"<html") => Self::Other("an SVG image"),
            [b'<', ..] => Self::Markup,
            _ => Self::Unknown,
        }
    }

    /// By the brands of an ISO base media file: the major one, a version, the compatible ones
    /// (ISO/IEC 14496-12, 4.3). Generic ones (`mif1`, `msf1`) say less than the others.
    fn of_brands(bytes: &[u8]) -> Self {
        const HEIC: [&[u8; 4]; 8] =
            [b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs"];
        let (length, rest) = bytes.split_at(4);
        let length = length.iter().fold(0, |sum, byte| sum << 8 | usize::from(*byte));
        let rest = rest.get(4..length.saturating_sub(4).min(rest.len())).unwrap_or(&rest[4..]);
        let (brands, _) = rest.as_chunks::<4>();
        let own = brands.iter().enumerate().filter(|(place, _)| *place != 1);
        let own = own.filter_map(|(_, brand)| match brand {
            b"avif" | b"avis" => Some(Self::Avif),
            _ if HEIC.contains(&brand) => Some(Self::Heic),
            _ => None,
        });
        own.into_iter().next().unwrap_or(match brands.first() {
            Some(b"mif1" | b"mif2" | b"msf1") => Self::Heic,
            Some(b"crx ") => Self::Image("a CR3 file"),
            Some(b"qt  ") => Self::Other("a MOV video"),
            _ if brands.contains(b"mif1") => Self::Image("an HEIF image"),
            _ => Self::Other("an MP4 video"),
        })
    }

    /// Its name, and with an article, to follow "is".
    fn names(self) -> (&'static str, &'static str) {
        match self {
            Self::Gif => ("GIF", "a GIF"),
            Self::Bmp => ("BMP", "a BMP"),
            Self::Pnm => ("PNM", "a PNM"),
            Self::Qoi => ("QOI", "a QOI"),
            Self::BigTiff => ("BigTIFF", "a BigTIFF"),
            Self::Heic => ("HEIC", "an HEIC image"),
            Self::Jpeg2000 => ("JPEG 2000", "a JPEG 2000 image"),
            Self::Dg2 => ("EF.DG2", "a face record of a passport chip (EF.DG2)"),
            Self::Avif => ("AVIF", "an AVIF image"),
            Self::Image(named) | Self::Other(named) => {
                let name = named.split_once(' ').map_or(named, |(_, name)| name);
                let kinds = [" file", " image", " video"];
                (kinds.iter().find_map(|kind| name.strip_suffix(kind)).unwrap_or(name), named)
            }
            Self::Markup => ("HTML or XML", "HTML or XML"),
            Self::Unknown => ("unknown", "not an image"),
        }
    }

    /// Whether it may show a face.
    pub fn is_image(self) -> bool {
        !matches!(self, Self::Other(_) | Self::Markup | Self::Unknown)
    }

    /// How to convert such a file to JPEG with other programs, a hint a line; `None` if it may be no
    /// image at all.
    pub fn conversion(self) -> Option<&'static str> {
        match self {
            Self::Heic => Some(
                "convert it to JPEG: heif-convert in.heic out.jpg (libheif)\n\
                 on a Mac: sips -s format jpeg in.heic --out out.jpg\n\
                 to make an iPhone take JPEGs: Settings > Camera > Formats > Most Compatible",
            ),
            Self::Avif => Some(
                "convert it to JPEG: avifdec in.avif out.jpg (libavif)\n\
                 on a Mac: sips -s format jpeg in.avif --out out.jpg",
            ),
            Self::Markup | Self::Unknown => None,
            _ => Some("convert it to JPEG"),
        }
    }
}

/// TGA has no signature, only a header of which few values are valid, and a new footer.
fn is_tga(bytes: &[u8]) -> bool {
    let is_header = matches!(
        bytes,
        [_, 0, 2 | 3 | 10 | 11, 0, 0, 0, 0, 0, _, _, _, _, _, w, _, h, 8 | 16 | 24 | 32, flags, ..]
        | [_, 1, 1 | 9, 0, 0, _, _, 16 | 24 | 32, _, _, _, _, _, w, _, h, 8, flags, ..]
            if *flags < 64 && *w < 128 && *h < 128
    );
    bytes.len() > 18 && (is_header || bytes.ends_with(b"TRUEVISION-XFILE.\0"))
}

impl fmt::Display for Foreign {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.names().1)
    }
}

pub fn format_name(bytes: &[u8]) -> &'static str {
    Format::of(bytes).map_or_else(|| Foreign::of(bytes).names().0, Format::name)
}

/// Whether the engine has a decoder for such files.
pub fn is_decodable(bytes: &[u8]) -> bool {
    use Foreign::{BigTiff, Bmp, Dg2, Gif, Heic, Jpeg2000, Pnm, Qoi};
    Format::of(bytes).is_some()
        || matches!(Foreign::of(bytes), Gif | Bmp | Pnm | Qoi | BigTiff | Heic | Jpeg2000 | Dg2)
}

/// How to convert a file that can't be sent as it is, if known.
pub(super) fn way_out(bytes: &[u8]) -> Option<&'static str> {
    if is_decodable(bytes) {
        Some("use --fit to convert it to JPEG")
    } else {
        Foreign::of(bytes).conversion()
    }
}
