//! Shows the progress of a request: a bar, then a spinner, and lines with `--verbose`.

use std::borrow::Cow;
use std::time::Duration;

use indicatif::{HumanBytes, ProgressBar};

use super::console::{Console, write_err};
use super::screen::{self, style};
use crate::api::{Event, Observer};
use crate::values::text::safe;

const TICK: Duration = Duration::from_millis(100);

#[derive(Clone)]
pub struct Progress {
    bar: ProgressBar,
    verbose: bool,
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}

impl Progress {
    /// Nothing is drawn before the first event.
    pub fn new(console: &Console) -> Self {
        Self { bar: screen::bar(console, 0), verbose: console.verbose }
    }

    /// Shows a spinner with `what`.
    pub fn busy(&self, what: impl Into<Cow<'static, str>>) {
        if !self.bar.is_hidden() {
            self.bar.set_style(style("{spinner} {msg} ({elapsed})"));
            self.bar.set_message(what);
            self.bar.enable_steady_tick(TICK);
        }
    }

    pub fn observer(&self) -> Observer {
        let progress = self.clone();
        Observer::new(move |event| {
            progress.draw(&event);
            log(&event, &progress.bar, progress.verbose);
        })
    }

    /// An observer without a bar, for small requests that share a spinner.
    pub fn lines_only(&self) -> Observer {
        let progress = self.clone();
        Observer::new(move |event| {
            if let Event::Waiting { .. } = event {
                progress.busy("waiting to try again");
            }
            log(&event, &progress.bar, progress.verbose);
        })
    }

    fn draw(&self, event: &Event<'_>) {
        if self.bar.is_hidden() {
            return;
        }
        match event {
            Event::Sending { bytes, .. } => {
                self.bar.set_length(*bytes);
                self.bar.set_position(0);
                self.bar.set_style(style("sending {wide_bar} {bytes} of {total_bytes}"));
            }
            Event::Sent { bytes } if Some(*bytes) == self.bar.length() => {
                self.busy("waiting for the verdict");
            }
            Event::Sent { bytes } => self.bar.set_position(*bytes),
            Event::Answered { .. } => {}
            Event::Waiting { .. } => self.busy("waiting to try again"),
        }
    }
}

/// Writes the event above the bar, if `--verbose`.
pub(super) fn log(event: &Event<'_>, bar: &ProgressBar, verbose: bool) {
    if verbose && let Some(lines) = in_words(event) {
        bar.suspend(|| write_err(&lines));
    }
}

fn in_words(event: &Event<'_>) -> Option<String> {
    let lines = match event {
        Event::Sending { method, url, bytes, attempt } => {
            let again = if *attempt > 1 { format!(", attempt {attempt}") } else { String::new() };
            format!("> {method} {url} ({}{again})\n", HumanBytes(*bytes))
        }
        Event::Sent { .. } => return None,
        Event::Answered { status, bytes, elapsed, rate_limit } => {
            let mut lines = format!(
                "< HTTP {status} ({}) after {} ms\n",
                HumanBytes(*bytes as u64),
                elapsed.as_millis()
            );
            for (name, value) in *rate_limit {
                lines += &format!("< {name}: {}\n", safe(value));
            }
            lines
        }
        Event::Waiting { why, wait } => {
            format!("* {}: trying again in {:.1} s\n", safe(why), wait.as_secs_f64())
        }
    };
    Some(lines)
}
