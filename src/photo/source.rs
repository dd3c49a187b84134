//! Reads photos from files, pipes and standard input.

use std::fs::{self, File, Metadata};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use bytes::Bytes;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{STDIN, unreadable, unusable};
use crate::error::Error;
use crate::values::digest;

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// A file or a named pipe.
    Path(PathBuf),
    /// Standard input: `-` on the command line.
    Stdin,
}

impl Source {
    pub fn from_argument(argument: &Path) -> Self {
        if argument.as_os_str() == "-" { Self::Stdin } else { Self::Path(argument.to_owned()) }
    }

    pub fn path(&self) -> Option<&Path> {
        match self {
            Self::Path(path) => Some(path),
            Self::Stdin => None,
        }
    }

    pub fn name(&self) -> String {
        match self {
            Self::Path(path) => path.display().to_string(),
            Self::Stdin => STDIN.to_owned(),
        }
    }

    /// Reads at most one byte more than `limit`.
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

pub const DOWNLOAD: &str = "download it first: curl -fO URL";

/// Whether it is the address of a photo, and not its name.
pub fn is_url(name: &str) -> bool {
    let scheme = name.split_once("://").map(|(scheme, _)| scheme);
    let is_scheme = |text: &str| text.len() > 1 && text.chars().all(char::is_alphanumeric);
    scheme.is_some_and(is_scheme) || name.starts_with("data:")
}

/// The open file and its length, which is only a hint.
fn open(path: &Path, name: &str) -> Result<(File, u64), Error> {
    let failed = |e| {
        if is_url(name) {
            unusable(name, "is a URL, not a file").hint(DOWNLOAD)
        } else {
            unreadable(name, &e)
        }
    };
    // Before opening: opening a device may have an effect.
    let metadata = fs::metadata(path).map_err(failed)?;
    if metadata.is_dir() {
        // A closed one says that it is closed.
        fs::read_dir(path).map_err(failed)?;
        return Err(unusable(name, "is a folder, not a photo"));
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

fn read_bounded(source: impl Read, length: u64, limit: usize, name: &str) -> Result<Bytes, Error> {
    // One byte more than expected, to see the end, or that it is too long.
    let most = limit + 1;
    let expected = usize::try_from(length).unwrap_or(usize::MAX).saturating_add(1);
    let mut bytes = Vec::with_capacity(expected.min(most));
    source.take(most as u64).read_to_end(&mut bytes).map_err(|e| unreadable(name, &e))?;
    Ok(Bytes::from(bytes))
}

/// A photo's file as it is, whether or not it can be sent.
pub struct Original {
    pub name: String,
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
