//! How many requests a minute: a window of 60 seconds that slides.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

const WINDOW: Duration = Duration::from_mins(1);

/// The requests of the last minute, of which there are never more than the limit.
pub(super) struct Window {
    limit: u32,
    times: VecDeque<Instant>,
}

impl Window {
    pub(super) fn new(limit: u32) -> Self {
        Self { limit, times: VecDeque::new() }
    }

    pub(super) fn limit(&self) -> u32 {
        self.limit
    }

    /// Counts a request at `now`, or says how long until another one is let through.
    /// Whatever is refused does not count.
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
