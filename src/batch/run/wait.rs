//! `--wait`: at the end of a run, looks up its reviews and lost answers, free of charge.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use super::counts::{NAMED, Outcome};
use super::pace::Stop;
use super::{Run, lock};
use crate::api::Client;
use crate::batch::journal::{Journal, Known, Reading, Record};
use crate::batch::lookup::{Change, Lookup};
use crate::batch::manifest::Pair;
use crate::error::{Charge, Error, Kind, Result};
use crate::interrupt;
use crate::values::quantity;
use crate::values::text::{QUOTED, count, excerpt};
use crate::verdict::Status;

/// A pair that a lookup may give a verdict.
pub struct OpenPair {
    pub id: String,
    pub row: u64,
    pub is_unknown: bool,
    /// Left open by an earlier run.
    pub is_earlier: bool,
}

/// By pair, why it has no verdict yet.
type StillOpen = HashMap<u64, String>;

impl Run {
    /// Remembers a pair that `--wait` may look up.
    pub(super) fn note_open(&self, pair: &Pair, record: &Record, outcome: &Outcome) {
        let (is_unknown, is_earlier) = match outcome {
            _ if !self.waits => return,
            Outcome::Judged { verdict, .. } if verdict.status == Status::InReview => (false, false),
            Outcome::JudgedBefore(known) if known.status == Status::InReview => (false, true),
            Outcome::Failed { error, .. } if error.charge() != Charge::No => (true, false),
            Outcome::Unknown => (true, true),
            _ => return,
        };
        let new = OpenPair { id: pair.id.clone(), row: pair.row, is_unknown, is_earlier };
        lock(&self.open).insert(self.state.key(record), new);
    }

    /// Whether this run left anything open that can be looked up now.
    pub fn has_open(&self) -> bool {
        let has_ended = matches!(self.pace.stopped(), None | Some(Stop::Failures));
        let journal = self.journal.as_ref().filter(|journal| journal.failure().is_none());
        has_ended && self.mode.is_paid() && journal.is_some() && !lock(&self.open).is_empty()
    }

    /// Looks up what this run left open, in the journal and in the counts.
    pub fn look_up<G>(
        &self,
        limit: Duration,
        client: impl FnOnce() -> Result<(Client, G)>,
    ) -> Result<()> {
        let (Some(journal), mut open) = (&self.journal, std::mem::take(&mut *lock(&self.open)))
        else {
            return Ok(());
        };
        self.say_how_many(&open, limit);
        let (client, progress) = client()?;
        let (changes, left, problem) = self.ask(&open, limit, journal, &client)?;
        drop(progress);
        if let Some(problem) = problem {
            self.warn(format!("could not look up every pair: {}", problem.message()));
        }
        let strictness = self.reading.strictness;
        for Change { key, verdict, seen } in changes {
            if let Some(pair) = open.remove(&key) {
                let verdict = verdict.tightened(strictness, || seen);
                lock(&self.counts).settle(&pair, Known::from(&verdict));
            }
        }
        let unknown = open.iter().filter(|(_, pair)| pair.is_unknown);
        let reasons: BTreeMap<u64, _> = unknown
            .filter_map(|(key, pair)| Some((pair.row, (&pair.id, left.get(key)?))))
            .collect();
        for (id, why) in reasons.into_values().take(NAMED) {
            self.note(format!("pair `{}` stays unknown: {why}", excerpt(id, QUOTED)));
        }
        Ok(())
    }

    fn say_how_many(&self, open: &HashMap<u64, OpenPair>, limit: Duration) {
        let unknown = open.values().filter(|pair| pair.is_unknown).count() as u64;
        let reviews = open.len() as u64 - unknown;
        let limit = quantity::in_words(limit.max(Duration::from_secs(1)));
        if unknown > 0 {
            self.note(format!("looking for the lost answers of {}", count(unknown, "pair")));
        }
        if reviews > 0 {
            let reviews = count(reviews, "pair");
            self.note(format!("waiting up to {limit} for the decision on {reviews} in review"));
        }
    }

    /// The new verdicts, why other pairs stay open, and why some could not be asked about.
    fn ask(
        &self,
        open: &HashMap<u64, OpenPair>,
        limit: Duration,
        journal: &Journal,
        client: &Client,
    ) -> Result<(Vec<Change>, StillOpen, Option<Error>)> {
        let is_stopped = Arc::new(AtomicBool::new(false));
        let (stopping, pace) = (Arc::clone(&is_stopped), Arc::clone(&self.pace));
        let _grace = interrupt::gracefully(move || {
            pace.stop(Stop::Interrupted);
            stopping.store(true, Ordering::Relaxed);
        });
        let is_stopped = || is_stopped.load(Ordering::Relaxed);
        let reading = Reading { naming: self.reading.naming, ..Reading::default() };
        let state = journal.reread(reading)?;
        let mut lookup = Lookup::new(&state, client, journal, self.judged_by.clone(), is_stopped);
        // Whatever could not be asked about keeps its verdict, which decides how the run ends.
        let problem = match lookup.work(Some(limit), |key| open.contains_key(&key)) {
            Err(e) if e.kind() == Kind::Output => return Err(e.into()),
            result => result.err().or(lookup.results.problem),
        };
        Ok((lookup.results.changes, lookup.results.left, problem))
    }
}
