//! Photos for the service: read once, up to a limit, and recognised by content.

pub mod ambiguous;
mod format;
pub mod gather;
pub mod jpeg;
pub mod orientation;
pub mod parts;
mod source;
pub mod tiff;

use std::io;

use bytes::Bytes;

use crate::error::{self, Error, Kind};
use format::way_out;
pub use format::{Foreign, Format, format_name, is_decodable};
pub use source::{DOWNLOAD, Original, Source, Stamp, is_url, version};

/// A kind of file, in the plural.
pub const THUMBNAIL_FIRST: &str = "DNGs or TIFFs whose first picture is a thumbnail";

pub const CHECK_PERMISSIONS: &str = "check the file's permissions";
const STDIN: &str = "standard input";

/// The largest photo in bytes: the service's "5 MB", read generously. If it means 5,000,000, it
/// answers 400, which costs nothing.
pub const LIMIT: usize = 5 * 1024 * 1024;

/// The largest file to read and convert: twice the size of the largest camera photos.
pub const MOST_BYTES: usize = 64 * 1024 * 1024;

/// A photo that can be sent: not empty, within the limit, in a format that the service takes.
#[derive(Clone)]
pub struct Photo {
    name: String,
    format: Format,
    bytes: Bytes,
}

impl Photo {
    pub fn new(name: String, bytes: Bytes) -> Result<Self, Error> {
        let format = recognised(&name, &bytes)?;
        Ok(Self { name, format, bytes })
    }

    pub fn name(&self) -> &str {
        &self.name
    }

    pub fn format(&self) -> Format {
        self.format
    }

    pub fn size(&self) -> usize {
        self.bytes.len()
    }

    /// Shared, not copied.
    pub fn bytes(&self) -> Bytes {
        self.bytes.clone()
    }
}

fn recognised(name: &str, bytes: &[u8]) -> Result<Format, Error> {
    if bytes.is_empty() {
        return Err(unusable(name, "is empty"));
    }
    if bytes.len() > LIMIT {
        let smaller = "resize it; the API downsamples anyway";
        return Err(unusable(name, "is over 5 MB, the service's limit")
            .hints(way_out(bytes).unwrap_or(smaller).lines()));
    }
    let format = Format::of(bytes).ok_or_else(|| {
        let why = format!("is {}; the service takes JPEG, PNG, WebP and TIFF", Foreign::of(bytes));
        unusable(name, why).hints(way_out(bytes).unwrap_or("choose another file").lines())
    })?;
    let is_tiff = format == Format::Tiff;
    if is_tiff && tiff::Directory::of(bytes).is_some_and(|first| first.is_thumbnail()) {
        let why = format!("is one of the {THUMBNAIL_FIRST}, which would be judged");
        return Err(unusable(name, why).hint("convert it to JPEG"));
    }
    Ok(format)
}

fn unreadable(name: &str, e: &io::Error) -> Error {
    let error = unusable(name, error::unreadable(e));
    match e.kind() {
        io::ErrorKind::PermissionDenied => error.hint(CHECK_PERMISSIONS),
        _ => error,
    }
}

fn unusable(name: &str, why: impl AsRef<str>) -> Error {
    let why = why.as_ref();
    let message = if name == STDIN { format!("{name} {why}") } else { format!("`{name}` {why}") };
    Error::new(Kind::Input, message)
}
