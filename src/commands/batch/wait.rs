//! `--wait`: at the end of a run, settles its reviews and lost answers, free of charge.

use std::collections::{BTreeMap, HashMap};
use std::mem;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use super::pace::Stop;
use super::tally::PairOutcome;
use super::worker::Work;
use crate::batch::journal::{Identity, Journal, Reading};
use crate::batch::manifest::Pair;
use crate::cli::Batch;
use crate::commands::lookup::{Change, Lookup};
use crate::commands::{self, Context};
use crate::error::{Charge, Kind, Result};
use crate::interrupt;
use crate::render::Console;
use crate::render::batch::NAMED;
use crate::values::seconds;
use crate::values::text::{QUOTED, count, excerpt};
use crate::verdict::Status;

pub(super) struct OpenPair {
    pub(super) id: String,
    pub(super) is_unknown: bool,
    /// Left open by an earlier run.
    pub(super) is_earlier: bool,
}

impl Work {
    /// Remembers the pairs that `--wait` may settle.
    pub(super) fn note_open(&self, pair: &Pair, identity: Identity, outcome: &PairOutcome) {
        let Some(open) = &self.open else { return };
        let (is_unknown, is_earlier) = match outcome {
            PairOutcome::Judged { verdict, .. } if verdict.status() == Status::InReview => {
                (false, false)
            }
            PairOutcome::JudgedBefore(known) if known.status == Status::InReview => (false, true),
            PairOutcome::Failed { error, .. } if error.charge() != Charge::No => (true, false),
            PairOutcome::Unknown => (true, true),
            _ => return,
        };
        let new = OpenPair { id: pair.id.clone(), is_unknown, is_earlier };
        lock(open).insert(self.state.key(&pair.id, pair.by_row, identity), new);
    }
}

/// Settles what this run left open, in the journal and in the counts.
pub(super) fn settle(work: &Work, arguments: &Batch, context: &Context) -> Result<()> {
    let (Some(limit), Some(journal)) = (arguments.wait, work.journal.as_ref()) else {
        return Ok(());
    };
    let has_ended = matches!(work.pace.stopped(), None | Some(Stop::Failures));
    if !has_ended || !work.is_paid() || journal.failure().is_some() {
        return Ok(());
    }
    let mut open = work.open.as_ref().map(|open| mem::take(&mut *lock(open))).unwrap_or_default();
    if open.is_empty() {
        return Ok(());
    }
    announce(&open, limit, &context.console);
    let (changes, left) = ask(&open, limit, journal, work, context)?;
    let strictness = arguments.options.strictness();
    for Change { key, verdict, seen } in changes {
        if let Some(pair) = open.remove(&key) {
            work.tally.settle(&pair, &verdict.tightened(strictness, || seen));
        }
    }
    say_why(&open, &left, &context.console);
    Ok(())
}

fn announce(open: &HashMap<u64, OpenPair>, limit: Duration, console: &Console) {
    let unknown = open.values().filter(|pair| pair.is_unknown).count() as u64;
    let reviews = open.len() as u64 - unknown;
    let limit = seconds::in_words(limit.max(Duration::from_secs(1)));
    if unknown > 0 {
        console.note(&format!("looking for the lost answers of {}", count(unknown, "pair")));
    }
    if reviews > 0 {
        let reviews = count(reviews, "pair");
        console.note(&format!("waiting up to {limit} for the decision on {reviews} in review"));
    }
}

/// The new verdicts, and why other pairs stay open, by id.
fn ask(
    open: &HashMap<u64, OpenPair>,
    limit: Duration,
    journal: &Journal,
    work: &Work,
    context: &Context,
) -> Result<(Vec<Change>, HashMap<u64, String>)> {
    let (client, progress) = commands::client(context, "waiting for decisions")?;
    let is_stopped = Arc::new(AtomicBool::new(false));
    let (stopping, pace) = (Arc::clone(&is_stopped), Arc::clone(&work.pace));
    let _grace = interrupt::gracefully(move || {
        pace.stop(Stop::Interrupted);
        stopping.store(true, Ordering::Relaxed);
    });
    let is_stopped = || is_stopped.load(Ordering::Relaxed);
    let reading = Reading { naming: work.naming, ..Reading::default() };
    let state = journal.reread(reading)?;
    let mut lookup = Lookup::new(&state, &client, journal, work.judged_by.clone(), is_stopped);
    let result = lookup.work(Some(limit), |key| open.contains_key(&key));
    drop(progress);
    // Whatever could not be asked about keeps its verdict, which decides how the run ends.
    let problem = match result {
        Err(e) if e.kind() == Kind::Output => return Err(e.into()),
        result => result.err().or(lookup.results.problem),
    };
    if let Some(problem) = problem {
        let why = problem.message();
        context.console.warn(&format!("could not look up every pair: {why}"));
    }
    Ok((lookup.results.changes, lookup.results.left))
}

fn say_why(open: &HashMap<u64, OpenPair>, left: &HashMap<u64, String>, console: &Console) {
    let unknown = open.iter().filter(|(_, pair)| pair.is_unknown);
    let reasons: BTreeMap<&str, &String> =
        unknown.filter_map(|(key, pair)| Some((pair.id.as_str(), left.get(key)?))).collect();
    for (id, why) in reasons.into_iter().take(NAMED) {
        console.note(&format!("pair `{}` stays unknown: {why}", excerpt(id, QUOTED)));
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
