//! A photo's file as it is, before anybody asks whether it can be sent.

use std::fs::{File, Metadata};
use std::path::Path;

use bytes::Bytes;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::source::{open, read_bounded};
use super::unreadable;
use crate::error::Error;
use crate::values::digest;

/// A file's bytes, as far as they are kept, and what it is known by.
pub struct Original {
    /// The name that a person knows it by.
    pub name: String,
    /// Its bytes; where there are more than the limit, one more than that.
    pub bytes: Bytes,
    /// The SHA-256 of all its bytes; `None` for a pipe that goes on behind the limit.
    pub sha256: Option<String>,
    /// What `--trust-mtime` knows it by; `None` for a pipe.
    pub stamp: Option<Stamp>,
}

/// The size and time of a file, which change with its content as a rule.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stamp {
    /// In bytes.
    pub size: u64,
    /// When it was last modified, in UTC.
    pub mtime: String,
}

impl Stamp {
    /// The stamp of the file at `path`, which is not read.
    pub fn of(path: &Path) -> Option<Self> {
        Self::from_metadata(&path.metadata().ok()?)
    }

    fn from_metadata(metadata: &Metadata) -> Option<Self> {
        let mtime = Timestamp::try_from(metadata.modified().ok()?).ok()?;
        metadata.is_file().then(|| Self { size: metadata.len(), mtime: format!("{mtime:.9}") })
    }
}

impl Original {
    /// Reads the file at `path`, and keeps at most `limit` bytes and one more.
    ///
    /// # Errors
    /// [`crate::error::Kind::Input`], naming the file: missing, unreadable, a directory or a device.
    pub fn read(path: &Path, limit: usize) -> Result<Self, Error> {
        let name = path.display().to_string();
        let (file, length) = open(path, &name)?;
        let stamp = file.metadata().ok().as_ref().and_then(Stamp::from_metadata);
        let bytes = read_bounded(&file, length, limit, &name)?;
        let sha256 = if bytes.len() <= limit {
            Some(digest::hex(&bytes))
        } else if stamp.is_some() {
            Some(hash_on(&bytes, &file, &name)?)
        } else {
            None
        };
        Ok(Self { name, bytes, sha256, stamp })
    }
}

/// The hash of `bytes` and of what is left of `file`.
fn hash_on(bytes: &[u8], file: &File, name: &str) -> Result<String, Error> {
    digest::hex_of(bytes, file).map_err(|e| unreadable(name, &e))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_over_the_limit_is_hashed_whole_and_kept_in_part() {
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
