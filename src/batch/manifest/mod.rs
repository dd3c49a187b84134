//! The manifest: a CSV file with a row for each pair, checked as a whole before it is used.

mod dialect;

use std::collections::hash_map::Entry;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::Path;
use std::time::{Duration, Instant};

use csv::{ErrorKind, Position, Reader, ReaderBuilder, StringRecord, Trim};

use dialect::{Counted, Dialect, LineNumbers};

use crate::batch::selection::Selection;
use crate::cli::options::PairOptions;
use crate::error::{Error, Kind, reason};
use crate::photo::Source;
use crate::values::digest;
use crate::values::text::excerpt;
use crate::verdict::Threshold;

const LISTED: usize = 20;
/// How long to look for photos in advance. This only serves to warn early: sending must not wait
/// for a million files on a slow disk.
const LOOK_AHEAD: Duration = Duration::from_millis(800);
const QUOTED: usize = 60;
/// The limit for a pipe: some millions of pairs.
const SPOOL_LIMIT: u64 = 256_000_000;
const KNOWN: [&str; 6] = ["user_image", "ref_image", "id", "vendor_data", "threshold", "rotate"];

#[derive(Clone, Debug)]
pub struct Pair {
    /// The id column, or the row's number.
    pub id: String,
    /// The photos, as the manifest names them.
    pub photos: [String; 2],
    /// The options of the run, overridden by the row's.
    pub options: PairOptions,
    /// The other columns.
    pub extra: BTreeMap<String, String>,
}

impl Pair {
    pub fn sources(&self, folder: &Path) -> [Source; 2] {
        [0, 1].map(|i| Source::Path(folder.join(&self.photos[i])))
    }
}

/// What the check of a manifest found.
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
        let failed = |e: &io::Error| input(&name, &format!("can't be read: {}", reason(e)));
        let file = match &source {
            Source::Stdin => spool(&name, io::stdin().lock())?,
            Source::Path(path) => {
                let file = File::open(path).map_err(|e| failed(&e))?;
                let is_file = file.metadata().map_err(|e| failed(&e))?.is_file();
                if is_file { file } else { spool(&name, file)? }
            }
        };
        Ok(Self::new(name, file, options, selection))
    }

    /// The manifest in `file`; messages call it `name`.
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
        for row in self.rows()? {
            census.rows += 1;
            match row {
                Err(problem) => problems.add(problem.line, &problem.what),
                Ok(row) => match ids.entry(digest::fingerprint(&[&row.pair.id])) {
                    Entry::Occupied(first) => {
                        let id = excerpt(&row.pair.id, QUOTED);
                        let what =
                            format!("duplicate id `{id}` (first seen on line {})", first.get());
                        problems.add(row.line, &what);
                    }
                    Entry::Vacant(place) => {
                        place.insert(row.line);
                        unseen.remove(row.pair.id.as_str());
                        if !selection.holds(&row.pair.id) {
                            census.left_out += u64::from(selection.shard_holds(&row.pair.id));
                            continue;
                        }
                        census.pairs += 1;
                        if problems.count == 0 && Instant::now() < deadline {
                            census.look_for(&row, folder);
                        }
                    }
                },
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
        let failed = |e: &io::Error| input(&self.name, &format!("can't be read: {}", reason(e)));
        let dialect = Dialect::of(&mut self.file).map_err(|e| failed(&e))?;
        self.file.seek(SeekFrom::Start(dialect.start)).map_err(|e| failed(&e))?;
        let file = self.file.try_clone().map_err(|e| failed(&e))?;
        let (counted, lines) = Counted::new(file, dialect.line);
        let mut reader = ReaderBuilder::new()
            .buffer_capacity(1 << 16)
            .delimiter(dialect.delimiter)
            .flexible(true)
            .trim(Trim::Headers)
            .from_reader(counted);
        let header = reader.headers().map_err(|e| input(&self.name, &in_words(&e)))?;
        let columns = Columns::of(header).map_err(|what| {
            input(&self.name, &what)
                .hint("it begins with a header: user_image,ref_image and optionally id,vendor_data,threshold,rotate")
        })?;
        let options = self.options.clone();
        Ok(Rows { reader, lines, columns, options, record: StringRecord::new(), number: 0 })
    }
}

