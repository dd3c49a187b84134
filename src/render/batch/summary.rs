//! A batch's summary, as text or JSON.

use comfy_table::Table;
use indicatif::HumanDuration;
use serde_json::json;

use crate::batch::run::Counts;
use crate::render::console::{Paint, Stream};
use crate::render::histogram::{histogram, sparks};
use crate::render::or_dash;
use crate::render::table::{badge, drawn, frame};
use crate::values::json::{SCHEMA, rounded};
use crate::values::text::{count, safe};

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
    pub next: &'a [String],
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
    pub fn as_json(&self) -> String {
        let counts = self.counts;
        let [min, q1, median, q3, max] =
            quartiles(&counts.scores).map(|score| score.map(|score| rounded(score, 2)));
        let in_rehearsal = |count: u64| self.rehearsal.map(|_| count);
        let most_credits = |run| if run == Rehearsal::Paid { counts.would_send } else { 0 };
        let summary = json!({
            "schema": SCHEMA,
            "pairs": counts.pairs,
            "left": counts.left,
            "approved": counts.approved,
            "declined": counts.declined.count,
            "declined_ids": counts.declined.ids(),
            "in_review": counts.in_review.count,
            "in_review_ids": counts.in_review.ids(),
            "downgraded_by": counts.downgraded,
            "failed": counts.failed.count,
            "failed_by_kind": counts.kinds,
            "failed_ids": counts.failed.ids(),
            "unknown": counts.unknown.count,
            "unknown_ids": counts.unknown.ids(),
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
            "lowest_approved": counts.lowest_approved.map(|score| rounded(score, 2)),
            "highest_declined": counts.highest_declined.map(|score| rounded(score, 2)),
            "histogram": histogram::<10>(counts.scores.iter().copied()),
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
            ("Declined", counts.declined.count, String::new()),
            ("In Review", counts.in_review.count, String::new()),
            ("Unknown", counts.unknown.count, unknown),
            ("Failed", counts.failed.count, failed),
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
            let edges = [
                counts
                    .lowest_approved
                    .map(|score| format!("lowest approved {}", rounded(score, 2))),
                counts
                    .highest_declined
                    .map(|score| format!("highest declined {}", rounded(score, 2))),
            ];
            let edges: Vec<_> = edges.into_iter().flatten().collect();
            if edges.len() == 2 {
                row("", &edges.join(", "));
            }
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
        let named = counts.failed.first();
        let mut lines: Vec<_> =
            named.map(|(id, why)| format!("pair `{id}` failed: {}", safe(why))).collect();
        match counts.failed.count - lines.len() as u64 {
            0 => {}
            more => lines.push(format!("and {more} more failed")),
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
