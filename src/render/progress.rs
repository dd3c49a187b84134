//! Progress bars on stderr, if it is a terminal; they are cleared before anything else is printed. Of a
//! request: a bar, then a spinner, and lines with `--verbose`.

use std::borrow::Cow;
use std::io;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use console::Term;
use indicatif::{
    HumanBytes, ProgressBar, ProgressDrawTarget, ProgressStyle, TermLike, WeakProgressBar,
};

use super::console::{Console, write_err};
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
        Self { bar: bar(console, 0), verbose: console.verbose }
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

/// The last bar, to be cleared by code that exits the process.
static DRAWN: Mutex<Option<WeakProgressBar>> = Mutex::new(None);

/// A bar that is only drawn on a terminal.
pub(super) fn bar(console: &Console, length: u64) -> ProgressBar {
    if !console.err.is_terminal || console.quiet {
        return ProgressBar::with_draw_target(Some(length), ProgressDrawTarget::hidden());
    }
    let screen = Box::new(Screen(Term::buffered_stderr()));
    let target = ProgressDrawTarget::term_like_with_hz(screen, 20);
    let bar = ProgressBar::with_draw_target(Some(length), target);
    *DRAWN.lock().unwrap_or_else(PoisonError::into_inner) = Some(bar.downgrade());
    bar
}

/// A bar that counts to `total`, drawn only if `total` is more than one.
pub fn counting(console: &Console, total: usize, what: &'static str) -> ProgressBar {
    let console = Console { quiet: console.quiet || total <= 1, ..*console };
    let template = "{wide_bar} {pos} of {len} {msg}, {per_sec}, {eta} left";
    bar(&console, total as u64).with_message(what).with_style(style(template))
}

pub(super) fn style(template: &str) -> ProgressStyle {
    ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar())
}

pub fn clear_progress() {
    let drawn = DRAWN.lock().unwrap_or_else(PoisonError::into_inner).take();
    if let Some(bar) = drawn.and_then(|bar| bar.upgrade()) {
        bar.finish_and_clear();
    }
}

/// A terminal whose cursor rests at the start of the last line. Indicatif leaves it at the end,
/// where the terminal's `^C` wraps to a line that is never cleared.
#[derive(Debug)]
struct Screen(Term);

impl TermLike for Screen {
    fn width(&self) -> u16 {
        self.0.size().1
    }

    fn height(&self) -> u16 {
        self.0.size().0
    }

    fn move_cursor_up(&self, n: usize) -> io::Result<()> {
        self.0.move_cursor_up(n)
    }

    fn move_cursor_down(&self, n: usize) -> io::Result<()> {
        self.0.move_cursor_down(n)
    }

    fn move_cursor_right(&self, n: usize) -> io::Result<()> {
        self.0.move_cursor_right(n)
    }

    fn move_cursor_left(&self, n: usize) -> io::Result<()> {
        self.0.move_cursor_left(n)
    }

    fn write_line(&self, text: &str) -> io::Result<()> {
        self.0.write_line(text)
    }

    fn write_str(&self, text: &str) -> io::Result<()> {
        self.0.write_str(text)
    }

    fn clear_line(&self) -> io::Result<()> {
        self.0.clear_line()
    }

    fn flush(&self) -> io::Result<()> {
        self.0.write_str("\r")?;
        self.0.flush()
    }
}
