//! What every test needs: the tool in a clean environment, a service, photos, certificates.

pub(crate) mod bodies;
pub(crate) mod certificates;
pub(crate) mod command;
pub(crate) mod connection;
pub(crate) mod message;
pub(crate) mod photos;
#[cfg(unix)]
pub(crate) mod screen;
#[cfg(all(feature = "serve", unix))]
pub(crate) mod server;
pub(crate) mod service;
pub(crate) mod traces;

pub(crate) use command::{KEY, Outcome, Tool};
pub(crate) use message::Answer;
pub(crate) use photos::Photos;
pub(crate) use service::Service;

use std::time::{Duration, Instant};

/// The result of `work` and its duration.
pub(crate) fn timed<T>(work: impl FnOnce() -> T) -> (T, Duration) {
    let start = Instant::now();
    let result = work();
    (result, start.elapsed())
}
