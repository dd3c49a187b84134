//! How a batch gets on: a bar on a terminal, a line now and then in a log.

use std::time::Duration;

use indicatif::{HumanDuration, ProgressBar, ProgressStyle};

use super::{Counts, credits};
use crate::api::Observer;
use crate::render::console::{Console, write_err};
use crate::render::progress::in_words;
use crate::render::screen;

/// How often the bar is drawn.
const FRAME: Duration = Duration::from_millis(100);
/// How often a log gets a line.
const LOG_LINE: Duration = Duration::from_secs(30);

/// Shows how a batch gets on: a bar on a terminal, a line now and then in a log.
#[derive(Clone)]
pub struct BatchProgress {
    bar: ProgressBar,
    console: Console,
}

impl BatchProgress {
    pub fn new(console: Console, pairs: u64) -> Self {
        let bar = screen::bar(&console, pairs);
        let template = "{wide_bar} {pos}/{len}\n{prefix}\n{msg}";
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
            Some(time) => format!("rate limit: waiting {}s", time.as_secs() + 1),
        };
        if !self.bar.is_hidden() {
            self.bar.set_position(counts.done());
            self.bar.set_prefix(counts.line());
            self.bar.set_message(speed);
        } else if !self.console.quiet {
            let (done, pairs) = (counts.done(), counts.pairs);
            write_err(&format!("{done} of {pairs} pairs: {}; {speed}\n", counts.line()));
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
    let left = match to_do(counts) {
        0 => String::new(),
        n if rate > 0.0 => {
            let left = Duration::from_secs((n as f64 / rate) as u64 + 1);
            format!(", {:#} left", HumanDuration(left))
        }
        _ => String::new(),
    };
    format!("{rate:.1}/s, {} used{left}", credits(counts.credits))
}

/// How many pairs may still be sent.
fn to_do(counts: &Counts) -> u64 {
    let allowed = counts.limit.map_or(u64::MAX, |limit| limit.saturating_sub(counts.finished));
    counts.untouched().min(allowed)
}
