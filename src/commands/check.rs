//! `check`: photos looked at before anything is sent.

use std::num::NonZero;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;
use std::thread;

use super::Context;
use crate::cli::Check;
use crate::error::Result;
use crate::exit::Exit;
use crate::gather;
use crate::photo::Source;
use crate::preflight::{Inspector, Level, MOST_BYTES, Report, Terms};
use crate::render::{self, Tally};

/// Inspects all photos and ends in 6 if any would be no use.
pub(super) fn run(arguments: &Check, context: &Context) -> Result<Exit> {
    let photos = gather::photos(&arguments.images)?;
    let terms = Terms { rotate: arguments.rotate, fit: arguments.fit };
    let console = &context.console;
    let tally = Tally::new(console, photos.len(), "photos");
    let reports = inspect_all(&photos, &Inspector::new(terms), || tally.step());
    tally.finish();
    let reports = reports?;
    if console.json {
        console.result(render::check::json(&reports).as_bytes())?;
    } else {
        console.table(&render::check::table(console.out, &reports))?;
    }
    let is_useless = reports.iter().any(|report| report.level() == Level::Fails);
    Ok(if is_useless { Exit::Input } else { Exit::Done })
}

/// The reports in the order of the photos; a worker for each core takes the next photo.
fn inspect_all(
    photos: &[Source],
    inspector: &Inspector,
    mut step: impl FnMut(),
) -> Result<Vec<Report>> {
    let next = AtomicUsize::new(0);
    let mut reports: Vec<Option<Report>> = vec![None; photos.len()];
    let workers = thread::available_parallelism().map_or(1, NonZero::get).min(photos.len());
    thread::scope(|scope| {
        let (sender, receiver) = mpsc::channel();
        for _ in 0..workers {
            let (sender, next) = (sender.clone(), &next);
            scope.spawn(move || {
                while let Some((i, photo)) = take(photos, next) {
                    // Nobody listens any more after a bug: then there is no next photo.
                    if sender.send((i, inspect(photo, inspector))).is_err() {
                        return;
                    }
                }
            });
        }
        drop(sender);
        for (i, report) in receiver {
            reports[i] = Some(report?);
            step();
        }
        Ok(reports.into_iter().flatten().collect())
    })
}

fn take<'a>(photos: &'a [Source], next: &AtomicUsize) -> Option<(usize, &'a Source)> {
    let i = next.fetch_add(1, Ordering::Relaxed);
    photos.get(i).map(|photo| (i, photo))
}

fn inspect(photo: &Source, inspector: &Inspector) -> Result<Report> {
    match photo.read(MOST_BYTES) {
        Ok(bytes) => inspector.report(photo.name(), &bytes),
        Err(e) => {
            // The table says the name in a cell of its own.
            let name = format!("`{}` ", photo.name());
            let why = e.message().strip_prefix(&name).unwrap_or(e.message());
            Ok(Report::unreadable(photo.name(), why))
        }
    }
}
