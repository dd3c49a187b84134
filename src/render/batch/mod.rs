//! What is shown of a batch: a bar or a line while it runs, and a summary at its end.

mod counts;
mod progress;
mod summary;

pub use counts::{Counts, NAMED, in_words};
pub use progress::BatchProgress;
pub use summary::{Rehearsal, Summary};

/// `1 credit`, `2 credits`.
pub fn credits(count: u64) -> String {
    if count == 1 { "1 credit".to_owned() } else { format!("{count} credits") }
}

/// `1 pair`, `2 pairs`.
pub fn pairs(count: u64) -> String {
    if count == 1 { "1 pair".to_owned() } else { format!("{count} pairs") }
}