impl Census {
    fn look_for(&mut self, row: &Row, folder: &Path) {
        self.looked_for += 1;
        let is_missing = |photo: &&String| !folder.join(photo).exists();
        if let Some(photo) = row.pair.photos.iter().find(is_missing) {
            self.missing.add(row.line, &format!("no such file: `{}`", excerpt(photo, QUOTED)));
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
        let row =
            rows.find(|row| row.as_ref().map_or(true, |row| selection.holds(&row.pair.id)))?;
        Some(row.map(|row| row.pair).map_err(|problem| {
            // Every row was checked, so someone changed the file meanwhile.
            let Problem { line, what } = problem;
            input(&self.name, &format!("was changed during the run; now in line {line} {what}"))
        }))
    }
}

/// How many cells a record has, without empty ones at its end.
fn used(record: &StringRecord) -> usize {
    (0..record.len()).rev().find(|place| !record[*place].is_empty()).map_or(0, |last| last + 1)
}

struct Columns {
    /// Without empty ones at the end.
    count: usize,
    photos: [usize; 2],
    id: Option<usize>,
    vendor_data: Option<usize>,
    threshold: Option<usize>,
    rotate: Option<usize>,
    others: Vec<(usize, String)>,
}

impl Columns {
    fn of(header: &StringRecord) -> Result<Self, String> {
        let mut places = BTreeMap::new();
        // A spreadsheet leaves empty columns behind.
        let count = used(header);
        for (place, name) in header.iter().take(count).enumerate() {
            // A `Threshold` that passed for an unknown column would go unheeded.
            let known = KNOWN.iter().find(|known| known.eq_ignore_ascii_case(name));
            let name = known.map_or(name, |known| known).to_owned();
            if let Some((name, _)) = places.insert(name.clone(), place).map(|place| (name, place)) {
                return Err(format!("has the column `{}` twice", excerpt(&name, QUOTED)));
            }
        }
        let mut take = |name: &str| places.remove(name);
        let [user, reference] = ["user_image", "ref_image"].map(&mut take);
        let (id, vendor_data) = (take("id"), take("vendor_data"));
        let (threshold, rotate) = (take("threshold"), take("rotate"));
        match (user, reference) {
            (Some(user), Some(reference)) => {
                let others = places.into_iter().map(|(name, place)| (place, name)).collect();
                let photos = [user, reference];
                Ok(Self { count, photos, id, vendor_data, threshold, rotate, others })
            }
            (None, None) => Err("has no columns `user_image` and `ref_image`".to_owned()),
            (None, _) => Err("has no column `user_image`".to_owned()),
            (_, None) => Err("has no column `ref_image`".to_owned()),
        }
    }
}

/// All rows, of all shards.
struct Rows {
    reader: Reader<Counted<File>>,
    lines: LineNumbers,
    columns: Columns,
    options: PairOptions,
    record: StringRecord,
    number: u64,
}

struct Row {
    line: u64,
    pair: Pair,
}

struct Problem {
    line: u64,
    what: String,
}

impl Iterator for Rows {
    type Item = Result<Row, Problem>;

    fn next(&mut self) -> Option<Self::Item> {
        match self.reader.read_record(&mut self.record) {
            Ok(false) => None,
            Ok(true) => {
                self.number += 1;
                let line = self.line(self.record.position());
                Some(
                    self.pair()
                        .map(|pair| Row { line, pair })
                        .map_err(|what| Problem { line, what }),
                )
            }
            Err(e) => {
                self.number += 1;
                let line = self.line(e.position());
                Some(Err(Problem { line, what: in_words(&e) }))
            }
        }
    }
}

impl Rows {
    fn line(&self, position: Option<&Position>) -> u64 {
        position.map_or(0, |position| self.lines.at(position.byte()))
    }

