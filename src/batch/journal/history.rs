//! Summarises an existing journal at the start of a run, in a few bytes per pair.

use std::collections::{HashMap, HashSet};
use std::io::BufRead;

use super::entry::{Entry, Unreadable, each};
use super::record::{Key, Record, RecordState};
use crate::values::digest;
use crate::verdict::{Strictness, Verdict};

#[derive(Debug, Default)]
pub struct History {
    requests: HashMap<Key, RequestState>,
    /// Hashes of the ids that have a verdict, for any photos and options.
    ids: HashSet<u64>,
    /// The same requests by their files' names, sizes and times, for `--trust-mtime`.
    files: Option<HashMap<Key, Key>>,
    /// By hash of the id: the failure in its last line, if nothing was sent.
    refusals: HashMap<u64, u128>,
    /// Whether the last line is cut off, so that the next one must begin with a line end.
    pub(super) ends_torn: bool,
}

#[derive(Clone, Copy, Debug, Default)]
struct RequestState {
    verdict: Option<Verdict>,
    /// How many times it was sent and may have been charged, without a verdict.
    unanswered: u32,
}

impl RequestState {
    /// Only the line that ends an announced request proves that it was not charged. A later failure
    /// before sending proves nothing.
    fn end(&mut self, record: &Record, strictness: Strictness) {
        let was_announced = record.sent_at.is_some();
        match record.state() {
            RecordState::Judged(verdict) => {
                self.verdict = Some(verdict.tightened(strictness, || record.faces()));
            }
            RecordState::Unknown if was_announced => {}
            RecordState::Unknown => self.unanswered += 1,
            RecordState::Failed if was_announced => {
                self.unanswered = self.unanswered.saturating_sub(1);
            }
            RecordState::Failed => {}
        }
    }
}

impl History {
    pub fn verdict(&self, key: Key) -> Option<Verdict> {
        self.requests.get(&key)?.verdict
    }

    /// Whether the request may have been charged, but has no verdict.
    pub fn is_unknown(&self, key: Key) -> bool {
        self.requests.get(&key).is_some_and(|s| s.verdict.is_none() && s.unanswered > 0)
    }

    /// The key of the request whose files had these names, sizes and times.
    pub fn by_files(&self, key: Key) -> Option<Key> {
        self.files.as_ref()?.get(&key).copied()
    }

    /// Whether the pair's last line records the same failure, also from before anything was sent.
    pub fn has_refusal(&self, record: &Record) -> bool {
        let known = self.refusals.get(&digest::number(record.id.as_bytes()));
        known.is_some() && known.copied() == record.refusal()
    }

    /// Whether there is a verdict for this id, with any photos and options.
    pub fn knows(&self, id: &str) -> bool {
        self.ids.contains(&digest::number(id.as_bytes()))
    }

    fn add(&mut self, entry: &Entry, strictness: Strictness) {
        match entry {
            Entry::Sent(sent) => {
                let Some(key) = sent.key() else { return };
                self.requests.entry(key).or_default().unanswered += 1;
            }
            Entry::Ended(record) => {
                let id = digest::number(record.id.as_bytes());
                match record.refusal() {
                    Some(refusal) => drop(self.refusals.insert(id, refusal)),
                    None => drop(self.refusals.remove(&id)),
                }
                let Some(key) = record.key() else { return };
                if let (Some(files), Some(by_files)) = (&mut self.files, record.key_by_files()) {
                    files.insert(by_files, key);
                }
                let request = self.requests.entry(key).or_default();
                request.end(record, strictness);
                if request.verdict.is_some() {
                    self.ids.insert(id);
                }
            }
        }
    }
}

#[derive(Clone, Copy, Debug, Default)]
pub struct ReadOptions {
    /// Applies to earlier verdicts too.
    pub strictness: Strictness,
    /// Whether to find requests by their files' sizes and times too.
    pub trust_mtime: bool,
}

