//! Writes a file completely or not at all, readable only by its owner.

use std::io::Write;
use std::path::{Path, PathBuf};

use tempfile::{Builder, NamedTempFile, PersistError};

use crate::error::{Error, Kind, folder_reason, reason};

/// A file that is known to be writable, but doesn't exist until its content does.
pub(super) struct NewFile {
    /// What it holds, for error messages.
    what: &'static str,
    path: PathBuf,
    replaces: bool,
}

impl NewFile {
    /// Fails if the file can't be written, or exists and must not be replaced.
    pub(super) fn prepare(what: &'static str, path: &Path, replaces: bool) -> Result<Self, Error> {
        let file = Self { what, path: path.to_owned(), replaces };
        // A link counts as a file that exists, wherever it leads.
        if let Ok(found) = path.symlink_metadata() {
            if found.is_dir() {
                return Err(file.failed("it is a folder"));
            }
            if !replaces {
                return Err(file.exists());
            }
        }
        // Removed at once: Ctrl-C could leave it behind.
        file.draft()?;
        Ok(file)
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Writes `content` to a temporary file in the same folder, then renames it.
    pub(super) fn write(&self, content: &[u8]) -> Result<(), Error> {
        let mut draft = self.draft()?;
        draft
            .write_all(content)
            .and_then(|()| draft.as_file().sync_all())
            .map_err(|e| self.failed(&reason(&e)))?;
        let kept = if self.replaces {
            draft.persist(&self.path)
        } else {
            draft.persist_noclobber(&self.path)
        };
        kept.map(drop).map_err(|PersistError { error, .. }| match error.kind() {
            std::io::ErrorKind::AlreadyExists => self.exists(),
            _ => self.failed(&folder_reason(&error)),
        })
    }

    /// Created with mode 0600.
    fn draft(&self) -> Result<NamedTempFile, Error> {
        let folder = self.path.parent().filter(|folder| !folder.as_os_str().is_empty());
        Builder::new()
            .prefix(".didit-face-")
            .tempfile_in(folder.unwrap_or_else(|| Path::new(".")))
            .map_err(|e| self.failed(&folder_reason(&e)))
    }

    fn exists(&self) -> Error {
        let message = format!("`{}` already exists", self.path.display());
        Error::new(Kind::Output, message).hint("choose another file, or overwrite it with --force")
    }

    fn failed(&self, why: &str) -> Error {
        let message = format!("{} can't be written to `{}`: {why}", self.what, self.path.display());
        Error::new(Kind::Output, message)
    }
}
