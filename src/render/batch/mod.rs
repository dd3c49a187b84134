//! A batch's progress and summary.

mod counts;
mod progress;
mod summary;

pub use counts::{Counts, NAMED, in_words};
pub use progress::BatchProgress;
pub use summary::{Rehearsal, Summary};

use crate::values::text::count;

pub fn credits(number: u64) -> String {
    count(number, "credit")
}

pub fn pairs(number: u64) -> String {
    count(number, "pair")
}
