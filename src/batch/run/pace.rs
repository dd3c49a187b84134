//! Paces the requests of all workers, counts them against `--limit`, and stops them.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use crate::api::Gate;
use crate::error::Error;

/// A rate limit can last an hour; it doesn't use up attempts.
const PATIENCE: Duration = Duration::from_hours(1);

/// Spaces the requests of all workers evenly, pauses when the service says so, and stops. No
/// bursts: a run that continues a killed one then also stays within the service's sliding minute.
pub struct Pace {
    interval: Duration,
    jobs: usize,
    /// How many pairs may be sent.
    limit: u64,
    turns: Mutex<Turns>,
    changed: Condvar,
}

struct Turns {
    /// Pairs in progress that may not need sending.
    held: u64,
    sent: u64,
    under_way: usize,
    next: Instant,
    silent_until: Instant,
    stop: Option<Stop>,
}

/// The right to send one pair. It goes to another pair if it isn't used.
pub struct Ticket<'a> {
    pace: &'a Pace,
    is_used: bool,
}

/// While it lives, a pair is in progress: from announcing to recording.
pub struct Turn<'a>(&'a Pace);

#[derive(Clone, Debug)]
pub enum Stop {
    /// Ctrl-C.
    Interrupted,
    /// The next pairs would fail in the same way.
    Fatal(Error),
    /// `--max-failures`.
    Failures,
}

impl Pace {
    /// At most `rate` requests a minute, `jobs` at a time, and `limit` in all.
    pub fn new(rate: u32, jobs: usize, limit: Option<u64>) -> Self {
        let now = Instant::now();
        let (held, sent, under_way, stop) = (0, 0, 0, None);
        let turns = Turns { held, sent, under_way, next: now, silent_until: now, stop };
        Self {
            interval: Duration::from_mins(1) / rate,
            jobs,
            limit: limit.unwrap_or(u64::MAX),
            turns: Mutex::new(turns),
            changed: Condvar::new(),
        }
    }

    /// A ticket for the next pair; `None` if no more may be sent. Waits while that is undecided, so
    /// that the first pairs get them.
    pub fn ticket(&self) -> Option<Ticket<'_>> {
        let mut turns = self.turns();
        while turns.stop.is_none() && turns.sent < self.limit {
            if turns.held + turns.sent < self.limit {
                turns.held += 1;
                return Some(Ticket { pace: self, is_used: false });
            }
            turns = self.sleep(turns, None);
        }
        None
    }

    pub fn is_limit_reached(&self) -> bool {
        self.turns().sent >= self.limit
    }

    /// Sends nothing more. The first reason counts.
    pub fn stop(&self, why: Stop) {
        self.turns().stop.get_or_insert(why);
        self.changed.notify_all();
    }

    pub fn stopped(&self) -> Option<Stop> {
        self.turns().stop.clone()
    }

    /// How much longer the service wants a pause.
    pub fn silence(&self) -> Option<Duration> {
        let left = self.turns().silent_until.saturating_duration_since(Instant::now());
        (!left.is_zero()).then_some(left)
    }

    /// Waits until a request may leave, `earliest` at the earliest; `None` if none may any more.
    fn turn(
        &self,
        has_room: impl Fn(&Turns) -> bool,
        earliest: Instant,
    ) -> Option<MutexGuard<'_, Turns>> {
        let mut turns = self.turns();
        while turns.stop.is_none() {
            let (now, at) = (Instant::now(), turns.next.max(turns.silent_until).max(earliest));
            let has_room = has_room(&turns);
            if has_room && at <= now {
                turns.next = now.max(turns.next) + self.interval;
                return Some(turns);
            }
            turns = self.sleep(turns, has_room.then(|| at - now));
        }
        None
    }

    fn turns(&self) -> MutexGuard<'_, Turns> {
        self.turns.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Sleeps until something changes, at most for `time`.
    fn sleep<'a>(
        &self,
        turns: MutexGuard<'a, Turns>,
        time: Option<Duration>,
    ) -> MutexGuard<'a, Turns> {
        let on = &self.changed;
        match time {
            None => on.wait(turns).unwrap_or_else(PoisonError::into_inner),
            Some(time) => on.wait_timeout(turns, time).unwrap_or_else(PoisonError::into_inner).0,
        }
    }
}

impl<'a> Ticket<'a> {
    /// Waits until the pair may be sent; `None` if it may not any more.
    pub fn enter(self) -> Option<Turn<'a>> {
        let pace = self.pace;
        let mut turns = pace.turn(|turns| turns.under_way < pace.jobs, Instant::now())?;
        turns.under_way += 1;
        drop(turns);
        self.spend();
        Some(Turn(pace))
    }

    pub fn spend(mut self) {
        self.is_used = true;
    }
}

impl Drop for Ticket<'_> {
    fn drop(&mut self) {
        let mut turns = self.pace.turns();
        turns.held -= 1;
        turns.sent += u64::from(self.is_used);
        self.pace.changed.notify_all();
    }
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        self.0.turns().under_way -= 1;
        self.0.changed.notify_all();
    }
}

impl Gate for Pace {
    fn patience(&self) -> Duration {
        PATIENCE
    }

    fn pause(&self, time: Duration) {
        let mut turns = self.turns();
        turns.silent_until = turns.silent_until.max(Instant::now() + time);
    }

    fn wait(&self, wait: Duration) -> bool {
        self.turn(|_| true, Instant::now() + wait).is_some()
    }
}
