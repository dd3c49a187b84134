//! Paces the requests of all workers, and stops them.

use std::mem;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use crate::api::Gate;
use crate::error::Error;

/// A rate limit can last an hour; it doesn't use up attempts.
const PATIENCE: Duration = Duration::from_hours(1);
/// How long before its turn a pair is announced, so that its line is on disk by then.
const LEAD: Duration = Duration::from_millis(50);
/// Announcing slower pairs before a job is free gains nothing.
const QUICK: Duration = Duration::from_millis(250);

/// Spaces the requests of all workers evenly, pauses when the service says so, and stops. No
/// bursts: a run that continues a killed one then also stays within the service's sliding minute.
pub(super) struct Pace {
    interval: Duration,
    jobs: usize,
    state: Mutex<State>,
    changed: Condvar,
    /// For announced pairs: each turn that ends wakes one of them, not all workers.
    ended: Condvar,
}

struct State {
    /// Announced pairs that wait for their turn.
    announced: usize,
    under_way: usize,
    /// The last pair was fast, so the next ones should be ready in advance.
    is_quick: bool,
    next: Instant,
    silent_until: Instant,
    stop: Option<Stop>,
}

/// While it lives, a pair is announced but not sent yet.
pub(super) struct Approach<'a> {
    pace: &'a Pace,
}

/// While it lives, a pair is under way: from sending to recording.
pub(super) struct Turn<'a> {
    pace: &'a Pace,
    started: Instant,
}

impl Drop for Approach<'_> {
    fn drop(&mut self) {
        self.pace.state().announced -= 1;
        self.pace.changed.notify_all();
    }
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        let mut state = self.pace.state();
        state.under_way -= 1;
        let was_quick = mem::replace(&mut state.is_quick, self.started.elapsed() < QUICK);
        if !(was_quick && state.is_quick) {
            self.pace.changed.notify_all();
        }
        self.pace.ended.notify_one();
    }
}

#[derive(Clone, Debug)]
pub(super) enum Stop {
    /// Ctrl-C.
    Interrupted,
    /// The next pairs would fail in the same way.
    Fatal(Error),
    /// `--max-failures`.
    Failures,
}

impl Pace {
    /// At most `rate` requests a minute, and `jobs` at a time.
    pub(super) fn new(rate: u32, jobs: usize) -> Self {
        let now = Instant::now();
        let state = State {
            announced: 0,
            under_way: 0,
            is_quick: false,
            next: now,
            silent_until: now,
            stop: None,
        };
        let interval = Duration::from_mins(1) / rate;
        let [changed, ended] = [(); 2].map(|()| Condvar::new());
        Self { interval, jobs, state: Mutex::new(state), changed, ended }
    }

    /// Waits until the next pair should be announced; `None` if no more may be sent.
    ///
    /// As late as possible: if the run is killed now, every announced pair is unknown.
    pub(super) fn approach(&self) -> Option<Approach<'_>> {
        let mut state = self.state();
        while state.stop.is_none() {
            let now = Instant::now();
            let turn =
                state.turn() + self.interval * u32::try_from(state.announced).unwrap_or(u32::MAX);
            let has_room = state.is_quick || state.announced + state.under_way < self.jobs;
            if has_room && turn <= now + LEAD {
                state.announced += 1;
                return Some(Approach { pace: self });
            }
            state = Self::sleep(
                &self.changed,
                state,
                has_room.then(|| (turn - now).saturating_sub(LEAD)),
            );
        }
        None
    }

    /// Sends nothing more. The first reason counts.
    pub(super) fn stop(&self, why: Stop) {
        self.state().stop.get_or_insert(why);
        self.changed.notify_all();
        self.ended.notify_all();
    }

    pub(super) fn stopped(&self) -> Option<Stop> {
        self.state().stop.clone()
    }

    /// How much longer the service wants a pause.
    pub(super) fn silence(&self) -> Option<Duration> {
        let left = self.state().silent_until.saturating_duration_since(Instant::now());
        (!left.is_zero()).then_some(left)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Sleeps until something changes, at most for `time`.
    fn sleep<'a>(
        on: &Condvar,
        state: MutexGuard<'a, State>,
        time: Option<Duration>,
    ) -> MutexGuard<'a, State> {
        match time {
            None => on.wait(state).unwrap_or_else(PoisonError::into_inner),
            Some(time) => on.wait_timeout(state, time).unwrap_or_else(PoisonError::into_inner).0,
        }
    }
}

