//! What every test needs: the tool in a clean environment, a service, photos, certificates.

pub(crate) mod account;
pub(crate) mod bodies;
pub(crate) mod certificates;
pub(crate) mod command;
pub(crate) mod connection;
pub(crate) mod message;
pub(crate) mod photos;
pub(crate) mod process;
pub(crate) mod schema;
#[cfg(unix)]
pub(crate) mod screen;
#[cfg(unix)]
pub(crate) mod server;
pub(crate) mod service;
pub(crate) mod traces;

pub(crate) use command::{KEY, Outcome, Tool};
pub(crate) use message::Answer;
pub(crate) use photos::Photos;
pub(crate) use service::Service;

use std::path::Path;
use std::time::{Duration, Instant};

/// Part of every message about a request that may have cost a credit.
pub(crate) const MAYBE_PAID: &str = "may have been processed";

/// The result of `work` and its duration.
pub(crate) fn timed<T>(work: impl FnOnce() -> T) -> (T, Duration) {
    let start = Instant::now();
    let result = work();
    (result, start.elapsed())
}

/// The names of a folder's files, sorted.
pub(crate) fn names(folder: &Path) -> Vec<String> {
    let files = folder.read_dir().expect("a folder");
    let name = |file: std::io::Result<std::fs::DirEntry>| file.expect("a file").file_name();
    let mut names: Vec<_> = files.map(|f| name(f).into_string().expect("UTF-8")).collect();
    names.sort();
    names
}
