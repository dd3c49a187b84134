//! Everything the program prints or draws.

pub mod annotate;
pub mod batch;
pub mod check;
mod console;
mod decision;
mod histogram;
mod lines;
pub mod picture;
mod progress;
pub mod settlement;
pub(crate) mod table;
pub mod verdict;

/// Stands for a missing value.
const DASH: &str = "-";

fn or_dash(value: Option<impl ToString>) -> String {
    value.map_or_else(|| DASH.to_owned(), |value| value.to_string())
}

pub use console::{Console, Paint, Stream, StyleChoice};
pub use decision::decision;
pub use histogram::histogram;
pub use lines::{Plan, balance, verdict_line};
pub use progress::{Progress, clear_progress, counting};
