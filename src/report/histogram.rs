//! The distribution of scores by verdict, and the most common threshold.

use std::collections::HashMap;

use super::{PairStatus, Report};

/// Each covers five points.
pub(super) const BINS: usize = 20;

pub(super) struct Histogram {
    /// Counts of declined, in-review and approved pairs.
    pub(super) bins: [[usize; 3]; BINS],
    /// The most common threshold.
    pub(super) threshold: String,
    pub(super) other_thresholds: usize,
}

impl Histogram {
    pub(super) fn of(report: &Report) -> Self {
        let mut bins = [[0; 3]; BINS];
        let mut thresholds: HashMap<&str, usize> = HashMap::new();
        for entry in &report.entries {
            *thresholds.entry(&entry.threshold).or_default() += 1;
            let score = entry.score.as_ref().and_then(|score| score.parse::<f64>().ok());
            let kind = match entry.status {
                PairStatus::Declined => 0,
                PairStatus::InReview => 1,
                PairStatus::Approved => 2,
                PairStatus::Failed | PairStatus::Unknown => continue,
            };
            if let Some(score) = score {
                bins[bin(score)][kind] += 1;
            }
        }
        let most = thresholds.iter().max_by_key(|(text, count)| (**count, **text));
        Self {
            bins,
            threshold: most.map_or_else(String::new, |(text, _)| (*text).to_owned()),
            other_thresholds: thresholds.len().saturating_sub(1),
        }
    }

    pub(super) fn total(&self) -> usize {
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

#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "0 to 100")]
fn bin(score: f64) -> usize {
    ((score / 5.0) as usize).min(BINS - 1)
}
