//! A worker: takes one pair after another, has it judged and records the result.

use std::collections::{HashMap, HashSet};
use std::panic::{self, AssertUnwindSafe};
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use super::facts::Facts;
use super::limit::{Limit, Ticket};
use super::pace::{Pace, Stop, Turn};
use super::plan::{Hashes, Plan, Step};
use super::tally::{PairOutcome, Tally};
use super::wait::OpenPair;
use crate::batch::journal::{self, Journal, Mark, MarkState, Naming, State};
use crate::batch::manifest::{Pair, Pairs};
use crate::cli::RetryUnknown;
use crate::commands::pair;
use crate::error::{Charge, Error, Kind, Result};
use crate::judge::{Judge, Judged, Ready};
use crate::photo::Original;
use crate::prepare::{Preparation, Remark, both};
use crate::values::text::{QUOTED, excerpt, safe};

/// The same page of a gateway to this many pairs in a row would make all the rest unknown.
const SAME_PAGES: usize = 3;

/// Shared by all workers.
pub(super) struct Work {
    pub(super) pairs: Mutex<Pairs>,
    pub(super) plan: Plan,
    pub(super) hashes: Hashes,
    pub(super) naming: Naming,
    pub(super) folder: PathBuf,
    pub(super) preparation: Preparation,
    /// `None` in a dry run.
    pub(super) judge: Option<Judge>,
    pub(super) judged_by: String,
    /// Whether this run, or the one that it rehearses, costs credits.
    pub(super) is_paid_run: bool,
    pub(super) pace: Arc<Pace>,
    pub(super) state: State,
    /// The requests that this run has verdicts of.
    pub(super) request_ids: Mutex<HashSet<String>>,
    /// `None` in a dry run.
    pub(super) journal: Option<Journal>,
    pub(super) tally: Tally,
    pub(super) limit: Limit,
    /// What `--wait` settles at the end; `None` without it.
    pub(super) open: Option<Mutex<HashMap<u64, OpenPair>>>,
    pub(super) retry_unknown: RetryUnknown,
    pub(super) rejudge: bool,
    pub(super) trust_mtime: bool,
    pub(super) max_failures: Option<u64>,
    pub(super) failures: AtomicU64,
    /// The pages of a gateway that the last pairs got instead of an answer.
    pub(super) pages: Mutex<Vec<String>>,
}

impl Work {
    pub(super) fn run(&self) {
        while let Some((pair, ticket)) = self.next() {
            let outcome = self.process(&pair, ticket);
            self.tally.add(&pair, outcome);
        }
    }

    fn next(&self) -> Option<(Pair, Ticket<'_>)> {
        let ticket = self.limit.ticket()?;
        if self.pace.stopped().is_some() {
            return None;
        }
        let mut pairs = self.pairs.lock().unwrap_or_else(PoisonError::into_inner);
        let is_left =
            |pair: &Result<Pair, Error>| !pair.as_ref().is_ok_and(|p| self.plan.is_done(p));
        match pairs.find(is_left)? {
            Ok(pair) => {
                self.tally.begin();
                Some((pair, ticket))
            }
            Err(e) => {
                self.pace.stop(Stop::Fatal(e));
                None
            }
        }
    }

    fn process(&self, pair: &Pair, ticket: Ticket<'_>) -> PairOutcome {
        let mut facts = Facts::default();
        let originals = match guarded(|| self.read(pair, &mut facts)) {
            Ok(originals) => originals,
            Err(e) => return self.record(pair, &facts, Err(e), None),
        };
        // Before checking whether the photos can be sent: what is judged stays judged.
        match self.known(pair, &facts) {
            Ok(None) => {}
            Ok(Some(outcome)) => return outcome,
            Err(e) => {
                self.pace.stop(Stop::Fatal(e));
                return PairOutcome::Untouched;
            }
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
            self.pace.stop(Stop::Fatal(e));
            return PairOutcome::Untouched;
        }
        let Some(turn) = approach.enter() else { return self.take_back(pair, &facts) };
        ticket.spend();
        facts.started = Some(Instant::now());
        let result = guarded(|| self.judged(&ready, pair, &mut facts));
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
        facts.sent_at = Some(journal::now());
        let record = self.line(pair, facts, None);
        journal.announce(&Mark::on(&record, MarkState::Sent))
    }

