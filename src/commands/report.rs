//! `report`: journals in, one page for people out.

use std::path::{Path, PathBuf};

use url::Url;

use super::Context;
use super::new_file::NewFile;
use crate::batch::journal;
use crate::cli::Report;
use crate::error::{Error, Kind, Result, reason};
use crate::exit::Exit;
use crate::report::{self, Rows};

/// Merges journals and writes the page.
pub(super) fn run(arguments: &Report, context: &Context) -> Result<Exit> {
    let file = NewFile::prepare("the report", &arguments.output, arguments.force)?;
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
    file.write(page.as_bytes())?;
    let output = arguments.output.display();
    context.console.note(&format!("{} pairs in `{output}`", rows.len()));
    Ok(Exit::Done)
}

fn folder(arguments: &Report) -> Result<PathBuf> {
    let folder = arguments.base_dir.as_deref().unwrap_or(Path::new("."));
    folder.canonicalize().map_err(|e| {
        let message = format!("can't use the folder `{}`: {}", folder.display(), reason(&e));
        Error::new(Kind::Input, message).into()
    })
}

#[cfg(feature = "engine")]
#[expect(clippy::unnecessary_wraps, reason = "a build without the engine fails here")]
fn embed(rows: &mut Rows, folder: &Path, context: &Context) -> Result<()> {
    let without = report::add_thumbnails(rows, folder);
    if without > 0 {
        context.console.warn(&format!(
            "no thumbnails for {without} pairs: their photos are missing, have changed, or can't be decoded"
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
