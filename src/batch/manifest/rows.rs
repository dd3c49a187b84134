//! Reads the columns and rows of a manifest.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{Chain, Read};

use csv::{ErrorKind, Reader, ReaderBuilder, StringRecord, Trim};

use super::Pair;
use super::dialect::{Counted, Dialect, LineNumbers};
use crate::cli::options::PairOptions;
use crate::error::unreadable;
use crate::values::text::{QUOTED, count, excerpt};
use crate::verdict::Threshold;

const KNOWN: [&str; 6] = ["user_image", "ref_image", "id", "vendor_data", "threshold", "rotate"];

/// Read after the file, as a record of its own, unless a quote was never closed: the csv crate
/// would take the rest of the file for one cell.
const END: &str = "\n\0";

/// The number of cells in a record, without empty ones at its end.
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
        // Spreadsheets leave empty columns behind.
        let count = used(header);
        for (place, name) in header.iter().take(count).enumerate() {
            // A `Threshold` must not be taken for an unknown column, and ignored.
            let known = KNOWN.iter().find(|known| known.eq_ignore_ascii_case(name));
            let name = known.map_or(name, |known| known);
            if places.insert(name.to_owned(), place).is_some() {
                return Err(format!("has the column `{}` twice", excerpt(name, QUOTED)));
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
pub(super) struct Rows {
    reader: Reader<Counted<Chain<File, &'static [u8]>>>,
    lines: LineNumbers,
    columns: Columns,
    options: PairOptions,
    record: StringRecord,
    number: u64,
}

impl Rows {
    /// Reads the header; the error completes "the manifest …".
    pub(super) fn new(file: File, dialect: Dialect, options: PairOptions) -> Result<Self, String> {
        let (counted, lines) = Counted::new(file.chain(END.as_bytes()), dialect.line);
        let mut reader = ReaderBuilder::new()
            .buffer_capacity(1 << 16)
            .delimiter(dialect.delimiter)
            .flexible(true)
            .trim(Trim::Headers)
            .from_reader(counted);
        let columns = Columns::of(reader.headers().map_err(|e| in_words(&e))?)?;
        Ok(Self { reader, lines, columns, options, record: StringRecord::new(), number: 0 })
    }

    fn pair(&self) -> Result<Pair, String> {
        if self.record.iter().any(|cell| cell.ends_with(END)) {
            return Err("a quoted cell has no closing quote".to_owned());
        }
        let columns = &self.columns;
        let cells = used(&self.record);
        if self.record.len() < columns.count || cells > columns.count {
            let cells = count(self.record.len() as u64, "cell");
            return Err(format!("it has {cells}, but the header has {}", columns.count));
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

    fn is_end(&mut self) -> bool {
        self.record == [END.trim_start()][..]
            && !self.reader.read_record(&mut StringRecord::new()).unwrap_or(true)
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

/// Each row's line, and its pair or what is wrong with it.
impl Iterator for Rows {
    type Item = (u64, Result<Pair, String>);

    fn next(&mut self) -> Option<Self::Item> {
        let result = self.reader.read_record(&mut self.record);
        let position = match &result {
            Ok(false) => return None,
            Ok(true) if self.is_end() => return None,
            Ok(true) => self.record.position(),
            Err(e) => e.position(),
        };
        let line = position.map_or(0, |position| self.lines.at(position.byte()));
        self.number += 1;
        Some((line, result.map_err(|e| in_words(&e)).and_then(|_| self.pair())))
    }
}

fn yes_or_no(text: &str) -> Option<bool> {
    match text.to_ascii_lowercase().as_str() {
        "true" | "yes" | "1" => Some(true),
        "false" | "no" | "0" => Some(false),
        _ => None,
    }
}

fn in_words(e: &csv::Error) -> String {
    match e.kind() {
        ErrorKind::Io(e) => unreadable(e),
        ErrorKind::Utf8 { .. } => "is not UTF-8 text: save the table as \"CSV UTF-8\"".to_owned(),
        _ => format!("not CSV: {e}"),
    }
}