    fn pair(&self) -> Result<Pair, String> {
        let columns = &self.columns;
        let cells = used(&self.record);
        if self.record.len() < columns.count || cells > columns.count {
            let cells = self.record.len();
            return Err(format!("it has {cells} cells, but the header has {}", columns.count));
        }
        let cell = |place: usize| self.record.get(place).unwrap_or_default();
        let photo = |place: usize, name: &str| match cell(place) {
            "" => Err(format!("{name} is empty")),
            path => Ok(path.to_owned()),
        };
        let photos =
            [photo(columns.photos[0], "user_image")?, photo(columns.photos[1], "ref_image")?];
        let id = match columns.id.map(cell) {
            None => self.number.to_string(),
            Some("") => return Err("the id is empty".to_owned()),
            Some(id) => id.to_owned(),
        };
        let extra =
            columns.others.iter().map(|(place, name)| (name.clone(), cell(*place).to_owned()));
        Ok(Pair { id, photos, options: self.row_options()?, extra: extra.collect() })
    }

    /// The options of the run, overridden by the row's. An empty cell overrides nothing.
    fn row_options(&self) -> Result<PairOptions, String> {
        let cell = |place: Option<usize>| self.record.get(place?).filter(|text| !text.is_empty());
        let mut options = self.options.clone();
        if let Some(text) = cell(self.columns.threshold) {
            let wrong = |why| format!("the threshold `{}` {why}", excerpt(text, QUOTED));
            options.sent.threshold = text.trim().parse::<Threshold>().map_err(wrong)?;
        }
        if let Some(text) = cell(self.columns.rotate) {
            options.sent.rotate = yes_or_no(text.trim()).ok_or_else(|| {
                format!("rotate is `{}`, but must be true or false", excerpt(text, QUOTED))
            })?;
        }
        if let Some(text) = cell(self.columns.vendor_data) {
            options.sent.vendor_data = Some(text.to_owned());
        }
        Ok(options)
    }
}

fn yes_or_no(text: &str) -> Option<bool> {
    match text.to_ascii_lowercase().as_str() {
        "true" | "yes" | "1" => Some(true),
        "false" | "no" | "0" => Some(false),
        _ => None,
    }
}

/// Copies a pipe into an unnamed file, which disappears with the process.
fn spool(name: &str, source: impl Read) -> Result<File, Error> {
    let failed = |e: &io::Error| input(name, &format!("can't be read: {}", reason(e)));
    let mut file = tempfile::tempfile().map_err(|e| {
        let folder = std::env::temp_dir();
        let what = format!(
            "needs a temporary file, but `{}` can't hold one: {}",
            folder.display(),
            reason(&e)
        );
        input(name, &what)
            .hint("set TMPDIR to a folder that you can write to, or save the manifest to a file")
    })?;
    let copied = io::copy(&mut source.take(SPOOL_LIMIT + 1), &mut file).map_err(|e| failed(&e))?;
    if copied > SPOOL_LIMIT {
        let what = format!("is over {} MB, too large for a pipe", SPOOL_LIMIT / 1_000_000);
        return Err(input(name, &what).hint("save it to a file, or split it with --shard"));
    }
    Ok(file)
}

fn in_words(e: &csv::Error) -> String {
    match e.kind() {
        ErrorKind::Io(e) => format!("can't be read: {}", reason(e)),
        ErrorKind::Utf8 { .. } => "is not UTF-8 text: save the table as \"CSV UTF-8\"".to_owned(),
        _ => format!("not CSV: {e}"),
    }
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
        fn whatever_a_writer_quotes_is_read_as_it_was(
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
        fn whatever_it_holds_it_is_checked_or_refused(text in prop::collection::vec(any::<u8>(), 0..200)) {
            let _ = manifest(&text).check(Path::new("/nowhere"));
            let _ = manifest(&[b"user_image,ref_image\n", text.as_slice()].concat()).check(Path::new("/nowhere"));
        }
    }
}
