//! Where bars are drawn: on stderr, if it is a terminal, and gone before anything else is said.

use std::io;
use std::sync::{Mutex, PoisonError};

use console::Term;
use indicatif::{ProgressBar, ProgressDrawTarget, TermLike, WeakProgressBar};

use super::console::Console;

/// The last bar made, for code that ends the process.
static DRAWN: Mutex<Option<WeakProgressBar>> = Mutex::new(None);

/// A bar that is drawn only on a terminal.
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

/// Takes the bar off the screen, for good.
pub fn clear_progress() {
    let drawn = DRAWN.lock().unwrap_or_else(PoisonError::into_inner).take();
    if let Some(bar) = drawn.and_then(|bar| bar.upgrade()) {
        bar.finish_and_clear();
    }
}

/// A terminal whose cursor rests at the start of the last line: indicatif leaves it at the end,
/// where the `^C` that a terminal adds moves to a line that is never cleared.
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
