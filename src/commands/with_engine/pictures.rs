//! `report --pictures`: each pair as it was judged, drawn from the recorded boxes.

use std::fs;
use std::path::{Path, PathBuf};

use super::file_name::FileNames;
use super::judged_photo;
use super::parallel::on_all_cores;
use crate::commands::new_file::NewFile;
use crate::error::{Error, Kind, Result, reason};
use crate::render::annotate::judged::{self, Subject};
use crate::render::annotate::{Layout, Print, png};
use crate::render::{Console, counting};
use crate::report::{Entry, Report};
use crate::values::text::{self, QUOTED, excerpt};

/// How many pairs without a picture are named.
const NAMED: usize = 10;

pub(in crate::commands) struct Folder(PathBuf);

impl Folder {
    /// Creates the folder with mode 0700, unless it exists.
    pub(in crate::commands) fn prepare(path: &Path) -> Result<Self, Error> {
        make(path).map_err(|e| {
            let what = format!("can't create the folder `{}`: {}", path.display(), reason(&e));
            Error::new(Kind::Output, what)
        })?;
        Ok(Self(path.to_owned()))
    }

    /// Draws all pairs, and warns of those that can't be drawn.
    pub(in crate::commands) fn fill(
        &self,
        report: &Report,
        force: bool,
        console: &Console,
    ) -> Result<()> {
        let mut names = FileNames::default();
        let work: Vec<_> =
            report.entries.iter().map(|entry| (entry, names.of(&entry.id, "png"))).collect();
        let bar = counting(console, work.len(), "pictures");
        let photos = |entry: &Entry| entry.photos.each_ref().map(|name| report.base_dir.join(name));
        let inputs: Vec<_> = report.entries.iter().flat_map(photos).collect();
        let draw = |(entry, name): &(&Entry, String)| -> Result<Drawn> {
            let file = NewFile::prepare("the picture", &self.0.join(name), force)
                .and_then(|file| file.keeping(inputs.iter().map(PathBuf::as_path)));
            let file = match file {
                Ok(file) => file,
                Err(e) => return Ok(Drawn::Unwritten(e)),
            };
            let picture = match drawn(entry, &report.base_dir)? {
                Ok(picture) => picture,
                Err(why) => {
                    let id = excerpt(&entry.id, QUOTED);
                    return Ok(Drawn::Impossible(format!("`{id}`: {why}")));
                }
            };
            Ok(file.write(&picture).map_or_else(Drawn::Unwritten, |()| Drawn::Written))
        };
        let results = on_all_cores(&work, draw, || bar.inc(1))?;
        bar.finish_and_clear();
        let (mut without, mut unwritten) = (Vec::new(), Vec::new());
        for result in results {
            match result {
                Drawn::Written => {}
                Drawn::Impossible(why) => without.push(why),
                Drawn::Unwritten(e) => unwritten.push(e),
            }
        }
        let count = work.len() - without.len() - unwritten.len();
        let pictures = text::count(count as u64, "picture");
        console.note(&format!("{pictures} in `{}`", self.0.display()));
        warn(&without, console);
        let others = unwritten.len().saturating_sub(1);
        match unwritten.into_iter().next() {
            None => Ok(()),
            Some(first) if others == 0 => Err(first.into()),
            Some(first) => {
                let others = text::count(others as u64, "other picture");
                let what = format!("{} (and {others})", first.message());
                Err(first.with_message(what).into())
            }
        }
    }
}

/// What came of a picture; one that can't be written stops no other.
enum Drawn {
    Written,
    Impossible(String),
    Unwritten(Error),
}

fn warn(without: &[String], console: &Console) {
    for pair in without.iter().take(NAMED) {
        console.warn(&format!("no picture of {pair}"));
    }
    if without.len() > NAMED {
        console.warn(&format!("{} more pairs have no picture", without.len() - NAMED));
    }
}

/// The picture of a pair, or why it can't be drawn.
fn drawn(entry: &Entry, folder: &Path) -> Result<Result<Vec<u8>, String>> {
    let print = |place: usize| {
        let name = &entry.photos[place];
        let bytes = judged_photo::read(entry, place, folder)?;
        Print::decode(name, &bytes, Layout::PAIR).map_err(|e| format!("`{name}`: {e}"))
    };
    let photos = match (print(0), print(1)) {
        (Ok(user), Ok(reference)) => [user, reference],
        (Err(why), _) | (_, Err(why)) => return Ok(Err(why)),
    };
    let subject = subject(entry);
    Ok(Ok(png(&judged::sheet(&photos, &subject).draw()?)?))
}

fn subject(entry: &Entry) -> Subject<'_> {
    let score = match &entry.score {
        Some(score) => format!("score {score} of 100 · threshold {}", entry.threshold),
        None => format!("no score · threshold {}", entry.threshold),
    };
    let judge = if entry.status.is_judged() {
        format!("judged by {}", entry.judge)
    } else {
        format!("not judged; asked: {}", entry.judge)
    };
    let request = entry.request_id.as_ref().map(|id| format!("request {id}"));
    let identity = [Some(format!("pair {}", entry.id)), request, Some(entry.finished_at.clone())];
    Subject {
        status: entry.verdict.map(|verdict| verdict.status()),
        headline: entry.status.name().to_owned(),
        score,
        caveats: std::iter::once(judge).chain(entry.remarks()).collect(),
        identity: identity.into_iter().flatten().collect(),
        at_fault: entry.verdict.and_then(|verdict| {
            judged::at_fault(&verdict, entry.faces.each_ref().map(|image| image.faces.len()))
        }),
        images: entry.faces.each_ref(),
    }
}

#[cfg(unix)]
fn make(path: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::DirBuilderExt;
    fs::DirBuilder::new().recursive(true).mode(0o700).create(path)
}

#[cfg(not(unix))]
fn make(path: &Path) -> std::io::Result<()> {
    fs::create_dir_all(path)
}
