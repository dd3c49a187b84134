//! Decides when a request may be sent or tried again, across all threads that share a key.

use std::thread;
use std::time::Duration;

/// Asked before a retry; told when the service wants a pause.
pub trait Gate: Send + Sync {
    /// How long one request may wait at the service's demand before that counts as an attempt.
    fn patience(&self) -> Duration;

    /// The service wants no requests with this key for `time`.
    fn pause(&self, time: Duration);

    /// Returns once another attempt may begin, after `wait` at the earliest; `false` if none may.
    fn wait(&self, wait: Duration) -> bool;
}

/// For a single client, which only has to wait.
pub struct Alone;

impl Gate for Alone {
    fn patience(&self) -> Duration {
        Duration::ZERO
    }

    fn pause(&self, _: Duration) {}

    fn wait(&self, wait: Duration) -> bool {
        thread::sleep(wait);
        true
    }
}
