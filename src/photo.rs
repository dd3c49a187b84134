//! A photo that the service takes: read once, bounded, recognised by its content.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use bytes::Bytes;

use crate::buffer;
use crate::error::{Error, Kind};

/// The most that an image may have, in bytes: the service's "5 MB", read generously
/// (it answers 400, which costs nothing, if it means 5,000,000).
pub const LIMIT: usize = 5 * 1024 * 1024;

/// Where a photo comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// A file or a pipe with a name.
    Path(PathBuf),
    /// Standard input, `-` on the command line.
    Stdin,
}

impl Source {
    /// Reads an argument, in which `-` stands for standard input.
    pub fn from_argument(argument: &Path) -> Self {
        if argument.as_os_str() == "-" { Self::Stdin } else { Self::Path(argument.to_owned()) }
    }

    /// The name that a person knows the photo by.
    pub fn name(&self) -> String {
        match self {
            Self::Path(path) => path.display().to_string(),
            Self::Stdin => "standard input".to_owned(),
        }
    }

    /// Reads at most `limit` bytes, and one more where there are more.
    ///
    /// # Errors
    /// [`Kind::Input`], naming the file: missing, unreadable, a directory or a device.
    pub fn read(&self, limit: usize) -> Result<Bytes, Error> {
        let name = self.name();
        match self {
            Self::Path(path) => {
                let (file, length) = open(path, &name)?;
                read_bounded(file, length, limit, &name)
            }
            Self::Stdin => read_bounded(io::stdin().lock(), 0, limit, &name),
        }
    }
}

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

/// A photo that can be sent: not empty, within the limit, of a format that the service takes.
#[derive(Clone)]
pub struct Photo {
    name: String,
    format: Format,
    bytes: Bytes,
}

impl Photo {
    /// Reads a photo from `source`, never more than the limit.
    ///
    /// # Errors
    /// [`Kind::Input`], naming the file: missing, unreadable, a directory or a device,
    /// empty, over 5 MB, or in another format.
    pub fn read(source: &Source) -> Result<Self, Error> {
        Self::new(source.name(), source.read(LIMIT)?)
    }

    /// A photo of `bytes` that are in memory already.
    ///
    /// # Errors
    /// [`Kind::Input`]: empty, over 5 MB, or in another format.
    pub fn new(name: String, bytes: Bytes) -> Result<Self, Error> {
        if bytes.is_empty() {
            return Err(unusable(&name, "is empty"));
        }
        if bytes.len() > LIMIT {
            let smaller = "make it smaller: more pixels don't help, the service scales down itself";
            return Err(unusable(&name, "is over 5 MB, the most that the service takes")
                .hint(way_out(&bytes).unwrap_or(smaller)));
        }
        match Format::of(&bytes) {
            Some(format) => Ok(Self { name, format, bytes }),
            None => Err(unusable(
                &name,
                format!("is {}, not a photo in JPEG, PNG, WebP or TIFF", kind_of(&bytes)),
            )
            .hint(way_out(&bytes).unwrap_or("convert it to JPEG first"))),
        }
    }

    /// The name that a person knows the photo by.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The format, by content.
    pub fn format(&self) -> Format {
        self.format
    }

    /// The file's bytes, shared, not copied.
    pub fn bytes(&self) -> &Bytes {
        &self.bytes
    }
}

/// The open file and the length that it claims, a hint only.
fn open(path: &Path, name: &str) -> Result<(File, u64), Error> {
    let failed = |e: &io::Error| unusable(name, format!("can't be read: {}", reason(e)));
    // Asked before opening: to open a device may already do something.
    let metadata = fs::metadata(path).map_err(|e| failed(&e))?;
    if metadata.is_dir() {
        return Err(unusable(name, "is a directory, not a photo"));
    }
    if !is_file_or_pipe(&metadata) {
        return Err(unusable(name, "is a device or a socket, not a photo"));
    }
    let file = File::open(path).map_err(|e| failed(&e))?;
    Ok((file, metadata.len()))
}

#[cfg(unix)]
fn is_file_or_pipe(metadata: &fs::Metadata) -> bool {
    use std::os::unix::fs::FileTypeExt;
    metadata.is_file() || metadata.file_type().is_fifo()
}

#[cfg(not(unix))]
fn is_file_or_pipe(metadata: &fs::Metadata) -> bool {
    metadata.is_file()
}

fn read_bounded(
    mut source: impl Read,
    length: u64,
    limit: usize,
    name: &str,
) -> Result<Bytes, Error> {
    // One byte more than there should be, so that the end is seen, and what is too long too.
    let expected = usize::try_from(length).unwrap_or(usize::MAX).saturating_add(1);
    buffer::read_to_end(&mut source, expected, limit + 1)
        .map_err(|e| unusable(name, format!("can't be read: {}", reason(&e))))
}

fn unusable(name: &str, why: impl AsRef<str>) -> Error {
    Error::new(Kind::Input, format!("`{name}` {}", why.as_ref()))
}

/// The operating system's reason in words, without its error number.
pub fn reason(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => "no such file".to_owned(),
        io::ErrorKind::PermissionDenied => "permission denied".to_owned(),
        _ => {
            let text = error.to_string();
            text.split(" (os error").next().unwrap_or(&text).to_lowercase()
        }
    }
}

/// What makes a photo of a file that can't be sent as it is, where that is known.
fn way_out(bytes: &[u8]) -> Option<&'static str> {
    let can_fit = cfg!(feature = "engine") && is_decodable(bytes);
    if can_fit {
        Some("use --fit, which makes a JPEG of it that fits")
    } else {
        conversion(kind_of(bytes))
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

/// A length in megabytes, with one decimal.
pub fn megabytes(bytes: usize) -> String {
    let tenths = (bytes + 50_000) / 100_000;
    format!("{}.{} MB", tenths / 10, tenths % 10)
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
        _ => "of an unknown kind",
    }
}
