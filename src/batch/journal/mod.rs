//! The journal of a batch: append-only, with a line for each pair that is on disk before it counts.

mod entry;
mod history;
mod lock;
mod open;
mod record;

use std::fs::{self, File, OpenOptions};
use std::io::{self, BufReader, Write};
use std::path::{Path, PathBuf};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

use serde::Serialize;

pub use entry::{Entry, Sent, State as SentState, Unreadable, each};
pub use history::{History, ReadOptions};
pub use record::{Failure, Key, Options, Record, RecordState, now, number, response};

use self::open::Open;
use crate::error::{Error, Kind, folder_reason, reason, unreadable};

const NOT_A_JOURNAL: &str = "is not a batch journal (line 1 is not a record)";

/// An open journal, locked against other runs while it lives.
pub struct Journal {
    path: PathBuf,
    file: File,
    state: Mutex<State>,
    synced: Condvar,
}

/// A line that was written, but may not be on disk yet.
#[derive(Clone, Copy, Debug)]
pub struct Line(u64);

#[derive(Default)]
struct State {
    written: u64,
    on_disk: u64,
    /// Whether a thread is syncing for all that wait.
    is_syncing: bool,
    ends_torn: bool,
    /// Whether lines were written that can't reach the disk.
    is_lost: bool,
    /// Why no more lines can be written.
    broken: Option<Error>,
}

impl Journal {
    /// Opens the journal at `path`, or creates it with mode 0600.
    pub fn open(path: &Path, options: ReadOptions) -> Result<(Self, History), Error> {
        let is_new = !path.exists();
        let mut how = OpenOptions::new();
        how.read(true).append(true).create(true);
        owner_only(&mut how);
        check_kind(path)?;
        let file = lock::open_alone(&mut how, path)?;
        let history = read(&file, path, options)?;
        if is_new {
            sync_folder(path)
                .map_err(|e| output(path, &format!("can't be created: {}", reason(&e))))?;
        }
        let state = State { ends_torn: history.ends_torn, ..State::default() };
        let (state, synced) = (Mutex::new(state), Condvar::new());
        Ok((Self { path: path.to_owned(), file, state, synced }, history))
    }

    /// Reads the journal at `path` without changing it; empty if it doesn't exist.
    pub fn peek(path: &Path, options: ReadOptions) -> Result<History, Error> {
        check_kind(path)?;
        match File::open(path) {
            Ok(file) => read(&file, path, options),
            Err(e) if e.kind() == io::ErrorKind::NotFound => Ok(History::default()),
            Err(e) => Err(not_opened(path, &e)),
        }
    }

    /// Records on disk that a paid request is about to leave. If this fails, the request must not
    /// leave.
    pub fn announce(&self, sent: &Sent) -> Result<(), Error> {
        let line = self.append(sent)?;
        self.bring_to_disk(line)
    }

    /// Appends a [`Sent`] or a [`Record`] in one write. It counts once [`Journal::bring_to_disk`]
    /// returns. Once this fails, it always fails: the disk may be full.
    pub fn append(&self, content: &impl Serialize) -> Result<Line, Error> {
        let mut line = Vec::with_capacity(4096);
        line.push(b'\n');
        serde_json::to_writer(&mut line, content)
            .map_err(|e| output(&self.path, &format!("could not be written: {e}")))?;
        line.push(b'\n');
        self.write(&line)
    }

    pub fn failure(&self) -> Option<Error> {
        self.state().broken.clone()
    }

    fn write(&self, line: &[u8]) -> Result<Line, Error> {
        let mut state = self.state();
        if let Some(error) = &state.broken {
            return Err(error.clone());
        }
        // The first byte is a line end, for after a line that breaks off.
        let line = if state.ends_torn { line } else { &line[1..] };
        if let Err(e) = (&self.file).write_all(line) {
            return Err(self.broke(&mut state, &e));
        }
        state.ends_torn = false;
        state.written += 1;
        Ok(Line(state.written))
    }

