//! A share of the memory for each picture that is decoded, so that many threads stay bounded.

use std::sync::{Condvar, Mutex, PoisonError};

/// Pixels that may be decoded at once: with the engine's copies some 4 bytes each. A picture
/// with more waits until it is alone.
const PIXELS: u64 = 64_000_000;

/// The pixels that are not taken.
pub(super) struct Budget {
    free: Mutex<u64>,
    returned: Condvar,
}

/// A part of the budget, returned when it is dropped.
pub struct Share<'a> {
    budget: &'a Budget,
    pixels: u64,
}

impl Default for Budget {
    fn default() -> Self {
        Self { free: Mutex::new(PIXELS), returned: Condvar::new() }
    }
}

impl Budget {
    /// Waits until there is memory for a picture of this size.
    pub(super) fn take(&self, (width, height): (u32, u32)) -> Share<'_> {
        let pixels = (u64::from(width) * u64::from(height)).min(PIXELS);
        // The number is right whoever panicked while holding it.
        let free = self.free.lock().unwrap_or_else(PoisonError::into_inner);
        let waited = self.returned.wait_while(free, |free| *free < pixels);
        *waited.unwrap_or_else(PoisonError::into_inner) -= pixels;
        Share { budget: self, pixels }
    }
}

impl Drop for Share<'_> {
    fn drop(&mut self) {
        let free = self.budget.free.lock();
        *free.unwrap_or_else(PoisonError::into_inner) += self.pixels;
        self.budget.returned.notify_all();
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn a_picture_larger_than_the_budget_waits_until_it_is_alone() {
        let budget = Budget::default();
        let first = budget.take((1, 1));
        std::thread::scope(|scope| {
            let giant = scope.spawn(|| drop(budget.take((u32::MAX, u32::MAX))));
            std::thread::sleep(Duration::from_millis(20));
            assert!(!giant.is_finished());
            drop(first);
        });
        assert_eq!(*budget.free.lock().unwrap(), PIXELS);
    }
}
