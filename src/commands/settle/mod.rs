//! `decision --journal`, and the end of `batch --wait`: looks up reviews and requests
//! whose answer was lost, free of charge, and appends the results to the journal.

mod answer;
mod settling;

use std::path::Path;
use std::time::Duration;

pub(super) use self::settling::{Change, Settling};
use super::Context;
use crate::batch::journal::{Journal, ReadOptions};
use crate::batch::pairs::Pairs;
use crate::error::{Error, Kind, Result};
use crate::exit::Exit;
use crate::render::settlement::{Left, Settlement, state_name};

pub(super) fn run(path: &Path, wait: Option<Duration>, context: &Context) -> Result<Exit> {
    // Opening it would create it, and it is an input here.
    Pairs::read(path)?;
    let (journal, _) = Journal::open(path, ReadOptions::default())?;
    let (client, progress) = super::client(context, "looking up the pairs")?;
    let judged_by = context.settings.api.value.to_string();
    let mut settling = Settling::new(Pairs::read(path)?, &client, &journal, judged_by, || false);
    settling.work(wait, |_| true)?;
    drop(progress);
    end(&settling, path, context)
}

fn end(settling: &Settling<'_>, path: &Path, context: &Context) -> Result<Exit> {
    let settlement = settlement(settling, path);
    let console = &context.console;
    if let Some(problem) = &settling.results.problem {
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
        let next = [(settlement.failed, FAILED), (settlement.unknown, UNKNOWN)];
        let next: Vec<_> =
            next.iter().filter(|(count, _)| *count > 0).map(|(_, what)| *what).collect();
        return Err(Error::new(Kind::Incomplete, message).hint(next.join("; ")).into());
    }
    Ok(exit)
}

const FAILED: &str = "run the same `batch` command again to retry the failed pairs";
const UNKNOWN: &str = "unknown pairs may have been charged: look for them in the Didit Business Console before you send them again with `batch --retry-unknown`";

fn settlement(settling: &Settling<'_>, path: &Path) -> Settlement {
    let mut settlement = Settlement {
        journal: path.display().to_string(),
        settled: settling.results.settled,
        found: settling.results.found,
        ..Settlement::default()
    };
    for pair in settling.pairs.iter() {
        settlement.count(pair.state);
        if pair.open.is_some() {
            let why = settling.results.left.get(&pair.id).cloned().unwrap_or_default();
            settlement.left.push(Left { id: pair.id.clone(), state: state_name(pair.state), why });
        }
    }
    settlement
}
