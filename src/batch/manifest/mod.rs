//! The manifest: a CSV file with a row for each pair, checked as a whole before it is used.

mod columns;
mod dialect;
mod pairing;
mod rows;
mod shard;

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use self::dialect::Dialect;
pub use self::pairing::{Pairing, Unpaired};
use self::rows::{Row, Rows};
pub use self::shard::{Selection, Shard};
use crate::error::{self, Error, Kind, reason};
use crate::pair::PairOptions;
use crate::photo::{Source, is_url};
use crate::values::digest;
use crate::values::system::System;
use crate::values::text::{QUOTED, excerpt};

const LISTED: usize = 20;
/// How long to look for photos in advance, to warn early. Sending must not wait for a million files
/// on a slow disk.
const LOOK_AHEAD: Duration = Duration::from_millis(800);
/// The limit for a pipe in bytes: millions of pairs.
const SPOOL_LIMIT: u64 = 256_000_000;

#[derive(Clone, Debug)]
pub struct Pair {
    pub id: String,
    /// The id is the row's number, which only names the pair.
    pub by_row: bool,
    /// Counted from 0.
    pub row: u64,
    /// The photos, as the manifest names them.
    pub photos: [String; 2],
    /// Whether their cells had blanks at an end.
    was_trimmed: [bool; 2],
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
    pub looked_for: u64,
    /// What is odd about some rows, with how many they are.
    pub oddities: Vec<(u64, &'static str)>,
    /// Columns that are not ours.
    pub extra: Vec<String>,
    pub has_ids: bool,
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

/// A manifest that can be read again: to check it, to plan a run, to process it.
pub struct Manifest {
    name: String,
    file: File,
    options: PairOptions,
    selection: Selection,
    /// A hash of each row that was checked, and whether it repeats another.
    checked: Arc<[(u32, bool)]>,
}

/// What makes two rows alike, in hashes: a few bytes a row.
#[derive(Default)]
struct Alike(Vec<(u64, u32)>);

impl Alike {
    fn add(&mut self, parts: &[&str], row: u64) {
        let hash = (digest::fingerprint(parts) >> 64) as u64;
        self.0.push((hash, u32::try_from(row).unwrap_or(u32::MAX)));
    }

    /// Rows that are like an earlier one, with that one.
    fn repeated(mut self) -> Vec<(u32, u32)> {
        self.0.sort_unstable();
        let groups = self.0.chunk_by(|a, b| a.0 == b.0).filter(|group| group.len() > 1);
        let mut rows: Vec<_> =
            groups.flat_map(|group| group[1..].iter().map(|other| (other.1, group[0].1))).collect();
        rows.sort_unstable();
        rows
    }
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
        Self { name, file, options: options.clone(), selection, checked: Arc::default() }
    }

    /// Checks every row, and looks for its photos in `folder` while there is time. A missing photo
    /// is not a problem of the manifest.
    pub fn check(&mut self, folder: &Path) -> Result<Result<Census, Problems>, Error> {
        let (mut problems, mut census) = (Problems::default(), Census::default());
        let [mut ids, mut contents, mut vendors] = [(); 3].map(|()| Alike::default());
        let deadline = Instant::now() + LOOK_AHEAD;
        if self.selection.is_ambiguous() {
            let ids: BTreeSet<String> =
                self.rows()?.filter_map(|row| Some(row.pair.ok()?.id)).collect();
            self.selection.resolve(|id| ids.contains(id));
        }
        let selection = self.selection.clone();
        let mut unseen: BTreeSet<&str> = selection.named().collect();
        let (mut same_photo, mut fractions) = (0, 0);
        let rows = self.rows()?;
        census.has_ids = rows.columns.id.is_some();
        census.extra = rows.columns.others.iter().map(|(_, name)| name.clone()).collect();
        let has_vendors = rows.columns.vendor_data.is_some();
        let mut checked = Vec::new();
        for Row { line, hash, pair } in rows {
            census.rows += 1;
            checked.push((hash, false));
            let pair = match pair {
                Ok(pair) => pair,
                Err(what) => {
                    problems.add(line, &what);
                    continue;
                }
            };
            let sent = &pair.options.sent;
            let vendor_data = sent.vendor_data.as_deref().unwrap_or_default();
            let [user, reference] = pair.photos.each_ref().map(String::as_str);
            if census.has_ids {
                ids.add(&[&pair.id], pair.row);
            }
            let options = format!("{} {}", sent.threshold, sent.rotate);
            contents.add(&[user, reference, vendor_data, &options], pair.row);
            if has_vendors && !vendor_data.is_empty() {
                vendors.add(&[vendor_data], pair.row);
            }
            same_photo += u64::from(user == reference);
            fractions += u64::from(
                sent.threshold.is_fraction() && !self.options.sent.threshold.is_fraction(),
            );
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
        let twins = contents.repeated();
        let repeated = ids.repeated();
        if !repeated.is_empty() {
            self.name_repeated(&repeated, &mut problems)?;
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
        let has_ids = census.has_ids;
        if !has_ids {
            for (row, _) in &twins {
                checked[*row as usize].1 = true;
                census.pairs -= u64::from(selection.holds(&(row + 1).to_string()));
            }
        }
        self.checked = checked.into();
        census.oddities = [
            (same_photo, "the same photo on both sides"),
            (
                twins.len() as u64,
                if has_ids {
                    "the same pair as another row under another id, charged again"
                } else {
                    "the same pair as another row, left out since there are no ids"
                },
            ),
            (
                vendors.repeated().len() as u64,
                "the vendor_data of another row, which makes a lost answer harder to find",
            ),
            (fractions, "a threshold of at most 1, but scores are 0 to 100"),
        ]
        .into_iter()
        .filter(|(count, _)| *count > 0)
        .collect();
        Ok(Ok(census))
    }

    fn name_repeated(&mut self, rows: &[(u32, u32)], problems: &mut Problems) -> Result<(), Error> {
        let listed = &rows[..rows.len().min(LISTED)];
        let wanted: BTreeSet<u64> =
            listed.iter().flat_map(|(row, first)| [u64::from(*row), u64::from(*first)]).collect();
        let numbered = self.rows()?.zip(0..).filter(|(_, number)| wanted.contains(number));
        let found: BTreeMap<u64, (u64, String)> = numbered
            .filter_map(|(row, number)| Some((number, (row.line, row.pair.ok()?.id))))
            .collect();
        for (row, first) in listed {
            if let (Some((line, id)), Some((first, _))) =
                (found.get(&u64::from(*row)), found.get(&u64::from(*first)))
            {
                let id = excerpt(id, QUOTED);
                problems.add(*line, &format!("duplicate id `{id}` (first seen on line {first})"));
            }
        }
        problems.count += (rows.len() - listed.len()) as u64;
        Ok(())
    }

    /// The selected pairs, as they were checked.
    pub fn pairs(&mut self) -> Result<Pairs, Error> {
        Ok(Pairs {
            rows: self.rows()?,
            selection: self.selection.clone(),
            checked: Arc::clone(&self.checked),
            name: self.name.clone(),
        })
    }

    fn without(&self, ids: &BTreeSet<&str>) -> Error {
        let named = ids.iter().take(LISTED).map(|id| format!("`{}`", excerpt(id, QUOTED)));
        let more = match ids.len().saturating_sub(LISTED) {
            0 => String::new(),
            more => format!(" and {more} more"),
        };
        let named = named.collect::<Vec<_>>().join(", ");
        let what = format!("has no pair {named}{more}; nothing was sent");
        input(&self.name, &what).hint("--only takes ids of the manifest")
    }

    pub fn name(&self) -> &str {
        &self.name
    }

    fn rows(&mut self) -> Result<Rows, Error> {
        let file = &mut self.file;
        if let Some(what) = dialect::foreign(file).map_err(|e| unreadable(&self.name, &e))? {
            return Err(input(&self.name, what));
        }
        let dialect = Dialect::of(file).map_err(|e| unreadable(&self.name, &e))?;
        let file = file.seek(SeekFrom::Start(dialect.start)).and_then(|_| file.try_clone());
        let file = file.map_err(|e| unreadable(&self.name, &e))?;
        Rows::new(file, dialect, self.options.clone()).map_err(|what| {
            input(&self.name, &what)
                .hint("it must be UTF-8 text that begins with a header: user_image,ref_image and optionally id,vendor_data,threshold,rotate,expect")
        })
    }
}

impl Census {
    fn look_for(&mut self, line: u64, pair: &Pair, folder: &Path) {
        self.looked_for += 1;
        let is_missing = |(photo, _): &(&String, bool)| !folder.join(photo).exists();
        let mut photos = pair.photos.iter().zip(pair.was_trimmed);
        if let Some((photo, was_trimmed)) = photos.find(is_missing) {
            let photo = excerpt(photo, QUOTED);
            let blank =
                if was_trimmed { " (its cell has a blank at an end, left out here)" } else { "" };
            let what = if is_url(&photo) { "a URL, not a file" } else { "no such file" };
            self.missing.add(line, &format!("{what}: `{photo}`{blank}"));
        }
    }
}

/// The selected pairs, in order. What the check did not see is not handed out.
pub struct Pairs {
    rows: Rows,
    selection: Selection,
    checked: Arc<[(u32, bool)]>,
    name: String,
}

impl Iterator for Pairs {
    type Item = Result<Pair, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let Row { line, hash, pair } = self.rows.next()?;
            let number = usize::try_from(self.rows.number() - 1).unwrap_or(usize::MAX);
            let (checked, repeats) = *self.checked.get(number)?;
            let what = match pair {
                Ok(_) if hash != checked => "it is another row".to_owned(),
                Ok(pair) if repeats || !self.selection.holds(&pair.id) => continue,
                Ok(pair) => return Some(Ok(pair)),
                Err(what) => what,
            };
            let what = format!("was changed during the run; now, on line {line}, {what}");
            return Some(Err(input(&self.name, &what)));
        }
    }
}

/// Copies a pipe into an unnamed file, which disappears with the process.
fn spool(name: &str, source: impl Read) -> Result<File, Error> {
    let mut file = tempfile::tempfile().map_err(|e| {
        let (folder, variable) = (std::env::temp_dir(), System::HERE.temporary_folder());
        let what = format!(
            "needs a temporary file, which can't be created in `{}`: {}",
            folder.display(),
            reason(&e)
        );
        input(name, &what).hint(format!(
            "set {variable} to a folder that you can write to, or save the manifest to a file"
        ))
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
