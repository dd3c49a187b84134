//! A worker: takes one pair after another, has it judged and records the result.

use std::collections::HashMap;
use std::panic::{self, AssertUnwindSafe};
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use super::facts::Facts;
use super::limit::{Limit, Ticket};
use super::pace::{Pace, Stop, Turn};
use super::tally::{PairOutcome, Tally};
use super::wait::OpenPair;
use crate::batch::journal::{self, History, Journal, Key, Sent, SentState};
use crate::batch::manifest::{Pair, Pairs};
use crate::commands::pair;
use crate::error::{Charge, Error, Kind, Result};
use crate::judge::{Judge, Judged, Ready};
use crate::photo::{Original, Stamp};
use crate::prepare::{Preparation, both};

/// Shared by all workers.
pub(super) struct Work {
    pub(super) pairs: Mutex<Pairs>,
    pub(super) folder: PathBuf,
    pub(super) preparation: Preparation,
    /// `None` in a dry run.
    pub(super) judge: Option<Judge>,
    pub(super) judged_by: String,
    pub(super) pace: Arc<Pace>,
    pub(super) history: History,
    /// `None` in a dry run.
    pub(super) journal: Option<Journal>,
    pub(super) tally: Tally,
    pub(super) limit: Limit,
    /// What `--wait` settles at the end; `None` without it.
    pub(super) open: Option<Mutex<HashMap<Key, OpenPair>>>,
    pub(super) retry_unknown: bool,
    pub(super) trust_mtime: bool,
    pub(super) max_failures: Option<u64>,
    pub(super) failures: AtomicU64,
}

impl Work {
    pub(super) fn run(&self) {
        while let Some((pair, ticket)) = self.next() {
            let outcome = self.settle(&pair, ticket);
            self.tally.add(&pair, outcome);
        }
    }

    fn next(&self) -> Option<(Pair, Ticket<'_>)> {
        let ticket = self.limit.ticket()?;
        if self.pace.stopped().is_some() {
            return None;
        }
        match self.pairs.lock().unwrap_or_else(PoisonError::into_inner).next()? {
            Ok(pair) => {
                self.tally.begin();
                Some((pair, ticket))
            }
            Err(e) => {
                self.pace.stop(Stop::Pointless(e));
                None
            }
        }
    }

    fn settle(&self, pair: &Pair, ticket: Ticket<'_>) -> PairOutcome {
        if let Some(outcome) = self.known_by_files(pair) {
            return outcome;
        }
        let mut facts = Facts::default();
        let originals = match guarded(|| self.read(pair, &mut facts)) {
            Ok(originals) => originals,
            Err(e) => return self.record(pair, &facts, Err(e), None),
        };
        // Before checking whether the photos can be sent: what is judged stays judged.
        if let Some(outcome) = self.known(pair, &facts) {
            return outcome;
        }
        let ready = match guarded(|| self.ready(pair, originals, &mut facts)) {
            Ok(Some(ready)) => ready,
            Ok(None) => {
                ticket.spend();
                return PairOutcome::WouldSend;
            }
            Err(e) => return self.record(pair, &facts, Err(e), None),
        };
        // From here on everything is in memory, so that a pair is under way only as long
        // as the service takes.
        let Some(approach) = self.pace.approach() else { return PairOutcome::Untouched };
        if let Err(e) = self.announce(pair, &mut facts) {
            self.pace.stop(Stop::Pointless(e));
            return PairOutcome::Untouched;
        }
        let Some(turn) = approach.enter() else { return self.take_back(pair, &facts) };
        ticket.spend();
        facts.started = Some(Instant::now());
        let result = guarded(|| judge(&ready, pair, &mut facts));
        // After a panic, the pair may have been sent.
        let result = result.map_err(|e| match e.kind() {
            Kind::Internal if self.is_paid() => e.charged(Charge::Maybe),
            _ => e,
        });
        if result.as_ref().is_err_and(Error::is_untagged) {
            facts.tag = None;
        }
        self.record(pair, &facts, result, Some(turn))
    }

    /// Writes to disk that the pair is about to be sent, if that costs a credit.
    fn announce(&self, pair: &Pair, facts: &mut Facts) -> Result<(), Error> {
        let (Some(journal), true) = (&self.journal, self.is_paid()) else { return Ok(()) };
        let [Some(user_sha256), Some(ref_sha256)] = facts.photos.clone() else { return Ok(()) };
        let [user_image, ref_image] = pair.photos.clone();
        let sent_at = journal::now();
        facts.sent_at = Some(sent_at.clone());
        journal.announce(&Sent {
            id: pair.id.clone(),
            state: SentState::Sent,
            user_sha256,
            ref_sha256,
            threshold: journal::number(&pair.options.sent.threshold),
            options: self.options(&pair.options),
            sent_at,
            user_image,
            ref_image,
            tag: facts.tag,
            extra: pair.extra.clone(),
        })
    }

    /// Records that an announced pair was not sent after all, because the run was stopped.
    fn take_back(&self, pair: &Pair, facts: &Facts) -> PairOutcome {
        let error = Error::new(Kind::Interrupted, "not sent: the run was stopped first");
        let record = self.line(pair, facts, Err(&error));
        if let (Some(journal), Some(_)) = (&self.journal, &facts.sent_at) {
            // If this line is lost, the pair is unknown to the next run, and not sent twice.
            let _ = journal.append(&record).and_then(|line| journal.bring_to_disk(line));
        }
        PairOutcome::Untouched
    }

