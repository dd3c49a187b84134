//! `decision --journal`: looks up the reviews and lost answers of a batch.

use std::path::Path;
use std::time::Duration;

use super::Context;
use crate::batch::journal::{self, Journal, Reading};
use crate::batch::lookup::{Lookup, Settlement};
use crate::error::{Error, Kind, Result};
use crate::exit::Exit;
use crate::render::settlement::{as_json, as_text};
use crate::values::text::quoted;

pub(super) fn run(path: &Path, wait: Option<Duration>, context: &Context) -> Result<Exit> {
    // Opening it would create it, and it is an input here.
    journal::read(&[path], Reading::default())?;
    let (journal, state) = Journal::open(path, Reading::default())?;
    let (client, progress) = super::client(context, "looking up the pairs")?;
    let judged_by = context.settings.api.value.to_string();
    let mut lookup = Lookup::new(&state, &client, &journal, judged_by, || false);
    lookup.work(wait, |_| true)?;
    drop(progress);
    let settlement = Settlement::of(&lookup, &journal, path)?;
    let console = &context.console;
    if let Some(problem) = &lookup.results.problem {
        console.warn(&format!("could not look up every pair: {}", problem.message()));
    }
    if console.json {
        console.result(as_json(&settlement).as_bytes())?;
    } else {
        console.table(&as_text(&settlement))?;
    }
    match settlement.exit() {
        Exit::Incomplete => Err(incomplete(&settlement, path).into()),
        exit => Ok(exit),
    }
}

fn incomplete(settlement: &Settlement, path: &Path) -> Error {
    let Settlement { pairs, failed, unknown, absent, .. } = settlement;
    let without = pairs - settlement.judged();
    let mut error =
        Error::new(Kind::Incomplete, format!("no verdict for {without} of {pairs} pairs"));
    if *failed > 0 {
        error = error.and_hint("run the same `batch` command again to retry the failed pairs");
    }
    if *absent > 0 {
        error = error.and_hint(
            "send the pairs that the service has no record of with `batch --retry-unknown=absent`",
        );
    }
    if unknown > absent {
        let journal = path.display().to_string();
        error = error.and_hint(format!(
            "unknown pairs may have been charged: look for them again later (didit-face decision --journal {}), or in the Didit Business Console, before you send them again with `batch --retry-unknown`",
            quoted(&journal)
        ));
    }
    error
}
