//! Everything the program prints or draws.

pub mod annotate;
mod balance;
pub mod batch;
pub mod check;
mod console;
mod decision;
mod histogram;
pub mod picture;
pub mod plan;
mod progress;
mod screen;
pub mod settlement;
mod style;
pub(crate) mod table;
pub mod verdict;
mod verdict_line;

/// Stands for a missing value.
const DASH: &str = "-";

fn or_dash(value: Option<impl ToString>) -> String {
    value.map_or_else(|| DASH.to_owned(), |value| value.to_string())
}

pub use balance::balance;
pub use console::Console;
pub use decision::decision;
pub use histogram::histogram;
pub use progress::Progress;
pub use screen::clear_progress;
pub use screen::counting;
pub use style::{Paint, Stream, StyleChoice};
pub use verdict_line::verdict_line;
