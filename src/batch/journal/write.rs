//! Writes a journal, and sees to it that what was written can be found again.

use std::fs::{self, File, Metadata, OpenOptions};
use std::io::{self, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

use serde::Serialize;

use super::record::{Mark, Marked, Record};
use super::state::{Reading, State};
use super::{lock, read};
use crate::error::{Error, Kind, folder_reason, reason};
use crate::values::system::System;

/// An open journal, locked against other runs while it lives.
pub struct Journal {
    path: PathBuf,
    file: File,
    progress: Mutex<Progress>,
    synced: Condvar,
    /// Whether other users can read it.
    pub is_shared: bool,
}

/// A line that was written, but may not be on disk yet.
#[derive(Clone, Copy, Debug)]
pub struct Line(u64);

#[derive(Default)]
struct Progress {
    /// The length of the file if nobody else writes.
    length: u64,
    written: u64,
    on_disk: u64,
    /// Whether a thread is syncing for all that wait.
    is_syncing: bool,
    ends_torn: bool,
    /// Whether lines were written that can't reach the disk.
    is_lost: bool,
    /// Whether the file is no longer the one of its name.
    is_astray: bool,
    /// Why no more lines can be written.
    broken: Option<Error>,
}

impl Journal {
    /// Opens the journal at `path`, or creates it with mode 0600.
    pub fn open(path: &Path, reading: Reading) -> Result<(Self, State), Error> {
        let is_new = !path.exists();
        let mut how = OpenOptions::new();
        how.read(true).append(true).create(true);
        owner_only(&mut how);
        check_kind(path)?;
        let file = lock::open_alone(&mut how, path)?;
        let mut state = State::new(reading);
        state.read(&file).map_err(|e| e.of(&name(path), Kind::Output))?;
        if is_new {
            sync_folder(path)
                .map_err(|e| output(path, &format!("can't be created: {}", reason(&e))))?;
        }
        let metadata = file.metadata().map_err(|e| output(path, &crate::error::unreadable(&e)))?;
        let progress =
            Progress { length: metadata.len(), ends_torn: state.ends_torn, ..Progress::default() };
        let (progress, synced) = (Mutex::new(progress), Condvar::new());
        let is_shared = !is_new && is_shared(&metadata);
        Ok((Self { path: path.to_owned(), file, progress, synced, is_shared }, state))
    }

    /// Reads the journal at `path` without changing it; empty if it doesn't exist.
    pub fn peek(path: &Path, reading: Reading) -> Result<State, Error> {
        check_kind(path)?;
        if fs::metadata(path).is_err_and(|e| e.kind() == io::ErrorKind::NotFound) {
            return Ok(State::new(reading));
        }
        read(&[path], reading)
    }

    /// What it says by now.
    pub fn reread(&self, reading: Reading) -> Result<State, Error> {
        let mut state = State::new(reading);
        state.read(&self.file).map_err(|e| e.of(&name(&self.path), Kind::Output))?;
        Ok(state)
    }

    /// Records on disk that a paid request is about to leave. If this fails, the request must not
    /// leave.
    pub fn announce(&self, sent: &Record) -> Result<(), Error> {
        self.check_name()?;
        self.record(&Marked(Mark::Sent, sent))
    }

    pub fn record(&self, content: &impl Serialize) -> Result<(), Error> {
        let line = self.append(content)?;
        self.bring_to_disk(line)
    }

    /// Appends a [`Marked`] or a [`Record`] in one write. It counts once
    /// [`Journal::bring_to_disk`] returns. Once this fails, it always fails: the disk may be full.
    pub fn append(&self, content: &impl Serialize) -> Result<Line, Error> {
        let mut line = Vec::with_capacity(4096);
        line.push(b'\n');
        serde_json::to_writer(&mut line, content)
            .map_err(|e| output(&self.path, &format!("could not be written: {e}")))?;
        line.push(b'\n');
        let mut progress = self.progress();
        if let Some(error) = &progress.broken {
            return Err(error.clone());
        }
        // The first byte is a line end, for after a line that breaks off.
        let line = if progress.ends_torn { line.as_slice() } else { &line[1..] };
        if let Err(e) = (&self.file).write_all(line) {
            return Err(self.broke(&mut progress, &e));
        }
        progress.ends_torn = false;
        progress.length += line.len() as u64;
        progress.written += 1;
        Ok(Line(progress.written))
    }

    /// Why the journal can't be relied on any more.
    pub fn failure(&self) -> Option<Error> {
        self.progress().broken.clone()
    }

    /// Returns when a line is on disk. Lines of several threads are synced together.
    pub fn bring_to_disk(&self, Line(number): Line) -> Result<(), Error> {
        let mut progress = self.progress();
        loop {
            if progress.on_disk >= number {
                return Ok(());
            }
            // A write that failed leaves the lines before it, which can still reach the disk.
            if let (true, Some(error)) = (progress.is_lost, &progress.broken) {
                return Err(error.clone());
            }
            if progress.is_syncing {
                progress = self.synced.wait(progress).unwrap_or_else(PoisonError::into_inner);
                continue;
            }
            progress.is_syncing = true;
            let written = progress.written;
            drop(progress);
            let result = self.file.sync_data();
            progress = self.progress();
            progress.is_syncing = false;
            match result {
                Ok(()) => progress.on_disk = written,
                Err(e) => {
                    progress.is_lost = true;
                    drop(self.broke(&mut progress, &e));
                }
            }
            self.synced.notify_all();
        }
    }

    /// Whether the file is still the one of its name, and as long as what was written: else the next
    /// run would not find its lines, and pay again.
    pub fn check_name(&self) -> Result<(), Error> {
        let mut progress = self.progress();
        let why = match (fs::metadata(&self.path), self.file.metadata()) {
            (Err(e), _) if e.kind() == io::ErrorKind::NotFound => "was removed during the run",
            (Ok(named), Ok(ours)) if !same_file(&named, &ours) => "was replaced during the run",
            (Ok(_), Ok(ours)) if ours.len() != progress.length => {
                "was changed by another program during the run"
            }
            (Ok(_), Ok(_)) => return Ok(()),
            (Err(_), _) | (_, Err(_)) => "can't be read any more",
        };
        progress.is_astray = true;
        Err(output(&self.path, why))
    }

    /// Copies all lines into a new file beside the journal, if that has gone astray.
    pub fn rescue(&self) -> Result<Option<PathBuf>, Error> {
        if !self.progress().is_astray {
            return Ok(None);
        }
        let mut how = OpenOptions::new();
        how.write(true).create_new(true);
        owner_only(&mut how);
        let mut beside = self.path.clone().into_os_string();
        beside.push(format!(".rescued-{}", jiff::Timestamp::now().strftime("%Y%m%dT%H%M%S%6f")));
        let beside = PathBuf::from(beside);
        let copied = how.open(&beside).and_then(|mut copy| {
            (&self.file).seek(SeekFrom::Start(0))?;
            io::copy(&mut &self.file, &mut copy)?;
            copy.sync_all()
        });
        match copied {
            Ok(()) => Ok(Some(beside)),
            Err(e) => Err(output(&beside, &format!("could not be rescued: {}", reason(&e)))),
        }
    }

    fn broke(&self, progress: &mut Progress, e: &io::Error) -> Error {
        let error = output(&self.path, &format!("could not be written: {}", reason(e)));
        progress.broken = Some(error.clone());
        error
    }

    fn progress(&self) -> MutexGuard<'_, Progress> {
        self.progress.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A pipe or a device can't be locked, read again or synced.
fn check_kind(path: &Path) -> Result<(), Error> {
    let found = fs::metadata(path);
    if found.as_ref().is_ok_and(Metadata::is_dir) {
        return Err(output(path, "is a folder"));
    }
    if found.is_ok_and(|found| !found.is_file()) || System::HERE.is_device(path) {
        return Err(output(path, "is not a regular file").hint("choose a regular file with -o"));
    }
    Ok(())
}

pub(super) fn not_opened(path: &Path, e: &io::Error) -> Error {
    output(path, &format!("can't be opened: {}", folder_reason(e)))
}

/// A new file's name must reach the disk too, where the file system can do that: some say that they
/// can't (`EINVAL`, `EOPNOTSUPP`).
#[cfg(unix)]
fn sync_folder(path: &Path) -> io::Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    match File::open(folder.unwrap_or(Path::new(".")))?.sync_all() {
        Err(e) if matches!(e.kind(), io::ErrorKind::InvalidInput | io::ErrorKind::Unsupported) => {
            Ok(())
        }
        result => result,
    }
}

#[cfg(not(unix))]
fn sync_folder(_: &Path) -> io::Result<()> {
    Ok(())
}

#[cfg(unix)]
fn same_file(named: &Metadata, ours: &Metadata) -> bool {
    use std::os::unix::fs::MetadataExt;
    (named.dev(), named.ino()) == (ours.dev(), ours.ino()) && ours.nlink() > 0
}

/// An open file can be neither removed nor replaced there.
#[cfg(not(unix))]
fn same_file(_: &Metadata, _: &Metadata) -> bool {
    true
}

#[cfg(unix)]
fn is_shared(metadata: &Metadata) -> bool {
    std::os::unix::fs::MetadataExt::mode(metadata) & 0o044 != 0
}

#[cfg(not(unix))]
fn is_shared(_: &Metadata) -> bool {
    false
}

/// Mode 0600: names and verdicts are private.
#[cfg(unix)]
fn owner_only(how: &mut OpenOptions) {
    std::os::unix::fs::OpenOptionsExt::mode(how, 0o600);
}

#[cfg(not(unix))]
fn owner_only(_: &mut OpenOptions) {}

fn name(path: &Path) -> String {
    format!("the journal `{}`", path.display())
}

pub(super) fn output(path: &Path, what: &str) -> Error {
    Error::new(Kind::Output, format!("{} {what}", name(path)))
}
