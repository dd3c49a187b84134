//! Runs decoders on threads: few at a time, with a time limit, and with panics caught. A photo that
//! makes one panic or hang is only a bad photo.

use std::num::NonZero;
use std::sync::LazyLock;
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::Duration;

use super::Error;
use super::budget::Budget;
use crate::panics;

/// The longest that decoding may take. The largest pictures take about a second, but a few
/// kilobytes can be made to take minutes.
pub(super) const MAX_TIME: Duration = Duration::from_secs(10);

/// The most decoders at once, including those that were given up and still run.
static THREADS: LazyLock<Budget> = LazyLock::new(|| {
    let cores = thread::available_parallelism().map_or(1, NonZero::get);
    Budget::new(2 * cores as u64)
});

/// The result of `decode`, and `held`. If `decode` is given up after [`MAX_TIME`], its thread keeps
/// `held` until it ends.
pub(super) fn decoded<T: Send + 'static, H: Send + 'static>(
    held: H,
    decode: impl FnOnce() -> Result<T, Error> + Send + 'static,
) -> Result<(T, H), Error> {
    within(MAX_TIME, &THREADS, held, decode)
}

/// The result of `read`, on this thread: headers take no time.
pub(super) fn read<T>(read: impl FnOnce() -> Result<T, Error>) -> Result<T, Error> {
    panics::caught(read).unwrap_or(Err(Error::Unusual))
}

fn within<T: Send + 'static, H: Send + 'static>(
    limit: Duration,
    threads: &Budget,
    held: H,
    decode: impl FnOnce() -> Result<T, Error> + Send + 'static,
) -> Result<(T, H), Error> {
    let place = threads.take(1);
    let (sender, receiver) = mpsc::sync_channel(1);
    let work = move || {
        let result = read(decode);
        // Before the result is sent, so that its receiver finds the place free.
        drop(place);
        // After the time limit, nothing receives it.
        let _ = sender.send(result.map(|decoded| (decoded, held)));
    };
    if thread::Builder::new().name("decoder".to_owned()).spawn(work).is_err() {
        return Err(Error::NoThread);
    }
    match receiver.recv_timeout(limit) {
        Ok(result) => result,
        Err(RecvTimeoutError::Timeout) => Err(Error::TooSlow),
        Err(RecvTimeoutError::Disconnected) => Err(Error::Unusual),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicBool, Ordering};
    use std::sync::{Arc, Mutex};

    use super::*;

    const LONG: Duration = Duration::from_mins(1);

    #[test]
    fn a_panic_counts_as_a_bad_photo() {
        let threads = Budget::new(1);
        for _ in 0..3 {
            let panicked = within(LONG, &threads, (), || -> Result<(), Error> {
                assert_eq!(1, 2, "a bug of a decoder");
                Ok(())
            });
            assert_eq!(panicked, Err(Error::Unusual));
        }
        assert_eq!(within(LONG, &threads, "share", || Ok(7)), Ok((7, "share")));
    }

    #[test]
    fn a_decoder_that_was_given_up_keeps_its_thread_and_share_until_it_ends() {
        let (threads, memory) = (Budget::new(1), Budget::new(1));
        let asleep = Arc::new(Mutex::new(()));
        let (wake, has_ended) = (asleep.lock().unwrap(), Arc::new(AtomicBool::new(false)));
        let (sleeper, ending) = (Arc::clone(&asleep), Arc::clone(&has_ended));
        let sleep = move || {
            drop(sleeper.lock());
            ending.store(true, Ordering::SeqCst);
            Ok(())
        };
        let given_up = within(Duration::from_millis(20), &threads, memory.take(1), sleep);
        assert_eq!(given_up.err(), Some(Error::TooSlow));
        thread::scope(|scope| {
            let next = scope.spawn(|| {
                drop(memory.take(1));
                within(LONG, &threads, (), || Ok(())).map(|_| has_ended.load(Ordering::SeqCst))
            });
            thread::sleep(Duration::from_millis(50));
            assert!(!next.is_finished(), "out of memory or threads");
            drop(wake);
            assert_eq!(next.join().unwrap(), Ok(true));
        });
    }
}
