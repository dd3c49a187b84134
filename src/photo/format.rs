//! Recognises formats by a file's first bytes.

use std::fmt;

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
    Avif,
    Pdf,
    /// Begins with an angle bracket.
    Markup,
    Unknown,
}

impl Foreign {
    /// Only for files that aren't a [`Format`].
    pub fn of(bytes: &[u8]) -> Self {
        match bytes {
            [b'G', b'I', b'F', b'8', ..] => Self::Gif,
            [b'B', b'M', ..] => Self::Bmp,
            [b'P', b'1'..=b'7', b'\n' | b'\r' | b' ', ..] => Self::Pnm,
            [b'q', b'o', b'i', b'f', ..] => Self::Qoi,
            [b'%', b'P', b'D', b'F', ..] => Self::Pdf,
            [_, _, _, _, b'f', b't', b'y', b'p', b'a', b'v', b'i', ..] => Self::Avif,
            [_, _, _, _, b'f', b't', b'y', b'p', b'h' | b'm', b'e' | b'i', ..] => Self::Heic,
            [b'I', b'I', 43, 0, ..] | [b'M', b'M', 0, 43, ..] => Self::BigTiff,
            [b'<', ..] => Self::Markup,
            _ => Self::Unknown,
        }
    }

    pub fn name(self) -> &'static str {
        match self {
            Self::Gif => "GIF",
            Self::Bmp => "BMP",
            Self::Pnm => "PNM",
            Self::Qoi => "QOI",
            Self::BigTiff => "BigTIFF",
            Self::Heic => "HEIC",
            Self::Avif => "AVIF",
            Self::Pdf => "PDF",
            Self::Markup => "HTML, XML or SVG",
            Self::Unknown => "unknown",
        }
    }

    /// How to convert such a file to JPEG with other programs; `None` if it may be no image at all.
    pub fn conversion(self) -> Option<&'static str> {
        match self {
            Self::Heic => Some(
                "convert it to JPEG: `heif-convert in.heic out.jpg` (libheif), on a Mac `sips -s format jpeg in.heic --out out.jpg`; to make an iPhone take JPEGs: Settings > Camera > Formats > Most Compatible",
            ),
            Self::Avif => Some(
                "convert it to JPEG: `avifdec in.avif out.jpg` (libavif), on a Mac `sips -s format jpeg in.avif --out out.jpg`",
            ),
            Self::Gif | Self::Bmp | Self::Pnm | Self::Qoi | Self::BigTiff | Self::Pdf => {
                Some("convert it to JPEG")
            }
            Self::Markup | Self::Unknown => None,
        }
    }
}

impl fmt::Display for Foreign {
    /// With an article, to follow "is".
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Avif => write!(f, "an AVIF image"),
            Self::Heic => write!(f, "an HEIC image"),
            Self::Markup => write!(f, "HTML, XML or SVG"),
            Self::Unknown => write!(f, "not an image"),
            other => write!(f, "a {}", other.name()),
        }
    }
}

pub fn format_name(bytes: &[u8]) -> &'static str {
    Format::of(bytes).map_or_else(|| Foreign::of(bytes).name(), Format::name)
}

/// Whether the engine has a decoder for such files.
pub fn is_decodable(bytes: &[u8]) -> bool {
    use Foreign::{BigTiff, Bmp, Gif, Heic, Pnm, Qoi};
    Format::of(bytes).is_some()
        || matches!(Foreign::of(bytes), Gif | Bmp | Pnm | Qoi | BigTiff | Heic)
}

/// How to convert a file that can't be sent as it is, if known.
pub(super) fn way_out(bytes: &[u8]) -> Option<&'static str> {
    let can_fit = cfg!(feature = "engine") && is_decodable(bytes);
    if can_fit { Some("use --fit to convert it to JPEG") } else { Foreign::of(bytes).conversion() }
}
