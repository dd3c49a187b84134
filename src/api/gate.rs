//! When a request may be tried again: for one client alone, or for many threads together.

use std::thread;
use std::time::Duration;

/// Asked before an upload and before a request is tried again; told when the service wants
/// silence.
pub trait Gate: Send + Sync {
    /// How long the service may have one request wait before that counts as an attempt.
    fn patience(&self) -> Duration;

    /// The service wants no request for so long, from anybody with this key.
    fn pause(&self, time: Duration);

    /// Returns when another upload may begin.
    fn begin_upload(&self);

    /// An upload ended; `whole` is its length in bytes if all of it was sent.
    fn end_upload(&self, whole: Option<u64>, took: Duration);

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

    fn begin_upload(&self) {}

    fn end_upload(&self, _: Option<u64>, _: Duration) {}

    fn wait(&self, wait: Duration) -> bool {
        thread::sleep(wait);
        true
    }
}
