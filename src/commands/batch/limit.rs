//! `--limit`: sends only the first pairs that need it, with any number of workers.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

/// How many more pairs may be sent.
pub(super) struct Limit {
    most: u64,
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
struct State {
    /// Pairs in progress that may not need sending.
    held: u64,
    spent: u64,
}

/// The right to send one pair. It goes to another pair if it isn't spent.
pub(super) struct Ticket<'a> {
    limit: &'a Limit,
    spent: u64,
}

impl Limit {
    /// No limit without a number.
    pub(super) fn new(most: Option<u64>) -> Self {
        let most = most.unwrap_or(u64::MAX);
        Self { most, state: Mutex::default(), changed: Condvar::new() }
    }

    /// A ticket for the next pair; `None` once all are spent. Waits while that is undecided.
    pub(super) fn ticket(&self) -> Option<Ticket<'_>> {
        let mut state = self.state();
        while state.spent < self.most {
            if state.held + state.spent < self.most {
                state.held += 1;
                return Some(Ticket { limit: self, spent: 0 });
            }
            state = self.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
        None
    }

    pub(super) fn is_spent(&self) -> bool {
        self.state().spent >= self.most
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Ticket<'_> {
    pub(super) fn spend(mut self) {
        self.spent = 1;
    }
}

impl Drop for Ticket<'_> {
    fn drop(&mut self) {
        let mut state = self.limit.state();
        state.held -= 1;
        state.spent += self.spent;
        self.limit.changed.notify_all();
    }
}

#[cfg(test)]
mod tests {
    use std::thread;

    use super::*;

    #[test]
    fn an_unspent_ticket_goes_to_the_next_pair() {
        let limit = Limit::new(Some(2));
        let (first, second) = (limit.ticket().unwrap(), limit.ticket().unwrap());
        thread::scope(|scope| {
            let third = scope.spawn(|| limit.ticket().map(Ticket::spend));
            let fourth = scope.spawn(|| limit.ticket().map(Ticket::spend));
            second.spend();
            drop(first);
            let given = [third, fourth].map(|worker| worker.join().unwrap().is_some());
            assert!(given[0] != given[1], "one was left");
        });
        assert!(limit.is_spent() && limit.ticket().is_none());
        assert!(!Limit::new(None).is_spent());
    }
}
