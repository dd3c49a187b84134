//! A photo that the service takes: read once, bounded, recognised by its content.

use std::fs::{self, File};
use std::io::{self, Cursor, Read, Seek};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use bytes::Bytes;

use crate::buffer;
use crate::error::{Error, Kind};

/// The most that an image may have, in bytes: the service's "5 MB", read generously
/// (it answers 400, which costs nothing, if it means 5,000,000).
pub const LIMIT: usize = 5 * 1024 * 1024;

/// So many bytes tell what a file is.
const HEAD: usize = 64;

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
    content: Content,
}

/// In memory, or in a file that is read when it is needed, straight to where it is needed.
#[derive(Clone)]
enum Content {
    InMemory(Bytes),
    InFile { file: Arc<File>, length: usize },
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

    /// Opens and recognises a photo. A file's content is read later, once; what is no file,
    /// such as a pipe, is read at once.
    ///
    /// # Errors
    /// As [`Photo::read`].
    pub fn open(source: &Source) -> Result<Self, Error> {
        let Source::Path(path) = source else { return Self::read(source) };
        let name = source.name();
        let (file, length) = open(path, &name)?;
        let length = usize::try_from(length).unwrap_or(usize::MAX);
        let is_file = file.metadata().is_ok_and(|metadata| metadata.is_file());
        if !is_file || length == 0 {
            return Self::new(name.clone(), read_bounded(file, 0, LIMIT, &name)?);
        }
        let mut head = [0; HEAD];
        let known = fill(&file, &mut head).map_err(|e| unreadable(&name, e))?;
        let format = recognised(&name, &head[..known], length)?;
        Ok(Self { name, format, content: Content::InFile { file: Arc::new(file), length } })
    }

    /// A photo of `bytes` that are in memory already.
    ///
    /// # Errors
    /// [`Kind::Input`]: empty, over 5 MB, or in another format.
    pub fn new(name: String, bytes: Bytes) -> Result<Self, Error> {
        let format = recognised(&name, &bytes, bytes.len())?;
        Ok(Self { name, format, content: Content::InMemory(bytes) })
    }

    /// The name that a person knows the photo by.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The format, by content.
    pub fn format(&self) -> Format {
        self.format
    }

    /// How many bytes it has; never 0.
    pub fn size(&self) -> usize {
        match &self.content {
            Content::InMemory(bytes) => bytes.len(),
            Content::InFile { length, .. } => *length,
        }
    }

    /// The file's bytes; shared, not copied, if they are in memory.
    ///
    /// # Errors
    /// [`Kind::Input`] if the file can't be read, or is no longer as it was.
    pub fn bytes(&self) -> Result<Bytes, Error> {
        match &self.content {
            Content::InMemory(bytes) => Ok(bytes.clone()),
            Content::InFile { length, .. } => {
                buffer::read_to_end(&mut self.reader(), length + 1, LIMIT + 1)
                    .map_err(|e| unreadable(&self.name, e))
            }
        }
    }

    /// Reads the file's bytes from the first to the last.
    ///
    /// What goes wrong is an [`Error`] within the `io::Error`, as in [`Photo::bytes`].
    pub fn reader(&self) -> Box<dyn Read + Send> {
        match &self.content {
            Content::InMemory(bytes) => Box::new(Cursor::new(bytes.clone())),
            Content::InFile { file, length } => Box::new(Whole {
                name: self.name.clone(),
                file: Arc::clone(file),
                left: *length,
                is_begun: false,
            }),
        }
    }
}

/// A file that must have as many bytes as when it was opened.
struct Whole {
    name: String,
    file: Arc<File>,
    left: usize,
    is_begun: bool,
}

impl Whole {
    fn read_on(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if !self.is_begun {
            self.file.rewind()?;
            self.is_begun = true;
        }
        let count = self.file.read(buffer)?;
        let is_cut = count == 0 && self.left > 0 && !buffer.is_empty();
        match self.left.checked_sub(count) {
            Some(left) if !is_cut => self.left = left,
            _ => return Err(io::Error::other("it changed meanwhile")),
        }
        Ok(count)
    }
}

