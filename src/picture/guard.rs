//! Runs decoders on a limited number of threads, with a time limit, and catches their panics: a
//! photo that makes a decoder panic or hang is just a bad photo.

use std::fs;
use std::num::NonZero;
use std::path::PathBuf;
use std::sync::mpsc::{self, RecvTimeoutError};
use std::sync::{Arc, Condvar, LazyLock, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use super::Error;
use crate::panics;

/// Limit for decoding, in time of the processor. The largest pictures take about a second, but a
/// crafted file of a few kilobytes can take minutes.
pub(super) const MAX_TIME: Duration = Duration::from_secs(10);
/// Limit in time that passes, while the process isn't stopped: the machine may be busy.
const MAX_WAIT: Duration = Duration::from_mins(2);
/// A wait of the process counts as one of these, however long it was stopped.
const SLICE: Duration = Duration::from_millis(100);

/// Limits concurrent decoders, including abandoned ones that are still running.
static THREADS: LazyLock<Budget> = LazyLock::new(|| {
    let cores = thread::available_parallelism().map_or(1, NonZero::get);
    Budget::new(2 * cores as u64)
});

/// Runs `decode` and returns its result together with `held`. If it exceeds [`MAX_TIME`], its
/// thread keeps `held` until it ends.
pub(super) fn decoded<T: Send + 'static, H: Send + 'static>(
    held: H,
    decode: impl FnOnce() -> Result<T, Error> + Send + 'static,
) -> Result<(T, H), Error> {
    within(MAX_TIME, MAX_WAIT, &THREADS, held, decode)
}

/// Runs `read` on this thread: reading a header takes no time.
pub(super) fn read<T>(read: impl FnOnce() -> Result<T, Error>) -> Result<T, Error> {
    panics::caught(read).unwrap_or(Err(Error::Unusual))
}

fn within<T: Send + 'static, H: Send + 'static>(
    limit: Duration,
    most: Duration,
    threads: &Budget,
    held: H,
    decode: impl FnOnce() -> Result<T, Error> + Send + 'static,
) -> Result<(T, H), Error> {
    let place = threads.take(1);
    let (sender, receiver) = mpsc::sync_channel(1);
    let (clock, clocks) = mpsc::sync_channel(1);
    let work = move || {
        let _ = clock.send(thread_clock());
        let result = read(decode);
        // Freed before the result is sent, so that the receiver can start another decoder.
        drop(place);
        // Past the time limit, nobody receives it.
        let _ = sender.send(result.map(|decoded| (decoded, held)));
    };
    if thread::Builder::new().name("decoder".to_owned()).spawn(work).is_err() {
        return Err(Error::NoThread);
    }
    let clock = clocks.recv().ok().flatten();
    let mut waited = Duration::ZERO;
    loop {
        match receiver.recv_timeout(SLICE.min(most)) {
            Ok(result) => return result,
            Err(RecvTimeoutError::Disconnected) => return Err(Error::Unusual),
            Err(RecvTimeoutError::Timeout) => waited += SLICE,
        }
        let used = clock.as_ref().and_then(time_used).unwrap_or(waited);
        if used >= limit || waited >= most {
            return Err(Error::TooSlow);
        }
    }
}

/// Where Linux tells how much processor time this thread has used.
fn thread_clock() -> Option<PathBuf> {
    Some(PathBuf::from("/proc").join(fs::read_link("/proc/thread-self").ok()?).join("schedstat"))
}

fn time_used(clock: &PathBuf) -> Option<Duration> {
    let text = fs::read_to_string(clock).ok()?;
    Some(Duration::from_nanos(text.split(' ').next()?.parse().ok()?))
}

/// A budget that threads share: memory for pictures, threads for decoders.
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
    use std::sync::atomic::{AtomicBool, Ordering};

    use super::*;

    const LONG: Duration = Duration::from_mins(1);

    #[test]
    fn a_panic_counts_as_a_bad_photo() {
        let threads = Budget::new(1);
        for _ in 0..3 {
            let panicked = within(LONG, LONG, &threads, (), || -> Result<(), Error> {
                assert_eq!(1, 2, "a bug of a decoder");
                Ok(())
            });
            assert_eq!(panicked, Err(Error::Unusual));
        }
        assert_eq!(within(LONG, LONG, &threads, "share", || Ok(7)), Ok((7, "share")));
    }

    #[test]
    fn an_abandoned_decoder_keeps_its_thread_and_share_until_it_ends() {
        let (threads, memory) = (Budget::new(1), Budget::new(1));
        let asleep = Arc::new(Mutex::new(()));
        let (wake, has_ended) = (asleep.lock().unwrap(), Arc::new(AtomicBool::new(false)));
        let (sleeper, ending) = (Arc::clone(&asleep), Arc::clone(&has_ended));
        let sleep = move || {
            drop(sleeper.lock());
            ending.store(true, Ordering::SeqCst);
            Ok(())
        };
        let given_up = within(LONG, Duration::from_millis(20), &threads, memory.take(1), sleep);
        assert_eq!(given_up.err(), Some(Error::TooSlow));
        thread::scope(|scope| {
            let next = scope.spawn(|| {
                drop(memory.take(1));
                within(LONG, LONG, &threads, (), || Ok(()))
                    .map(|_| has_ended.load(Ordering::SeqCst))
            });
            thread::sleep(Duration::from_millis(50));
            assert!(!next.is_finished(), "out of memory or threads");
            drop(wake);
            assert_eq!(next.join().unwrap(), Ok(true));
        });
    }

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
