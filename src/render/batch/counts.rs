//! Counts how the pairs of a run end.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

/// How many ids are named of each kind of problem.
pub const NAMED: usize = 10;

#[derive(Clone, Debug, Default)]
pub struct Counts {
    /// Pairs of this run.
    pub pairs: u64,
    /// Pairs that `--only` or `--limit` leaves for another run.
    pub left: u64,
    /// The most pairs to send.
    pub limit: Option<u64>,
    /// Pairs taken by a worker.
    pub taken: u64,
    /// By this run or before, like all verdicts.
    pub approved: u64,
    pub declined: u64,
    /// The first [`NAMED`], like all ids.
    pub declined_ids: Vec<String>,
    pub in_review: u64,
    pub in_review_ids: Vec<String>,
    /// Approved by the answer, but In Review by `--review-below` or `--one-face`.
    pub downgraded_by: u64,
    /// Not judged, by this run.
    pub failed: u64,
    /// Judged by an earlier run.
    pub judged_before: u64,
    /// Without a verdict, but may have been paid; by this run or before.
    pub unknown: u64,
    /// Unknown since an earlier run.
    pub unknown_before: u64,
    pub unknown_ids: Vec<String>,
    /// Sent again because photos or options have changed.
    pub changed: u64,
    /// What a dry run would have sent.
    pub would_send: u64,
    /// Judged or failed in this run.
    pub finished: u64,
    /// Failed, but may have been paid.
    pub maybe_billed: u64,
    /// Credits used by this run.
    pub credits: u64,
    /// Reviews that were decided during `--wait`.
    pub settled: u64,
    /// Lost answers that `--wait` found.
    pub found: u64,
    /// Attempts after the first.
    pub retries: u64,
    pub scores: Vec<f32>,
    pub kinds: BTreeMap<&'static str, u64>,
    /// The first failures: id and message.
    pub named: Vec<(String, String)>,
    /// Pairs that were paid but could not be written to the journal.
    pub unrecorded: Vec<String>,
    pub started: Option<Instant>,
}

impl Counts {
    /// Pairs that need no more work, by this run or before.
    pub fn done(&self) -> u64 {
        self.finished + self.judged_before + self.unknown_before + self.would_send
    }

    /// Pairs that no run has started.
    pub fn untouched(&self) -> u64 {
        self.pairs.saturating_sub(self.done())
    }

    /// Pairs that have a verdict.
    pub fn judged(&self) -> u64 {
        self.approved + self.declined + self.in_review
    }

    /// Counts the pairs that `--limit` left as not part of this run.
    pub fn leave_the_rest(&mut self) {
        self.left += self.pairs.saturating_sub(self.taken);
        self.pairs = self.taken;
    }

    pub fn line(&self) -> String {
        let Self { approved, declined, in_review, failed, unknown, .. } = self;
        let line = format!(
            "{approved} approved, {declined} declined, {in_review} in review, {failed} failed"
        );
        if *unknown > 0 { format!("{line}, {unknown} unknown") } else { line }
    }

    /// The first pairs of each kind of problem, worst kind first: `declined pairs: a, b`.
    pub fn problems(&self) -> Vec<String> {
        let failed: Vec<_> = self.named.iter().map(|(id, _)| id.clone()).collect();
        let kinds = [("failed pairs", failed.as_slice(), self.failed)];
        kinds_in_words(&kinds).chain(self.open_problems()).collect()
    }

    /// [`Counts::problems`] without failed pairs.
    pub fn open_problems(&self) -> Vec<String> {
        let kinds = [
            ("unknown pairs", self.unknown_ids.as_slice(), self.unknown),
            ("pairs in review", &self.in_review_ids, self.in_review),
            ("declined pairs", &self.declined_ids, self.declined),
        ];
        kinds_in_words(&kinds).collect()
    }

    /// The problems' statuses for `report --only`.
    pub fn problem_statuses(&self) -> String {
        let kinds = [
            ("failed", self.failed),
            ("unknown", self.unknown),
            ("review", self.in_review),
            ("declined", self.declined),
        ];
        let found = kinds.into_iter().filter(|(_, count)| *count > 0);
        found.map(|(status, _)| status).collect::<Vec<_>>().join(",")
    }

    pub(super) fn elapsed(&self) -> Duration {
        self.started.map_or(Duration::ZERO, |started| started.elapsed())
    }

    #[allow(clippy::cast_precision_loss, reason = "a rate to be read by people")]
    pub(super) fn per_second(&self) -> f64 {
        self.finished as f64 / self.elapsed().as_secs_f64().max(0.001)
    }
}

fn kinds_in_words(kinds: &[(&str, &[String], u64)]) -> impl Iterator<Item = String> {
    let kinds = kinds.iter().filter(|(_, _, count)| *count > 0);
    kinds.map(|(what, ids, count)| format!("{what}: {}", in_words(ids, *count)))
}

/// The first ids of `count` pairs, and how many more there are.
pub fn in_words(ids: &[String], count: u64) -> String {
    let named: Vec<_> = ids.iter().map(|id| format!("`{id}`")).collect();
    match count.saturating_sub(named.len() as u64) {
        0 => named.join(", "),
        more if named.is_empty() => format!("{more}"),
        more => format!("{} and {more} more", named.join(", ")),
    }
}
