//! The lines of a journal: a request that is about to be sent, or how a pair ended.

use std::collections::BTreeMap;
use std::io::{self, BufRead, Read};

use serde::{Deserialize, Serialize};
use serde_json::error::Category;
use serde_json::value::RawValue;

use super::record::{Failure, Key, Options, Record};
use crate::error::Kind;
use crate::exit::Exit;

/// No line of ours is longer: an answer has a mebibyte at most.
const LONGEST_LINE: u64 = 32 * 1024 * 1024;
/// How each line of ours begins.
const BEGINNING: &[u8] = br#"{"id":""#;

#[derive(Clone, Debug)]
pub enum Entry {
    /// A paid request may be on its way.
    Sent(Box<Sent>),
    Ended(Box<Record>),
}

/// A line that is on disk before its request leaves. Its members are a contract, like those of
/// a [`Record`].
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Sent {
    /// The pair's identifier.
    pub id: String,
    /// Always `sent`.
    pub state: State,
    pub user_sha256: String,
    /// The same for the other photo.
    pub ref_sha256: String,
    /// The threshold that is sent.
    pub threshold: Box<RawValue>,
    /// How the pair is judged.
    pub options: Options,
    /// When, in UTC. The record of the end repeats it.
    pub sent_at: String,
    /// The photos, as the manifest names them.
    #[serde(default)]
    pub user_image: String,
    /// The same for the other photo.
    #[serde(default)]
    pub ref_image: String,
    /// The other columns of the manifest.
    #[serde(default)]
    pub extra: BTreeMap<String, String>,
}

/// What tells a [`Sent`] from a [`Record`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum State {
    /// Its request is about to leave.
    Sent,
}

impl Sent {
    /// The key under which the same request is found again.
    pub fn key(&self) -> Option<Key> {
        let threshold = self.threshold.get().parse().ok()?;
        Some(Key::new(&self.id, [&self.user_sha256, &self.ref_sha256], threshold, &self.options))
    }

    /// The record of a request whose end was never written: it may have been paid.
    pub fn unanswered(self) -> Record {
        Record {
            id: self.id,
            user_image: self.user_image,
            ref_image: self.ref_image,
            user_sha256: Some(self.user_sha256),
            ref_sha256: Some(self.ref_sha256),
            threshold: self.threshold,
            status: None,
            score: None,
            request_id: None,
            warnings: Vec::new(),
            exit_code: Exit::Network.code(),
            error: Some(Failure {
                kind: Kind::Network.name().to_owned(),
                message: "sent, but the run ended before its answer was recorded".to_owned(),
                hint: None,
                http_status: None,
                maybe_billed: true,
            }),
            attempts: 1,
            elapsed_ms: 0,
            finished_at: self.sent_at.clone(),
            response: None,
            extra: self.extra,
            options: self.options,
            sent_at: Some(self.sent_at),
            settled_from: None,
            reason: None,
            environment: None,
            files: None,
            sent_sizes: None,
        }
    }
}

/// Why a journal could not be read.
#[derive(Debug)]
pub enum Unreadable {
    /// The operating system's reason.
    Io(io::Error),
    /// This line, from 1, is not one of ours.
    Foreign(u64),
}

/// Hands each whole line to `take`, and says whether the last one is cut off.
///
/// A run that was killed may leave a line that breaks off; the next run leaves it in its place.
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

/// Whether `line` is the beginning of one of ours; a file system may have filled it with zeros.
fn is_torn(line: &[u8], e: &serde_json::Error) -> bool {
    let end = line.iter().rposition(|byte| *byte != 0).map_or(0, |last| last + 1);
    let text = &line[..end];
    let breaks_off = e.classify() == Category::Eof || end < line.len();
    breaks_off && (text.starts_with(BEGINNING) || BEGINNING.starts_with(text))
}

/// Whether there is any sign of ours: a file of nothing but zeros or line ends has none.
fn begins(line: &[u8]) -> bool {
    line.first() == BEGINNING.first()
}
