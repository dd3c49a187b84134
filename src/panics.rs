//! Catches panics of decoders on damaged files, which are not bugs of ours.

use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind};

thread_local! {
    static DEPTH: Cell<u32> = const { Cell::new(0) };
}

/// What `work` returns; `None` if it panicked on what it was given.
///
/// `work` must own or rebuild whatever it changes, which a panic may leave half done.
pub fn caught<T>(work: impl FnOnce() -> T) -> Option<T> {
    DEPTH.set(DEPTH.get() + 1);
    let result = catch_unwind(AssertUnwindSafe(work));
    DEPTH.set(DEPTH.get() - 1);
    result.ok()
}

pub fn catch_on_this_thread() {
    DEPTH.set(DEPTH.get() + 1);
}

/// Whether a panic on this thread, now, would be caught by [`caught`].
pub fn are_caught() -> bool {
    DEPTH.get() > 0
}
