//! Signals: Ctrl-C says what it interrupted and exits with 130; a batch finishes what is in
//! progress first.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::{Duration, Instant};

use crate::error::{Charge, Error, Kind};
use crate::exit::Exit;

/// The requests in progress that cost a credit: whether each may have been charged by now.
static PAYING: Mutex<Vec<Paid>> = Mutex::new(Vec::new());
/// Whether a whole run is stopped, of which other requests may have been charged.
static IS_RUN: AtomicBool = AtomicBool::new(false);
/// What the next signal calls instead of ending the process.
static STOP: Mutex<Option<Action>> = Mutex::new(None);
static STOPPED: Mutex<Option<Instant>> = Mutex::new(None);
/// Signals this close together are one stop: `timeout` signals its child and then its group, a
/// closing terminal sends SIGHUP and SIGTERM.
const ONE_STOP: Duration = Duration::from_secs(1);
/// What a signal calls before it ends the process.
static RESTORE: Mutex<Option<Restore>> = Mutex::new(None);
static REPORT: OnceLock<Report> = OnceLock::new();

const INTERRUPTED: &str = "interrupted";

/// Whether the request may have been charged, and how to look it up, a hint a line.
type Paid = (Arc<AtomicBool>, String);
type Action = Box<dyn FnOnce() + Send>;
type Restore = Box<dyn FnOnce(bool) + Send>;
type Report = Box<dyn Fn(&Error) + Send + Sync>;

/// From now on, Ctrl-C calls `report` and ends the process, and exceeding `ulimit -f` makes a write
/// fail.
pub fn install(report: impl Fn(&Error) + Send + Sync + 'static) {
    let _ = REPORT.set(Box::new(report));
    platform::survive_file_size_limit();
    platform::on_interrupt(end);
}

/// While the returned value lives, the first Ctrl-C, SIGTERM or SIGHUP only calls `stop`. After
/// `ONE_STOP`, a second Ctrl-C ends the process.
pub fn gracefully(stop: impl FnOnce() + Send + 'static) -> Grace {
    instead(stop);
    IS_RUN.store(true, Ordering::Relaxed);
    platform::on_termination_too();
    Grace
}

pub struct Grace;

impl Drop for Grace {
    fn drop(&mut self) {
        drop(take(&STOP));
    }
}

/// Runs `work`, which sends a request that costs a credit, and sets `is_open` while it may have been
/// charged.
pub fn while_paying<T>(is_open: &Arc<AtomicBool>, look_up: String, work: impl FnOnce() -> T) -> T {
    platform::on_termination_too();
    lock(&PAYING).push((Arc::clone(is_open), look_up));
    let _paying = Paying(is_open);
    work()
}

struct Paying<'a>(&'a Arc<AtomicBool>);

impl Drop for Paying<'_> {
    fn drop(&mut self) {
        lock(&PAYING).retain(|(other, _)| !Arc::ptr_eq(other, self.0));
    }
}

/// Runs `work`, then `restore`, even if `work` panics. A signal calls `restore(true)` before it
/// ends the process.
pub fn restoring<T>(restore: impl FnOnce(bool) + Send + 'static, work: impl FnOnce() -> T) -> T {
    platform::on_termination_too();
    platform::on_quit_too();
    *lock(&RESTORE) = Some(Box::new(restore));
    let _restoring = Restoring;
    work()
}

struct Restoring;

impl Drop for Restoring {
    fn drop(&mut self) {
        if let Some(restore) = take(&RESTORE) {
            restore(false);
        }
    }
}

/// The next Ctrl-C only calls `action`; the one after it ends the process.
pub fn instead(action: impl FnOnce() + Send + 'static) {
    *lock(&STOP) = Some(Box::new(action));
}

fn take<T>(slot: &Mutex<Option<T>>) -> Option<T> {
    lock(slot).take()
}

fn lock<T>(slot: &Mutex<T>) -> MutexGuard<'_, T> {
    slot.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Stops gracefully if someone has asked for that, else ends the process.
fn end(what: &str) {
    if let Some(stop) = take(&STOP) {
        *lock(&STOPPED) = Some(Instant::now());
        return stop();
    }
    let stopped = *lock(&STOPPED);
    if stopped.is_some_and(|at| at.elapsed() < ONE_STOP || what != INTERRUPTED) {
        return;
    }
    if let Some(restore) = take(&RESTORE) {
        restore(true);
    }
    if let Some(report) = REPORT.get() {
        report(&error(what));
    }
    #[expect(clippy::exit, reason = "nothing else can end a process that is blocked in a read")]
    std::process::exit(Exit::Interrupted.code().into());
}

fn error(what: &str) -> Error {
    let error = Error::new(Kind::Interrupted, what);
    let paying = lock(&PAYING);
    let is_run = IS_RUN.load(Ordering::Relaxed);
    let open: Vec<_> = paying.iter().filter(|(open, _)| open.load(Ordering::SeqCst)).collect();
    let what = match open.len() {
        0 if paying.is_empty() || is_run => return error,
        0 => return error.hint("nothing was charged"),
        1 => "the request was in progress: it may have been processed, and charged".to_owned(),
        n => format!("{n} requests were in progress: they may have been processed, and charged"),
    };
    let error = error.charged(Charge::Maybe).hint(what);
    if is_run {
        return error.and_hint("look up lost answers: didit-face decision --journal JOURNAL");
    }
    error.hints(open.iter().flat_map(|(_, look_up)| look_up.lines()))
}

