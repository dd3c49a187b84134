//! Ctrl-C: says what it interrupted, and ends in 130.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::error::{Error, Kind};
use crate::exit::Exit;

static IS_PAYING: AtomicBool = AtomicBool::new(false);
static RESTORE: Mutex<Option<Restore>> = Mutex::new(None);
static INSTEAD: Mutex<Option<Action>> = Mutex::new(None);

type Action = Box<dyn FnOnce() + Send>;
type Restore = Box<dyn FnOnce(bool) + Send>;

/// From now on Ctrl-C ends the process, reported by `report`.
pub fn install(report: impl Fn(&Error) + Send + 'static) {
    // Without a handler Ctrl-C still ends the process, only without a word.
    let _ = ctrlc::set_handler(move || {
        if let Some(action) = take(&INSTEAD) {
            return action();
        }
        if let Some(restore) = take(&RESTORE) {
            restore(true);
        }
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

/// Does `work`, then `restore`; Ctrl-C does `restore` before it ends the process, and says so.
pub fn restoring<T>(restore: impl FnOnce(bool) + Send + 'static, work: impl FnOnce() -> T) -> T {
    *lock(&RESTORE) = Some(Box::new(restore));
    let result = work();
    if let Some(restore) = take(&RESTORE) {
        restore(false);
    }
    result
}

/// The next Ctrl-C does `action` and nothing else; the one after it ends the process.
pub fn instead(action: impl FnOnce() + Send + 'static) {
    *lock(&INSTEAD) = Some(Box::new(action));
}

fn take<T>(slot: &Mutex<Option<T>>) -> Option<T> {
    lock(slot).take()
}

fn lock<T>(slot: &Mutex<Option<T>>) -> MutexGuard<'_, Option<T>> {
    slot.lock().unwrap_or_else(PoisonError::into_inner)
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
