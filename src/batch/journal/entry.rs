//! The lines of a journal: a request about to be sent, or the result of a pair.

use std::collections::BTreeMap;
use std::io::{self, BufRead, Read};

use serde::{Deserialize, Serialize};
use serde_json::error::Category;
use serde_json::value::RawValue;

use super::record::{Failure, Key, Options, Record};
use crate::error::{Charge, Kind};
use crate::exit::Exit;
use crate::values::tag::RequestTag;

/// Longer than any line of ours: an answer has at most 1 MiB.
const LONGEST_LINE: u64 = 32 * 1024 * 1024;
/// The start of every line that we write.
const BEGINNING: &[u8] = br#"{"id":""#;

#[derive(Clone, Debug)]
pub enum Entry {
    /// A paid request may be on its way.
    Sent(Box<Sent>),
    Ended(Box<Record>),
}

/// Written to disk before its request leaves. The fields are a contract, like those of [`Record`].
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Sent {
    pub id: String,
    pub state: State,
    pub user_sha256: String,
    pub ref_sha256: String,
    pub threshold: Box<RawValue>,
    pub options: Options,
    /// In UTC. The record of the end repeats it.
    pub sent_at: String,
    #[serde(default)]
    pub user_image: String,
    #[serde(default)]
    pub ref_image: String,
    /// In its `metadata`, if it has one.
    #[serde(default)]
    pub tag: Option<RequestTag>,
    /// Other columns of the manifest.
    #[serde(default)]
    pub extra: BTreeMap<String, String>,
}

/// Distinguishes a [`Sent`] from a [`Record`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum State {
    Sent,
}

impl Sent {
    pub fn key(&self) -> Option<Key> {
        let threshold = self.threshold.get().parse().ok()?;
        Some(Key::new(&self.id, [&self.user_sha256, &self.ref_sha256], threshold, &self.options))
    }

    /// The record of a request whose end was never written: it may have been charged.
    pub fn unanswered(self) -> Record {
        Record {
            id: self.id,
            user_image: self.user_image,
            ref_image: self.ref_image,
            user_sha256: Some(self.user_sha256),
            ref_sha256: Some(self.ref_sha256),
            threshold: self.threshold,
            exit_code: Exit::Network.code(),
            error: Some(Failure {
                kind: Kind::Network.name().to_owned(),
                message: "sent, but the run ended before its answer was recorded".to_owned(),
                hint: None,
                http_status: None,
                maybe_billed: true,
                charged: Some(Charge::Maybe),
            }),
            attempts: 1,
            finished_at: self.sent_at.clone(),
            extra: self.extra,
            options: self.options,
            sent_at: Some(self.sent_at),
            tag: self.tag,
            ..Record::default()
        }
    }
}

#[derive(Debug)]
pub enum Unreadable {
    Io(io::Error),
    /// This line, counted from 1, is not one of ours.
    Foreign(u64),
}

/// Passes each whole line to `take`, and returns whether the last line is cut off.
///
/// A killed run may leave an incomplete line. The next run leaves it where it is.
pub fn each(mut source: impl BufRead, mut take: impl FnMut(Entry)) -> Result<bool, Unreadable> {
    let mut line = Vec::new();
    let mut ends_torn = false;
    for number in 1.. {
        line.clear();
        let mut limited = source.by_ref().take(LONGEST_LINE);
        if limited.read_until(b'\n', &mut line).map_err(Unreadable::Io)? == 0 {
            break;
        }
        ends_torn = line.pop_if(|byte| *byte == b'\n').is_none();
        match read(&line) {
            Ok(entry) => take(entry),
            Err(e) if is_torn(&line, &e) && (number > 1 || begins(&line)) => {}
            Err(_) => return Err(Unreadable::Foreign(number)),
        }
    }
    Ok(ends_torn)
}

fn read(line: &[u8]) -> serde_json::Result<Entry> {
    match serde_json::from_slice(line) {
        Ok(record) => Ok(Entry::Ended(Box::new(record))),
        Err(e) if e.is_data() => {
            serde_json::from_slice(line).map(|sent| Entry::Sent(Box::new(sent)))
        }
        Err(e) => Err(e),
    }
}

/// Whether `line` is the beginning of one of ours; a file system may have filled the rest with
/// zeros.
fn is_torn(line: &[u8], e: &serde_json::Error) -> bool {
    let end = line.iter().rposition(|byte| *byte != 0).map_or(0, |last| last + 1);
    let text = &line[..end];
    let breaks_off = e.classify() == Category::Eof || end < line.len();
    breaks_off && (text.starts_with(BEGINNING) || BEGINNING.starts_with(text))
}

/// A file of nothing but zeros or line ends is not a journal.
fn begins(line: &[u8]) -> bool {
    line.first() == BEGINNING.first()
}
