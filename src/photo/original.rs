//! A photo's file as it is, whether or not it can be sent.

use std::fs::Metadata;
use std::path::Path;

use bytes::Bytes;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::source::{open, read_bounded};
use super::unreadable;
use crate::error::Error;
use crate::values::digest;

pub struct Original {
    pub name: String,
    /// At most one byte over the limit.
    pub bytes: Bytes,
    /// The SHA-256 of the whole file; `None` for a pipe over the limit.
    pub sha256: Option<String>,
    /// For `--trust-mtime`; `None` for a pipe.
    pub stamp: Option<Stamp>,
}

/// A file's size and time, which usually change with its content.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stamp {
    pub size: u64,
    /// In UTC.
    pub mtime: String,
}

impl Stamp {
    /// Doesn't read the file.
    pub fn of(path: &Path) -> Option<Self> {
        Self::from_metadata(&path.metadata().ok()?)
    }

    fn from_metadata(metadata: &Metadata) -> Option<Self> {
        let mtime = Timestamp::try_from(metadata.modified().ok()?).ok()?;
        metadata.is_file().then(|| Self { size: metadata.len(), mtime: format!("{mtime:.9}") })
    }
}

/// What changes whenever a file does, even if its time is set back; `None` for what is no file.
#[cfg(unix)]
pub fn version(metadata: &Metadata) -> Option<[i64; 6]> {
    use std::os::unix::fs::MetadataExt;
    let seconds = [metadata.mtime(), metadata.ctime(), metadata.ctime_nsec()];
    let [inode, device, size] =
        [metadata.ino(), metadata.dev(), metadata.len()].map(u64::cast_signed);
    metadata.is_file().then_some([inode, device, size, seconds[0], seconds[1], seconds[2]])
}

#[cfg(not(unix))]
pub fn version(_: &Metadata) -> Option<[i64; 6]> {
    None
}

impl Original {
    /// Reads a file, and keeps at most one byte more than `limit`.
    ///
    /// # Errors
    /// [`crate::error::Kind::Input`], naming the file: missing, unreadable, a folder or a device.
    pub fn read(path: &Path, limit: usize) -> Result<Self, Error> {
        let name = path.display().to_string();
        let (file, length) = open(path, &name)?;
        let stamp = file.metadata().ok().as_ref().and_then(Stamp::from_metadata);
        let bytes = read_bounded(&file, length, limit, &name)?;
        let sha256 = if bytes.len() <= limit {
            Some(digest::hex(&bytes))
        } else if stamp.is_some() {
            let hash = digest::hex_of(&bytes, &file);
            Some(hash.map_err(|e| unreadable(&name, &e))?)
        } else {
            None
        };
        Ok(Self { name, bytes, sha256, stamp })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_over_the_limit_is_fully_hashed_but_truncated() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("large");
        let content = b"0123456789".repeat(100_000);
        std::fs::write(&path, &content).unwrap();
        for limit in [9, 999_999, 1_000_000, 2_000_000] {
            let original = Original::read(&path, limit).unwrap();
            assert_eq!(original.sha256.as_deref(), Some(digest::hex(&content).as_str()));
            assert_eq!(original.bytes.len(), content.len().min(limit + 1));
            assert_eq!(original.stamp, Stamp::of(&path));
        }
    }
}
