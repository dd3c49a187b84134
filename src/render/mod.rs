//! What people and scripts see: results on stdout, everything else on stderr.

mod balance;
pub mod batch;
mod console;
mod decision;
mod error;
pub mod plan;
mod progress;
mod style;
pub mod verdict;

pub use balance::balance;
pub use console::Console;
pub use decision::decision;
pub use progress::Progress;
pub use style::Wish;
