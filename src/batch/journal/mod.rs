//! The journal of a batch: append-only, with a line for each pair that is on disk before it counts.

mod line;
mod lock;
mod record;
mod state;
mod write;

use std::fs::{self, File};
use std::io::BufReader;
use std::path::Path;

pub use line::{Unreadable, each};
pub use lock::is_in_use;
pub use record::{
    Brief, Ended, Failure, Mark, Marked, Options, Record, UNANSWERED, now, number, response,
};
pub use state::{Known, Lines, Naming, PairRef, PairState, Place, Reading, Standing, State};
pub use write::Journal;

use crate::error::{Error, Kind, unreadable};

/// What one or more journals say, which are only read.
pub fn read(paths: &[impl AsRef<Path>], reading: Reading) -> Result<State, Error> {
    let mut state = State::new(reading);
    for path in paths.iter().map(AsRef::as_ref) {
        let name = format!("`{}`", path.display());
        let input = |what: &str| Error::new(Kind::Input, format!("{name} {what}"));
        let file = File::open(path).map_err(|e| input(&unreadable(&e)))?;
        if fs::metadata(path).is_ok_and(|metadata| metadata.is_dir()) {
            return Err(input("is a folder"));
        }
        state.read(&file).map_err(|e| e.of(&name, Kind::Input))?;
    }
    Ok(state)
}

/// Passes the record of each line to `take`, those that others replace included.
pub fn lines(path: &Path, mut take: impl FnMut(Record)) -> Result<(), Error> {
    let name = format!("`{}`", path.display());
    let failed = |e: Unreadable| e.of(&name, Kind::Input);
    let file = File::open(path).map_err(|e| failed(Unreadable::Io(e)))?;
    let read = each(BufReader::new(file), |_, record| {
        if record.state.is_none() {
            take(record);
        }
        Ok(true)
    });
    read.map(drop).map_err(failed)
}

impl Unreadable {
    /// `name` is the journal's. Nothing here may lead to a new journal, in which all is paid again.
    fn of(&self, name: &str, kind: Kind) -> Error {
        match self {
            Self::Io(e) => Error::new(kind, format!("{name} {}", unreadable(e))),
            Self::Foreign => {
                Error::new(kind, format!("{name} is not a batch journal (no line is a record)"))
                    .hint("it was not changed; name a file that `batch` wrote with -o")
            }
            Self::Damaged(line) => {
                Error::new(kind, format!("{name} is damaged on line {line}; nothing was sent")).hint(
                    "repair that line, or restore the file from a copy; with a new journal, every pair would be sent and charged again",
                )
            }
        }
    }
}
