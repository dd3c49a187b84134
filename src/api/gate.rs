//! When a request may be tried again: for one client alone, or for many threads together.

use std::thread;
use std::time::Duration;

/// Asked before a request is tried again, and told when the service wants silence.
pub trait Gate: Send + Sync {
    /// How long the service may have one request wait before that counts as an attempt.
    fn patience(&self) -> Duration;

    /// The service wants no request for so long, from anybody with this key.
    fn pause(&self, time: Duration);

    /// Returns after `wait`, or later, when another attempt may begin; `false` if none may.
    fn wait(&self, wait: Duration) -> bool;
}

/// The gate of a client that is alone with its key: it only lets the time pass.
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
