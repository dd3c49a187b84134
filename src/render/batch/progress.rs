//! Shows a batch's progress: a bar on a terminal, a line a minute in a log.

use std::time::Duration;

use indicatif::{HumanDuration, ProgressBar};

use crate::api::Observer;
use crate::batch::run::Counts;
use crate::render::console::{Console, Paint, write_err};
use crate::render::progress::{self, log};
use crate::values::text::count;

const FRAME: Duration = Duration::from_millis(100);
const LOG_LINE: Duration = Duration::from_mins(1);

#[derive(Clone)]
pub struct BatchProgress {
    bar: ProgressBar,
    console: Console,
}

impl BatchProgress {
    pub fn new(console: Console, pairs: u64) -> Self {
        let bar = progress::bar(&console, pairs);
        let blocks = if console.err.has_unicode { "█▉▊▋▌▍▎▏░" } else { "#-." };
        let template = "{pos}/{len} {wide_bar} {percent}%\n{prefix}  {msg}";
        bar.set_style(progress::style(template).progress_chars(blocks));
        Self { bar, console }
    }

    /// How many times to call [`BatchProgress::show`].
    pub fn interval(&self) -> Duration {
        if self.bar.is_hidden() { LOG_LINE } else { FRAME }
    }

    /// Shows the progress; `silence` is the time until the rate limit ends.
    pub fn show(&self, counts: &Counts, silence: Option<Duration>) {
        let speed = match silence {
            None => speed(counts),
            Some(time) => format!("rate limit: waiting {}s", time.as_secs() + 1),
        };
        if !self.bar.is_hidden() {
            self.bar.set_position(counts.done());
            self.bar.set_prefix(self.coloured(counts));
            self.bar.set_message(speed);
        } else if !self.console.quiet {
            write_err(&format!("{}; {speed}\n", counts.so_far()));
        }
    }

    fn coloured(&self, counts: &Counts) -> String {
        let kinds = [
            (counts.approved, "approved", Paint::Fine),
            (counts.declined.count, "declined", Paint::Error),
            (counts.in_review.count, "review", Paint::Warning),
            (counts.unknown.count, "unknown", Paint::Error),
            (counts.failed.count, "failed", Paint::Error),
        ];
        let kinds = kinds.iter().filter(|(count, ..)| *count > 0);
        let said = |(count, name, paint): &(u64, &str, Paint)| {
            self.console.err.paint(*paint, &format!("{count} {name}"))
        };
        kinds.map(said).collect::<Vec<_>>().join("  ")
    }

    pub fn note(&self, text: &str) {
        self.above(|console| console.note(text));
    }

    /// Lets `say` write above the bar.
    pub fn above(&self, say: impl FnOnce(&Console)) {
        self.bar.suspend(|| say(&self.console));
    }

    pub fn observer(&self) -> Observer {
        let Self { bar, console } = self.clone();
        Observer::new(move |event| log(&event, &bar, console.verbose))
    }

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
    let left = match to_do(counts) {
        0 => String::new(),
        n if rate > 0.0 => {
            let left = Duration::from_secs((n as f64 / rate) as u64 + 1);
            format!(", {:#} left", HumanDuration(left))
        }
        _ => String::new(),
    };
    format!("{rate:.1}/s, {} used{left}", count(counts.credits, "credit"))
}

/// The number of pairs that may still be sent.
fn to_do(counts: &Counts) -> u64 {
    let allowed = counts.limit.map_or(u64::MAX, |limit| limit.saturating_sub(counts.finished));
    counts.untouched().min(allowed)
}
