//! The end of a run: its exit code, its error, and what to do next.

use super::{Counts, Run, Stop, lock};
use crate::error::{Charge, Error, Kind};
use crate::exit::Exit;
use crate::pair::Mode;
use crate::values::text::{count, quoted};

const CONTINUE: &str = "rerun to resume; judged pairs are skipped";

pub struct End {
    pub counts: Counts,
    pub exit: Exit,
    /// What the run ends with, whatever its pairs are.
    pub failure: Option<Error>,
    /// Suggestions for what to do next, one a line.
    pub next: Vec<String>,
    /// Why pairs have no verdict, for a summary that names them, or not.
    incomplete: [Option<Error>; 2],
}

impl End {
    /// The error of a run whose summary was shown; `is_named` if that named its failed pairs.
    pub fn error(&self, is_named: bool) -> Option<Error> {
        self.incomplete[usize::from(is_named)].clone()
    }
}

impl Run {
    /// How the run ended, unless its journal is lost.
    pub fn end(&self) -> Result<End, Error> {
        let mut counts = lock(&self.counts).clone();
        if let Some(journal) = &self.journal {
            if let Some(e) = journal.failure() {
                return Err(self.unwritten(&e, &counts));
            }
            let checked = journal.check_name();
            if let Some(rescued) = journal.rescue()? {
                let rescued = rescued.display().to_string();
                return Err(astray(checked.err().as_ref(), &rescued, &counts));
            }
        }
        let stopped = self.pace.stopped();
        if stopped.is_none() && self.pace.is_limit_reached() {
            counts.leave_the_rest();
        }
        let failure = match &stopped {
            Some(Stop::Interrupted) => Some(self.interrupted(&counts)),
            Some(Stop::Fatal(e)) => Some(self.fatal(e, &counts)),
            Some(Stop::Failures) | None => None,
        };
        let is_rehearsal = matches!(self.mode, Mode::DryRun);
        let exit = match &failure {
            Some(error) => Exit::from(error.kind()),
            None if is_rehearsal => rehearsed(&counts),
            None => self.code(&counts),
        };
        let incomplete = [false, true].map(|is_named| match exit {
            Exit::Input => Some(unusable(&counts, is_named)),
            Exit::Incomplete => Some(self.incomplete(&counts, is_named, stopped.is_some())),
            _ => None,
        });
        let next = if is_rehearsal { Vec::new() } else { self.next_steps(&counts) };
        Ok(End { counts, exit, failure, next, incomplete })
    }

    fn code(&self, counts: &Counts) -> Exit {
        let (declined, in_review) = (counts.declined.count, counts.in_review.count);
        match Exit::of_batch(counts.pairs, counts.approved, declined, in_review) {
            Exit::Declined | Exit::InReview if self.exit_zero_on_verdicts => Exit::Done,
            exit => exit,
        }
    }

    fn unwritten(&self, e: &Error, counts: &Counts) -> Error {
        let error = Error::new(Kind::Output, format!("{}; the run was stopped", e.message()));
        if counts.unrecorded.is_empty() {
            let hint = format!("no charged pair is lost: free some space, then {CONTINUE}");
            return error.charged(charge(counts)).hint(hint);
        }
        let lost = format!("charged, but not recorded: {}", counts.unrecorded.join(", "));
        error.charged(Charge::Yes).hint(lost).and_hint("free some space").hints(self.lookup_hints())
    }

    fn interrupted(&self, counts: &Counts) -> Error {
        let error = Error::new(Kind::Interrupted, format!("interrupted; {}", counts.so_far()));
        let error = error.charged(charge(counts)).hints(self.how_to_go_on(counts));
        let is_free = counts.credits == 0 && charge(counts) == Charge::No;
        if is_free && !self.is_local { error.and_hint("nothing was charged") } else { error }
    }

    /// The error that made the remaining pairs pointless, as the error of the run.
    fn fatal(&self, e: &Error, counts: &Counts) -> Error {
        let why = e.message().trim_end_matches('.');
        let what = format!("{why}; the run was stopped; {}", counts.so_far());
        let error = Error::new(e.kind(), what);
        let error = e.status().into_iter().fold(error, Error::http_status);
        error
            .charged(charge(counts))
            .hints(e.next_step().unwrap_or_default().lines())
            .hints(self.how_to_go_on(counts))
    }

    fn how_to_go_on(&self, counts: &Counts) -> Vec<String> {
        let mut hints = vec![CONTINUE.to_owned()];
        if counts.unknown.count > 0 {
            hints.push("pairs may have been charged".to_owned());
            hints.extend(self.lookup_hints());
        }
        hints
    }

