//! What people and scripts see: results on stdout, everything else on stderr.

pub mod batch;
mod console;
mod error;
pub mod plan;
mod progress;
mod style;
pub mod verdict;

pub use console::Console;
pub use progress::Progress;
pub use style::Wish;
