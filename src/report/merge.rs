//! Merges journals by pair id, and decides which of several records of a pair counts.

use std::collections::HashMap;

use super::{Entry, Needs, PairStatus};
use crate::batch::journal::Record;

/// All pairs, in order of first appearance.
#[derive(Debug)]
pub struct Pairs {
    needs: Needs,
    entries: Vec<Entry>,
    places: HashMap<String, usize>,
}

impl Pairs {
    pub fn new(needs: Needs) -> Self {
        Self { needs, entries: Vec::new(), places: HashMap::new() }
    }

    /// Adds a record; it replaces the pair's previous one only if it takes precedence.
    pub fn add(&mut self, record: Record) {
        let entry = Entry::new(record, self.needs);
        match self.places.get(&entry.id) {
            None => {
                self.places.insert(entry.id.clone(), self.entries.len());
                self.entries.push(entry);
            }
            Some(&place) => {
                if let Some(known) =
                    self.entries.get_mut(place).filter(|known| takes_precedence(&entry, known))
                {
                    *known = entry;
                }
            }
        }
    }

    /// The pairs with one of these statuses; all pairs if `only` is empty.
    pub fn filtered(self, only: &[PairStatus]) -> Vec<Entry> {
        let is_wanted = |entry: &Entry| only.is_empty() || only.contains(&entry.status);
        self.entries.into_iter().filter(is_wanted).collect()
    }
}

/// Whether `entry` takes precedence over `known`. A verdict beats no verdict; otherwise the later
/// record wins. But a verdict on other photos or options doesn't settle a later request that may
/// have been paid.
fn takes_precedence(entry: &Entry, known: &Entry) -> bool {
    let is_later = entry.finished_at >= known.finished_at;
    let is_other = matches!((entry.key, known.key), (Some(a), Some(b)) if a != b);
    match (entry.status, known.status) {
        (PairStatus::Unknown, other) if other.is_judged() => is_other && is_later,
        (other, PairStatus::Unknown) if other.is_judged() => !is_other || is_later,
        (one, other) if one.is_judged() != other.is_judged() => one.is_judged(),
        _ => is_later,
    }
}