    /// Returns when a line is on disk. Lines of several threads are synced together.
    pub fn bring_to_disk(&self, Line(number): Line) -> Result<(), Error> {
        let mut state = self.state();
        loop {
            if state.on_disk >= number {
                return Ok(());
            }
            // A write that failed leaves the lines before it, which can still reach the disk.
            if let (true, Some(error)) = (state.is_lost, &state.broken) {
                return Err(error.clone());
            }
            if state.is_syncing {
                state = self.synced.wait(state).unwrap_or_else(PoisonError::into_inner);
                continue;
            }
            state.is_syncing = true;
            let written = state.written;
            drop(state);
            let result = self.file.sync_data();
            state = self.state();
            state.is_syncing = false;
            match result {
                Ok(()) => state.on_disk = written,
                Err(e) => {
                    state.is_lost = true;
                    drop(self.broke(&mut state, &e));
                }
            }
            self.synced.notify_all();
        }
    }

    fn broke(&self, state: &mut State, e: &io::Error) -> Error {
        let error = output(&self.path, &format!("could not be written: {}", reason(e)));
        state.broken = Some(error.clone());
        error
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Passes the record of each pair to `take`, line by line, then those whose end was never written.
///
/// What may have been charged once stays [`RecordState::Unknown`], even if a retry failed.
pub fn read_lines(path: &Path, mut take: impl FnMut(Record)) -> Result<(), Error> {
    let name = path.display();
    let input = |what: String| Error::new(Kind::Input, format!("`{name}` {what}"));
    let file = File::open(path).map_err(|e| input(unreadable(&e)))?;
    let mut open = Open::default();
    let result = each(BufReader::with_capacity(1 << 16, file), |entry| match entry {
        Entry::Sent(sent) => open.add(*sent),
        Entry::Ended(record) => take(open.end(*record)),
    });
    match result {
        Ok(_) => open.unanswered().for_each(take),
        Err(Unreadable::Io(e)) => return Err(input(unreadable(&e))),
        Err(Unreadable::Foreign(1)) => {
            return Err(
                input(NOT_A_JOURNAL.to_owned()).hint("name a file that `batch` wrote with -o")
            );
        }
        Err(Unreadable::Foreign(line)) => {
            return Err(input(format!("is damaged on line {line}"))
                .hint("repair that line, or restore the file from a copy"));
        }
    }
    Ok(())
}

fn read(file: &File, path: &Path, options: ReadOptions) -> Result<History, Error> {
    let source = BufReader::with_capacity(1 << 16, file);
    history::read(source, options).map_err(|why| match why {
        Unreadable::Io(e) => output(path, &unreadable(&e)),
        Unreadable::Foreign(1) => output(path, &format!("{NOT_A_JOURNAL}; it was not changed"))
            .hint("choose another file with -o"),
        Unreadable::Foreign(line) => {
            output(path, &format!("is damaged on line {line}; nothing was sent")).hint(
                "repair that line, or restore the file from a copy; with a new journal, every pair would be sent and charged again",
            )
        }
    })
}

/// A pipe or a device can't be locked, read again or synced.
fn check_kind(path: &Path) -> Result<(), Error> {
    match fs::metadata(path) {
        Ok(metadata) if metadata.is_dir() => Err(output(path, "is a folder")),
        Ok(metadata) if !metadata.is_file() => {
            Err(output(path, "is not a regular file").hint("choose a regular file with -o"))
        }
        _ => Ok(()),
    }
}

fn not_opened(path: &Path, e: &io::Error) -> Error {
    output(path, &format!("can't be opened: {}", folder_reason(e)))
}

/// A new file's name must reach the disk too.
#[cfg(unix)]
fn sync_folder(path: &Path) -> io::Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    File::open(folder.unwrap_or(Path::new(".")))?.sync_all()
}

#[cfg(not(unix))]
fn sync_folder(_: &Path) -> io::Result<()> {
    Ok(())
}

/// Mode 0600: names and verdicts are private.
#[cfg(unix)]
fn owner_only(how: &mut OpenOptions) {
    use std::os::unix::fs::OpenOptionsExt;
    how.mode(0o600);
}

#[cfg(not(unix))]
fn owner_only(_: &mut OpenOptions) {}

fn output(path: &Path, what: &str) -> Error {
    Error::new(Kind::Output, format!("the journal `{}` {what}", path.display()))
}
