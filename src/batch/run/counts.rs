//! Counts the results of a run.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use super::wait::OpenPair;
use crate::batch::journal::Known;
use crate::batch::manifest::{Census, Pair};
use crate::error::{Charge, Error};
use crate::values::text::{QUOTED, excerpt};
use crate::verdict::Status;

/// The number of pairs to name for each kind of problem.
pub const NAMED: usize = 10;

/// A pair's outcome in this run.
pub(super) enum Outcome {
    Judged {
        verdict: Known,
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
    WouldSend,
    /// The run was stopped first.
    Untouched,
    /// The result could not be written to the journal.
    Unrecorded {
        is_paid: bool,
        status: Option<String>,
    },
}

/// Some pairs: how many, and the first [`NAMED`] in the manifest's order.
#[derive(Clone, Debug, Default)]
pub struct Named {
    pub count: u64,
    /// By row: the id, and why.
    first: BTreeMap<u64, (String, String)>,
}

#[derive(Clone, Debug, Default)]
pub struct Counts {
    /// Whether each verdict costs a credit.
    pub is_paid: bool,
    pub pairs: u64,
    /// Pairs left for another run because of `--only` or `--limit`.
    pub left: u64,
    /// The maximum number of pairs to send.
    pub limit: Option<u64>,
    /// Pairs taken by a worker.
    pub taken: u64,
    /// Verdicts include those of earlier runs.
    pub approved: u64,
    pub declined: Named,
    pub in_review: Named,
    /// Approved by the service, but In Review because of an option.
    pub downgraded: u64,
    /// Pairs that this run could not judge, and that were not charged.
    pub failed: Named,
    pub judged_before: u64,
    /// Without a verdict, but may have been charged, in this run or an earlier one.
    pub unknown: Named,
    /// Unknown since an earlier run.
    pub unknown_before: u64,
    /// Sent again because photos or options have changed.
    pub changed: u64,
    /// Pairs that a dry run would have sent.
    pub would_send: u64,
    /// Judged or failed in this run.
    pub finished: u64,
    /// Failed, but may have been charged.
    pub maybe_billed: u64,
    /// Credits used by this run.
    pub credits: u64,
    /// Reviews that were decided during `--wait`.
    pub settled: u64,
    /// Lost answers that `--wait` found again.
    pub found: u64,
    /// Attempts after the first.
    pub retries: u64,
    pub scores: Vec<f32>,
    pub lowest_approved: Option<f32>,
    pub highest_declined: Option<f32>,
    pub kinds: BTreeMap<&'static str, u64>,
    /// Pairs that were paid for but could not be written to the journal.
    pub unrecorded: Vec<String>,
    pub started: Option<Instant>,
}

impl Named {
    fn add(&mut self, row: u64, id: &str, why: &str) {
        self.count += 1;
        let is_full = self.first.len() >= NAMED;
        if is_full && self.first.last_key_value().is_some_and(|(last, _)| row > *last) {
            return;
        }
        self.first.insert(row, (excerpt(id, QUOTED), why.to_owned()));
        if is_full {
            self.first.pop_last();
        }
    }

    fn remove(&mut self, row: u64) {
        self.count -= 1;
        self.first.remove(&row);
    }

    pub fn ids(&self) -> Vec<String> {
        self.first.values().map(|(id, _)| id.clone()).collect()
    }

    /// The first ids, each with why.
    pub fn first(&self) -> impl Iterator<Item = (&str, &str)> {
        self.first.values().map(|(id, why)| (id.as_str(), why.as_str()))
    }

    pub fn in_words(&self) -> String {
        in_words(&self.ids(), self.count)
    }
}

impl Counts {
    pub fn new(census: &Census, limit: Option<u64>, is_paid: bool) -> Self {
        let (pairs, left, started) = (census.pairs, census.left_out, Some(Instant::now()));
        Self { is_paid, pairs, left, limit, started, ..Self::default() }
    }

    pub(super) fn add(&mut self, pair: &Pair, outcome: &Outcome) {
        match outcome {
            Outcome::Judged { verdict, attempts } => {
                self.credits += u64::from(self.is_paid);
                self.finished += 1;
                self.retries += u64::from(attempts.saturating_sub(1));
                self.judged(pair.row, &pair.id, *verdict, true);
            }
            Outcome::JudgedBefore(known) => {
                self.judged_before += 1;
                self.judged(pair.row, &pair.id, *known, true);
            }
            Outcome::Failed { error, attempts } => {
                self.finished += 1;
                self.retries += u64::from(attempts.saturating_sub(1));
                if error.charge() == Charge::No {
                    self.failed.add(pair.row, &pair.id, error.message());
                    *self.kinds.entry(error.kind().name()).or_default() += 1;
                } else {
                    self.maybe_billed += 1;
                    self.unknown.add(pair.row, &pair.id, "");
                }
            }
            Outcome::Unknown => {
                self.unknown_before += 1;
                self.unknown.add(pair.row, &pair.id, "");
            }
            Outcome::WouldSend => self.would_send += 1,
            Outcome::Untouched | Outcome::Unrecorded { is_paid: false, .. } => {}
            Outcome::Unrecorded { status, .. } => {
                let status = status.as_deref().unwrap_or("no verdict");
                self.unrecorded.push(format!("`{}` ({status})", excerpt(&pair.id, QUOTED)));
            }
        }
    }

