//! What a journal already says, read once at the start: a few bytes for each pair.

use std::collections::{HashMap, HashSet};
use std::io::{self, BufRead, Read};

use serde_json::error::Category;

use super::record::{Key, Record, RecordState};
use crate::values::digest;
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
        match record.state() {
            RecordState::Judged(verdict) => {
                let verdict = review_below.map_or(verdict, |limit| verdict.review_below(limit));
                self.judged.insert(key, verdict);
                self.ids.insert(digest::number(record.id.as_bytes()));
            }
            RecordState::Unknown => drop(self.unknown.insert(key)),
            RecordState::Failed => {}
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
            Err(e) if is_torn(&line, &e) && (number > 1 || begins(&line)) => {}
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

/// Whether there is any sign of ours: a file of nothing but zeros or line ends is none.
fn begins(line: &[u8]) -> bool {
    line.first() == BEGINNING.first()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::batch::journal::Options;
    use crate::batch::journal::record::{number, response};
    use crate::exit::Exit;

    fn record(id: &str, score: u32) -> Record {
        let options = Options {
            rotate: false,
            save: true,
            vendor_data: None,
            metadata: None,
            review_below: None,
            judged_by: "test".to_owned(),
        };
        Record {
            id: id.to_owned(),
            user_image: id.to_owned(),
            ref_image: "\u{2028}\"\n".to_owned(),
            user_sha256: Some("a".to_owned()),
            ref_sha256: Some("b".to_owned()),
            threshold: number(&30),
            status: Some("Approved".to_owned()),
            score: Some(number(&score)),
            request_id: None,
            warnings: Vec::new(),
            exit_code: Exit::Done.code(),
            error: None,
            attempts: 1,
            elapsed_ms: 1,
            finished_at: String::new(),
            response: response(b"{\"a\":\n[1]}"),
            extra: std::iter::once((id.to_owned(), id.to_owned())).collect(),
            options,
        }
    }

    fn lines(ids: &[String]) -> Vec<u8> {
        let mut text = Vec::new();
        for id in ids {
            serde_json::to_writer(&mut text, &record(id, 80)).unwrap();
            text.push(b'\n');
        }
        text
    }

    fn ids_of(text: &[u8]) -> Result<(Vec<String>, bool), Unreadable> {
        let mut ids = Vec::new();
        let ends_torn = each(text, |record| ids.push(record.id))?;
        Ok((ids, ends_torn))
    }

    proptest! {
        #[test]
        fn a_cut_leaves_every_whole_line(ids in prop::collection::vec(".{0,9}", 1..5), at in 0_usize..4000, zeros in 0_usize..20) {
            let text = lines(&ids);
            let at = at.min(text.len());
            let whole = text[..at].split(|&byte| byte == b'\n').count() - 1;
            // A last line that lacks nothing but its end counts.
            let whole = whole + usize::from(text.get(at) == Some(&b'\n'));
            let (found, ends_torn) = ids_of(&text[..at]).unwrap();
            prop_assert_eq!(&found, &ids[..whole]);
            prop_assert_eq!(ends_torn, at > 0 && text[at - 1] != b'\n');
            // The next run goes on below, whatever a file system left of the line.
            let mut next = text[..at].to_vec();
            if whole > 0 && at > 0 && text[at - 1] != b'\n' && text.get(at) != Some(&b'\n') {
                next.extend(vec![0; zeros]);
            }
            if ends_torn {
                next.push(b'\n');
            }
            next.extend(&text);
            let (found, _) = ids_of(&next).unwrap();
            prop_assert_eq!(found.len(), whole + ids.len());
        }

        #[test]
        fn whatever_it_holds_a_file_is_read_or_refused(text in prop::collection::vec(any::<u8>(), 0..200)) {
            let _ = ids_of(&text);
        }

        #[test]
        fn a_line_that_says_more_than_it_can_prove_is_no_verdict(score in 0_u32..30) {
            let record = record("x", score);
            prop_assert_eq!(record.state(), RecordState::Failed, "Approved below its threshold");
        }
    }
}