    /// Records that an announced pair was not sent after all, because the run was stopped.
    fn take_back(&self, pair: &Pair, facts: &Facts) -> PairOutcome {
        let error = Error::new(Kind::Interrupted, "not sent: the run was stopped first");
        let record = self.line(pair, facts, Some(Err(&error)));
        if let (Some(journal), Some(_)) = (&self.journal, &facts.sent_at) {
            // If this line is lost, the pair is unknown to the next run, and not sent twice.
            let _ = journal.record(&record);
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
        if facts.is_same_file() {
            let what = format!("{}: {}", safe(&pair.id), pair::SAME_FILE);
            self.tally.say(&Remark::Warning(what));
        }
        facts.sent_sizes = [user.size, reference.size];
        let request = pair::request(user.photo, reference.photo, &pair.options.sent);
        facts.tag = request.tag.filter(|_| self.is_paid());
        Ok(self.judge.as_ref().map(|judge| judge.ready(&request)))
    }

    /// The outcome of an earlier run, if the photos have become known ones since the plan was made.
    fn known(&self, pair: &Pair, facts: &Facts) -> Result<Option<PairOutcome>, Error> {
        let [Some(user), Some(reference)] = &facts.photos else { return Ok(None) };
        if !self.state.may_know(&pair.id) {
            return Ok(None);
        }
        match self.step(self.standing(pair, [user, reference])?, pair, [user, reference]) {
            Step::Send => Ok(None),
            Step::Skip(outcome) => Ok(Some(outcome)),
            Step::Refuse(_) => {
                let id = excerpt(&pair.id, QUOTED);
                let what = format!("the photos of pair `{id}` were changed during the run");
                Err(Error::new(Kind::Input, what))
            }
        }
    }

    /// The verdict on the pair, if the answer can be trusted to be on it.
    fn judged(&self, ready: &Ready<'_>, pair: &Pair, facts: &mut Facts) -> Result<Judged> {
        let answer = ready.ask()?;
        facts.attempts = answer.attempts;
        facts.tag = answer.tag;
        facts.body = Some(answer.body.clone());
        let judged = answer.judged(pair.options.sent.threshold)?;
        if let Some(id) = judged.details.request_id.as_ref().map(|id| id.to_ascii_lowercase()) {
            let mut ids = self.request_ids.lock().unwrap_or_else(PoisonError::into_inner);
            let is_another = self.state.knows_request(&id) || !ids.insert(id.clone());
            if is_another && !judged.is_proven && self.is_paid() {
                let what =
                    format!("the answer is another pair's: its request id `{id}` was given before");
                return Err(Error::new(Kind::Response, what)
                    .http_status(200)
                    .charged(Charge::Maybe)
                    .hint("something on the way answers for the service, such as a cache")
                    .into());
            }
        }
        Ok(judged.tightened(pair.options.strictness(), facts.is_same_file()))
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
        match &result {
            Err(e) => self.stop_after(e),
            Ok(_) => self.pages.lock().unwrap_or_else(PoisonError::into_inner).clear(),
        }
        let record = self.line(pair, facts, Some(result.as_ref()));
        // The same bad photo is recorded once, however often the run is continued.
        let journal = self.journal.as_ref().filter(|_| !self.state.has_refusal(&record));
        let is_recorded = journal.map_or(Ok(()), |journal| {
            let line = journal.append(&record)?;
            // The line outlives a killed process, so the next pair can go out meanwhile.
            drop(turn);
            journal.bring_to_disk(line)
        });
        if let Err(e) = is_recorded {
            self.pace.stop(Stop::Fatal(e));
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
        self.note_open(pair, record.identity(), &outcome);
        outcome
    }

    /// Must run before the failed pair's turn ends and another pair takes it.
    fn stop_after(&self, e: &Error) {
        let failures = self.failures.fetch_add(1, Ordering::Relaxed) + 1;
        if e.is_final() {
            self.pace.stop(Stop::Fatal(e.clone()));
        } else if self.max_failures.is_some_and(|limit| failures >= limit) {
            self.pace.stop(Stop::Failures);
        }
        let mut pages = self.pages.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(page) = e.page() {
            pages.retain(|known| known == page);
            pages.push(page.to_owned());
            if pages.len() >= SAME_PAGES {
                self.pace.stop(Stop::Fatal(e.clone()));
            }
        } else if e.tries() > 0 {
            pages.clear();
        }
    }
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
