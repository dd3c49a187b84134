//! What a journal says of all its pairs after a lookup.

use std::path::Path;

use serde::Serialize;

use super::{Lookup, unread};
use crate::batch::journal::{Journal, PairState, Reading};
use crate::error::Error;
use crate::exit::Exit;
use crate::verdict::Status;

/// The number of a journal's pairs in each state.
#[derive(Default, Serialize)]
pub struct Settlement {
    pub journal: String,
    pub pairs: u64,
    pub approved: u64,
    pub declined: u64,
    pub in_review: u64,
    pub failed: u64,
    /// Without a verdict, but may have been charged.
    pub unknown: u64,
    /// Of these, how many the service has no record of.
    pub absent: u64,
    /// Reviews that were decided.
    pub settled: u64,
    /// Lost answers that were found again.
    pub found: u64,
    /// Pairs still unknown, or In Review and not erased, by id.
    pub open: Vec<Open>,
}

#[derive(Serialize)]
pub struct Open {
    pub id: String,
    pub state: &'static str,
    /// Why it has no verdict yet.
    pub why: String,
}

impl Settlement {
    /// Counts what the journal says by now.
    pub fn of(lookup: &Lookup<'_>, journal: &Journal, path: &Path) -> Result<Self, Error> {
        let state = journal.reread(Reading::default())?;
        let results = &lookup.results;
        let mut all = Self {
            journal: path.display().to_string(),
            settled: results.settled,
            found: results.found,
            ..Self::default()
        };
        for pair in state.pairs() {
            let (record, pair) = state.current(pair).map_err(|e| unread(&e))?;
            all.pairs += 1;
            let open = match pair {
                PairState::Failed => {
                    all.failed += 1;
                    continue;
                }
                PairState::Judged(known) => match known.status {
                    Status::Approved => {
                        all.approved += 1;
                        continue;
                    }
                    Status::Declined => {
                        all.declined += 1;
                        continue;
                    }
                    Status::InReview => {
                        all.in_review += 1;
                        if state.is_deleted(&record) {
                            continue;
                        }
                        Status::InReview.name()
                    }
                },
                PairState::Unknown { is_absent } => {
                    all.unknown += 1;
                    all.absent += u64::from(is_absent);
                    "unknown"
                }
            };
            let why = results.left.get(&state.key(&record)).cloned().unwrap_or_default();
            all.open.push(Open { id: record.id, state: open, why });
        }
        all.open.sort_by(|a, b| a.id.cmp(&b.id));
        Ok(all)
    }

    pub fn exit(&self) -> Exit {
        Exit::of_batch(self.pairs, self.approved, self.declined, self.in_review)
    }

    pub fn judged(&self) -> u64 {
        self.approved + self.declined + self.in_review
    }
}