#[cfg(unix)]
mod platform {
    use std::process::{Command, Stdio};
    use std::sync::atomic::AtomicBool;
    use std::sync::{Arc, Once, OnceLock};
    use std::thread;

    use signal_hook::consts::{SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGXFSZ};
    use signal_hook::iterator::{Handle, Signals};

    static SIGNALS: OnceLock<Handle> = OnceLock::new();

    pub(super) fn on_interrupt(handle: impl Fn(&str) + Send + 'static) {
        // Without a handler, Ctrl-C still ends the process, but silently.
        let Ok(mut signals) = Signals::new([SIGINT]) else { return };
        let _ = SIGNALS.set(signals.handle());
        let wait = move || {
            signals.forever().for_each(|signal| {
                handle(match signal {
                    SIGTERM => "ended by SIGTERM",
                    SIGHUP => "ended by SIGHUP",
                    SIGQUIT => "ended by SIGQUIT",
                    _ => super::INTERRUPTED,
                });
            });
        };
        let _ = thread::Builder::new().spawn(wait);
    }

    /// Containers are stopped with SIGTERM, lost sessions with SIGHUP. Under `nohup`, SIGHUP is
    /// ignored and stays ignored.
    pub(super) fn on_termination_too() {
        static ONCE: Once = Once::new();
        ONCE.call_once(|| {
            let Some(signals) = SIGNALS.get() else { return };
            let _ = signals.add_signal(SIGTERM);
            if !is_ignored(SIGHUP) {
                let _ = signals.add_signal(SIGHUP);
            }
        });
    }

    /// At a prompt without echo.
    pub(super) fn on_quit_too() {
        static ONCE: Once = Once::new();
        ONCE.call_once(|| {
            let _ = SIGNALS.get().map(|signals| signals.add_signal(SIGQUIT));
        });
    }

    /// With any handler, the signal no longer kills: the write fails instead.
    pub(super) fn survive_file_size_limit() {
        let _ = signal_hook::flag::register(SIGXFSZ, Arc::new(AtomicBool::new(false)));
    }

    /// Whether this process was started with `signal` ignored.
    fn is_ignored(signal: i32) -> bool {
        let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
        let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
        match mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok()) {
            Some(mask) => mask >> (signal - 1) & 1 == 1,
            None => outlives(signal),
        }
    }

    /// Without `/proc`: a child ignores the same signals, so it survives them.
    fn outlives(signal: i32) -> bool {
        let mut child = Command::new("sh");
        child.args(["-c", &format!("kill -{signal} $$")]);
        let child = child.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        child.status().is_ok_and(|status| status.success())
    }
}

#[cfg(not(unix))]
mod platform {
    use std::thread;

    use tokio::runtime::Builder;
    use tokio::signal::windows::{ctrl_break, ctrl_c, ctrl_close, ctrl_logoff, ctrl_shutdown};

    /// `taskkill` closes a console, too. After the last three, tokio holds the process until the
    /// system ends it, in about five seconds: answers that arrive by then are recorded.
    pub(super) fn on_interrupt(handle: impl Fn(&str) + Send + 'static) {
        // Without a handler, Ctrl-C still ends the process, but silently.
        let Ok(runtime) = Builder::new_current_thread().build() else { return };
        let (Ok(mut interrupt), Ok(mut pause)) = (ctrl_c(), ctrl_break()) else { return };
        let (Ok(mut close), Ok(mut logoff)) = (ctrl_close(), ctrl_logoff()) else { return };
        let Ok(mut shutdown) = ctrl_shutdown() else { return };
        let wait = move || {
            loop {
                handle(runtime.block_on(async {
                    tokio::select! {
                        _ = interrupt.recv() => super::INTERRUPTED,
                        _ = pause.recv() => super::INTERRUPTED,
                        _ = close.recv() => "the console was closed",
                        _ = logoff.recv() => "ended by the end of the session",
                        _ = shutdown.recv() => "ended by the system's shutdown",
                    }
                }));
            }
        };
        let _ = thread::Builder::new().spawn(wait);
    }

    pub(super) fn on_termination_too() {}

    pub(super) fn on_quit_too() {}

    pub(super) fn survive_file_size_limit() {}
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::panic;

    #[test]
    fn a_panic_leaves_neither_a_wrong_count_nor_a_changed_terminal() {
        let is_open = Arc::default();
        assert!(
            panic::catch_unwind(|| while_paying(&is_open, String::new(), || panic!("boom")))
                .is_err()
        );
        assert!(!lock(&PAYING).iter().any(|(other, _)| Arc::ptr_eq(other, &is_open)));
        let restored = Arc::new(AtomicBool::new(false));
        let restore = Arc::clone(&restored);
        let work = move || {
            restoring(move |_| restore.store(true, Ordering::Relaxed), || panic!("boom"));
        };
        assert!(panic::catch_unwind(panic::AssertUnwindSafe(work)).is_err());
        assert!(restored.load(Ordering::Relaxed) && take(&RESTORE).is_none());
    }
}
