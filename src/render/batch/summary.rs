//! A batch's summary, as text or JSON.

use comfy_table::Table;
use indicatif::HumanDuration;
use serde_json::json;

use super::Counts;
use crate::render::or_dash;
use crate::render::style::{Paint, Stream};
use crate::render::table::{badge, drawn, frame};
use crate::values::json::{SCHEMA, rounded};
use crate::values::text::{count, safe};

/// The length of the longest bar, and of a label.
const BAR: u64 = 20;
const LABEL: usize = 12;
const PAINTS: [(&str, Paint); 5] = [
    ("Approved", Paint::Fine),
    ("Declined", Paint::Error),
    ("In Review", Paint::Warning),
    ("Unknown", Paint::Error),
    ("Failed", Paint::Error),
];
/// The minimum number of scores for a meaningful histogram.
const ENOUGH_FOR_BARS: usize = 10;

pub struct Summary<'a> {
    pub counts: &'a Counts,
    pub journal: String,
    pub exit_code: u8,
    /// Set for dry runs.
    pub rehearsal: Option<Rehearsal>,
    /// Suggestions for what to do next, one per line.
    pub next: Vec<String>,
}

/// The kind of run that a dry run rehearses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rehearsal {
    /// Each verdict costs a credit.
    Paid,
    /// The built-in engine judges.
    Free,
}

impl Summary<'_> {
    /// One line of JSON.
    pub fn as_json(&self) -> String {
        let counts = self.counts;
        let [min, q1, median, q3, max] =
            quartiles(&counts.scores).map(|score| score.map(|score| rounded(score, 2)));
        let in_rehearsal = |count: u64| self.rehearsal.map(|_| count);
        let most_credits = |run| if run == Rehearsal::Paid { counts.would_send } else { 0 };
        let failed_ids: Vec<_> = counts.named.iter().map(|(id, _)| id).collect();
        let summary = json!({
            "schema": SCHEMA,
            "pairs": counts.pairs,
            "left": counts.left,
            "approved": counts.approved,
            "declined": counts.declined,
            "declined_ids": counts.declined_ids,
            "in_review": counts.in_review,
            "in_review_ids": counts.in_review_ids,
            "downgraded_by": counts.downgraded,
            "failed": counts.failed,
            "failed_by_kind": counts.kinds,
            "failed_ids": failed_ids,
            "unknown": counts.unknown,
            "unknown_ids": counts.unknown_ids,
            "untouched": counts.untouched(),
            "judged_before": counts.judged_before,
            "changed": counts.changed,
            "would_send": in_rehearsal(counts.would_send),
            "most_credits": self.rehearsal.map(most_credits),
            "credits": counts.credits,
            "maybe_billed": counts.maybe_billed,
            "settled": counts.settled,
            "found": counts.found,
            "retries": counts.retries,
            "elapsed_ms": u64::try_from(counts.elapsed().as_millis()).unwrap_or(u64::MAX),
            "scores": {"min": min, "q1": q1, "median": median, "q3": q3, "max": max},
            "histogram": histogram(&counts.scores),
            "journal": self.journal,
            "exit_code": self.exit_code,
        });
        format!("{summary}\n")
    }

    pub fn as_text(&self, stream: Stream) -> String {
        let next = self.next.iter().map(|line| safe(line).into_owned());
        let table = drawn(stream, &self.table(stream), &PAINTS);
        std::iter::once(table).chain(self.problems()).chain(next).collect::<Vec<_>>().join("\n")
            + "\n"
    }

    /// Leaves out what is zero.
    fn table(&self, stream: Stream) -> Table {
        let counts = self.counts;
        let mut table = frame(stream);
        let mut row = |label: &str, text: &str| {
            // Tables of all runs line up.
            table.add_row([
                badge(label) + &" ".repeat(LABEL.saturating_sub(label.len())),
                safe(text).into_owned(),
            ]);
        };
        match self.rehearsal {
            None => row("Pairs", &pairs(counts)),
            Some(rehearsal) => {
                row("Dry run", "inputs checked; nothing sent or written");
                row("Would send", &format!("{} of {} pairs", counts.would_send, counts.pairs));
                let cost = match rehearsal {
                    Rehearsal::Paid => format!("at most {}", count(counts.would_send, "credit")),
                    Rehearsal::Free => "nothing: --local".to_owned(),
                };
                row("Would cost", &cost);
            }
        }
        let [failed, unknown] = [failed(counts), "may have been charged".to_owned()];
        let bars = [
            ("Approved", counts.approved, String::new()),
            ("Declined", counts.declined, String::new()),
            ("In Review", counts.in_review, String::new()),
            ("Unknown", counts.unknown, unknown),
            ("Failed", counts.failed, failed),
        ];
        let most = bars.iter().map(|(_, count, _)| *count).max().unwrap_or(0);
        let digits = most.to_string().len();
        for (label, count, what) in bars.iter().filter(|(_, count, _)| *count > 0) {
            let bar = bar(*count, most, stream.has_unicode);
            row(label, format!("{count:>digits$}  {bar}  {what}").trim_end());
        }
        for (label, count, what) in self.rare_rows() {
            if count > 0 {
                row(label, &format!("{count}  ({what})"));
            }
        }
        if !counts.scores.is_empty() {
            row("Scores", &scores(&counts.scores, stream.has_unicode));
        }
        if self.rehearsal.is_none() {
            row("Credits", &credits_used(counts));
            if counts.retries > 0 {
                row("Retries", &counts.retries.to_string());
            }
            row("Elapsed", &HumanDuration(counts.elapsed()).to_string());
            row("Journal", &self.journal);
        }
        table
    }

    fn rare_rows(&self) -> [(&'static str, u64, &'static str); 6] {
        let counts = self.counts;
        let untouched = if self.rehearsal.is_some() { 0 } else { counts.untouched() };
        let what = "Approved, but In Review because of an option (--review-below, --one-face, ...)";
        [
            ("Downgraded", counts.downgraded, what),
            ("Not started", untouched, "the run was stopped"),
            ("Left", counts.left, "for another run, because of --only or --limit"),
            ("Sent again", counts.changed, "photos or options have changed"),
            ("Settled", counts.settled, "reviews that were decided"),
            ("Answers found", counts.found, "lost answers"),
        ]
    }

    fn problems(&self) -> Vec<String> {
        let counts = self.counts;
        let named = counts.named.iter();
        let mut lines: Vec<_> =
            named.map(|(id, message)| format!("pair `{id}` failed: {}", safe(message))).collect();
        if counts.failed > lines.len() as u64 {
            lines.push(format!("and {} more failed", counts.failed - lines.len() as u64));
        }
        // A dry run doesn't report the verdicts of earlier runs.
        if self.rehearsal.is_none() {
            lines.extend(counts.open_problems());
        }
        lines
    }
}

