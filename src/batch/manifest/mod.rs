//! The manifest: a CSV file with a row for each pair, checked as a whole before it is used.

mod dialect;
mod rows;

use std::collections::hash_map::Entry;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::Path;
use std::time::{Duration, Instant};

use self::dialect::Dialect;
use self::rows::Rows;
use crate::batch::shard::Selection;
use crate::cli::options::PairOptions;
use crate::error::{self, Error, Kind, reason};
use crate::photo::Source;
use crate::values::digest;
use crate::values::text::{QUOTED, excerpt};

const LISTED: usize = 20;
/// How long to look for photos in advance, to warn early. Sending must not wait for a million files
/// on a slow disk.
const LOOK_AHEAD: Duration = Duration::from_millis(800);
/// The limit for a pipe in bytes: millions of pairs.
const SPOOL_LIMIT: u64 = 256_000_000;

#[derive(Clone, Debug)]
pub struct Pair {
    /// The id column, or the row's number.
    pub id: String,
    /// The photos, as the manifest names them.
    pub photos: [String; 2],
    /// The options of the run, overridden by the row's.
    pub options: PairOptions,
    pub extra: BTreeMap<String, String>,
}

#[derive(Debug, Default)]
pub struct Census {
    pub rows: u64,
    /// How many rows are selected.
    pub pairs: u64,
    /// How many more the shard has.
    pub left_out: u64,
    /// Selected rows whose photos don't exist: each will fail by itself.
    pub missing: Problems,
    /// How many rows' photos were looked for in the time available.
    pub looked_for: u64,
}

/// The first problems, and how many there are.
#[derive(Debug, Default)]
pub struct Problems {
    pub count: u64,
    pub first: Vec<String>,
}

impl Problems {
    fn add(&mut self, line: u64, what: &str) {
        self.count += 1;
        if self.first.len() < LISTED {
            self.first.push(format!("line {line}: {what}"));
        }
    }

    pub fn more(&self) -> u64 {
        self.count - self.first.len() as u64
    }
}

/// A manifest that can be read twice: once to check it, once to process it.
pub struct Manifest {
    name: String,
    file: File,
    options: PairOptions,
    selection: Selection,
}

impl Manifest {
    /// Opens the file; a pipe is copied into an unnamed file first.
    pub fn open(path: &Path, options: &PairOptions, selection: Selection) -> Result<Self, Error> {
        let source = Source::from_argument(path);
        let name = source.name();
        let file = match &source {
            Source::Stdin => spool(&name, io::stdin().lock())?,
            Source::Path(path) => {
                let file = File::open(path).map_err(|e| unreadable(&name, &e))?;
                let is_file = file.metadata().map_err(|e| unreadable(&name, &e))?.is_file();
                if is_file { file } else { spool(&name, file)? }
            }
        };
        Ok(Self::new(name, file, options, selection))
    }

    pub fn new(name: String, file: File, options: &PairOptions, selection: Selection) -> Self {
        Self { name, file, options: options.clone(), selection }
    }

    /// Checks every row, and looks for its photos in `folder` while there is time. A missing photo
    /// is not a problem of the manifest.
    pub fn check(&mut self, folder: &Path) -> Result<Result<Census, Problems>, Error> {
        let mut problems = Problems::default();
        let mut census = Census::default();
        let mut ids = HashMap::new();
        let deadline = Instant::now() + LOOK_AHEAD;
        let selection = self.selection.clone();
        let mut unseen: BTreeSet<&str> = selection.named().collect();
        for (line, row) in self.rows()? {
            census.rows += 1;
            let pair = match row {
                Ok(pair) => pair,
                Err(what) => {
                    problems.add(line, &what);
                    continue;
                }
            };
            match ids.entry(digest::fingerprint(&[&pair.id])) {
                Entry::Occupied(first) => {
                    let (id, first) = (excerpt(&pair.id, QUOTED), first.get());
                    problems
                        .add(line, &format!("duplicate id `{id}` (first seen on line {first})"));
                }
                Entry::Vacant(place) => {
                    place.insert(line);
                    unseen.remove(pair.id.as_str());
                    if !selection.holds(&pair.id) {
                        census.left_out += u64::from(selection.shard_holds(&pair.id));
                        continue;
                    }
                    census.pairs += 1;
                    if problems.count == 0 && Instant::now() < deadline {
                        census.look_for(line, &pair, folder);
                    }
                }
            }
        }
        if problems.count > 0 {
            return Ok(Err(problems));
        }
        if census.rows == 0 {
            return Err(input(&self.name, "has no pairs: there are no rows below the header"));
        }
        if !unseen.is_empty() {
            return Err(self.without(&unseen));
        }
        Ok(Ok(census))
    }

    pub fn pairs(mut self) -> Result<Pairs, Error> {
        let rows = self.rows()?;
        Ok(Pairs { rows, selection: self.selection, name: self.name })
    }

