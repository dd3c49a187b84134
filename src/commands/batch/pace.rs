//! How fast pairs are sent, and when no more are: one rule for all workers.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use crate::api::Gate;
use crate::error::Error;

/// Spaces the requests of all workers evenly, silences them when the service says so, and
/// stops them. Evenly, without bursts: then a run that continues a killed one stays within
/// the service's sliding minute as well.
pub(super) struct Pace {
    interval: Duration,
    state: Mutex<State>,
    changed: Condvar,
}

struct State {
    next: Instant,
    silent_until: Instant,
    stop: Option<Stop>,
}

/// Why nothing more is sent.
#[derive(Clone, Debug)]
pub(super) enum Stop {
    /// Ctrl-C.
    Interrupted,
    /// The next pairs would fail like this one did.
    Pointless(Error),
    /// `--max-failures`.
    Failures,
}

impl Pace {
    /// At most `rate` requests a minute.
    pub(super) fn new(rate: u32) -> Self {
        let now = Instant::now();
        let state = State { next: now, silent_until: now, stop: None };
        let interval = Duration::from_mins(1) / rate;
        Self { interval, state: Mutex::new(state), changed: Condvar::new() }
    }

    /// Returns when the next request may be sent; `false` if none may.
    pub(super) fn enter(&self) -> bool {
        self.enter_after(Instant::now())
    }

    /// Sends nothing more. The first reason is the one that counts.
    pub(super) fn stop(&self, why: Stop) {
        self.state().stop.get_or_insert(why);
        self.changed.notify_all();
    }

    /// Why nothing more is sent.
    pub(super) fn stopped(&self) -> Option<Stop> {
        self.state().stop.clone()
    }

    /// How long the service wants silence yet.
    pub(super) fn silence(&self) -> Option<Duration> {
        let left = self.state().silent_until.saturating_duration_since(Instant::now());
        (!left.is_zero()).then_some(left)
    }

    fn enter_after(&self, earliest: Instant) -> bool {
        let mut state = self.state();
        while state.stop.is_none() {
            let now = Instant::now();
            let turn = state.next.max(state.silent_until).max(earliest);
            if turn <= now {
                state.next = now.max(state.next) + self.interval;
                return true;
            }
            let waited = self.changed.wait_timeout(state, turn - now);
            state = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
        false
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Gate for Pace {
    fn pause(&self, time: Duration) {
        let mut state = self.state();
        state.silent_until = state.silent_until.max(Instant::now() + time);
    }

    fn wait(&self, wait: Duration) -> bool {
        self.enter_after(Instant::now() + wait)
    }
}

#[cfg(test)]
mod tests {
    use std::thread;

    use super::*;

    #[test]
    fn all_threads_together_keep_the_rate() {
        let pace = Pace::new(6000);
        let start = Instant::now();
        thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| (0..5).for_each(|_| assert!(pace.enter())));
            }
        });
        let elapsed = start.elapsed().as_millis();
        assert!((190..1000).contains(&elapsed), "20 requests 10 ms apart: {elapsed} ms");
    }

    #[test]
    fn a_pause_holds_for_everybody() {
        let pace = Pace::new(1_000_000);
        pace.pause(Duration::from_millis(80));
        pace.pause(Duration::from_millis(1));
        let start = Instant::now();
        thread::scope(|scope| {
            for _ in 0..3 {
                scope.spawn(|| assert!(pace.enter()));
            }
        });
        assert!(start.elapsed().as_millis() >= 80);
        assert_eq!(pace.silence(), None);
    }

    #[test]
    fn a_stop_wakes_those_who_wait() {
        let pace = Pace::new(1);
        assert!(pace.enter());
        thread::scope(|scope| {
            let waits = scope.spawn(|| pace.wait(Duration::from_mins(1)));
            let enters = scope.spawn(|| pace.enter());
            pace.stop(Stop::Interrupted);
            pace.stop(Stop::Failures);
            assert!(!waits.join().unwrap() && !enters.join().unwrap());
        });
        assert!(matches!(pace.stopped(), Some(Stop::Interrupted)));
    }
}
