//! Counters of a batch run.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

/// The number of ids to list for each kind of problem.
pub const NAMED: usize = 10;

#[derive(Clone, Debug, Default)]
pub struct Counts {
    /// Pairs of this run.
    pub pairs: u64,
    /// Pairs left for another run because of `--only` or `--limit`.
    pub left: u64,
    /// The maximum number of pairs to send.
    pub limit: Option<u64>,
    /// Pairs taken by a worker.
    pub taken: u64,
    /// Verdicts include those of earlier runs.
    pub approved: u64,
    pub declined: u64,
    /// Lists of ids hold the first [`NAMED`] only.
    pub declined_ids: Vec<String>,
    pub in_review: u64,
    pub in_review_ids: Vec<String>,
    /// Approved by the service, but In Review because of an option.
    pub downgraded: u64,
    /// Pairs that this run could not judge.
    pub failed: u64,
    /// Judged by an earlier run.
    pub judged_before: u64,
    /// Without a verdict, but may have been charged, in this run or an earlier one.
    pub unknown: u64,
    /// Unknown since an earlier run.
    pub unknown_before: u64,
    pub unknown_ids: Vec<String>,
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
    pub kinds: BTreeMap<&'static str, u64>,
    /// The first [`NAMED`] failures: id and message.
    pub named: Vec<(String, String)>,
    /// Pairs that were paid for but could not be written to the journal.
    pub unrecorded: Vec<String>,
    pub started: Option<Instant>,
}

impl Counts {
    /// Pairs that need no more work.
    pub fn done(&self) -> u64 {
        self.finished + self.judged_before + self.unknown_before + self.would_send
    }

    /// Pairs that no run has started.
    pub fn untouched(&self) -> u64 {
        self.pairs.saturating_sub(self.done())
    }

    pub fn judged(&self) -> u64 {
        self.approved + self.declined + self.in_review
    }

    /// Excludes the pairs that `--limit` left from this run.
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

    /// The first pairs of each kind of problem, worst kind first: `` declined pairs: `a`, `b` ``.
    pub fn problems(&self) -> Vec<String> {
        let failed: Vec<_> = self.named.iter().map(|(id, _)| id.clone()).collect();
        let failed = in_words(&failed, self.failed);
        let failed = self.named.first().map(|(id, why)| match self.failed {
            1 => format!("pair `{id}` failed: {why}"),
            _ => format!("failed pairs: {failed}; the first: {why}"),
        });
        failed.into_iter().chain(self.open_problems()).collect()
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

    /// The statuses that occurred, for `report --only`.
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

/// Lists the first ids of `count` pairs, and how many more there are.
pub fn in_words(ids: &[String], count: u64) -> String {
    let named: Vec<_> = ids.iter().map(|id| format!("`{id}`")).collect();
    match count.saturating_sub(named.len() as u64) {
        0 => named.join(", "),
        more if named.is_empty() => format!("{more}"),
        more => format!("{} and {more} more", named.join(", ")),
    }
}
