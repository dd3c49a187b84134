//! What is shown of a batch: a bar or a line while it runs, and a summary at its end.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use indicatif::{HumanDuration, ProgressBar, ProgressDrawTarget, ProgressStyle};
use serde_json::{Value, json};

use super::console::{Console, write_err};
use super::or_dash;
use super::progress::in_words;
use crate::api::Observer;
use crate::values::json::rounded;
use crate::values::text::safe;

/// How often the bar is drawn anew.
const FRAME: Duration = Duration::from_millis(100);
/// How often a log gets a line.
const LOG_LINE: Duration = Duration::from_secs(30);
/// The width of the bars of the histogram.
const BAR: usize = 40;
/// With fewer scores a histogram says less than the scores themselves.
const ENOUGH_FOR_BARS: usize = 10;

/// How the pairs of a run have ended so far.
#[derive(Clone, Debug, Default)]
pub struct Counts {
    /// Pairs in all.
    pub pairs: u64,
    /// Approved, by this run or before.
    pub approved: u64,
    /// Declined, by this run or before.
    pub declined: u64,
    /// In Review, by this run or before.
    pub in_review: u64,
    /// Approved by the answer, but In Review by `--review-below`.
    pub downgraded_by: u64,
    /// Could not be judged by this run.
    pub failed: u64,
    /// Judged by an earlier run.
    pub judged_before: u64,
    /// May have been paid, but have no verdict; by this run or before.
    pub unknown: u64,
    /// How many of them an earlier run left.
    pub unknown_before: u64,
    /// The first of them.
    pub unknown_ids: Vec<String>,
    /// Sent again, since photos or options have changed.
    pub changed: u64,
    /// What a dry run would have sent.
    pub would_send: u64,
    /// Judged or failed in this run.
    pub finished: u64,
    /// Failed, but perhaps paid.
    pub maybe_billed: u64,
    /// Verdicts that cost a credit in this run.
    pub credits: u64,
    /// Attempts after the first.
    pub retries: u64,
    /// All scores.
    pub scores: Vec<f32>,
    /// Failures by kind.
    pub kinds: BTreeMap<&'static str, u64>,
    /// The first failures: id and message.
    pub named: Vec<(String, String)>,
    /// Pairs that were paid for, but are not in the journal.
    pub unrecorded: Vec<String>,
    /// When the run began.
    pub started: Option<Instant>,
}

impl Counts {
    /// Pairs that are settled, by this run or before.
    pub fn settled(&self) -> u64 {
        self.finished + self.judged_before + self.unknown_before + self.would_send
    }

    /// Pairs that no run has come to yet.
    pub fn untouched(&self) -> u64 {
        self.pairs.saturating_sub(self.settled())
    }

    fn elapsed(&self) -> Duration {
        self.started.map_or(Duration::ZERO, |started| started.elapsed())
    }

    #[allow(clippy::cast_precision_loss, reason = "a rate to be read by people")]
    fn per_second(&self) -> f64 {
        self.finished as f64 / self.elapsed().as_secs_f64().max(0.001)
    }

    /// The counts in one line.
    pub fn line(&self) -> String {
        let Self { approved, declined, in_review, failed, unknown, .. } = self;
        let line = format!(
            "{approved} approved, {declined} declined, {in_review} in review, {failed} failed"
        );
        if *unknown > 0 { format!("{line}, {unknown} unknown") } else { line }
    }

    /// The ids of the unknown pairs: the first ones, and how many there are besides.
    pub fn unknown_in_words(&self) -> String {
        let named: Vec<_> = self.unknown_ids.iter().map(|id| format!("`{id}`")).collect();
        match self.unknown.saturating_sub(named.len() as u64) {
            0 => named.join(", "),
            more => format!("{} and {more} more", named.join(", ")),
        }
    }
}

/// Shows how a batch gets on: a bar on a terminal, a line now and then in a log.
#[derive(Clone)]
pub struct BatchProgress {
    bar: ProgressBar,
    console: Console,
}

