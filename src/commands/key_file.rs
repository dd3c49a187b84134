//! A file for the API key, which only its owner can read.

use std::io::Write;
use std::path::{Path, PathBuf};

use tempfile::{Builder, NamedTempFile, PersistError};

use crate::error::{Error, Kind};
use crate::photo::reason;
use crate::secret::ApiKey;

/// A file that can be written, but is not there before the key is.
pub(super) struct KeyFile {
    path: PathBuf,
    draft: NamedTempFile,
    replaces: bool,
}

impl KeyFile {
    /// Sees to it that a key can be written to `path`; mode 0600 is the draft's from the start.
    ///
    /// # Errors
    /// [`Kind::Output`] if it can't, or if the file exists and must not be replaced.
    pub(super) fn prepare(path: &Path, replaces: bool) -> Result<Self, Error> {
        // A link counts as a file that exists, wherever it leads.
        if let Ok(found) = path.symlink_metadata() {
            if found.is_dir() {
                return Err(failed(path, "it is a directory"));
            }
            if !replaces {
                return Err(exists(path));
            }
        }
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
        let draft = Builder::new()
            .prefix(".didit-face-")
            .tempfile_in(folder.unwrap_or_else(|| Path::new(".")))
            .map_err(|e| failed(path, &reason(&e)))?;
        Ok(Self { path: path.to_owned(), draft, replaces })
    }

    /// Writes the key and gives the file its name.
    pub(super) fn keep(mut self, key: &ApiKey) -> Result<(), Error> {
        let line = secrecy::zeroize::Zeroizing::new(format!("{}\n", key.reveal()));
        self.draft
            .write_all(line.as_bytes())
            .and_then(|()| self.draft.as_file().sync_all())
            .map_err(|e| failed(&self.path, &reason(&e)))?;
        let kept = if self.replaces {
            self.draft.persist(&self.path)
        } else {
            self.draft.persist_noclobber(&self.path)
        };
        kept.map(drop).map_err(|PersistError { error, .. }| match error.kind() {
            std::io::ErrorKind::AlreadyExists => exists(&self.path),
            _ => failed(&self.path, &reason(&error)),
        })
    }
}

fn exists(path: &Path) -> Error {
    Error::new(Kind::Output, format!("`{}` exists, and is left as it is", path.display()))
        .hint("name another file, or replace it with --force")
}

fn failed(path: &Path, why: &str) -> Error {
    Error::new(Kind::Output, format!("the key can't be written to `{}`: {why}", path.display()))
}
