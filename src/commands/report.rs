//! `report`: journals in, one page for people out.

use std::io::Write;
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;
use url::Url;

use super::Context;
use crate::cli::Report;
use crate::error::{Error, Kind, Result};
use crate::exit::Exit;
use crate::journal;
use crate::photo::reason;
use crate::report::{self, Rows};

/// Merges journals and writes the page.
pub(super) fn run(arguments: &Report, context: &Context) -> Result<Exit> {
    refuse_existing(arguments)?;
    let mut rows = Rows::default();
    for journal in &arguments.journals {
        journal::read_lines(journal, |record| rows.add(record))?;
    }
    let folder = folder(arguments)?;
    if arguments.embed_thumbnails {
        embed(&mut rows, &folder, context)?;
    }
    let url = Url::from_directory_path(&folder).map(|url| url.to_string()).unwrap_or_default();
    let names: Vec<_> = arguments.journals.iter().map(|path| path.display().to_string()).collect();
    let now = jiff::Timestamp::now().strftime("%F %T").to_string();
    let page = report::page(&rows, &names, &url, &now)?;
    write(arguments, page.as_bytes())?;
    let output = arguments.output.display();
    context.console.note(&format!("{} pairs in `{output}`", rows.len()));
    Ok(Exit::Done)
}

fn folder(arguments: &Report) -> Result<PathBuf> {
    let folder = arguments.base_dir.as_deref().unwrap_or(Path::new("."));
    folder.canonicalize().map_err(|e| {
        let message = format!("the folder `{}` can't be used: {}", folder.display(), reason(&e));
        Error::new(Kind::Input, message).into()
    })
}

#[cfg(feature = "engine")]
#[expect(clippy::unnecessary_wraps, reason = "a build without the engine fails here")]
fn embed(rows: &mut Rows, folder: &Path, context: &Context) -> Result<()> {
    let without = report::add_thumbnails(rows, folder);
    if without > 0 {
        context.console.warn(&format!(
            "no thumbnails for {without} pairs: their photos are not there any more, have changed, or can't be decoded"
        ));
    }
    Ok(())
}

#[cfg(not(feature = "engine"))]
fn embed(_: &mut Rows, _: &Path, _: &Context) -> Result<()> {
    Err(Error::new(
        Kind::Usage,
        "this build can't decode photos, so there is no `--embed-thumbnails`",
    )
    .hint("build it with the default features: cargo build --release")
    .into())
}

fn refuse_existing(arguments: &Report) -> Result<(), Error> {
    if !arguments.force && arguments.output.symlink_metadata().is_ok() {
        return Err(exists(&arguments.output));
    }
    Ok(())
}

/// Writes beside the target, readable by its owner only, and moves it there when it is whole.
fn write(arguments: &Report, page: &[u8]) -> Result<(), Error> {
    let output = &arguments.output;
    let failed = |e: &std::io::Error| {
        let message =
            format!("the report `{}` could not be written: {}", output.display(), reason(e));
        Error::new(Kind::Output, message)
    };
    let folder = output.parent().filter(|folder| !folder.as_os_str().is_empty());
    let mut file =
        NamedTempFile::new_in(folder.unwrap_or(Path::new("."))).map_err(|e| failed(&e))?;
    file.write_all(page).and_then(|()| file.as_file().sync_all()).map_err(|e| failed(&e))?;
    let moved = if arguments.force { file.persist(output) } else { file.persist_noclobber(output) };
    match moved {
        Ok(_) => Ok(()),
        Err(e) if e.error.kind() == std::io::ErrorKind::AlreadyExists => Err(exists(output)),
        Err(e) => Err(failed(&e.error)),
    }
}

fn exists(output: &Path) -> Error {
    Error::new(Kind::Output, format!("`{}` exists already", output.display()))
        .hint("name another file with -o, or replace this one with --force")
}
