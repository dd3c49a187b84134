//! How fast pairs are sent, and when no more are: one rule for all workers.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use crate::api::Gate;
use crate::error::Error;

/// A rate limit can last an hour; a pair loses no attempt by it.
const PATIENCE: Duration = Duration::from_hours(1);

/// Spaces the requests of all workers evenly, silences them when the service says so, and
/// stops them. Evenly, without bursts: then a run that continues a killed one stays within
/// the service's sliding minute as well.
pub(super) struct Pace {
    interval: Duration,
    jobs: usize,
    state: Mutex<State>,
    changed: Condvar,
}

struct State {
    under_way: usize,
    next: Instant,
    silent_until: Instant,
    stop: Option<Stop>,
}

/// The time in which a pair is under way, from its sending to its record.
pub(super) struct Turn<'a> {
    pace: &'a Pace,
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        self.pace.state().under_way -= 1;
        self.pace.changed.notify_all();
    }
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
    /// At most `rate` requests a minute, and `jobs` at a time.
    pub(super) fn new(rate: u32, jobs: usize) -> Self {
        let now = Instant::now();
        let state = State { under_way: 0, next: now, silent_until: now, stop: None };
        let interval = Duration::from_mins(1) / rate;
        Self { interval, jobs, state: Mutex::new(state), changed: Condvar::new() }
    }

    /// Returns when the next pair may be sent; `None` if none may.
    pub(super) fn enter(&self) -> Option<Turn<'_>> {
        let mut state = self.state();
        while state.under_way >= self.jobs && state.stop.is_none() {
            state = self.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
        // Taken before the wait for the rate, or more would come out of it than may.
        state.under_way += 1;
        drop(state);
        let turn = Turn { pace: self };
        self.wait(Duration::ZERO).then_some(turn)
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

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Gate for Pace {
    fn patience(&self) -> Duration {
        PATIENCE
    }

    fn pause(&self, time: Duration) {
        let mut state = self.state();
        state.silent_until = state.silent_until.max(Instant::now() + time);
    }

    fn wait(&self, wait: Duration) -> bool {
        let earliest = Instant::now() + wait;
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
}

#[cfg(test)]
mod tests {
    use std::thread;

    use super::*;

    #[test]
    fn all_threads_together_keep_the_rate() {
        let pace = Pace::new(6000, 4);
        let start = Instant::now();
        thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| (0..5).for_each(|_| assert!(pace.enter().is_some())));
            }
        });
        let elapsed = start.elapsed().as_millis();
        assert!((190..1000).contains(&elapsed), "20 requests 10 ms apart: {elapsed} ms");
    }

    #[test]
    fn no_more_than_the_jobs_are_under_way() {
        let (pace, most) = (Pace::new(1_000_000, 3), Mutex::new(0));
        thread::scope(|scope| {
            for _ in 0..12 {
                scope.spawn(|| {
                    let _turn = pace.enter();
                    thread::sleep(Duration::from_millis(5));
                    let mut most = most.lock().unwrap();
                    *most = pace.state().under_way.max(*most);
                });
            }
        });
        assert_eq!(*most.lock().unwrap(), 3);
        assert_eq!(pace.state().under_way, 0);
    }

    #[test]
    fn a_pause_holds_for_everybody() {
        let pace = Pace::new(1_000_000, 3);
        pace.pause(Duration::from_millis(80));
        pace.pause(Duration::from_millis(1));
        let start = Instant::now();
        thread::scope(|scope| {
            for _ in 0..3 {
                scope.spawn(|| assert!(pace.enter().is_some()));
            }
        });
        assert!(start.elapsed().as_millis() >= 80);
        assert_eq!(pace.silence(), None);
    }

    #[test]
    fn a_stop_wakes_those_who_wait() {
        let pace = Pace::new(1, 2);
        let turn = pace.enter();
        assert!(turn.is_some());
        thread::scope(|scope| {
            let waits = scope.spawn(|| pace.wait(Duration::from_mins(1)));
            let for_the_rate = scope.spawn(|| pace.enter().is_some());
            let for_a_job = scope.spawn(|| pace.enter().is_some());
            thread::sleep(Duration::from_millis(20));
            pace.stop(Stop::Interrupted);
            pace.stop(Stop::Failures);
            let admitted = [waits, for_the_rate, for_a_job].map(|thread| thread.join().unwrap());
            assert_eq!(admitted, [false; 3]);
        });
        assert!(matches!(pace.stopped(), Some(Stop::Interrupted)));
    }
}