impl BatchProgress {
    /// For so many pairs.
    pub fn new(console: Console, pairs: u64) -> Self {
        let is_drawn = console.err.is_terminal && !console.quiet;
        let target =
            if is_drawn { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() };
        let bar = ProgressBar::with_draw_target(Some(pairs), target);
        // The last line stays short: a `^C` that the terminal adds must not wrap it.
        let template = "{prefix}\n{bar:14} {pos}/{len} {msg}";
        let style = ProgressStyle::with_template(template);
        bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()).progress_chars(
            if console.err.has_unicode { "█▉▊▋▌▍▎▏ " } else { "#- " },
        ));
        Self { bar, console }
    }

    /// How long to wait between two calls of [`BatchProgress::show`].
    pub fn interval(&self) -> Duration {
        if self.bar.is_hidden() { LOG_LINE } else { FRAME }
    }

    /// Shows where the batch is; `silence` is how long the service wants no request.
    pub fn show(&self, counts: &Counts, silence: Option<Duration>) {
        let speed = match silence {
            None => speed(counts),
            Some(time) => format!("paused by the service for {} s", time.as_secs() + 1),
        };
        if !self.bar.is_hidden() {
            self.bar.set_position(counts.settled());
            self.bar.set_prefix(counts.line());
            self.bar.set_message(speed);
        } else if !self.console.quiet {
            let (settled, pairs) = (counts.settled(), counts.pairs);
            write_err(&format!("{settled} of {pairs} pairs: {}; {speed}\n", counts.line()));
        }
    }

    /// Says something on stderr, above the bar.
    pub fn note(&self, text: &str) {
        self.above(|console| console.note(text));
    }

    /// Lets `say` write above the bar.
    pub fn above(&self, say: impl FnOnce(&Console)) {
        self.bar.suspend(|| say(&self.console));
    }

    /// Tells `--verbose` what happens to the requests.
    pub fn observer(&self) -> Observer {
        let Self { bar, console } = self.clone();
        Observer::new(move |event| {
            if console.verbose
                && let Some(lines) = in_words(&event)
            {
                bar.suspend(|| write_err(&lines));
            }
        })
    }

    /// Takes the bar off the screen.
    pub fn finish(&self) {
        self.bar.finish_and_clear();
    }
}

#[allow(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "an estimate to be read by people"
)]
fn speed(counts: &Counts) -> String {
    let rate = counts.per_second();
    let left = match counts.untouched() {
        0 => String::new(),
        n if rate > 0.0 => {
            let left = Duration::from_secs((n as f64 / rate) as u64 + 1);
            format!(", {:#} left", HumanDuration(left))
        }
        _ => String::new(),
    };
    let used = match counts.credits {
        1 => "1 credit used".to_owned(),
        n => format!("{n} credits used"),
    };
    format!("{rate:.1}/s, {used}{left}")
}

/// The end of a batch, for a person or for a script.
pub struct Summary<'a> {
    /// How the pairs ended.
    pub counts: &'a Counts,
    /// Where the lines are.
    pub journal: String,
    /// What the run ends in.
    pub exit_code: u8,
    /// Whether nothing was sent.
    pub is_dry_run: bool,
}

