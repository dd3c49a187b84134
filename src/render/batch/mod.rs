//! A batch's progress and summary.

mod counts;
mod progress;
mod summary;

pub use counts::{Counts, NAMED, in_words};
pub use progress::BatchProgress;
pub use summary::{Rehearsal, Summary};