    fn judged(&mut self, row: u64, id: &str, known: Known, is_new_score: bool) {
        let Known { status, score, is_downgraded } = known;
        self.scores.extend(score.filter(|_| is_new_score));
        self.downgraded += u64::from(is_downgraded);
        match status {
            Status::Approved => {
                self.approved += 1;
                let lowest = self.lowest_approved.into_iter().chain(score).reduce(f32::min);
                self.lowest_approved = lowest;
            }
            Status::Declined => {
                self.declined.add(row, id, "");
                let highest = self.highest_declined.into_iter().chain(score).reduce(f32::max);
                self.highest_declined = highest;
            }
            Status::InReview => self.in_review.add(row, id, ""),
        }
    }

    pub(super) fn settle(&mut self, pair: &OpenPair, verdict: Known) {
        if pair.is_unknown {
            self.found += 1;
            self.unknown.remove(pair.row);
            if pair.is_earlier {
                self.unknown_before -= 1;
                self.judged_before += 1;
            } else {
                self.maybe_billed -= 1;
                self.credits += 1;
            }
        } else {
            self.settled += 1;
            self.in_review.remove(pair.row);
        }
        self.judged(pair.row, &pair.id, verdict, pair.is_unknown);
    }

    /// Pairs that need no more work.
    pub fn done(&self) -> u64 {
        self.finished + self.judged_before + self.unknown_before + self.would_send
    }

    /// Pairs that no run has started.
    pub fn untouched(&self) -> u64 {
        self.pairs.saturating_sub(self.done())
    }

    pub fn verdicts(&self) -> u64 {
        self.approved + self.declined.count + self.in_review.count
    }

    /// Excludes the pairs that `--limit` left from this run.
    pub(super) fn leave_the_rest(&mut self) {
        self.left += self.pairs.saturating_sub(self.taken);
        self.pairs = self.taken;
    }

    pub fn line(&self) -> String {
        let Self { approved, declined, in_review, failed, unknown, .. } = self;
        let line = format!(
            "{approved} approved, {} declined, {} in review, {} failed",
            declined.count, in_review.count, failed.count
        );
        if unknown.count > 0 { format!("{line}, {} unknown", unknown.count) } else { line }
    }

    /// `3 of 4 pairs: 2 approved, …`
    pub fn so_far(&self) -> String {
        format!("{} of {} pairs: {}", self.done(), self.pairs, self.line())
    }

    /// The first pairs of each kind of problem, worst kind first: `` declined pairs: `a`, `b` ``.
    pub fn problems(&self) -> Vec<String> {
        let failed = self.failed.first().next().map(|(id, why)| match self.failed.count {
            1 => format!("pair `{id}` failed: {why}"),
            _ => format!("failed pairs: {}; the first: {why}", self.failed.in_words()),
        });
        failed.into_iter().chain(self.open_problems()).collect()
    }

    /// [`Counts::problems`] without failed pairs.
    pub fn open_problems(&self) -> impl Iterator<Item = String> {
        let kinds = [
            ("unknown pairs", &self.unknown),
            ("pairs in review", &self.in_review),
            ("declined pairs", &self.declined),
        ];
        let kinds = kinds.into_iter().filter(|(_, some)| some.count > 0);
        kinds.map(|(what, some)| format!("{what}: {}", some.in_words()))
    }

    pub fn elapsed(&self) -> Duration {
        self.started.map_or(Duration::ZERO, |started| started.elapsed())
    }

    #[allow(clippy::cast_precision_loss, reason = "a rate to be read by people")]
    pub fn per_second(&self) -> f64 {
        self.finished as f64 / self.elapsed().as_secs_f64().max(0.001)
    }
}

/// Lists the first ids of `count` pairs, and how many more there are.
pub fn in_words(ids: &[String], count: u64) -> String {
    let named: Vec<_> = ids.iter().map(|id| format!("`{id}`")).collect();
    match count.saturating_sub(named.len() as u64) {
        0 => named.join(", "),
        more if named.is_empty() => format!("{more}"),
        more => format!("{} and {more} more", named.join(", ")),
    }
}