/// Verdicts include those of earlier runs.
fn pairs(counts: &Counts) -> String {
    match counts.judged_before {
        0 => counts.pairs.to_string(),
        n => format!("{}, {n} of them judged in earlier runs", counts.pairs),
    }
}

fn failed(counts: &Counts) -> String {
    let kinds = counts.kinds.iter().map(|(kind, n)| format!("{kind}: {n}"));
    kinds.collect::<Vec<_>>().join(", ")
}

fn bar(count: u64, most: u64, has_unicode: bool) -> String {
    let length = usize::try_from((count * BAR).div_ceil(most.max(1))).unwrap_or(0);
    (if has_unicode { "█" } else { "#" }).repeat(length)
}

fn credits_used(counts: &Counts) -> String {
    let used = format!("{} used", counts.credits);
    match counts.maybe_billed {
        0 => used,
        n => format!("{used}, and possibly {n} more for pairs that were sent but not judged"),
    }
}

/// The scores' range; the quartiles and the distribution of a few would say nothing.
fn scores(scores: &[f32], has_unicode: bool) -> String {
    let [min, q1, median, q3, max] =
        quartiles(scores).map(|score| or_dash(score.map(|score| rounded(score, 2))));
    match scores.len() {
        1 => min,
        2..ENOUGH_FOR_BARS => format!("{min} to {max}"),
        _ => {
            let range = format!("{min} to {max}; quartiles {q1}, {median}, {q3}");
            if has_unicode { format!("{range}; 0 {} 100", sparks(scores)) } else { range }
        }
    }
}

fn quartiles(scores: &[f32]) -> [Option<f32>; 5] {
    let mut sorted = scores.to_vec();
    sorted.sort_by(f32::total_cmp);
    let last = sorted.len().saturating_sub(1);
    [0, 1, 2, 3, 4].map(|quarter| sorted.get((last * quarter + 2) / 4).copied())
}

/// The number of scores in 0-10, 10-20, ... 90-100.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "0 to 100")]
fn histogram(scores: &[f32]) -> [u64; 10] {
    let mut bins = [0; 10];
    for score in scores {
        bins[((score / 10.0) as usize).min(9)] += 1;
    }
    bins
}

/// A character for each ten points.
fn sparks(scores: &[f32]) -> String {
    let bins = histogram(scores);
    let most = bins.iter().copied().max().unwrap_or(0).max(1);
    let spark = |n: u64| {
        let height = usize::try_from((n * 7).div_ceil(most)).unwrap_or(0);
        "▁▂▃▄▅▆▇█".chars().nth(height).unwrap_or('█')
    };
    bins.into_iter().map(spark).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_scores_have_no_quartiles() {
        assert_eq!(scores(&[98.5], true), "98.5");
        assert_eq!(scores(&[98.5, 12.0], true), "12 to 98.5");
        let many: Vec<f32> = (0_u8..=100).map(f32::from).collect();
        assert_eq!(scores(&many, false), "0 to 100; quartiles 25, 50, 75");
        assert!(scores(&many, true).starts_with("0 to 100; quartiles 25, 50, 75; 0 █"));
        assert_eq!(sparks(&[5.0, 5.0, 5.0, 5.0, 95.0]), "█▁▁▁▁▁▁▁▁▃");
    }
}