pub(super) fn read(source: impl BufRead, options: ReadOptions) -> Result<History, Unreadable> {
    let ReadOptions { strictness, trust_mtime } = options;
    let mut history = History { files: trust_mtime.then(HashMap::new), ..History::default() };
    history.ends_torn = each(source, |entry| history.add(&entry, strictness))?;
    Ok(history)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::batch::journal::record::{Failure, number, response};
    use crate::batch::journal::{Options, Sent, SentState};
    use crate::exit::Exit;

    fn record(id: &str, score: u32) -> Record {
        let options = Options { save: true, judged_by: "test".to_owned(), ..Options::default() };
        Record {
            id: id.to_owned(),
            user_image: id.to_owned(),
            ref_image: "\u{2028}\"\n".to_owned(),
            user_sha256: Some("a".to_owned()),
            ref_sha256: Some("b".to_owned()),
            threshold: number(&30),
            status: Some("Approved".to_owned()),
            score: Some(number(&score)),
            exit_code: Exit::Done.code(),
            attempts: 1,
            elapsed_ms: 1,
            response: response(b"{\"a\":\n[1]}"),
            extra: std::iter::once((id.to_owned(), id.to_owned())).collect(),
            options,
            ..Record::default()
        }
    }

    fn sent(id: &str) -> Sent {
        let Record { threshold, options, extra, .. } = record(id, 80);
        Sent {
            id: id.to_owned(),
            state: SentState::Sent,
            user_sha256: "a".to_owned(),
            ref_sha256: "b".to_owned(),
            threshold,
            options,
            sent_at: "2026-01-01T00:00:00.000001Z".to_owned(),
            user_image: "\0\n".to_owned(),
            ref_image: String::new(),
            tag: None,
            extra,
        }
    }

    fn line(content: &impl serde::Serialize) -> Vec<u8> {
        let mut line = serde_json::to_vec(content).unwrap();
        line.push(b'\n');
        line
    }

    /// For each id in turn a record or an announced request.
    fn lines(ids: &[String]) -> Vec<u8> {
        let lines = ids.iter().enumerate().map(|(i, id)| match i % 2 {
            0 => line(&record(id, 80)),
            _ => line(&sent(id)),
        });
        lines.collect::<Vec<_>>().concat()
    }

    /// Whether a run that continues `text` takes the pair `x` for judged, and for unknown.
    fn state_after(text: &[u8]) -> (bool, bool) {
        let history = read(text, ReadOptions::default()).unwrap();
        let key = sent("x").key().unwrap();
        (history.verdict(key).is_some(), history.is_unknown(key))
    }

    fn failed(sent_at: Option<&str>, maybe_billed: bool) -> Record {
        let error = Failure {
            kind: "service".to_owned(),
            message: String::new(),
            hint: None,
            http_status: None,
            maybe_billed,
            charged: None,
        };
        let sent_at = sent_at.map(str::to_owned);
        Record {
            status: None,
            score: None,
            exit_code: 8,
            error: Some(error),
            sent_at,
            ..record("x", 0)
        }
    }

    #[test]
    fn a_request_without_an_end_is_unknown_until_it_has_a_verdict() {
        let sent = || line(&sent("x"));
        let at = Some("2026-01-01T00:00:00.000001Z");
        let (end, verdict) = (line(&failed(at, false)), line(&record("x", 80)));
        let (judged, unknown, open) = ((true, false), (false, true), (false, false));
        for (lines, state) in [
            (vec![], open),
            (vec![sent()], unknown),
            (vec![sent(), end.clone()], open),
            (vec![sent(), line(&failed(at, true))], unknown),
            (vec![line(&failed(None, true))], unknown),
            (vec![line(&failed(None, false))], open),
            // The second one was refused before it was sent, or was not charged: the first may be.
            (vec![sent(), line(&failed(None, false))], unknown),
            (vec![sent(), sent(), end.clone()], unknown),
            (vec![sent(), line(&failed(at, true)), sent(), end], unknown),
            (vec![sent(), verdict.clone()], judged),
            (vec![sent(), sent(), verdict.clone()], judged),
            (vec![verdict, sent()], judged),
        ] {
            let text = lines.concat();
            assert_eq!(state_after(&text), state, "{}", String::from_utf8_lossy(&text));
        }
    }

    /// A power cut may leave any beginning of the file: what was sent is then known or unknown.
    #[test]
    fn a_truncated_journal_never_hides_a_sent_pair() {
        let mut text = line(&sent("x"));
        let announced = text.len();
        text.extend(line(&record("x", 80)));
        for at in 0..=text.len() {
            // A line that lacks nothing but its end counts.
            let is_announced = at + 1 >= announced;
            let is_judged = at + 1 >= text.len();
            let state = (is_judged, is_announced && !is_judged);
            assert_eq!(state_after(&text[..at]), state, "cut at {at}");
        }
    }

    fn ids_of(text: &[u8]) -> Result<(Vec<String>, bool), Unreadable> {
        let mut ids = Vec::new();
        let ends_torn = each(text, |entry| {
            ids.push(match entry {
                Entry::Sent(sent) => sent.id,
                Entry::Ended(record) => record.id,
            });
        })?;
        Ok((ids, ends_torn))
    }

    proptest! {
        #[test]
        fn truncation_keeps_every_complete_line(ids in prop::collection::vec(".{0,9}", 1..5), at in 0_usize..4000, zeros in 0_usize..20) {
            let text = lines(&ids);
            let at = at.min(text.len());
            let whole = text[..at].split(|&byte| byte == b'\n').count() - 1;
            // A last line that lacks nothing but its end counts.
            let whole = whole + usize::from(text.get(at) == Some(&b'\n'));
            let (found, ends_torn) = ids_of(&text[..at]).unwrap();
            prop_assert_eq!(&found, &ids[..whole]);
            prop_assert_eq!(ends_torn, at > 0 && text[at - 1] != b'\n');
            // The next run appends below, no matter how much of the line is left.
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
        fn any_file_is_read_or_refused(text in prop::collection::vec(any::<u8>(), 0..200)) {
            let _ = ids_of(&text);
        }

        #[test]
        fn a_record_that_contradicts_itself_is_no_verdict(score in 0_u32..30) {
            let record = record("x", score);
            prop_assert_eq!(record.state(), RecordState::Failed, "Approved below its threshold");
        }
    }
}