    fn read(&self, pair: &Pair, facts: &mut Facts) -> Result<[Original; 2]> {
        let limit = self.preparation.limit();
        let mut read = |i: usize| {
            let original = Original::read(&self.folder.join(&pair.photos[i]), limit)?;
            facts.photos[i].clone_from(&original.sha256);
            facts.files[i].clone_from(&original.stamp);
            Ok(original)
        };
        let (user, reference) = both(read(0), read(1))?;
        Ok([user, reference])
    }

    /// `None` in a dry run.
    fn ready(
        &self,
        pair: &Pair,
        originals: [Original; 2],
        facts: &mut Facts,
    ) -> Result<Option<Ready<'_>>> {
        let prepare = |original: Original| {
            let photo = self.preparation.admit(original.name, original.bytes)?;
            self.preparation.prepare(photo, pair.options.sent.rotate)
        };
        let [user, reference] = originals;
        let (user, reference) = both(prepare(user), prepare(reference))?;
        let remarks = user.remarks.iter().chain(&reference.remarks);
        remarks.for_each(|remark| self.tally.say(remark));
        facts.sent_sizes = [user.size, reference.size];
        let request = pair::request(user.photo, reference.photo, &pair.options.sent);
        facts.tag = request.tag.filter(|_| self.is_paid());
        Ok(self.judge.as_ref().map(|judge| judge.ready(&request)))
    }

    /// With `--trust-mtime`: the earlier outcome of a pair whose files look unchanged.
    fn known_by_files(&self, pair: &Pair) -> Option<PairOutcome> {
        let stamp = |i: usize| Stamp::of(&self.folder.join(&pair.photos[i]));
        let files = if self.trust_mtime { [stamp(0)?, stamp(1)?] } else { return None };
        let (threshold, options) = (pair.options.sent.threshold, self.options(&pair.options));
        let photos = pair.photos.each_ref().map(String::as_str);
        let key = Key::by_files(&pair.id, photos, &files, threshold, &options);
        self.known_by(self.history.by_files(key)?, pair)
    }

    /// The outcome of an earlier run, if the pair is not sent again.
    fn known(&self, pair: &Pair, facts: &Facts) -> Option<PairOutcome> {
        let [Some(user), Some(reference)] = &facts.photos else { return None };
        let options = self.options(&pair.options);
        let key = Key::new(&pair.id, [user, reference], pair.options.sent.threshold, &options);
        let outcome = self.known_by(key, pair);
        if outcome.is_none() && self.history.knows(&pair.id) {
            self.tally.changed(&pair.id);
        }
        outcome
    }

    fn known_by(&self, key: Key, pair: &Pair) -> Option<PairOutcome> {
        let outcome = match self.history.verdict(key) {
            Some(verdict) => PairOutcome::JudgedBefore(verdict),
            None if self.history.is_unknown(key) && !self.retry_unknown => PairOutcome::Unknown,
            None => return None,
        };
        self.note_open(Some(key), pair, &outcome);
        Some(outcome)
    }

    pub(super) fn is_paid(&self) -> bool {
        self.judge.as_ref().is_some_and(Judge::is_paid)
    }

    fn record(
        &self,
        pair: &Pair,
        facts: &Facts,
        result: Result<Judged, Error>,
        turn: Option<Turn<'_>>,
    ) -> PairOutcome {
        if let Err(e) = &result {
            self.stop_after(e);
        }
        let record = self.line(pair, facts, result.as_ref());
        // The same bad photo is recorded once, however often the run is continued.
        let journal = self.journal.as_ref().filter(|_| !self.history.has_refusal(&record));
        let is_recorded = journal.map_or(Ok(()), |journal| {
            let line = journal.append(&record)?;
            // The line outlives a killed process, so the next pair can go out meanwhile.
            drop(turn);
            journal.bring_to_disk(line)
        });
        if let Err(e) = is_recorded {
            self.pace.stop(Stop::Pointless(e));
            return PairOutcome::Unrecorded {
                is_paid: self.is_paid()
                    && result.as_ref().map_or_else(|e| e.charge() != Charge::No, |_| true),
                status: record.status,
            };
        }
        let attempts = record.attempts;
        let outcome = match result {
            Ok(judged) => PairOutcome::Judged { verdict: judged.verdict, attempts },
            Err(error) => PairOutcome::Failed { error, attempts },
        };
        self.note_open(record.key(), pair, &outcome);
        outcome
    }

    /// Must run before the failed pair's turn ends and another pair takes it.
    fn stop_after(&self, e: &Error) {
        let failures = self.failures.fetch_add(1, Ordering::Relaxed) + 1;
        if e.is_final() {
            self.pace.stop(Stop::Pointless(e.clone()));
        } else if self.max_failures.is_some_and(|limit| failures >= limit) {
            self.pace.stop(Stop::Failures);
        }
    }
}

fn judge(ready: &Ready<'_>, pair: &Pair, facts: &mut Facts) -> Result<Judged> {
    let answer = ready.ask()?;
    facts.attempts = answer.attempts;
    facts.tag = answer.tag;
    facts.body = Some(answer.body.clone());
    Ok(answer.judged(pair.options.sent.threshold)?.tightened(pair.options.strictness()))
}

/// Turns a panic into an error: the pair failed, and the run continues.
fn guarded<T>(work: impl FnOnce() -> Result<T>) -> Result<T, Error> {
    match panic::catch_unwind(AssertUnwindSafe(work)) {
        Ok(result) => result.map_err(Error::of),
        Err(_) => Err(Error::internal("a panic")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_is_a_failed_pair() {
        let result: Result<(), Error> = guarded(|| panic!("boom"));
        assert_eq!(result.unwrap_err().kind(), Kind::Internal);
        assert_eq!(guarded(|| Ok(1)).unwrap(), 1);
    }
}
