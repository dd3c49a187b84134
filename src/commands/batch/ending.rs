//! What a run says at its end, and the code that it exits with.

use super::pace::Stop;
use super::worker::Work;
use crate::batch::journal::Journal;
use crate::cli::Batch;
use crate::commands::Context;
use crate::error::{Error, Kind, Result};
use crate::exit::Exit;
use crate::render::Console;
use crate::render::batch::{Counts, Summary};
use crate::values::text;

/// Says how the run ended.
pub(super) fn end(work: &Work, arguments: &Batch, context: &Context) -> Result<Exit> {
    let counts = work.tally.counts().clone();
    if let Some(e) = work.journal.as_ref().and_then(Journal::failure) {
        return Err(unwritten(&e, &counts, arguments).into());
    }
    let is_dry_run = arguments.options.dry_run;
    match work.pace.stopped() {
        Some(Stop::Interrupted) => return Err(interrupted(&counts).into()),
        Some(Stop::Pointless(e)) => return Err(pointless(&e, &counts).into()),
        Some(Stop::Failures) | None => {}
    }
    let exit = match is_dry_run {
        true if counts.failed == 0 => Exit::Done,
        true => Exit::Incomplete,
        false => code(&counts, arguments),
    };
    let summary = Summary {
        counts: &counts,
        journal: arguments.output.display().to_string(),
        exit_code: exit.code(),
        is_dry_run,
    };
    show(&summary, arguments, &context.console)?;
    if exit == Exit::Incomplete {
        return Err(incomplete(&counts, arguments, work.pace.stopped().is_some()).into());
    }
    Ok(exit)
}

fn code(counts: &Counts, arguments: &Batch) -> Exit {
    match Exit::of_batch(counts.pairs, counts.approved, counts.declined, counts.in_review) {
        Exit::Declined | Exit::InReview if arguments.exit_zero_on_verdicts => Exit::Done,
        exit => exit,
    }
}

fn show(summary: &Summary<'_>, arguments: &Batch, console: &Console) -> Result<()> {
    if console.json {
        console.result(summary.as_json().as_bytes())?;
    } else if arguments.summary || arguments.options.dry_run || console.out.is_terminal {
        console.table(&summary.as_text(console.out.has_unicode))?;
    } else {
        console.note(&format!(
            "{} of {} pairs: {}",
            summary.counts.settled(),
            summary.counts.pairs,
            summary.counts.line()
        ));
    }
    Ok(())
}

const CONTINUE: &str =
    "run the same command again to continue: judged pairs are never sent or charged again";

fn unwritten(e: &Error, counts: &Counts, arguments: &Batch) -> Error {
    let error = Error::new(Kind::Output, format!("{}; the run has ended", e.message()));
    if counts.unrecorded.is_empty() {
        return error.hint(format!("no paid pair is lost; make room, then {CONTINUE}"));
    }
    error.mark_maybe_processed().hint(format!(
        "paid, but not recorded: {}; make room, then {}",
        counts.unrecorded.join(", "),
        find_out(arguments)
    ))
}

/// How to learn what became of pairs that may have been paid.
fn find_out(arguments: &Batch) -> String {
    let journal = arguments.output.display().to_string();
    format!(
        "look them up, free of charge: didit-face decision --journal {}; they are not sent again without --retry-unknown",
        text::quoted(&journal)
    )
}

fn interrupted(counts: &Counts) -> Error {
    Error::new(Kind::Interrupted, format!("interrupted; {}", so_far(counts))).hint(CONTINUE)
}

/// The error of the pair that made the others pointless, as the error of the run.
fn pointless(e: &Error, counts: &Counts) -> Error {
    let error =
        Error::new(e.kind(), format!("{}; the run has ended; {}", e.message(), so_far(counts)));
    let error = e.status().into_iter().fold(error, Error::http_status);
    match e.next_step() {
        Some(hint) => error.hint(format!("{hint}; then {CONTINUE}")),
        None => error.hint(CONTINUE),
    }
}

fn incomplete(counts: &Counts, arguments: &Batch, is_stopped: bool) -> Error {
    let judged = counts.approved + counts.declined + counts.in_review;
    let ended = if is_stopped { "ended by --max-failures: " } else { "" };
    let unknown = match counts.unknown {
        0 => String::new(),
        n => format!("; {n} may have been paid: {}", counts.unknown_in_words()),
    };
    let message = format!(
        "{ended}{} of {} pairs have no verdict{unknown}",
        counts.pairs - judged,
        counts.pairs
    );
    let mut hints = Vec::new();
    if counts.unknown > 0 {
        hints.push(find_out(arguments));
    }
    if counts.unknown < counts.pairs - judged {
        let journal = arguments.output.display();
        hints.push(format!("`{journal}` says why pairs failed; {CONTINUE}"));
    }
    Error::new(Kind::Incomplete, message).hint(hints.join("; "))
}

fn so_far(counts: &Counts) -> String {
    format!("{} of {} pairs settled: {}", counts.settled(), counts.pairs, counts.line())
}
