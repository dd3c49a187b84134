//! Next steps after a run, each with the command to copy.

use crate::cli::Batch;
use crate::error::Kind;
use crate::render::batch::Counts;
use crate::values::text;

pub(super) const CONTINUE: &str =
    "run the same command again to continue: judged pairs are never sent or charged again";

/// The commands that list the problems and settle the reviews.
pub(super) fn all(counts: &Counts, arguments: &Batch) -> Vec<String> {
    let statuses = counts.problem_statuses();
    let list =
        (!statuses.is_empty()).then(|| format!("list them all: {}", list(&statuses, arguments)));
    // Unknown pairs have the same command as their hint.
    let has_review = counts.in_review > counts.downgraded && !arguments.options.local;
    let settle = (has_review && counts.unknown == 0)
        .then(|| format!("settle the reviews, free of charge: {} --wait", decision(arguments)));
    list.into_iter().chain(settle).collect()
}

/// How to get verdicts for the pairs that have none.
pub(super) fn for_a_verdict(counts: &Counts, arguments: &Batch, is_named: bool) -> Vec<String> {
    let mut hints = Vec::new();
    match counts.unknown {
        0 => {}
        // They were looked up just now.
        _ if arguments.wait.is_some() => hints.push(
            "look for unknown pairs in the Didit Business Console before you send them again with --retry-unknown"
                .to_owned(),
        ),
        _ => hints.push(find_out(arguments)),
    }
    let failed = counts.pairs - counts.judged() - counts.unknown;
    if failed > 0 && !is_named {
        hints.push(format!("see why pairs failed: {}", list("failed", arguments)));
    }
    match counts.kinds.get(Kind::Input.name()).copied().unwrap_or(0) {
        _ if failed == 0 => {}
        0 => hints.push(CONTINUE.to_owned()),
        unusable if unusable == failed => {
            hints.push("fix the photos that failed, then run the same command again".to_owned());
        }
        unusable => {
            let unusable = text::count(unusable, "pair");
            hints.push(format!("{CONTINUE}; {unusable} with unusable photos will fail again"));
        }
    }
    hints
}

/// How to look up pairs that may have been charged.
pub(super) fn find_out(arguments: &Batch) -> String {
    if arguments.options.sent.no_save {
        return "with --no-save the service keeps nothing to look up; --retry-unknown sends them again, and may charge them twice".to_owned();
    }
    format!(
        "look them up, free of charge: {}; they are not sent again without --retry-unknown",
        decision(arguments)
    )
}

fn list(statuses: &str, arguments: &Batch) -> String {
    format!("didit-face report {} --only {statuses}", journal(arguments))
}

fn decision(arguments: &Batch) -> String {
    format!("didit-face decision --journal {}", journal(arguments))
}

fn journal(arguments: &Batch) -> String {
    text::quoted(&arguments.output.display().to_string()).into_owned()
}
