//! Limits concurrent uploads: starts with few, and adds one as long as that raises the throughput.
//! All at once, none would finish in time on a slow link.

use std::time::{Duration, Instant};

const FIRST: usize = 2;
/// Faster uploads don't fill the link.
const QUICK: Duration = Duration::from_millis(250);
/// An extra upload is kept if the link gets this much faster.
const GAIN: f64 = 1.1;
/// How many rounds to wait after a failed trial.
const REST: u32 = 8;

pub(super) struct Uplink {
    allowed: usize,
    most: usize,
    /// Bytes a second before the current trial of one more upload.
    before_trial: Option<f64>,
    rest: u32,
    round: Round,
}

/// Enough uploads to measure the link's speed.
struct Round {
    since: Instant,
    bytes: u64,
    ended: usize,
}

impl Round {
    fn new(since: Instant) -> Self {
        Self { since, bytes: 0, ended: 0 }
    }

    #[allow(clippy::cast_precision_loss, reason = "a speed, compared with another")]
    fn speed(&self, now: Instant) -> f64 {
        self.bytes as f64 / (now - self.since).as_secs_f64()
    }
}

impl Uplink {
    pub(super) fn new(most: usize, now: Instant) -> Self {
        let allowed = FIRST.min(most);
        Self { allowed, most, before_trial: None, rest: 0, round: Round::new(now) }
    }

    pub(super) fn allowed(&self) -> usize {
        self.allowed
    }

    pub(super) fn learn(&mut self, bytes: u64, took: Duration, now: Instant) {
        if took < QUICK {
            return self.change(self.allowed + 1, None, now);
        }
        self.round.bytes += bytes;
        self.round.ended += 1;
        if self.round.ended < 2 * self.allowed {
            return;
        }
        let speed = self.round.speed(now);
        match self.before_trial {
            Some(before) if speed < before * GAIN => {
                self.rest = REST;
                self.change(self.allowed - 1, None, now);
            }
            None if self.rest > 0 => {
                self.rest -= 1;
                self.round = Round::new(now);
            }
            _ => self.change(self.allowed + 1, Some(speed), now),
        }
    }

    fn change(&mut self, allowed: usize, before_trial: Option<f64>, now: Instant) {
        self.before_trial = before_trial.filter(|_| allowed <= self.most);
        self.allowed = allowed.min(self.most);
        self.round = Round::new(now);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Runs uploads of 1 MB on a link of `link` bytes a second, of which one upload gets at most
    /// `each`, and returns how many were allowed after each.
    fn on_a_link(link: f64, each: f64) -> Vec<usize> {
        let mut now = Instant::now();
        let mut uplink = Uplink::new(8, now);
        let mut allowed = Vec::new();
        for _ in 0..200 {
            let at_a_time = f64::from(u8::try_from(uplink.allowed()).unwrap());
            let speed = link.min(each * at_a_time);
            now += Duration::from_secs_f64(1e6 / speed);
            let took = Duration::from_secs_f64(1e6 / speed * at_a_time);
            uplink.learn(1_000_000, took, now);
            allowed.push(uplink.allowed());
        }
        allowed
    }

    #[test]
    fn a_slow_link_gets_few_uploads() {
        let allowed = on_a_link(1e6, 1e6);
        assert!(allowed.iter().all(|allowed| (2..=3).contains(allowed)), "{allowed:?}");
        assert!(allowed.iter().filter(|allowed| **allowed == 2).count() > 150, "{allowed:?}");
    }

    #[test]
    fn a_distant_service_gets_more_uploads() {
        assert_eq!(on_a_link(20e6, 2e6).last(), Some(&8));
        let allowed = on_a_link(10e6, 2e6);
        assert!((5..=6).contains(allowed.last().unwrap()), "{allowed:?}");
    }

    #[test]
    fn quick_uploads_are_not_held_back() {
        assert_eq!(on_a_link(1e9, 1e9)[..7], [3, 4, 5, 6, 7, 8, 8]);
    }
}