impl Summary<'_> {
    /// For a script: one line of JSON.
    pub fn as_json(&self) -> String {
        let counts = self.counts;
        let [min, q1, median, q3, max] =
            quartiles(&counts.scores).map(|score| score.map(|score| rounded(score, 2)));
        let summary = json!({
            "pairs": counts.pairs,
            "approved": counts.approved,
            "declined": counts.declined,
            "in_review": counts.in_review,
            "downgraded_by": counts.downgraded_by,
            "failed": counts.failed,
            "failed_by_kind": counts.kinds,
            "unknown": counts.unknown,
            "unknown_ids": counts.unknown_ids,
            "untouched": counts.untouched(),
            "judged_before": counts.judged_before,
            "changed": counts.changed,
            "would_send": if self.is_dry_run { Value::from(counts.would_send) } else { Value::Null },
            "credits": counts.credits,
            "maybe_billed": counts.maybe_billed,
            "retries": counts.retries,
            "elapsed_ms": u64::try_from(counts.elapsed().as_millis()).unwrap_or(u64::MAX),
            "scores": {"min": min, "q1": q1, "median": median, "q3": q3, "max": max},
            "histogram": histogram(&counts.scores),
            "journal": self.journal,
            "exit_code": self.exit_code,
        });
        format!("{summary}\n")
    }

    /// For a person.
    pub fn as_text(&self, has_unicode: bool) -> String {
        let counts = self.counts;
        let mut lines = Vec::new();
        let mut row = |label: &str, text: &str| lines.push(format!("{label:<14}{}", safe(text)));
        if self.is_dry_run {
            row("Dry run", "everything read and checked, nothing sent, nothing written");
            row("Would send", &format!("{} of {} pairs", counts.would_send, counts.pairs));
        } else {
            row("Pairs", &counts.pairs.to_string());
        }
        row("Approved", &counts.approved.to_string());
        row("Declined", &counts.declined.to_string());
        row("In Review", &counts.in_review.to_string());
        row("Failed", &failed(counts));
        for (label, count, what) in [
            (
                "Held back",
                counts.downgraded_by,
                "Approved, but in review by --review-below or --one-face",
            ),
            ("Unknown", counts.unknown, "sent, but without an answer; may have been paid"),
            (
                "Not begun",
                if self.is_dry_run { 0 } else { counts.untouched() },
                "the run was stopped",
            ),
            ("Judged before", counts.judged_before, "not sent again"),
            ("Sent again", counts.changed, "photos or options have changed"),
        ] {
            if count > 0 {
                row(label, &format!("{count}  ({what})"));
            }
        }
        if !self.is_dry_run {
            row("Credits", &credits(counts));
            row("Retries", &counts.retries.to_string());
            row("Elapsed", &HumanDuration(counts.elapsed()).to_string());
        }
        row("Journal", &self.journal);
        if !counts.scores.is_empty() {
            let [min, q1, median, q3, max] = quartiles(&counts.scores)
                .map(|score| or_dash(score.map(|score| rounded(score, 2))));
            row("Scores", &format!("{min} to {max}; quartiles {q1}, {median}, {q3}"));
        }
        if counts.scores.len() >= ENOUGH_FOR_BARS {
            lines.extend(bars(&counts.scores, has_unicode));
        }
        for (id, message) in &counts.named {
            lines.push(format!("pair `{id}` failed: {}", safe(message)));
        }
        if counts.failed > counts.named.len() as u64 && !counts.named.is_empty() {
            let more = counts.failed - counts.named.len() as u64;
            lines.push(format!("and {more} more failed; the journal names them all"));
        }
        if counts.unknown > 0 {
            lines.push(format!("unknown pairs: {}", safe(&counts.unknown_in_words())));
        }
        lines.join("\n") + "\n"
    }
}

fn failed(counts: &Counts) -> String {
    let kinds: Vec<_> = counts.kinds.iter().map(|(kind, n)| format!("{n} {kind}")).collect();
    match kinds.as_slice() {
        [] => counts.failed.to_string(),
        kinds => format!("{}  ({})", counts.failed, kinds.join(", ")),
    }
}

fn credits(counts: &Counts) -> String {
    match counts.maybe_billed {
        0 => counts.credits.to_string(),
        n => format!(
            "{}, and perhaps {n} more for pairs that were sent but not judged",
            counts.credits
        ),
    }
}

/// Minimum, quartiles and maximum.
fn quartiles(scores: &[f32]) -> [Option<f32>; 5] {
    let mut sorted = scores.to_vec();
    sorted.sort_by(f32::total_cmp);
    let last = sorted.len().saturating_sub(1);
    [0, 1, 2, 3, 4].map(|quarter| sorted.get((last * quarter + 2) / 4).copied())
}

/// How many scores lie in 0-10, 10-20, ... 90-100.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "0 to 100")]
fn histogram(scores: &[f32]) -> [u64; 10] {
    let mut bins = [0; 10];
    for score in scores {
        bins[((score / 10.0) as usize).min(9)] += 1;
    }
    bins
}

fn bars(scores: &[f32], has_unicode: bool) -> Vec<String> {
    let bins = histogram(scores);
    let most = bins.iter().copied().max().unwrap_or(0);
    if most == 0 {
        return Vec::new();
    }
    let mark = if has_unicode { "█" } else { "#" };
    let bar = |n: u64| {
        let length = usize::try_from(n * BAR as u64 / most).unwrap_or(0).max(usize::from(n > 0));
        mark.repeat(length)
    };
    let from = (0..10).map(|bin| bin * 10);
    bins.iter()
        .zip(from)
        .map(|(&n, from)| format!("{:<14}{} {n}", format!("  {from:>2}-{}", from + 10), bar(n)))
        .collect()
}
