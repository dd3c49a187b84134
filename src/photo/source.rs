//! Reads photos from files, pipes and standard input.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use bytes::Bytes;

use super::{STDIN, unreadable, unusable};
use crate::error::Error;

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
    ///
    /// # Errors
    /// [`crate::error::Kind::Input`], naming the file: missing, unreadable, a folder or a device.
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

/// The open file and its length, which is only a hint.
pub(super) fn open(path: &Path, name: &str) -> Result<(File, u64), Error> {
    let failed = |e| match name.split_once("://") {
        Some(("http" | "https", _)) => {
            unusable(name, "is a URL, not a file").hint("download it first: curl -fO URL")
        }
        _ => unreadable(name, &e),
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

pub(super) fn read_bounded(
    source: impl Read,
    length: u64,
    limit: usize,
    name: &str,
) -> Result<Bytes, Error> {
    // One byte more than expected, to see the end, or that it is too long.
    let most = limit + 1;
    let expected = usize::try_from(length).unwrap_or(usize::MAX).saturating_add(1);
    let mut bytes = Vec::with_capacity(expected.min(most));
    source.take(most as u64).read_to_end(&mut bytes).map_err(|e| unreadable(name, &e))?;
    Ok(Bytes::from(bytes))
}