impl State {
    /// When the next request may leave.
    fn turn(&self) -> Instant {
        self.next.max(self.silent_until)
    }
}

impl<'a> Approach<'a> {
    /// Waits until the pair may be sent; `None` if it may not any more.
    pub(super) fn enter(self) -> Option<Turn<'a>> {
        let pace = self.pace;
        let mut state = pace.state();
        while state.stop.is_none() {
            let now = Instant::now();
            let has_room = state.under_way < pace.jobs;
            let turn = state.turn();
            if has_room && turn <= now {
                state.under_way += 1;
                state.next = now.max(state.next) + pace.interval;
                return Some(Turn { pace, started: now });
            }
            state = Pace::sleep(&pace.ended, state, has_room.then(|| turn - now));
        }
        None
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
            let turn = state.turn().max(earliest);
            if turn <= now {
                state.next = now.max(state.next) + self.interval;
                return true;
            }
            state = Self::sleep(&self.changed, state, Some(turn - now));
        }
        false
    }
}

#[cfg(test)]
mod tests {
    use std::thread;

    use super::*;

    fn enter(pace: &Pace) -> Option<Turn<'_>> {
        pace.approach()?.enter()
    }

    #[test]
    fn all_workers_together_keep_the_rate() {
        let pace = Pace::new(6000, 4);
        let start = Instant::now();
        thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| (0..5).for_each(|_| assert!(enter(&pace).is_some())));
            }
        });
        let elapsed = start.elapsed().as_millis();
        assert!(elapsed >= 190, "20 requests 10 ms apart: {elapsed} ms");
    }

    #[test]
    fn never_more_pairs_under_way_than_jobs() {
        let (pace, most) = (Pace::new(1_000_000, 3), Mutex::new(0));
        thread::scope(|scope| {
            for _ in 0..12 {
                scope.spawn(|| {
                    let _turn = enter(&pace);
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
    fn a_pause_stops_all_workers() {
        let pace = Pace::new(1_000_000, 3);
        pace.pause(Duration::from_millis(80));
        pace.pause(Duration::from_millis(1));
        let start = Instant::now();
        thread::scope(|scope| {
            for _ in 0..3 {
                scope.spawn(|| assert!(enter(&pace).is_some()));
            }
        });
        assert!(start.elapsed().as_millis() >= 80);
        assert_eq!(pace.silence(), None);
    }

    #[test]
    fn only_pairs_that_are_about_to_leave_are_announced() {
        // One a minute: the second one has a minute left.
        let slow = Pace::new(1, 9);
        let first = slow.approach();
        assert!(first.is_some());
        thread::scope(|scope| {
            let second = scope.spawn(|| slow.approach().is_some());
            thread::sleep(Duration::from_millis(20));
            assert_eq!(slow.state().announced, 1);
            slow.stop(Stop::Interrupted);
            assert!(!second.join().unwrap());
        });
        assert!(first.unwrap().enter().is_none());
        // One lock at a time: two in one statement wait for each other.
        assert_eq!(slow.state().announced, 0);
        assert_eq!(slow.state().under_way, 0);
        // With all jobs taken: one more, once pairs are known to be quick.
        let busy = Pace::new(u32::MAX, 1);
        drop(enter(&busy));
        assert!(busy.state().is_quick);
        let turn = enter(&busy);
        assert!(turn.is_some() && busy.approach().is_some());
    }

    #[test]
    fn a_stop_wakes_waiting_workers() {
        let pace = Pace::new(1, 2);
        let turn = enter(&pace);
        assert!(turn.is_some());
        thread::scope(|scope| {
            let waits = scope.spawn(|| pace.wait(Duration::from_mins(1)));
            let for_the_rate = scope.spawn(|| enter(&pace).is_some());
            let for_a_job = scope.spawn(|| enter(&pace).is_some());
            thread::sleep(Duration::from_millis(20));
            pace.stop(Stop::Interrupted);
            pace.stop(Stop::Failures);
            let admitted = [waits, for_the_rate, for_a_job].map(|thread| thread.join().unwrap());
            assert_eq!(admitted, [false; 3]);
        });
        assert!(matches!(pace.stopped(), Some(Stop::Interrupted)));
    }
}
