//! `report`: turns journals into a report in one of several formats, and draws pictures of the pairs.

use std::cell::Cell;
use std::collections::HashMap;
use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};

use super::Context;
use super::new_file::NewFile;
use super::pictures::{self, Folder};
use crate::batch::journal::{self, Reading};
use crate::cli;
use crate::error::{Error, Kind, Result, folder_reason};
use crate::exit::Exit;
use crate::render::Console;
use crate::report::{self, Format, Options, Parts, Report, Settings};
use crate::values::text::count;

/// A JUnit file must be smaller (GitLab, "Unit test reports").
const GITLAB_LIMIT: u64 = 30_000_000;

pub(super) fn run(arguments: &cli::Report, context: &Context) -> Result<Exit> {
    let (format, console) = (format(arguments, context)?, &context.console);
    let file = file(arguments)?;
    let pictures = arguments.pictures.as_deref();
    let pictures = pictures.map(Folder::prepare).transpose()?;
    let state = journal::read(&arguments.journals, Reading::default())?;
    let report = Report::read(&state, settings(arguments, format)?)?;
    let base_dir = &report.settings.base_dir;
    let photos = report.entries().filter_map(Result::ok);
    let photos = photos.flat_map(|entry| entry.photos.map(|name| base_dir.join(name)));
    let file = file.map(|file| file.keeping(photos)).transpose()?;
    if !arguments.what_if.is_empty() {
        let what_if = report::WhatIf::new(&report, &arguments.what_if)?;
        if console.json {
            console.result(what_if.json().as_bytes())?;
        } else {
            console.table(&what_if.table(console.out))?;
        }
        return Ok(Exit::Done);
    }
    match format {
        None => console.table(&report::table(&report, console.out)?)?,
        Some(format) => write(&report, format, file.as_ref(), arguments, console)?,
    }
    if let Some(pictures) = pictures {
        pictures.fill(&report, arguments.force, console)?;
    }
    Ok(Exit::Done)
}

fn write(
    report: &Report<'_>,
    format: Format,
    file: Option<&NewFile>,
    arguments: &cli::Report,
    console: &Console,
) -> Result<()> {
    let faces = if arguments.embed_thumbnails { pictures::faces(report)? } else { HashMap::new() };
    let mut options = Options { excel: arguments.excel, faces, parts: None };
    let Some(file) = file else {
        return console.stream(|out| format.write(report, &options, out));
    };
    let name = file.path().file_stem().unwrap_or_default().to_string_lossy();
    let name = format!("{name}-pairs");
    let folder = file.path().with_file_name(&name);
    let parts = Cell::new(0);
    let write = |part: &str, rows: &[u8]| {
        parts.set(parts.get() + 1);
        let folder = Folder::prepare(&folder)?;
        Ok(NewFile::prepare("the report", &folder.join(part), arguments.force)?.write(rows)?)
    };
    options.parts = Some(Parts { folder: name, write: &write });
    file.write_with(|out| format.write(report, &options, out))?;
    // What an earlier, larger report left there.
    let mut rest = parts.get() + 1_u32..;
    let is_left = |n| fs::remove_file(folder.join(format!("{n}.js"))).is_ok();
    while arguments.force && format == Format::Html && rest.next().is_some_and(is_left) {}
    let size = file.path().metadata().map_or(0, |written| written.len());
    if format == Format::Junit && size >= GITLAB_LIMIT {
        console.hint("GitLab ignores JUnit files of 30 MB or more: leave pairs out with --only");
    }
    console.note(&format!("{} in `{}`", count(report.len() as u64, "pair"), file.path().display()));
    Ok(())
}

fn format(arguments: &cli::Report, context: &Context) -> Result<Option<Format>, Error> {
    let is_json = context.console.json.then_some(Format::Json);
    let format = match (&arguments.output, arguments.format) {
        (_, Some(format)) => Some(format),
        (Some(file), None) if file != OsStr::new("-") => Some(Format::of_file(file)?),
        _ => is_json,
    };
    let refused = |option: &str, wanted: &str| {
        Err(Error::new(Kind::Usage, format!("`{option}` works only with {wanted} reports")))
    };
    if arguments.excel && format != Some(Format::Csv) {
        return refused("--excel", "CSV");
    }
    if arguments.embed_thumbnails && format != Some(Format::Html) {
        return refused("--embed-thumbnails", "HTML");
    }
    Ok(format)
}

/// `None` for standard output.
fn file(arguments: &cli::Report) -> Result<Option<NewFile>, Error> {
    let Some(path) = arguments.output.as_deref().filter(|path| *path != Path::new("-")) else {
        return Ok(None);
    };
    NewFile::prepare("the report", path, arguments.force)?.keeping(&arguments.journals).map(Some)
}

fn settings(arguments: &cli::Report, format: Option<Format>) -> Result<Settings, Error> {
    let folder = arguments.output.as_deref().and_then(Path::parent);
    let folder = folder.filter(|folder| !folder.as_os_str().is_empty());
    Ok(Settings {
        journals: arguments.journals.iter().map(|path| name(path)).collect(),
        made_at: jiff::Timestamp::now().strftime("%F %T").to_string(),
        base_dir: real(arguments.base_dir.as_deref().unwrap_or(Path::new(".")))?,
        folder: real(folder.unwrap_or(Path::new(".")))?,
        only: arguments.only.clone(),
        problems_first: format.is_none_or(Format::is_for_people),
        faces: format == Some(Format::Html) || arguments.pictures.is_some(),
        is_running: arguments.journals.iter().any(|path| journal::is_in_use(path)),
    })
}

/// Without the folder of an absolute path: a report names no folder of this machine.
fn name(path: &Path) -> String {
    let file = path.file_name().filter(|_| path.is_absolute());
    file.map_or_else(|| path.display().to_string(), |file| file.to_string_lossy().into_owned())
}

fn real(folder: &Path) -> Result<PathBuf, Error> {
    folder.canonicalize().map_err(|e| {
        let message = format!("can't use the folder `{}`: {}", folder.display(), folder_reason(&e));
        Error::new(Kind::Input, message)
    })
}
