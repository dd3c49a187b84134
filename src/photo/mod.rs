//! A photo that the service takes: read once, bounded, recognised by its content.

pub mod exif;
mod format;
#[cfg(feature = "engine")]
pub mod gather;
pub mod jpeg;
mod original;
mod source;

use std::fs::File;
use std::io::{self, Cursor, Read, Seek};
use std::sync::Arc;

use bytes::Bytes;

use crate::buffer;
use crate::error::{Error, Kind, reason};
use format::way_out;
pub use format::{Foreign, Format, format_name, is_decodable};
pub use original::{Original, Stamp};
pub use source::Source;
use source::{open, read_bounded};

/// The most that an image may have, in bytes: the service's "5 MB", read generously
/// (it answers 400, which costs nothing, if it means 5,000,000).
pub const LIMIT: usize = 5 * 1024 * 1024;

/// So many bytes tell what a file is.
const HEAD: usize = 64;

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
        return Err(unusable(name, "is over 5 MB, the service's limit")
            .hint(way_out(head).unwrap_or(smaller)));
    }
    Format::of(head).ok_or_else(|| {
        unusable(
            name,
            format!("is {}; the service takes JPEG, PNG, WebP and TIFF", Foreign::of(head)),
        )
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

fn unreadable(name: &str, e: io::Error) -> Error {
    e.downcast().unwrap_or_else(|e| unusable(name, format!("can't be read: {}", reason(&e))))
}

fn unusable(name: &str, why: impl AsRef<str>) -> Error {
    Error::new(Kind::Input, format!("`{name}` {}", why.as_ref()))
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
