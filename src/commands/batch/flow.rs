//! The flow of a run, from the manifest to the exit code.

use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicU64;
use std::sync::mpsc::{self, RecvTimeoutError};
use std::sync::{Arc, Mutex};
use std::thread;

use super::limit::Limit;
use super::pace::{Pace, Stop};
use super::plan::{Hashes, Plan};
use super::tally::Tally;
use super::worker::Work;
use super::{ending, wait};
use crate::batch::journal::{Journal, Naming, Reading};
use crate::batch::manifest::{Census, Manifest};
use crate::batch::shard::Selection;
use crate::cli::{Batch, RetryUnknown};
use crate::commands::{Context, pair};
use crate::error::{Error, Kind, Result, unreadable};
use crate::exit::Exit;
use crate::interrupt;
use crate::judge::Judge;
use crate::prepare::Preparation;
use crate::render::Console;
use crate::render::batch::{BatchProgress, in_words};
use crate::values::text;

pub(in crate::commands) fn run(arguments: &Batch, context: &Context) -> Result<Exit> {
    pair::warn_of_fractions(&arguments.options, &context.console);
    let preparation = Preparation::new(arguments.options.prepare);
    let folder = folder(arguments)?;
    let selection = Selection::new(arguments.shard.unwrap_or_default(), &arguments.only);
    let mut manifest = Manifest::open(&arguments.pairs, &arguments.options, selection)?;
    let rate = if arguments.options.local { u32::MAX } else { arguments.rate };
    let pace = Arc::new(Pace::new(rate, jobs(arguments)));
    let census = check(&mut manifest, &folder, &context.console)?;
    if arguments.options.dry_run && !census.extra.is_empty() {
        let names = in_words(&census.extra, census.extra.len() as u64);
        context.console.note(&format!("other columns, kept as `extra`: {names}"));
    }
    let progress = BatchProgress::new(context.console, census.pairs);
    let judge = judge(arguments, context, &pace, &progress)?;
    let is_paid = judge.as_ref().is_some_and(Judge::is_paid);
    let trust_mtime = arguments.trust_mtime;
    let naming = if census.has_ids { Naming::Ids } else { Naming::Content };
    let reading = Reading { naming, strictness: arguments.options.strictness(), trust_mtime };
    let (journal, state) = if arguments.options.dry_run {
        (None, Journal::peek(&arguments.output, reading)?)
    } else {
        let (journal, state) = Journal::open(&arguments.output, reading)?;
        warn_of_readers(&journal, arguments, &context.console);
        (Some(journal), state)
    };
    let mut work = Work {
        pairs: Mutex::new(manifest.pairs()?),
        plan: Plan::default(),
        hashes: Hashes::default(),
        naming,
        folder,
        preparation,
        judge,
        judged_by: judged_by(arguments, context),
        is_paid_run: !arguments.options.local,
        pace: Arc::clone(&pace),
        state,
        request_ids: Mutex::default(),
        journal,
        tally: Tally::new(&census, arguments.limit, is_paid, progress.clone()),
        limit: Limit::new(arguments.limit),
        open: arguments.wait.map(|_| Mutex::default()),
        retry_unknown: arguments.retry_unknown.unwrap_or(RetryUnknown::None),
        rejudge: arguments.rejudge,
        trust_mtime,
        max_failures: arguments.max_failures,
        failures: AtomicU64::new(0),
        pages: Mutex::default(),
    };
    let mut plan = Plan::make(manifest.pairs()?, &work)?;
    plan.begin(&work)?;
    work.plan = plan;
    // The plan has read the same file.
    work.pairs = Mutex::new(manifest.pairs()?);
    work_through(&work, arguments, &progress);
    wait::settle(&work, arguments, context)?;
    ending::end(&work, arguments, context)
}

fn warn_of_readers(journal: &Journal, arguments: &Batch, console: &Console) {
    if journal.is_shared {
        let path = arguments.output.display().to_string();
        let command = format!("chmod 600 {}", text::quoted(&path));
        console.warn(&format!("other users can read the journal `{path}`; run: {command}"));
    }
}

fn folder(arguments: &Batch) -> Result<PathBuf, Error> {
    let Some(folder) = &arguments.base_dir else { return Ok(PathBuf::new()) };
    let why = match folder.metadata() {
        Ok(found) if found.is_dir() => return Ok(folder.clone()),
        Ok(_) => "is not a folder".to_owned(),
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => "doesn't exist".to_owned(),
        Err(e) => unreadable(&e),
    };
    Err(Error::new(Kind::Input, format!("the --base-dir `{}` {why}", folder.display())))
}

