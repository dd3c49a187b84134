//! `report`: turns journals into a report in one of several formats, and draws pictures of the pairs.

use std::collections::HashMap;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use super::Context;
use super::new_file::NewFile;
use super::pictures;
use crate::batch::journal::{self, Reading};
use crate::cli;
use crate::error::{Error, Kind, Result, folder_reason, reason};
use crate::exit::Exit;
use crate::report::{self, Entry, Format, Needs, Options, Report};
use crate::values::text::count;

/// A JUnit file must be smaller (GitLab, "Unit test reports").
const GITLAB_LIMIT: usize = 30_000_000;

pub(super) fn run(arguments: &cli::Report, context: &Context) -> Result<Exit> {
    let format = format(arguments, context)?;
    let file = file(arguments)?;
    let pictures = arguments.pictures.as_deref();
    let pictures = pictures.map(pictures::Folder::prepare).transpose()?;
    let mut needs = format.map(Format::needs).unwrap_or_default();
    needs.faces |= pictures.is_some();
    let report = report(arguments, needs)?;
    let photos =
        |entry: &report::Entry| entry.photos.each_ref().map(|name| report.base_dir.join(name));
    let photos: Vec<_> = report.entries.iter().flat_map(photos).collect();
    let file = file.map(|file| file.keeping(photos.iter().map(PathBuf::as_path))).transpose()?;
    let faces =
        if arguments.embed_thumbnails { pictures::faces(&report)? } else { HashMap::default() };
    let options = Options { excel: arguments.excel, faces };
    let console = &context.console;
    if !arguments.what_if.is_empty() {
        let what_if = report::WhatIf::new(&report, &arguments.what_if);
        if console.json {
            console.result(what_if.json().as_bytes())?;
        } else {
            console.table(&what_if.table(console.out))?;
        }
        return Ok(Exit::Done);
    }
    let is_junit = format == Some(Format::Junit);
    let text = format.map(|format| format.write(&report, &options)).transpose()?;
    if is_junit && text.as_ref().is_some_and(|text| text.len() >= GITLAB_LIMIT) {
        console.hint("GitLab ignores JUnit files of 30 MB or more: leave pairs out with --only");
    }
    match (text, file) {
        (None, _) => console.table(&report::table(&report, console.out))?,
        (Some(text), None) => console.result(&text)?,
        (Some(text), Some(file)) => {
            file.write(&text)?;
            let pairs = count(report.entries.len() as u64, "pair");
            console.note(&format!("{pairs} in `{}`", file.path().display()));
        }
    }
    if let Some(pictures) = pictures {
        pictures.fill(&report, arguments.force, console)?;
    }
    Ok(Exit::Done)
}

/// `None` for a table.
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
    let journals = arguments.journals.iter().map(PathBuf::as_path);
    NewFile::prepare("the report", path, arguments.force)?.keeping(journals).map(Some)
}

fn report(arguments: &cli::Report, needs: Needs) -> Result<Report, Error> {
    let state = journal::read(&arguments.journals, Reading::default())?;
    let unread = |e: std::io::Error| {
        Error::new(Kind::Input, format!("a journal can't be read again: {}", reason(&e)))
    };
    let is_running = arguments.journals.iter().any(|path| journal::is_in_use(path));
    let mut entries = Vec::new();
    for pair in state.pairs() {
        let mut entry = Entry::read(&state, pair, needs).map_err(unread)?;
        if let Some(error) = entry.error.as_mut().filter(|e| e.message == journal::UNANSWERED)
            && is_running
        {
            "in progress".clone_into(&mut error.kind);
            "sent, waiting for its answer".clone_into(&mut error.message);
        }
        entries.push(entry);
    }
    report::unify(&mut entries);
    entries.retain(|entry| arguments.only.is_empty() || arguments.only.contains(&entry.status));
    entries.sort_by_key(|entry| entry.row.unwrap_or(u64::MAX));
    let folder = arguments.output.as_deref().and_then(Path::parent);
    let folder = folder.filter(|folder| !folder.as_os_str().is_empty());
    Ok(Report {
        entries,
        journals: arguments.journals.iter().map(|path| name(path)).collect(),
        made_at: jiff::Timestamp::now().strftime("%F %T").to_string(),
        base_dir: real(arguments.base_dir.as_deref().unwrap_or(Path::new(".")))?,
        folder: real(folder.unwrap_or(Path::new(".")))?,
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
