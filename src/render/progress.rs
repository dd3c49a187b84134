//! What is shown while a request is under way: a bar, then a spinner, and `--verbose` lines.

use std::borrow::Cow;
use std::time::Duration;

use indicatif::{HumanBytes, ProgressBar, ProgressStyle};

use super::console::{Console, write_err};
use super::screen;
use crate::api::{Event, Observer};
use crate::values::text::safe;

const TICK: Duration = Duration::from_millis(100);

/// The progress of one request; nothing is drawn unless stderr is a terminal.
#[derive(Clone)]
pub struct Progress {
    bar: ProgressBar,
    verbose: bool,
}

impl Drop for Progress {
    /// Takes the bar off the screen.
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}

impl Progress {
    /// A bar that shows itself with the first event.
    pub fn new(console: &Console) -> Self {
        Self { bar: screen::bar(console, 0), verbose: console.verbose }
    }

    /// Shows that the machine is busy with `what`.
    pub fn busy(&self, what: impl Into<Cow<'static, str>>) {
        if !self.bar.is_hidden() {
            self.bar.set_style(style("{spinner} {msg} ({elapsed})"));
            self.bar.set_message(what);
            self.bar.enable_steady_tick(TICK);
        }
    }

    /// An observer that shows what happens to a request.
    pub fn observer(&self) -> Observer {
        let progress = self.clone();
        Observer::new(move |event| progress.show(&event))
    }

    /// An observer that draws no bar, for small requests and a spinner that goes on over many.
    pub fn lines_only(&self) -> Observer {
        let progress = self.clone();
        Observer::new(move |event| {
            if let Event::Waiting { .. } = event {
                progress.busy("waiting to try again");
            }
            progress.log(&event);
        })
    }

    fn show(&self, event: &Event<'_>) {
        self.draw(event);
        self.log(event);
    }

    fn log(&self, event: &Event<'_>) {
        if self.verbose
            && let Some(lines) = in_words(event)
        {
            self.bar.suspend(|| write_err(&lines));
        }
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

fn style(template: &str) -> ProgressStyle {
    ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_spinner())
}

pub(super) fn in_words(event: &Event<'_>) -> Option<String> {
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