    fn without(&self, ids: &BTreeSet<&str>) -> Error {
        let named = ids.iter().take(LISTED).map(|id| format!("`{}`", excerpt(id, QUOTED)));
        let more = match ids.len().saturating_sub(LISTED) {
            0 => String::new(),
            more => format!(" and {more} more"),
        };
        let what = format!("has no pair {}{more}", named.collect::<Vec<_>>().join(", "));
        input(&self.name, &what).hint("nothing was sent; --only takes ids of the manifest")
    }

    pub fn name(&self) -> &str {
        &self.name
    }

    fn rows(&mut self) -> Result<Rows, Error> {
        let file = &mut self.file;
        let dialect = Dialect::of(file).map_err(|e| unreadable(&self.name, &e))?;
        let file = file.seek(SeekFrom::Start(dialect.start)).and_then(|_| file.try_clone());
        let file = file.map_err(|e| unreadable(&self.name, &e))?;
        Rows::new(file, dialect, self.options.clone()).map_err(|what| {
            input(&self.name, &what)
                .hint("it must be UTF-8 text that begins with a header: user_image,ref_image and optionally id,vendor_data,threshold,rotate")
        })
    }
}

impl Census {
    fn look_for(&mut self, line: u64, pair: &Pair, folder: &Path) {
        self.looked_for += 1;
        let is_missing = |photo: &&String| !folder.join(photo).exists();
        if let Some(photo) = pair.photos.iter().find(is_missing) {
            self.missing.add(line, &format!("no such file: `{}`", excerpt(photo, QUOTED)));
        }
    }
}

/// The selected pairs, in order.
pub struct Pairs {
    rows: Rows,
    selection: Selection,
    name: String,
}

impl Iterator for Pairs {
    type Item = Result<Pair, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        let Self { rows, selection, .. } = self;
        let is_selected = |pair: &Pair| selection.holds(&pair.id);
        let (line, row) = rows.find(|(_, row)| row.as_ref().map_or(true, is_selected))?;
        // Every row was checked before, so the file has changed since.
        Some(row.map_err(|what| {
            input(&self.name, &format!("was changed during the run; now, on line {line}, {what}"))
        }))
    }
}

/// Copies a pipe into an unnamed file, which disappears with the process.
fn spool(name: &str, source: impl Read) -> Result<File, Error> {
    let mut file = tempfile::tempfile().map_err(|e| {
        let folder = std::env::temp_dir();
        let what = format!(
            "needs a temporary file, which can't be created in `{}`: {}",
            folder.display(),
            reason(&e)
        );
        input(name, &what)
            .hint("set TMPDIR to a folder that you can write to, or save the manifest to a file")
    })?;
    let copied = io::copy(&mut source.take(SPOOL_LIMIT + 1), &mut file);
    let copied = copied.map_err(|e| unreadable(name, &e))?;
    if copied > SPOOL_LIMIT {
        let what = format!("is over {} MB, too large for a pipe", SPOOL_LIMIT / 1_000_000);
        return Err(input(name, &what).hint("save it to a file, or split it with --shard"));
    }
    Ok(file)
}

fn unreadable(name: &str, e: &io::Error) -> Error {
    input(name, &error::unreadable(e))
}

fn input(name: &str, what: &str) -> Error {
    Error::new(Kind::Input, format!("the manifest `{name}` {what}"))
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use clap::Parser as _;
    use proptest::prelude::*;

    use super::*;
    use crate::cli::{Cli, Command};

    fn manifest(text: &[u8]) -> Manifest {
        let arguments = ["didit-face", "match", "a", "b"];
        let Command::Match(arguments) = Cli::parse_from(arguments).command else { panic!() };
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(text).unwrap();
        Manifest::new("test".to_owned(), file, &arguments.options, Selection::default())
    }

    proptest! {
        #[test]
        fn quoted_cells_round_trip(
            cells in prop::collection::vec(("[^\0]{1,9}", "[^\0]{1,9}", "[^\0]{0,9}"), 1..9),
        ) {
            let mut writer = csv::Writer::from_writer(Vec::new());
            writer.write_record(["id", "note", "user_image", "ref_image"]).unwrap();
            for (number, (user, reference, note)) in cells.iter().enumerate() {
                writer.write_record([&number.to_string(), note, user, reference]).unwrap();
            }
            let mut manifest = manifest(&writer.into_inner().unwrap());
            let census = manifest.check(Path::new("/nowhere")).unwrap().unwrap();
            prop_assert_eq!(census.pairs, cells.len() as u64);
            for (pair, (user, reference, note)) in manifest.pairs().unwrap().zip(&cells) {
                let pair = pair.unwrap();
                prop_assert_eq!(&pair.photos, &[user.clone(), reference.clone()]);
                prop_assert_eq!(&pair.extra["note"], note);
            }
        }

        #[test]
        fn any_manifest_is_checked_or_refused(text in prop::collection::vec(any::<u8>(), 0..200)) {
            let _ = manifest(&text).check(Path::new("/nowhere"));
            let _ = manifest(&[b"user_image,ref_image\n", text.as_slice()].concat()).check(Path::new("/nowhere"));
        }
    }
}
