//! The end of a run: summary, hints and exit code.

use std::path::Path;

use super::next_steps::{self, CONTINUE};
use super::pace::Stop;
use super::worker::Work;
use crate::cli::Batch;
use crate::commands::Context;
use crate::error::{Charge, Error, Kind, Result};
use crate::exit::Exit;
use crate::render::Console;
use crate::render::batch::{Counts, Rehearsal, Summary, in_words};
use crate::values::text::{self, count};

pub(super) fn end(work: &Work, arguments: &Batch, context: &Context) -> Result<Exit> {
    let mut counts = work.tally.counts().clone();
    if let Some(journal) = &work.journal {
        if let Some(e) = journal.failure() {
            return Err(unwritten(&e, &counts, arguments).into());
        }
        let checked = journal.check_name();
        if let Some(rescued) = journal.rescue()? {
            return Err(astray(checked.err().as_ref(), &rescued, &counts).into());
        }
    }
    let stopped = work.pace.stopped();
    if stopped.is_none() && work.limit.is_spent() {
        counts.leave_the_rest();
    }
    let failure = match &stopped {
        Some(Stop::Interrupted) => Some(interrupted(&counts, arguments)),
        Some(Stop::Fatal(e)) => Some(fatal(e, &counts, arguments)),
        Some(Stop::Failures) | None => None,
    };
    let rehearsal = rehearsal(arguments);
    let exit = match (&failure, rehearsal) {
        (Some(error), _) => Exit::from(error.kind()),
        (None, Some(_)) => rehearsed(&counts),
        (None, None) => code(&counts, arguments),
    };
    let summary = Summary {
        counts: &counts,
        journal: arguments.output.display().to_string(),
        exit_code: exit.code(),
        rehearsal,
        next: if rehearsal.is_none() { next_steps::all(&counts, arguments) } else { Vec::new() },
    };
    if let Some(error) = failure {
        if arguments.summary && !context.console.json {
            show(&summary, arguments, &context.console)?;
        }
        return Err(error.into());
    }
    show(&summary, arguments, &context.console)?;
    // The summary already showed it.
    let is_named = !context.console.json && !context.console.quiet;
    match exit {
        Exit::Input => Err(unusable(&counts, is_named).into()),
        Exit::Incomplete => Err(incomplete(&counts, arguments, is_named, stopped.is_some()).into()),
        _ => Ok(exit),
    }
}

fn rehearsal(arguments: &Batch) -> Option<Rehearsal> {
    let kind = if arguments.options.local { Rehearsal::Free } else { Rehearsal::Paid };
    arguments.options.dry_run.then_some(kind)
}

fn rehearsed(counts: &Counts) -> Exit {
    match counts.failed {
        0 => Exit::Done,
        n if counts.kinds.get(Kind::Input.name()) == Some(&n) => Exit::Input,
        _ => Exit::Incomplete,
    }
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
    } else if arguments.summary || summary.rehearsal.is_some() || console.out.is_terminal {
        console.table(&summary.as_text(console.out))?;
    } else {
        let counts = summary.counts;
        console.note(&format!("{}; {} used", so_far(counts), count(counts.credits, "credit")));
        if counts.left > 0 {
            console.note(&format!("{} left for the next run", count(counts.left, "pair")));
        }
        counts.problems().iter().chain(&summary.next).for_each(|line| console.note(line));
    }
    Ok(())
}

/// The journal is no longer the file of its name.
fn astray(why: Option<&Error>, rescued: &Path, counts: &Counts) -> Error {
    let why = why.map_or("the journal was changed during the run", Error::message);
    let rescued = text::quoted(&rescued.display().to_string()).into_owned();
    let charge = match counts {
        Counts { credits: 1.., .. } => Charge::Yes,
        Counts { maybe_billed: 1.., .. } => Charge::Maybe,
        _ => Charge::No,
    };
    Error::new(Kind::Output, format!("{why}; the run was stopped; {}", so_far(counts)))
        .charged(charge)
        .hint(format!("its lines are in {rescued}: move them back before you run the same command again, which else charges those pairs again"))
}

fn unwritten(e: &Error, counts: &Counts, arguments: &Batch) -> Error {
    let error = Error::new(Kind::Output, format!("{}; the run was stopped", e.message()));
    if counts.unrecorded.is_empty() {
        return error.hint(format!("no charged pair is lost; free some space, then {CONTINUE}"));
    }
    error.charged(Charge::Yes).hint(format!(
        "charged, but not recorded: {}; free some space, then {}",
        counts.unrecorded.join(", "),
        next_steps::find_out(arguments)
    ))
}

fn interrupted(counts: &Counts, arguments: &Batch) -> Error {
    Error::new(Kind::Interrupted, format!("interrupted; {}", so_far(counts)))
        .hint(how_to_go_on(counts, arguments))
}

fn how_to_go_on(counts: &Counts, arguments: &Batch) -> String {
    match counts.unknown {
        0 => CONTINUE.to_owned(),
        _ => {
            format!("{CONTINUE}; pairs may have been charged: {}", next_steps::find_out(arguments))
        }
    }
}

/// The error that made the remaining pairs pointless, as the error of the run.
fn fatal(e: &Error, counts: &Counts, arguments: &Batch) -> Error {
    let why = e.message().trim_end_matches('.');
    let error = Error::new(e.kind(), format!("{why}; the run was stopped; {}", so_far(counts)));
    let error = e.status().into_iter().fold(error, Error::http_status);
    let first = e.next_step().into_iter().flat_map(str::lines);
    let next = how_to_go_on(counts, arguments);
    error.hints(first).and_hint(if e.next_step().is_some() { format!("then {next}") } else { next })
}

/// After a dry run.
fn unusable(counts: &Counts, is_named: bool) -> Error {
    let ids: Vec<_> = counts.named.iter().map(|(id, _)| id.clone()).collect();
    let ids = if is_named { String::new() } else { format!(": {}", in_words(&ids, counts.failed)) };
    let (failed, pairs) = (counts.failed, counts.pairs);
    let message = format!("{failed} of {pairs} pairs can't be sent{ids}; nothing was sent");
    Error::new(Kind::Input, message).hint("fix their photos")
}

fn incomplete(counts: &Counts, arguments: &Batch, is_named: bool, is_stopped: bool) -> Error {
    let ended = if is_stopped { "stopped by --max-failures: " } else { "" };
    let ids = in_words(&counts.unknown_ids, counts.unknown);
    let unknown = match counts.unknown {
        0 => String::new(),
        n if is_named => format!("; {n} may have been charged"),
        n => format!("; {n} may have been charged: {ids}"),
    };
    let without = counts.pairs - counts.judged();
    let message = format!("{ended}no verdict for {without} of {} pairs{unknown}", counts.pairs);
    Error::new(Kind::Incomplete, message)
        .hints(next_steps::for_a_verdict(counts, arguments, is_named))
}

fn so_far(counts: &Counts) -> String {
    format!("{} of {} pairs: {}", counts.done(), counts.pairs, counts.line())
}
