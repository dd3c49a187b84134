//! What a file is, by its first bytes.

/// An image format that the service takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// JPEG.
    Jpeg,
    /// PNG.
    Png,
    /// WebP.
    WebP,
    /// TIFF, of either byte order.
    Tiff,
}

impl Format {
    /// Recognises the format by the first bytes of the file.
    pub fn of(bytes: &[u8]) -> Option<Self> {
        match bytes {
            [0xff, 0xd8, 0xff, ..] => Some(Self::Jpeg),
            [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1a, b'\n', ..] => Some(Self::Png),
            [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Some(Self::WebP),
            [b'I', b'I', 42, 0, ..] | [b'M', b'M', 0, 42, ..] => Some(Self::Tiff),
            _ => None,
        }
    }

    /// The extension that the service knows the format by.
    pub fn extension(self) -> &'static str {
        match self {
            Self::Jpeg => "jpg",
            Self::Png => "png",
            Self::WebP => "webp",
            Self::Tiff => "tiff",
        }
    }

    /// The format's own name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Jpeg => "JPEG",
            Self::Png => "PNG",
            Self::WebP => "WebP",
            Self::Tiff => "TIFF",
        }
    }

    /// The media type.
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
            Self::WebP => "image/webp",
            Self::Tiff => "image/tiff",
        }
    }
}

/// What a file that is no photo seems to be, to say so.
pub fn kind_of(bytes: &[u8]) -> &'static str {
    match bytes {
        [b'G', b'I', b'F', b'8', ..] => "a GIF",
        [b'B', b'M', ..] => "a BMP",
        [b'P', b'1'..=b'7', b'\n' | b'\r' | b' ', ..] => "a PNM",
        [b'q', b'o', b'i', b'f', ..] => "a QOI",
        [b'%', b'P', b'D', b'F', ..] => "a PDF",
        [_, _, _, _, b'f', b't', b'y', b'p', b'a', b'v', b'i', ..] => "an AVIF image",
        [_, _, _, _, b'f', b't', b'y', b'p', b'h' | b'm', b'e' | b'i', ..] => "an HEIC image",
        [b'I', b'I', 43, 0, ..] | [b'M', b'M', 0, 43, ..] => "a BigTIFF",
        [b'<', ..] => "HTML, XML or SVG",
        _ => "not an image",
    }
}

/// Whether this program (with its engine) has a decoder for such files.
pub fn is_decodable(bytes: &[u8]) -> bool {
    let others = ["a GIF", "a BMP", "a PNM", "a QOI", "a BigTIFF"];
    Format::of(bytes).is_some() || others.contains(&kind_of(bytes))
}

/// How to make a JPEG of a file of a kind that nothing here can decode.
pub fn conversion(kind: &str) -> Option<&'static str> {
    match kind {
        "an HEIC image" => Some(
            "convert it to JPEG: `heif-convert in.heic out.jpg` (libheif), on a Mac `sips -s format jpeg in.heic --out out.jpg`; an iPhone takes JPEG with Settings > Camera > Formats > Most Compatible",
        ),
        "an AVIF image" => Some(
            "convert it to JPEG: `avifdec in.avif out.jpg` (libavif), on a Mac `sips -s format jpeg in.avif --out out.jpg`",
        ),
        _ => None,
    }
}

/// What makes a photo of a file that can't be sent as it is, where that is known.
pub(super) fn way_out(bytes: &[u8]) -> Option<&'static str> {
    let can_fit = cfg!(feature = "engine") && is_decodable(bytes);
    if can_fit { Some("use --fit to convert it to JPEG") } else { conversion(kind_of(bytes)) }
}