    fn incomplete(&self, counts: &Counts, is_named: bool, is_stopped: bool) -> Error {
        let ended = if is_stopped { "stopped by --max-failures: " } else { "" };
        let unknown = match counts.unknown.count {
            0 => String::new(),
            n if is_named => format!("; {n} may have been charged"),
            n => format!("; {n} may have been charged: {}", counts.unknown.in_words()),
        };
        let without = counts.pairs - counts.verdicts();
        let message = format!("{ended}no verdict for {without} of {} pairs{unknown}", counts.pairs);
        let error = Error::new(Kind::Incomplete, message).charged(charge(counts));
        error.hints(self.for_a_verdict(counts, is_named))
    }

    /// How to get verdicts for the pairs that have none.
    fn for_a_verdict(&self, counts: &Counts, is_named: bool) -> Vec<String> {
        let mut hints = Vec::new();
        if counts.unknown.count > 0 {
            hints.extend(self.lookup_hints());
        }
        let failed = counts.pairs - counts.verdicts() - counts.unknown.count;
        if failed > 0 && !is_named {
            hints.push(format!("see why pairs failed: {}", self.list("failed")));
        }
        match counts.kinds.get(Kind::Input.name()).copied().unwrap_or(0) {
            _ if failed == 0 => {}
            0 => hints.push(CONTINUE.to_owned()),
            unusable if unusable == failed => {
                hints
                    .push("fix the photos that failed, then run the same command again".to_owned());
            }
            unusable => {
                let unusable = count(unusable, "pair");
                hints.push(CONTINUE.to_owned());
                hints.push(format!("{unusable} with unusable photos will fail again"));
            }
        }
        hints
    }

    /// The commands that list the problems and look up the reviews.
    fn next_steps(&self, counts: &Counts) -> Vec<String> {
        let kinds = [
            ("failed", &counts.failed),
            ("unknown", &counts.unknown),
            ("review", &counts.in_review),
            ("declined", &counts.declined),
        ];
        let found = kinds.iter().filter(|(_, some)| some.count > 0).map(|(status, _)| *status);
        let found = found.collect::<Vec<_>>().join(",");
        let list = (!found.is_empty()).then(|| format!("list them all: {}", self.list(&found)));
        // Unknown pairs have the same command as their hint.
        let has_review = counts.in_review.count > counts.downgraded && !self.is_local;
        let look_up = (has_review && counts.unknown.count == 0).then(|| {
            let command = self.command("decision --journal");
            format!("settle the reviews, free of charge: {command} --wait")
        });
        list.into_iter().chain(look_up).collect()
    }

    /// How to look up pairs that may have been charged.
    fn lookup_hints(&self) -> [String; 2] {
        let command = self.command("decision --journal");
        if !self.is_kept {
            return [
                "with --no-save, the service keeps nothing to look up".to_owned(),
                "--retry-unknown sends them again, and may charge them twice".to_owned(),
            ];
        }
        // With --wait, they were looked up just now.
        let when = if self.waits { "again later" } else { "free of charge" };
        [
            format!("look them up, {when}: {command}"),
            "they are not sent again without --retry-unknown".to_owned(),
        ]
    }

    fn list(&self, statuses: &str) -> String {
        format!("{} --only {statuses}", self.command("report"))
    }

    fn command(&self, command: &str) -> String {
        let journal = self.journal_path.display().to_string();
        format!("didit-face {command} {}", quoted(&journal))
    }
}

/// After a dry run.
fn rehearsed(counts: &Counts) -> Exit {
    match counts.failed.count {
        0 => Exit::Done,
        n if counts.kinds.get(Kind::Input.name()) == Some(&n) => Exit::Input,
        _ => Exit::Incomplete,
    }
}

fn unusable(counts: &Counts, is_named: bool) -> Error {
    let (failed, pairs) = (counts.failed.count, counts.pairs);
    let ids = if is_named { String::new() } else { format!(": {}", counts.failed.in_words()) };
    let message = format!("{failed} of {pairs} pairs can't be sent{ids}; nothing was sent");
    Error::new(Kind::Input, message).hint("fix their photos")
}

/// Whether sending a pair without a verdict again could pay twice.
fn charge(counts: &Counts) -> Charge {
    let is_open = counts.unknown.count + counts.maybe_billed > 0;
    if is_open { Charge::Maybe } else { Charge::No }
}

/// The journal is no longer the file of its name.
fn astray(why: Option<&Error>, rescued: &str, counts: &Counts) -> Error {
    let why = why.map_or("the journal was changed during the run", Error::message);
    let charge = if counts.credits > 0 { Charge::Yes } else { charge(counts) };
    let rescued = quoted(rescued);
    Error::new(Kind::Output, format!("{why}; the run was stopped; {}", counts.so_far()))
        .charged(charge)
        .hint(format!("its lines are in {rescued}: move them back before you run the same command again, which else charges those pairs again"))
}
