//! The distribution of scores by verdict, and the most common threshold.

use super::{PairStatus, Report};
use crate::render::histogram;

/// Each covers five points.
pub(super) const BINS: usize = 20;

pub(super) struct Histogram {
    /// Counts of declined, in-review and approved pairs.
    pub(super) bins: [[u64; 3]; BINS],
    /// The most common threshold.
    pub(super) threshold: String,
    other_thresholds: usize,
}

impl Histogram {
    pub(super) fn of(report: &Report<'_>) -> Self {
        let kinds = [PairStatus::Declined, PairStatus::InReview, PairStatus::Approved];
        let [declined, in_review, approved] = kinds.map(|kind| {
            let rows = report.rows.iter().filter(|row| row.status == kind && row.score >= 0.0);
            histogram::<BINS>(rows.map(|row| row.score))
        });
        let most = report.thresholds.iter().max_by_key(|(text, count)| (**count, *text));
        Self {
            bins: std::array::from_fn(|bin| [declined[bin], in_review[bin], approved[bin]]),
            threshold: most.map_or_else(String::new, |(text, _)| text.clone()),
            other_thresholds: report.thresholds.len().saturating_sub(1),
        }
    }

    pub(super) fn total(&self) -> u64 {
        self.bins.iter().flatten().sum()
    }

    pub(super) fn caption(&self) -> String {
        let Self { threshold, other_thresholds, .. } = self;
        match other_thresholds {
            0 => format!("threshold {threshold}"),
            n => format!("most common threshold {threshold} (of {})", n + 1),
        }
    }
}
