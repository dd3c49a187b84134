//! Ctrl-C: says what it interrupted, and ends in 130; a batch ends what is under way first.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::error::{Error, Kind};
use crate::exit::Exit;

static PAYING: AtomicUsize = AtomicUsize::new(0);
/// What the next Ctrl-C calls in place of ending the process.
static STOP: Mutex<Option<Action>> = Mutex::new(None);
/// What Ctrl-C calls before it ends the process.
static RESTORE: Mutex<Option<Restore>> = Mutex::new(None);

type Action = Box<dyn FnOnce() + Send>;
type Restore = Box<dyn FnOnce(bool) + Send>;

/// From now on Ctrl-C ends the process, reported by `report`.
pub fn install(report: impl Fn(&Error) + Send + 'static) {
    on_interrupt(move || {
        if stop() {
            return;
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

/// While the returned value lives, the first Ctrl-C, or a SIGTERM, only calls `stop`.
/// The second Ctrl-C ends the process.
pub fn gracefully(stop: impl FnOnce() + Send + 'static) -> Grace {
    instead(stop);
    on_termination();
    Grace
}

/// The time in which a Ctrl-C stops gracefully.
pub struct Grace;

impl Drop for Grace {
    fn drop(&mut self) {
        drop(take(&STOP));
    }
}

/// Marks the time in which a request that costs a credit is under way.
pub fn while_paying<T>(work: impl FnOnce() -> T) -> T {
    PAYING.fetch_add(1, Ordering::Relaxed);
    let result = work();
    PAYING.fetch_sub(1, Ordering::Relaxed);
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
    *lock(&STOP) = Some(Box::new(action));
}

fn take<T>(slot: &Mutex<Option<T>>) -> Option<T> {
    lock(slot).take()
}

fn lock<T>(slot: &Mutex<Option<T>>) -> MutexGuard<'_, Option<T>> {
    slot.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Asks for a graceful end; `false` if nobody waits to be asked, or was asked already.
fn stop() -> bool {
    take(&STOP).map(|stop| stop()).is_some()
}

#[cfg(unix)]
fn on_interrupt(handle: impl Fn() + Send + 'static) {
    on_signal(signal_hook::consts::SIGINT, handle);
}

#[cfg(not(unix))]
fn on_interrupt(handle: impl Fn() + Send + 'static) {
    // Without a handler Ctrl-C still ends the process, only without a word.
    let _ = ctrlc::set_handler(handle);
}

/// A container is stopped with SIGTERM. SIGHUP is left alone: `nohup` has it ignored.
#[cfg(unix)]
fn on_termination() {
    use signal_hook::consts::SIGTERM;
    use signal_hook::low_level::emulate_default_handler;

    on_signal(SIGTERM, || {
        if !stop() {
            let _ = emulate_default_handler(SIGTERM);
        }
    });
}

#[cfg(not(unix))]
fn on_termination() {}

/// Calls `handle` whenever `signal` comes, in a thread of its own.
#[cfg(unix)]
fn on_signal(signal: i32, handle: impl Fn() + Send + 'static) {
    // Without a handler the signal still ends the process, as it always did.
    if let Ok(mut signals) = signal_hook::iterator::Signals::new([signal]) {
        std::thread::spawn(move || signals.forever().for_each(|_| handle()));
    }
}

fn error() -> Error {
    let error = Error::new(Kind::Interrupted, "interrupted");
    match PAYING.load(Ordering::Relaxed) {
        0 => error,
        1 => error
            .mark_maybe_processed()
            .hint("the request was under way: it may have been processed, and charged"),
        n => error.mark_maybe_processed().hint(format!(
            "{n} requests were under way: they may have been processed, and charged"
        )),
    }
}
