//! Processes many photos on all cores.

use std::num::NonZero;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::{panic, thread};

use crate::error::Result;

/// The results of `work` on each item, in order; `step` is called after each. Stops after a failure.
///
/// Not rayon: its workers take on another photo while they wait for the engine, and could then
/// wait for memory that they hold themselves.
pub(super) fn on_all_cores<I: Sync, T: Send>(
    items: &[I],
    work: impl Fn(&I) -> Result<T> + Sync,
    step: impl Fn() + Sync,
) -> Result<Vec<T>> {
    let next = AtomicUsize::new(0);
    let run = || -> Result<Vec<(usize, T)>> {
        let mut done = Vec::new();
        loop {
            let place = next.fetch_add(1, Ordering::Relaxed);
            let Some(item) = items.get(place) else { return Ok(done) };
            let result = work(item).inspect_err(|_| next.store(items.len(), Ordering::Relaxed));
            done.push((place, result?));
            step();
        }
    };
    let workers = thread::available_parallelism().map_or(1, NonZero::get).min(items.len());
    let results: Result<Vec<_>> = thread::scope(|scope| {
        let workers: Vec<_> = (0..workers).map(|_| scope.spawn(run)).collect();
        let join = |worker: thread::ScopedJoinHandle<'_, _>| worker.join();
        let ended = workers.into_iter().map(join);
        ended.map(|ended| ended.unwrap_or_else(|bug| panic::resume_unwind(bug))).collect()
    });
    let mut results: Vec<_> = results?.into_iter().flatten().collect();
    results.sort_by_key(|(place, _)| *place);
    Ok(results.into_iter().map(|(_, result)| result).collect())
}
