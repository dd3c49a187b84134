//! Progress bars on stderr, if it is a terminal. They are cleared before anything else is printed.

use std::io;
use std::sync::{Mutex, PoisonError};

use console::Term;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle, TermLike, WeakProgressBar};

use super::console::Console;

/// The last bar, to be cleared by code that exits the process.
static DRAWN: Mutex<Option<WeakProgressBar>> = Mutex::new(None);

/// A bar that is only drawn on a terminal.
pub(super) fn bar(console: &Console, length: u64) -> ProgressBar {
    let is_drawn = console.err.is_terminal && !console.quiet;
    if !is_drawn {
        return ProgressBar::with_draw_target(Some(length), ProgressDrawTarget::hidden());
    }
    let screen = Box::new(Screen(Term::buffered_stderr()));
    let bar = ProgressBar::with_draw_target(
        Some(length),
        ProgressDrawTarget::term_like_with_hz(screen, 20),
    );
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
