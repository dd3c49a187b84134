//! The state of each pair in a journal: its latest record.

use std::collections::{HashMap, HashSet};
use std::mem;
use std::path::Path;

use super::journal::{self, Key, Record, RecordState};
use crate::error::Error;
use crate::verdict::Status;

#[derive(Default)]
pub struct Pairs {
    list: Vec<Pair>,
    places: HashMap<String, usize>,
    request_ids: HashSet<String>,
    without_request_id: HashSet<String>,
    outdated: Vec<Record>,
}

pub struct Pair {
    pub id: String,
    pub state: RecordState,
    /// The latest record, if it is In Review or unknown.
    pub open: Option<Box<Record>>,
    key: Option<Key>,
    finished_at: String,
}

impl Pairs {
    pub fn read(path: &Path) -> Result<Self, Error> {
        let mut pairs = Self::default();
        journal::read_lines(path, |record| pairs.add(record))?;
        Ok(pairs)
    }

    pub fn add(&mut self, record: Record) {
        self.note_request(&record);
        let pair = Pair::new(record);
        match self.places.get(&pair.id) {
            None => {
                self.places.insert(pair.id.clone(), self.list.len());
                self.list.push(pair);
            }
            Some(&place) => {
                let Some(known) = self.list.get_mut(place) else { return };
                let other = if pair.replaces(known) { mem::replace(known, pair) } else { pair };
                let is_other = other.key != known.key;
                if let (true, RecordState::Unknown, Some(record)) =
                    (is_other, other.state, other.open)
                {
                    self.outdated.push(*record);
                }
            }
        }
    }

    /// Lost requests of pairs whose photos or options have changed since: a session may belong to them.
    pub fn outdated(&self) -> &[Record] {
        &self.outdated
    }

    /// Whether this is the latest record of its pair.
    pub fn is_current(&self, record: &Record) -> bool {
        let place = self.places.get(&record.id).and_then(|&place| self.list.get(place));
        place.is_some_and(|pair| pair.key == record.key())
    }

    /// Remembers the request id, or without one the `vendor_data`, of each session.
    fn note_request(&mut self, record: &Record) {
        let vendor_data = &record.options.vendor_data;
        match (&record.request_id, vendor_data, record.state()) {
            (Some(id), _, _) => drop(self.request_ids.insert(id.to_ascii_lowercase())),
            (None, Some(data), RecordState::Judged(_)) if record.options.save => {
                self.without_request_id.insert(data.clone());
            }
            _ => {}
        }
    }

    /// In the order in which they first appear.
    pub fn iter(&self) -> impl Iterator<Item = &Pair> {
        self.list.iter()
    }

    pub fn knows_request(&self, id: &str) -> bool {
        self.request_ids.contains(&id.to_ascii_lowercase())
    }

    /// Whether a pair with this `vendor_data` was judged in a session without a known id.
    pub fn has_nameless(&self, vendor_data: &str) -> bool {
        self.without_request_id.contains(vendor_data)
    }
}

impl Pair {
    fn new(record: Record) -> Self {
        let state = record.state();
        let is_open = match state {
            RecordState::Judged(verdict) => verdict.status() == Status::InReview,
            RecordState::Unknown => true,
            RecordState::Failed => false,
        };
        let (id, finished_at) = (record.id.clone(), record.finished_at.clone());
        let key = record.key();
        Self { id, state, open: is_open.then(|| Box::new(record)), key, finished_at }
    }

    /// A failure that was not charged replaces nothing; otherwise the later record counts.
    fn replaces(&self, known: &Self) -> bool {
        let is_failed = |pair: &Self| pair.state == RecordState::Failed;
        match (is_failed(self), is_failed(known)) {
            (true, false) => false,
            (false, true) => true,
            _ => self.finished_at >= known.finished_at,
        }
    }
}
