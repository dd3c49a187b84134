//! A photo that the service takes: read once, bounded, recognised by its content.

pub mod exif;
mod format;
#[cfg(feature = "engine")]
pub mod gather;
pub mod jpeg;
mod original;
mod source;

use std::io;

use bytes::Bytes;

use crate::error::{Error, Kind, reason};
use format::way_out;
pub use format::{Foreign, Format, format_name, is_decodable};
pub use original::{Original, Stamp};
pub use source::Source;

/// The most that an image may have, in bytes: the service's "5 MB", read generously
/// (it answers 400, which costs nothing, if it means 5,000,000).
pub const LIMIT: usize = 5 * 1024 * 1024;

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
        let format = recognised(&name, &bytes)?;
        Ok(Self { name, format, bytes })
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
        self.bytes.len()
    }

    /// The file's bytes; shared, not copied.
    pub fn bytes(&self) -> Bytes {
        self.bytes.clone()
    }
}

fn recognised(name: &str, bytes: &[u8]) -> Result<Format, Error> {
    if bytes.is_empty() {
        return Err(unusable(name, "is empty"));
    }
    if bytes.len() > LIMIT {
        let smaller = "make it smaller: more pixels don't help, the service scales photos down";
        return Err(unusable(name, "is over 5 MB, the service's limit")
            .hint(way_out(bytes).unwrap_or(smaller)));
    }
    Format::of(bytes).ok_or_else(|| {
        unusable(
            name,
            format!("is {}; the service takes JPEG, PNG, WebP and TIFF", Foreign::of(bytes)),
        )
        .hint(way_out(bytes).unwrap_or("convert it to JPEG first"))
    })
}

fn unreadable(name: &str, e: &io::Error) -> Error {
    unusable(name, format!("can't be read: {}", reason(e)))
}

fn unusable(name: &str, why: impl AsRef<str>) -> Error {
    Error::new(Kind::Input, format!("`{name}` {}", why.as_ref()))
}

#[cfg(test)]
mod tests {
    use std::fs::File;

    use super::*;

    #[test]
    fn what_can_not_be_sent_is_refused() {
        let photo = |bytes: &'static [u8]| Photo::new(String::new(), Bytes::from_static(bytes));
        for bytes in [b"".as_slice(), b"GIF89a", &[0; 3]] {
            assert!(photo(bytes).is_err(), "{bytes:?}");
        }
        assert_eq!(photo(b"\xff\xd8\xff\xe0 more").unwrap().format(), Format::Jpeg);
    }

    #[test]
    fn five_megabytes_are_taken_and_no_more() {
        let folder = tempfile::tempdir().unwrap();
        let source = Source::Path(folder.path().join("large.jpg"));
        let Source::Path(path) = &source else { unreachable!() };
        std::fs::write(path, b"\xff\xd8\xff\xe0").unwrap();
        let file = File::options().write(true).open(path).unwrap();
        for (length, is_taken) in [(LIMIT, true), (LIMIT + 1, false)] {
            file.set_len(length as u64).unwrap();
            assert_eq!(Photo::read(&source).is_ok(), is_taken, "{length}");
        }
    }
}
