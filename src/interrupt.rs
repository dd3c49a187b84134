//! Ctrl-C: says what it interrupted, and ends in 130.

use std::sync::atomic::{AtomicBool, Ordering};

use crate::error::{Error, Kind};
use crate::exit::Exit;

static IS_PAYING: AtomicBool = AtomicBool::new(false);

/// From now on Ctrl-C ends the process, reported by `report`.
pub fn install(report: impl Fn(&Error) + Send + 'static) {
    // Without a handler Ctrl-C still ends the process, only without a word.
    let _ = ctrlc::set_handler(move || {
        report(&error());
        #[expect(
            clippy::exit,
            reason = "nothing else can end a process that is blocked in a read"
        )]
        std::process::exit(Exit::Interrupted.code().into());
    });
}

/// Marks the time in which a request that costs a credit is under way.
pub fn while_paying<T>(work: impl FnOnce() -> T) -> T {
    IS_PAYING.store(true, Ordering::Relaxed);
    let result = work();
    IS_PAYING.store(false, Ordering::Relaxed);
    result
}

fn error() -> Error {
    let error = Error::new(Kind::Interrupted, "interrupted");
    if IS_PAYING.load(Ordering::Relaxed) {
        error
            .maybe_billed()
            .hint("the request was under way: it may have been processed, and charged")
    } else {
        error
    }
}
