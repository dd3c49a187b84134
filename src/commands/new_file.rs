//! Writes a file completely or not at all, readable only by its owner.

use std::io::{self, BufWriter, ErrorKind, Write};
use std::path::{Path, PathBuf};

use tempfile::{Builder, NamedTempFile, PersistError};

use crate::error::{Error, Kind, Result, folder_reason, reason};
use crate::values::system::System;

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
        if let Some(why) = System::HERE.unusable_name(path) {
            return Err(file.failed(why));
        }
        // A link counts as a file that exists, wherever it leads.
        match path.symlink_metadata() {
            Ok(found) if found.is_dir() => return Err(file.failed("it is a folder")),
            Ok(_) if !replaces => return Err(file.exists()),
            // The draft has another name, so it would not show that this one is too long.
            Err(e) if e.kind() == ErrorKind::InvalidFilename => {
                return Err(file.failed(&reason(&e)));
            }
            _ => {}
        }
        // Removed at once: Ctrl-C could leave it behind.
        file.draft()?;
        Ok(file)
    }

    /// Fails if the file is one of `inputs`, under whatever name: a command never replaces what it
    /// reads.
    pub(super) fn keeping(
        self,
        inputs: impl IntoIterator<Item = impl AsRef<Path>>,
    ) -> Result<Self, Error> {
        if !self.path.exists() {
            return Ok(self);
        }
        match inputs.into_iter().find(|input| is_same_file(input.as_ref(), &self.path)) {
            None => Ok(self),
            Some(input) => {
                let (path, input) = (self.path.display(), input.as_ref().display());
                let what = format!("`{path}` would replace `{input}`, which is read");
                Err(Error::new(Kind::Output, what).hint("choose another file"))
            }
        }
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    pub(super) fn write(&self, content: &[u8]) -> Result<(), Error> {
        self.write_with(|file| Ok(file.write_all(content)?)).map_err(Error::of)
    }

    /// Has the content written to a temporary file in the same folder, then renames it.
    pub(super) fn write_with(
        &self,
        write: impl FnOnce(&mut dyn Write) -> Result<()>,
    ) -> Result<()> {
        let mut draft = self.draft()?;
        let mut out = BufWriter::new(&mut draft);
        write(&mut out)
            .and_then(|()| Ok(out.flush()?))
            .and_then(|()| Ok(out.get_ref().as_file().sync_all()?))
            .map_err(|e| {
                e.downcast::<io::Error>().map_or_else(|e| e, |e| self.failed(&reason(&e)).into())
            })?;
        drop(out);
        let kept = if self.replaces {
            draft.persist(&self.path)
        } else {
            draft.persist_noclobber(&self.path)
        };
        kept.map(drop).map_err(|PersistError { error, .. }| match error.kind() {
            ErrorKind::AlreadyExists => self.exists().into(),
            _ => self.failed(&folder_reason(&error)).into(),
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

#[cfg(unix)]
fn is_same_file(a: &Path, b: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    let identity = |path: &Path| path.metadata().map(|found| (found.dev(), found.ino())).ok();
    identity(a).is_some_and(|a| identity(b) == Some(a))
}

#[cfg(not(unix))]
fn is_same_file(a: &Path, b: &Path) -> bool {
    same_file::is_same_file(a, b).unwrap_or(false)
}
