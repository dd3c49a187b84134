//! `decision --journal`, and the end of `batch --wait`: looks up reviews and requests
//! whose answer was lost, free of charge, and appends the results to the journal.

mod answer;
mod asking;
mod lost;

use std::path::Path;
use std::time::Duration;

pub(super) use self::asking::{Change, Lookup};
use super::Context;
use crate::batch::journal::{Journal, PairState, Reading};
use crate::error::{Error, Kind, Result};
use crate::exit::Exit;
use crate::render::settlement::{Left, Settlement, state_name};
use crate::verdict::Status;

pub(super) fn run(path: &Path, wait: Option<Duration>, context: &Context) -> Result<Exit> {
    // Opening it would create it, and it is an input here.
    crate::batch::journal::read(&[path], Reading::default())?;
    let (journal, state) = Journal::open(path, Reading::default())?;
    let (client, progress) = super::client(context, "looking up the pairs")?;
    let judged_by = context.settings.api.value.to_string();
    let mut lookup = Lookup::new(&state, &client, &journal, judged_by, || false);
    lookup.work(wait, |_| true)?;
    drop(progress);
    end(&lookup, &journal, path, context)
}

fn end(lookup: &Lookup<'_>, journal: &Journal, path: &Path, context: &Context) -> Result<Exit> {
    let settlement = settlement(lookup, journal, path)?;
    let console = &context.console;
    if let Some(problem) = &lookup.results.problem {
        console.warn(&format!("could not look up every pair: {}", problem.message()));
    }
    if console.json {
        console.result(settlement.as_json().as_bytes())?;
    } else {
        console.table(&settlement.as_text())?;
    }
    let exit = settlement.exit();
    if exit == Exit::Incomplete {
        let without = settlement.pairs - settlement.judged();
        let message = format!("no verdict for {without} of {} pairs", settlement.pairs);
        let unknown = settlement.unknown - settlement.absent;
        let next = [(settlement.failed, FAILED), (settlement.absent, ABSENT), (unknown, UNKNOWN)];
        let next: Vec<_> =
            next.iter().filter(|(count, _)| *count > 0).map(|(_, what)| *what).collect();
        return Err(Error::new(Kind::Incomplete, message).hints(next).into());
    }
    Ok(exit)
}

const FAILED: &str = "run the same `batch` command again to retry the failed pairs";
const UNKNOWN: &str = "unknown pairs may have been charged: look for them in the Didit Business Console before you send them again with `batch --retry-unknown`";

const ABSENT: &str =
    "send the pairs that the service has no record of with `batch --retry-unknown=absent`";

/// Counts what the journal says by now.
fn settlement(lookup: &Lookup<'_>, journal: &Journal, path: &Path) -> Result<Settlement, Error> {
    let state = journal.reread(Reading::default())?;
    let mut settlement = Settlement {
        journal: path.display().to_string(),
        settled: lookup.results.settled,
        found: lookup.results.found,
        ..Settlement::default()
    };
    for pair in state.pairs() {
        let (record, pair) = state.current(pair).map_err(|e| asking::unread(&e))?;
        settlement.count(pair);
        let is_open = match pair {
            PairState::Judged(known) => known.status == Status::InReview,
            PairState::Unknown { .. } => true,
            PairState::Failed => false,
        };
        if is_open {
            let key = state.key(&record.id, record.by_row, record.identity());
            let why = lookup.results.left.get(&key).cloned().unwrap_or_default();
            settlement.left.push(Left { id: record.id, state: state_name(pair), why });
        }
    }
    Ok(settlement)
}
