//! Counts the results of a run.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use super::wait::OpenPair;
use crate::batch::journal::Known;
use crate::batch::manifest::{Census, Pair};
use crate::commands::pair;
use crate::error::{Charge, Error};
use crate::prepare::Remark;
use crate::render::batch::{BatchProgress, Counts, NAMED};
use crate::values::text::{QUOTED, excerpt};
use crate::verdict::{Status, Verdict};

pub(super) enum PairOutcome {
    Judged {
        verdict: Verdict,
        attempts: u32,
    },
    /// By an earlier run.
    JudgedBefore(Known),
    Failed {
        error: Error,
        attempts: u32,
    },
    /// Possibly charged by an earlier run, and not sent again.
    Unknown,
    /// In a dry run.
    WouldSend,
    /// The run was stopped first.
    Untouched,
    /// The result could not be written to the journal.
    Unrecorded {
        is_paid: bool,
        status: Option<String>,
    },
}

pub(super) struct Tally {
    counts: Mutex<Counts>,
    is_paid: bool,
    progress: BatchProgress,
}

impl Tally {
    pub(super) fn new(
        census: &Census,
        limit: Option<u64>,
        is_paid: bool,
        progress: BatchProgress,
    ) -> Self {
        let (pairs, left, started) = (census.pairs, census.left_out, Some(Instant::now()));
        let counts = Counts { pairs, left, limit, started, ..Counts::default() };
        Self { counts: Mutex::new(counts), is_paid, progress }
    }

    pub(super) fn counts(&self) -> MutexGuard<'_, Counts> {
        self.counts.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn begin(&self) {
        self.counts().taken += 1;
    }

    pub(super) fn note(&self, text: &str) {
        self.progress.note(text);
    }

    pub(super) fn say(&self, remark: &Remark) {
        self.progress.above(|console| pair::tell(remark, console));
    }

    pub(super) fn add(&self, pair: &Pair, outcome: PairOutcome) {
        let mut counts = self.counts();
        match outcome {
            PairOutcome::Judged { verdict, attempts } => {
                counts.credits += u64::from(self.is_paid);
                counts.finished += 1;
                add_attempts(&mut counts, attempts);
                add_verdict(&mut counts, pair, Known::from(&verdict));
            }
            PairOutcome::JudgedBefore(known) => {
                counts.judged_before += 1;
                add_verdict(&mut counts, pair, known);
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

    /// A pair that was In Review or unknown has a verdict now.
    pub(super) fn settle(&self, pair: &OpenPair, verdict: &Verdict) {
        let mut counts = self.counts();
        let id = excerpt(&pair.id, QUOTED);
        if !pair.is_unknown {
            counts.settled += 1;
            counts.in_review -= 1;
            counts.in_review_ids.retain(|other| *other != id);
            return add_status(&mut counts, id, Known::from(verdict));
        }
        counts.found += 1;
        counts.unknown -= 1;
        counts.unknown_ids.retain(|other| *other != id);
        if pair.is_earlier {
            counts.unknown_before -= 1;
            counts.judged_before += 1;
        } else {
            counts.maybe_billed -= 1;
            counts.credits += 1;
        }
        counts.scores.extend(Known::from(verdict).score);
        add_status(&mut counts, id, Known::from(verdict));
    }
}

fn add_attempts(counts: &mut Counts, attempts: u32) {
    counts.retries += u64::from(attempts.saturating_sub(1));
}

fn add_verdict(counts: &mut Counts, pair: &Pair, known: Known) {
    counts.scores.extend(known.score);
    add_status(counts, excerpt(&pair.id, QUOTED), known);
}

fn add_status(counts: &mut Counts, id: String, known: Known) {
    counts.downgraded += u64::from(known.is_downgraded);
    match known.status {
        Status::Approved => counts.approved += 1,
        Status::Declined => {
            counts.declined += 1;
            name(&mut counts.declined_ids, id);
        }
        Status::InReview => {
            counts.in_review += 1;
            name(&mut counts.in_review_ids, id);
        }
    }
}

fn add_unknown(counts: &mut Counts, pair: &Pair) {
    counts.unknown += 1;
    name(&mut counts.unknown_ids, excerpt(&pair.id, QUOTED));
}

fn name(ids: &mut Vec<String>, id: String) {
    if ids.len() < NAMED {
        ids.push(id);
    }
}

fn add_failure(counts: &mut Counts, pair: &Pair, error: &Error) {
    if error.charge() != Charge::No {
        counts.maybe_billed += 1;
        return add_unknown(counts, pair);
    }
    counts.failed += 1;
    *counts.kinds.entry(error.kind().name()).or_default() += 1;
    if counts.named.len() < NAMED {
        counts.named.push((excerpt(&pair.id, QUOTED), error.message().to_owned()));
    }
}
