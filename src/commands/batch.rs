//! `batch`: every pair of a manifest, judged once and recorded in a journal.

use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::thread;

use super::Context;
use crate::batch::journal::{Journal, Naming, Reading};
use crate::batch::manifest::{Census, Manifest, Problems, Selection};
use crate::batch::run::{Counts, Hashes, Pace, Plan, Run, in_words};
use crate::cli::Batch;
use crate::error::{Error, Kind, Result, unreadable};
use crate::exit::Exit;
use crate::pair::{Mode, engine_name};
use crate::prepare::Preparation;
use crate::render::Console;
use crate::render::batch::{BatchProgress, Rehearsal, Summary};
use crate::values::text::{self, count};

/// What one pair in progress may have open: a connection, two photos, and one to spare.
const FILES_A_JOB: u64 = 4;
/// Standard streams, manifest, journal, and what the runtime opens.
const OTHER_FILES: u64 = 32;

pub(super) fn run(arguments: &Batch, context: &Context) -> Result<Exit> {
    let (options, console) = (&arguments.options, context.console);
    options.fractions().for_each(|warning| console.warn(&warning));
    let folder = folder(arguments)?;
    let selection = Selection::new(arguments.shard.unwrap_or_default(), &arguments.only);
    let mut manifest = Manifest::open(&arguments.pairs, options, selection)?;
    let (jobs, note) = jobs(arguments);
    note.inspect(|note| console.warn(note));
    let rate = if options.local { u32::MAX } else { arguments.rate };
    let pace = Arc::new(Pace::new(rate, jobs, arguments.limit));
    let census = match manifest.check(&folder)? {
        Ok(census) => census,
        Err(problems) => return Err(unusable(manifest.name(), &problems, &console).into()),
    };
    warn(manifest.name(), &census, &console);
    if options.dry_run && !census.extra.is_empty() {
        let names = in_words(&census.extra, census.extra.len() as u64);
        console.note(&format!("other columns, kept as `extra`: {names}"));
    }
    let progress = BatchProgress::new(console, census.pairs);
    let mode = if options.dry_run {
        Mode::DryRun
    } else if options.local {
        Mode::Engine
    } else {
        let client = context.client(Some(context.api_key()?), progress.observer())?;
        let pace: Arc<Pace> = Arc::clone(&pace);
        Mode::Service(client.with_gate(pace))
    };
    let judged_by =
        if options.local { engine_name() } else { context.settings.api.value.to_string() };
    let naming = if census.has_ids { Naming::Ids } else { Naming::Content };
    let (strictness, trust_mtime) = (options.strictness(), arguments.trust_mtime);
    let reading = Reading { naming, strictness, trust_mtime };
    let path = &arguments.output;
    let (journal, state) = if options.dry_run {
        (None, Journal::peek(path, reading)?)
    } else {
        let (journal, state) = Journal::open(path, reading)?;
        (Some(journal), state)
    };
    if journal.as_ref().is_some_and(|journal| journal.is_shared) {
        let path = path.display().to_string();
        let command = format!("chmod 600 {}", text::quoted(&path));
        console.warn(&format!("other users can read the journal `{path}`; run: {command}"));
    }
    let [above, stopping] = [progress.clone(), progress.clone()];
    let mut run = Run {
        pairs: Mutex::new(manifest.pairs()?),
        plan: Plan::default(),
        hashes: Hashes::default(),
        folder,
        preparation: Preparation::new(options.prepare),
        counts: Mutex::new(Counts::new(&census, arguments.limit, mode.is_paid())),
        mode,
        judged_by,
        is_local: options.local,
        pace,
        reading,
        state,
        journal,
        journal_path: path.clone(),
        request_ids: Mutex::default(),
        open: Mutex::default(),
        streak: Mutex::default(),
        retry_unknown: arguments.retry_unknown,
        rejudge: arguments.rejudge,
        max_failures: arguments.max_failures,
        waits: arguments.wait.is_some(),
        is_kept: !options.sent.no_save,
        exit_zero_on_verdicts: arguments.exit_zero_on_verdicts,
        say: Box::new(move |remark| above.above(|console| super::tell(remark, console))),
    };
    run.plan(manifest.pairs()?)?;
    // The plan has read the same file.
    run.pairs = Mutex::new(manifest.pairs()?);
    // A few more threads than jobs: they read photos and write to disk meanwhile. A single job stays
    // alone, to keep the order of the manifest.
    let threads = if options.local || jobs == 1 { jobs } else { jobs + jobs / 4 + 2 };
    let show = |counts: &Counts, silence| progress.show(counts, silence);
    run.work(threads, progress.interval(), show, move || {
        stopping.note("finishing the pairs in progress; press Ctrl-C again to exit immediately");
    });
    progress.finish();
    if let Some(limit) = arguments.wait.filter(|_| run.has_open()) {
        run.look_up(limit, || super::client(context, "waiting for decisions"))?;
    }
    end(&run, arguments, &console)
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

/// How many pairs to process at a time, and why they are fewer than `--jobs`. The engine already
/// uses all cores for a single pair.
fn jobs(arguments: &Batch) -> (usize, Option<String>) {
    let jobs = usize::from(arguments.jobs);
    if arguments.options.local {
        return (jobs.min(thread::available_parallelism().map_or(1, usize::from)), None);
    }
    let Some(files) = most_open_files() else { return (jobs, None) };
    let most = usize::try_from(files.saturating_sub(OTHER_FILES) / FILES_A_JOB);
    let most = most.unwrap_or(usize::MAX).max(1);
    let note = format!(
        "this system allows only {files} open files (ulimit -n): working with --jobs {most}"
    );
    (jobs.min(most), (jobs > most).then_some(note))
}

#[cfg(unix)]
fn most_open_files() -> Option<u64> {
    rustix::process::getrlimit(rustix::process::Resource::Nofile).current
}

#[cfg(not(unix))]
fn most_open_files() -> Option<u64> {
    None
}

/// The manifest's problems as one error; several are named before it.
fn unusable(name: &str, problems: &Problems, console: &Console) -> Error {
    let unusable =
        |what: String| Error::new(Kind::Input, what).hint("fix the manifest and try again");
    if console.json || problems.count == 1 {
        let more = match problems.more() {
            0 => String::new(),
            more => format!("; and {more} more"),
        };
        return unusable(format!("the manifest `{name}`: {}{more}", problems.first.join("; ")));
    }
    for problem in &problems.first {
        console.fail(&Error::new(Kind::Input, format!("`{name}`, {problem}")));
    }
    let listed = match problems.more() {
        0 => String::new(),
        _ => format!(" (first {} listed)", problems.first.len()),
    };
    unusable(format!("the manifest `{name}` has {} problems{listed}", problems.count))
}

/// Says what is odd about the manifest, and which photos are missing.
fn warn(name: &str, census: &Census, console: &Console) {
    for (rows, what) in &census.oddities {
        let has = if *rows == 1 { "has" } else { "have" };
        console.warn(&format!("`{name}`: {} {has} {what}", count(*rows, "row")));
    }
    for problem in &census.missing.first {
        console.warn(&format!("`{name}`, {problem}"));
    }
    let (missing, all) = (census.missing.count, census.looked_for);
    if missing > 0 && missing == all {
        console.warn("photos are missing for every pair checked");
        console.note("if the paths are relative to another folder, pass it with --base-dir");
    } else if missing > 0 {
        console.warn(&format!(
            "photos are missing for {missing} of the {all} pairs checked; only those pairs will fail"
        ));
    }
}

fn end(run: &Run, arguments: &Batch, console: &Console) -> Result<Exit> {
    let end = run.end()?;
    let options = &arguments.options;
    let summary = Summary {
        counts: &end.counts,
        journal: arguments.output.display().to_string(),
        exit_code: end.exit.code(),
        rehearsal: options.dry_run.then_some(if options.local {
            Rehearsal::Free
        } else {
            Rehearsal::Paid
        }),
        next: &end.next,
    };
    if end.failure.is_none() || arguments.summary && !console.json {
        show(&summary, arguments, console)?;
    }
    // The summary has named the failed pairs.
    let is_named = !console.json && !console.quiet;
    match end.failure.clone().or_else(|| end.error(is_named)) {
        Some(e) => Err(e.into()),
        None => Ok(end.exit),
    }
}

fn show(summary: &Summary<'_>, arguments: &Batch, console: &Console) -> Result<()> {
    let counts = summary.counts;
    if console.json {
        console.result(summary.as_json().as_bytes())?;
    } else if arguments.summary || summary.rehearsal.is_some() || console.out.is_terminal {
        console.table(&summary.as_text(console.out))?;
    } else {
        console.note(&format!("{}; {} used", counts.so_far(), count(counts.credits, "credit")));
        if counts.left > 0 {
            console.note(&format!("{} left for the next run", count(counts.left, "pair")));
        }
        counts.problems().iter().chain(summary.next).for_each(|line| console.note(line));
    }
    Ok(())
}
