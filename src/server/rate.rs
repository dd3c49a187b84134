//! Limits requests per minute, with a sliding window.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

const WINDOW: Duration = Duration::from_mins(1);

/// The requests admitted during the last minute.
pub(super) struct Window {
    pub(super) limit: u32,
    times: VecDeque<Instant>,
}

impl Window {
    pub(super) fn new(limit: u32) -> Self {
        Self { limit, times: VecDeque::new() }
    }

    /// Admits a request at `now`, or returns how long to wait. Refused requests don't count.
    pub(super) fn admit(&mut self, now: Instant) -> Result<(), Duration> {
        while self.times.front().is_some_and(|&time| now.duration_since(time) >= WINDOW) {
            self.times.pop_front();
        }
        if self.times.len() < self.limit as usize {
            self.times.push_back(now);
            return Ok(());
        }
        let oldest = self.times.front().copied().unwrap_or(now);
        Err(WINDOW.saturating_sub(now.duration_since(oldest)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_window_slides_and_refusals_do_not_count() {
        let start = Instant::now();
        let at = |seconds| start + Duration::from_secs(seconds);
        let mut window = Window::new(2);
        assert_eq!(window.admit(at(0)), Ok(()));
        assert_eq!(window.admit(at(30)), Ok(()));
        assert_eq!(window.admit(at(40)), Err(Duration::from_secs(20)));
        assert_eq!(window.admit(at(59)), Err(Duration::from_secs(1)));
        assert_eq!(window.admit(at(60)), Ok(()));
        assert_eq!(window.admit(at(60)), Err(Duration::from_secs(30)));
        assert_eq!(window.admit(at(90)), Ok(()));
    }
}
