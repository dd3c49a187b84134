//! How the pairs of a run ended, counted as they end.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use crate::batch::manifest::Pair;
use crate::commands::pair;
use crate::error::Error;
use crate::prepare::Remark;
use crate::render::batch::{BatchProgress, Counts};
use crate::values::text::excerpt;
use crate::verdict::{Status, Verdict};

/// How many pairs of a kind are named one by one.
const NAMED: usize = 10;
const QUOTED: usize = 60;

/// How one pair ended.
pub(super) enum PairOutcome {
    /// It has a verdict, which stands in the journal.
    Judged { verdict: Verdict, attempts: u32 },
    /// An earlier run judged it.
    JudgedBefore(Verdict),
    /// It could not be judged.
    Failed { error: Error, attempts: u32 },
    /// It may have been paid by an earlier run, and is not sent again.
    Unknown,
    /// A dry run would have sent it.
    WouldSend,
    /// The run was stopped before the pair was sent.
    Untouched,
    /// It ended, but that could not be written to the journal.
    Unrecorded { is_paid: bool, status: Option<String> },
}

/// The counts, and who is shown them.
pub(super) struct Tally {
    counts: Mutex<Counts>,
    is_paid: bool,
    progress: BatchProgress,
}

impl Tally {
    /// For `pairs`; `is_paid` says whether each verdict costs a credit.
    pub(super) fn new(pairs: u64, is_paid: bool, progress: BatchProgress) -> Self {
        let counts = Counts { pairs, started: Some(Instant::now()), ..Counts::default() };
        Self { counts: Mutex::new(counts), is_paid, progress }
    }

    /// The counts as they are.
    pub(super) fn counts(&self) -> MutexGuard<'_, Counts> {
        self.counts.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A pair has a verdict for other photos or options, and is sent again.
    pub(super) fn changed(&self, id: &str) {
        let changed = {
            let mut counts = self.counts();
            counts.changed += 1;
            counts.changed
        };
        let id = excerpt(id, QUOTED);
        if changed <= NAMED as u64 {
            self.progress.note(&format!(
                "pair `{id}` is sent again: its photos or options have changed since it was judged"
            ));
        } else if changed == NAMED as u64 + 1 {
            self.progress
                .note("more pairs have changed and are sent again; the summary counts them");
        }
    }

    /// Says something about a photo.
    pub(super) fn say(&self, remark: &Remark) {
        self.progress.above(|console| pair::tell(remark, console));
    }

    /// Counts a pair.
    pub(super) fn add(&self, pair: &Pair, outcome: PairOutcome) {
        let mut counts = self.counts();
        match outcome {
            PairOutcome::Judged { verdict, attempts } => {
                counts.credits += u64::from(self.is_paid);
                counts.finished += 1;
                add_attempts(&mut counts, attempts);
                add_verdict(&mut counts, &verdict);
            }
            PairOutcome::JudgedBefore(verdict) => {
                counts.judged_before += 1;
                add_verdict(&mut counts, &verdict);
            }
            PairOutcome::Failed { error, attempts } => {
                counts.finished += 1;
                add_attempts(&mut counts, attempts);
                add_failure(&mut counts, pair, &error);
            }
            PairOutcome::Unknown => {
                counts.unknown_before += 1;
                add_unknown(&mut counts, pair);
            }
            PairOutcome::WouldSend => counts.would_send += 1,
            PairOutcome::Untouched => {}
            PairOutcome::Unrecorded { is_paid, status } => {
                if is_paid {
                    let status = status.as_deref().unwrap_or("no verdict");
                    counts.unrecorded.push(format!("`{}` ({status})", excerpt(&pair.id, QUOTED)));
                }
            }
        }
    }
}

fn add_attempts(counts: &mut Counts, attempts: u32) {
    counts.retries += u64::from(attempts.saturating_sub(1));
}

fn add_verdict(counts: &mut Counts, verdict: &Verdict) {
    counts.downgraded_by += u64::from(verdict.downgraded_by().is_some());
    match verdict.status() {
        Status::Approved => counts.approved += 1,
        Status::Declined => counts.declined += 1,
        Status::InReview => counts.in_review += 1,
    }
    counts.scores.extend(verdict.score().and_then(|score| f32::try_from(score.value()).ok()));
}

fn add_unknown(counts: &mut Counts, pair: &Pair) {
    counts.unknown += 1;
    if counts.unknown_ids.len() < NAMED {
        counts.unknown_ids.push(excerpt(&pair.id, QUOTED));
    }
}

fn add_failure(counts: &mut Counts, pair: &Pair, error: &Error) {
    if error.is_maybe_processed() {
        counts.maybe_billed += 1;
        return add_unknown(counts, pair);
    }
    counts.failed += 1;
    *counts.kinds.entry(error.kind().name()).or_default() += 1;
    if counts.named.len() < NAMED {
        counts.named.push((excerpt(&pair.id, QUOTED), error.message().to_owned()));
    }
}
