//! A batch's progress and summary.

mod progress;
mod summary;

pub use progress::BatchProgress;
pub use summary::{Rehearsal, Summary};
