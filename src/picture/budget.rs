//! A budget that threads share: memory for pictures, threads for decoders.

use std::sync::{Arc, Condvar, Mutex, PoisonError};

#[derive(Debug)]
pub struct Budget {
    total: u64,
    supply: Arc<Supply>,
}

#[derive(Debug)]
struct Supply {
    free: Mutex<u64>,
    returned: Condvar,
}

/// A share of the budget, returned on drop.
#[derive(Debug)]
pub struct Share {
    supply: Arc<Supply>,
    amount: u64,
}

impl Budget {
    pub fn new(total: u64) -> Self {
        let supply = Supply { free: Mutex::new(total), returned: Condvar::new() };
        Self { total, supply: Arc::new(supply) }
    }

    /// Blocks until `amount` is free, or the whole budget if `amount` exceeds it.
    pub fn take(&self, amount: u64) -> Share {
        let amount = amount.min(self.total);
        // A panic can't leave the number half-changed, so poisoning doesn't matter.
        let free = self.supply.free.lock().unwrap_or_else(PoisonError::into_inner);
        let waited = self.supply.returned.wait_while(free, |free| *free < amount);
        *waited.unwrap_or_else(PoisonError::into_inner) -= amount;
        Share { supply: Arc::clone(&self.supply), amount }
    }
}

impl Drop for Share {
    fn drop(&mut self) {
        let free = self.supply.free.lock();
        *free.unwrap_or_else(PoisonError::into_inner) += self.amount;
        self.supply.returned.notify_all();
    }
}

#[cfg(test)]
mod tests {
    use std::thread;
    use std::time::Duration;

    use super::*;

    #[test]
    fn a_request_over_the_budget_waits_until_all_is_free() {
        let budget = Budget::new(100);
        let first = budget.take(1);
        thread::scope(|scope| {
            let giant = scope.spawn(|| drop(budget.take(u64::MAX)));
            thread::sleep(Duration::from_millis(20));
            assert!(!giant.is_finished());
            drop(first);
        });
        assert_eq!(*budget.supply.free.lock().unwrap(), 100);
    }
}
