//! Tracks announced requests until their result is recorded.

use std::collections::HashMap;

use super::entry::Sent;
use super::record::{Key, Record, RecordState};

#[derive(Default)]
pub(super) struct Open {
    requests: HashMap<Key, Request>,
    /// Numbers the lines, to keep their order.
    added: usize,
}

#[derive(Default)]
struct Request {
    announced: Vec<(usize, Sent)>,
    unknown: Option<Record>,
}

impl Open {
    pub(super) fn add(&mut self, sent: Sent) {
        let Some(key) = sent.key() else { return };
        self.added += 1;
        self.requests.entry(key).or_default().announced.push((self.added, sent));
    }

    /// The effective record: a pair that may have been charged stays so even after a failed retry.
    pub(super) fn end(&mut self, record: Record) -> Record {
        let Some(key) = record.key() else { return record };
        let state = record.state();
        if let RecordState::Judged(_) = state {
            self.requests.remove(&key);
            return record;
        }
        let request = self.requests.entry(key).or_default();
        request.announced.retain(|(_, sent)| record.sent_at.as_ref() != Some(&sent.sent_at));
        if state == RecordState::Unknown {
            request.unknown = Some(record.clone());
        }
        let announced = || request.announced.last().map(|(_, sent)| sent.clone().unanswered());
        request.unknown.clone().or_else(announced).unwrap_or(record)
    }

    /// The announced requests without an end, in order.
    pub(super) fn unanswered(self) -> impl Iterator<Item = Record> {
        let mut left: Vec<_> = self.requests.into_values().flat_map(|r| r.announced).collect();
        left.sort_by_key(|(number, _)| *number);
        left.into_iter().map(|(_, sent)| sent.unanswered())
    }
}
