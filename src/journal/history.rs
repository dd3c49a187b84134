//! What a journal already says, read once at the start: a few bytes for each pair.

use std::collections::{HashMap, HashSet};
use std::io::{self, BufRead, Read};

use serde_json::error::Category;

use super::record::{Key, Record, Standing};
use crate::digest;
use crate::verdict::{Threshold, Verdict};

/// No line of ours is longer: an answer has a mebibyte at most.
const LONGEST_LINE: u64 = 32 * 1024 * 1024;
/// How each line of ours begins.
const BEGINNING: &[u8] = br#"{"id":""#;

/// What was recorded before, by pair.
#[derive(Debug, Default)]
pub struct History {
    judged: HashMap<Key, Verdict>,
    unknown: HashSet<Key>,
    /// Hashes of the ids that have a verdict for whatever photos and options.
    ids: HashSet<u64>,
    /// Whether the last line is cut off, so that the next must begin with a line end.
    pub(super) ends_torn: bool,
}

impl History {
    /// The verdict of the same request.
    pub fn verdict(&self, key: Key) -> Option<Verdict> {
        self.judged.get(&key).copied()
    }

    /// Whether the same request was sent and got no answer.
    pub fn is_unknown(&self, key: Key) -> bool {
        self.unknown.contains(&key)
    }

    /// Whether there is a verdict under this id, for whatever photos and options.
    pub fn knows(&self, id: &str) -> bool {
        self.ids.contains(&digest::number(id.as_bytes()))
    }

    /// How many verdicts there are.
    pub fn len(&self) -> usize {
        self.judged.len()
    }

    /// Whether there is no verdict.
    pub fn is_empty(&self) -> bool {
        self.judged.is_empty()
    }

    fn add(&mut self, record: &Record, review_below: Option<Threshold>) {
        let Some(key) = record.key() else { return };
        match record.standing() {
            Standing::Judged(verdict) => {
                let verdict = review_below.map_or(verdict, |limit| verdict.review_below(limit));
                self.judged.insert(key, verdict);
                self.ids.insert(digest::number(record.id.as_bytes()));
            }
            Standing::Unknown => drop(self.unknown.insert(key)),
            Standing::Failed => {}
        }
    }
}

/// Why a journal could not be read.
#[derive(Debug)]
pub enum Unreadable {
    /// The operating system's reason.
    Io(io::Error),
    /// This line, from 1, is none of ours.
    Foreign(u64),
}

/// Reads what a journal says; `review_below` makes its verdicts stricter.
pub(super) fn read(
    source: impl BufRead,
    review_below: Option<Threshold>,
) -> Result<History, Unreadable> {
    let mut history = History::default();
    history.ends_torn = each(source, |record| history.add(&record, review_below))?;
    Ok(history)
}

/// Hands each whole line to `take`, and says whether the last one is cut off.
///
/// A run that was killed may leave a line that breaks off; the next run leaves it in its place.
pub fn each(mut source: impl BufRead, mut take: impl FnMut(Record)) -> Result<bool, Unreadable> {
    let mut line = Vec::new();
    let mut ends_torn = false;
    for number in 1.. {
        line.clear();
        let limited = source.by_ref().take(LONGEST_LINE);
        let mut limited = limited;
        if limited.read_until(b'\n', &mut line).map_err(Unreadable::Io)? == 0 {
            break;
        }
        ends_torn = line.pop_if(|byte| *byte == b'\n').is_none();
        match serde_json::from_slice(&line) {
            Ok(record) => take(record),
            Err(e) if is_torn(&line, &e) => {}
            Err(_) => return Err(Unreadable::Foreign(number)),
        }
    }
    Ok(ends_torn)
}

/// Whether `line` is the beginning of one of ours; a file system may have filled it with zeros.
fn is_torn(line: &[u8], e: &serde_json::Error) -> bool {
    let end = line.iter().rposition(|byte| *byte != 0).map_or(0, |last| last + 1);
    let text = &line[..end];
    let breaks_off = e.classify() == Category::Eof || end < line.len();
    breaks_off && (text.starts_with(BEGINNING) || BEGINNING.starts_with(text))
}