impl Read for Whole {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.read_on(buffer).map_err(|e| match e.kind() {
            io::ErrorKind::Interrupted => e,
            _ => io::Error::other(unreadable(&self.name, e)),
        })
    }
}

/// The format by the first bytes of a file of `length` bytes.
fn recognised(name: &str, head: &[u8], length: usize) -> Result<Format, Error> {
    if length == 0 {
        return Err(unusable(name, "is empty"));
    }
    if length > LIMIT {
        let smaller = "make it smaller: more pixels don't help, the service scales down itself";
        return Err(unusable(name, "is over 5 MB, the most that the service takes")
            .hint(way_out(head).unwrap_or(smaller)));
    }
    Format::of(head).ok_or_else(|| {
        unusable(name, format!("is {}, not a photo in JPEG, PNG, WebP or TIFF", kind_of(head)))
            .hint(way_out(head).unwrap_or("convert it to JPEG first"))
    })
}

/// Reads until `buffer` is full or the file ends; says how much there was.
fn fill(mut file: &File, buffer: &mut [u8]) -> io::Result<usize> {
    let mut filled = 0;
    while filled < buffer.len() {
        match file.read(&mut buffer[filled..])? {
            0 => break,
            count => filled += count,
        }
    }
    Ok(filled)
}

/// The open file and the length that it claims, a hint only.
fn open(path: &Path, name: &str) -> Result<(File, u64), Error> {
    let failed = |e| unreadable(name, e);
    // Asked before opening: to open a device may already do something.
    let metadata = fs::metadata(path).map_err(failed)?;
    if metadata.is_dir() {
        return Err(unusable(name, "is a directory, not a photo"));
    }
    if !is_file_or_pipe(&metadata) {
        return Err(unusable(name, "is a device or a socket, not a photo"));
    }
    let file = File::open(path).map_err(failed)?;
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
    buffer::read_to_end(&mut source, expected, limit + 1).map_err(|e| unreadable(name, e))
}

fn unreadable(name: &str, e: io::Error) -> Error {
    e.downcast().unwrap_or_else(|e| unusable(name, format!("can't be read: {}", reason(&e))))
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

#[cfg(test)]
mod tests {
    use std::io::Write;

    use tempfile::NamedTempFile;

    use super::*;

    const JPEG: &[u8] = b"\xff\xd8\xff\xe0 the rest of a photo";

    fn file(bytes: &[u8]) -> (NamedTempFile, Source) {
        let mut file = NamedTempFile::new().unwrap();
        file.write_all(bytes).unwrap();
        let source = Source::Path(file.path().to_owned());
        (file, source)
    }

    #[test]
    fn a_file_is_recognised_first_and_read_when_needed() {
        let (_file, source) = file(JPEG);
        let photo = Photo::open(&source).unwrap();
        assert_eq!((photo.format(), photo.size()), (Format::Jpeg, JPEG.len()));
        for _ in 0..2 {
            assert_eq!(photo.bytes().unwrap(), JPEG);
        }
    }

    #[test]
    fn a_file_that_changes_meanwhile_is_refused() {
        for length in [0, JPEG.len() as u64 - 1, JPEG.len() as u64 + 1] {
            let (file, source) = file(JPEG);
            let photo = Photo::open(&source).unwrap();
            file.as_file().set_len(length).unwrap();
            let error = photo.bytes().unwrap_err();
            assert_eq!(error.kind(), Kind::Input, "{length}");
            assert!(error.message().contains("changed"), "{}", error.message());
        }
    }

    #[test]
    fn what_can_not_be_sent_is_refused_when_it_is_opened() {
        for bytes in [b"".as_slice(), b"GIF89a", &[0; 3]] {
            let (_file, source) = file(bytes);
            assert!(Photo::open(&source).is_err() && Photo::read(&source).is_err());
        }
        let (large, source) = file(JPEG);
        large.as_file().set_len(LIMIT as u64).unwrap();
        assert!(Photo::open(&source).is_ok());
        large.as_file().set_len(LIMIT as u64 + 1).unwrap();
        assert!(Photo::open(&source).is_err());
    }
}
