//! How many of many are done.

use indicatif::{ProgressBar, ProgressStyle};

use super::console::Console;
use super::screen;

const TEMPLATE: &str = "{wide_bar} {pos} of {len} {msg}, {per_sec}, {eta} left";

/// A bar that counts; nothing is drawn unless stderr is a terminal and there are several.
pub struct LevelCounts {
    bar: ProgressBar,
}

impl LevelCounts {
    /// A bar for `total` of `what`.
    pub fn new(console: &Console, total: usize, what: &'static str) -> Self {
        // One photo needs no bar.
        let console = Console { quiet: console.quiet || total <= 1, ..*console };
        let bar = screen::bar(&console, total as u64).with_message(what);
        if let Ok(style) = ProgressStyle::with_template(TEMPLATE) {
            bar.set_style(style);
        }
        Self { bar }
    }

    /// One more is done.
    pub fn step(&self) {
        self.bar.inc(1);
    }

    /// Takes the bar off the screen.
    pub fn finish(&self) {
        self.bar.finish_and_clear();
    }
}