/// Checks the whole manifest, and warns of missing photos.
fn check(manifest: &mut Manifest, folder: &Path, console: &Console) -> Result<Census> {
    let name = manifest.name().to_owned();
    let census = match manifest.check(folder)? {
        Ok(census) => census,
        Err(problems) if console.json || problems.count == 1 => {
            let list = problems.first.join("; ");
            let more = if problems.more() > 0 {
                format!("; and {} more", problems.more())
            } else {
                String::new()
            };
            return Err(unusable(&format!("the manifest `{name}`: {list}{more}")).into());
        }
        Err(problems) => {
            for problem in &problems.first {
                console.fail(&Error::new(Kind::Input, format!("`{name}`, {problem}")));
            }
            let listed = match problems.more() {
                0 => String::new(),
                _ => format!(" (first {} listed)", problems.first.len()),
            };
            let count = problems.count;
            return Err(
                unusable(&format!("the manifest `{name}` has {count} problems{listed}")).into()
            );
        }
    };
    for (rows, what) in &census.oddities {
        let has = if *rows == 1 { "has" } else { "have" };
        console.warn(&format!("`{name}`: {} {has} {what}", text::count(*rows, "row")));
    }
    for problem in &census.missing.first {
        console.warn(&format!("`{name}`, {problem}"));
    }
    if census.missing.count > 0 {
        let (missing, all) = (census.missing.count, census.looked_for);
        if missing == all {
            console.warn("photos are missing for every pair checked");
            console.note("if the paths are relative to another folder, pass it with --base-dir");
        } else {
            console.warn(&format!(
                "photos are missing for {missing} of the {all} pairs checked; only those pairs will fail"
            ));
        }
    }
    Ok(census)
}

fn unusable(what: &str) -> Error {
    Error::new(Kind::Input, what).hint("nothing was sent; fix the manifest and try again")
}

fn judge(
    arguments: &Batch,
    context: &Context,
    pace: &Arc<Pace>,
    progress: &BatchProgress,
) -> Result<Option<Judge>> {
    if arguments.options.dry_run {
        return Ok(None);
    }
    if arguments.options.local {
        return Ok(Some(Judge::Engine));
    }
    let client = context.client(Some(context.api_key()?), progress.observer())?;
    let pace: Arc<Pace> = Arc::clone(pace);
    Ok(Some(Judge::Service(client.with_gate(pace))))
}

/// Recorded with each verdict, so that verdicts of different judges are never mixed up.
fn judged_by(arguments: &Batch, context: &Context) -> String {
    if arguments.options.local {
        crate::judge::engine::name()
    } else {
        context.settings.api.value.to_string()
    }
}

/// Runs the workers, and one thread that shows the progress.
fn work_through(work: &Work, arguments: &Batch, progress: &BatchProgress) {
    let (stopping, shown) = (Arc::clone(&work.pace), progress.clone());
    let _grace = interrupt::gracefully(move || {
        stopping.stop(Stop::Interrupted);
        shown.note("finishing the pairs under way; press Ctrl-C again to exit immediately");
    });
    let (end, ended) = mpsc::channel::<()>();
    let show = move || {
        while ended.recv_timeout(progress.interval()) == Err(RecvTimeoutError::Timeout) {
            let counts = work.tally.counts().clone();
            progress.show(&counts, work.pace.silence());
        }
    };
    thread::scope(|scope| {
        let spawn = |_| thread::Builder::new().spawn_scoped(scope, || work.run());
        let wanted = threads(arguments);
        let workers: Vec<_> = (0..wanted).map(spawn).map_while(std::io::Result::ok).collect();
        if workers.len() < wanted {
            work.tally.note(&format!(
                "this system allows no more threads: working with {} of {wanted}",
                workers.len().max(1)
            ));
        }
        if workers.is_empty() {
            work.run();
        }
        // Without a thread for it, there is no progress to see.
        let _ = thread::Builder::new().spawn_scoped(scope, show);
        // A worker's own panic is not a verdict: its pair stays uncounted, and the run incomplete.
        for worker in workers {
            let _ = worker.join();
        }
        drop(end);
    });
    progress.finish();
}

/// A few more threads than jobs: they read photos and write to disk meanwhile. A single job stays
/// alone, to keep the order of the manifest.
fn threads(arguments: &Batch) -> usize {
    let jobs = jobs(arguments);
    if arguments.options.local || jobs == 1 { jobs } else { jobs + jobs / 4 + 2 }
}

/// The engine already uses all cores for a single pair.
fn jobs(arguments: &Batch) -> usize {
    let jobs = usize::from(arguments.jobs);
    if arguments.options.local {
        jobs.min(thread::available_parallelism().map_or(1, usize::from))
    } else {
        jobs
    }
}
