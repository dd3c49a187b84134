//! Reads the rows of a manifest.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{Chain, Read};

use csv::{ErrorKind, Reader, ReaderBuilder, StringRecord, Trim};

use super::Pair;
use super::columns::{Columns, trim, used};
use super::dialect::{Counted, Dialect};

use crate::error::unreadable;
use crate::pair::PairOptions;
use crate::values::digest;
use crate::values::text::{QUOTED, count, excerpt, megabytes};
use crate::verdict::Threshold;

/// Read after the file, as a record of its own, unless a quote was never closed: the csv crate
/// would take the rest of the file for one cell.
const END: &str = "\n\0";
/// Longer rows could make a line that no reader of the journal takes.
const LONGEST: usize = 1_000_000;

pub(super) struct Rows {
    reader: Reader<Counted<Chain<File, &'static [u8]>>>,
    pub(super) columns: Columns,
    options: PairOptions,
    record: StringRecord,
    number: u64,
}

pub(super) struct Row {
    pub(super) line: u64,
    pub(super) hash: u32,
    pub(super) pair: Result<Pair, String>,
}

impl Rows {
    /// Reads the header; the error completes "the manifest …".
    pub(super) fn new(file: File, dialect: Dialect, options: PairOptions) -> Result<Self, String> {
        let counted = Counted::new(file.chain(END.as_bytes()), dialect.line);
        let mut reader = ReaderBuilder::new()
            .buffer_capacity(1 << 16)
            .delimiter(dialect.delimiter)
            .flexible(true)
            .trim(Trim::Headers)
            .from_reader(counted);
        let columns = Columns::of(reader.headers().map_err(|e| in_words(&e))?)?;
        Ok(Self { reader, columns, options, record: StringRecord::new(), number: 0 })
    }

    /// How many rows were read.
    pub(super) fn number(&self) -> u64 {
        self.number
    }

    fn pair(&self) -> Result<Pair, String> {
        if self.record.iter().any(|cell| cell.ends_with(END)) {
            return Err("a quoted cell has no closing quote".to_owned());
        }
        let length = self.record.as_slice().len();
        if length > LONGEST {
            return Err(format!("it has {} of text, too much for a journal", megabytes(length)));
        }
        let columns = &self.columns;
        let cells = used(&self.record);
        if self.record.len() < columns.count || cells > columns.count {
            let cells = count(self.record.len() as u64, "cell");
            return Err(format!("it has {cells}, but the header has {}", columns.count));
        }
        let cell = |place: usize| trim(self.record.get(place).unwrap_or_default());
        let photo = |side: usize, name: &str| match cell(columns.photos[side]) {
            "" => Err(format!("{name} is empty")),
            path => Ok(path.to_owned()),
        };
        let photos = [photo(0, "user_image")?, photo(1, "ref_image")?];
        let id = match columns.id.map(cell) {
            None => self.number.to_string(),
            Some("") => return Err("the id is empty".to_owned()),
            Some(id) => id.to_owned(),
        };
        let named =
            columns.others.iter().map(|(place, name)| (name.clone(), cell(*place).to_owned()));
        let mut extra: BTreeMap<_, _> = named.collect();
        if let Some(place) = columns.expect {
            let expected = cell(place).to_lowercase();
            if !matches!(expected.as_str(), "" | "approved" | "declined") {
                let wrong = excerpt(cell(place), QUOTED);
                return Err(format!("expect is `{wrong}`, but must be approved or declined"));
            }
            extra.insert("expect".to_owned(), expected);
        }
        let raw = columns.photos.map(|place| self.record.get(place).unwrap_or_default());
        let was_trimmed = [raw[0] != photos[0], raw[1] != photos[1]];
        let (by_row, row) = (columns.id.is_none(), self.number - 1);
        Ok(Pair { id, by_row, row, photos, was_trimmed, options: self.row_options()?, extra })
    }

    fn is_end(&mut self) -> bool {
        self.record == [END.trim_start()][..]
            && !self.reader.read_record(&mut StringRecord::new()).unwrap_or(true)
    }

    /// The options of the run, overridden by the row's. An empty cell overrides nothing.
    fn row_options(&self) -> Result<PairOptions, String> {
        let cell = |place: Option<usize>| {
            self.record.get(place?).map(trim).filter(|text| !text.is_empty())
        };
        let mut options = self.options.clone();
        if let Some(text) = cell(self.columns.threshold) {
            let wrong = |why| format!("the threshold `{}` {why}", excerpt(text, QUOTED));
            options.sent.threshold = text.parse::<Threshold>().map_err(wrong)?;
        }
        if let Some(text) = cell(self.columns.rotate) {
            options.sent.rotate = yes_or_no(text).ok_or_else(|| {
                format!("rotate is `{}`, but must be true or false", excerpt(text, QUOTED))
            })?;
        }
        if let Some(text) = cell(self.columns.vendor_data) {
            options.sent.vendor_data = Some(text.to_owned());
        }
        Ok(options)
    }
}

impl Iterator for Rows {
    type Item = Row;

    fn next(&mut self) -> Option<Self::Item> {
        let result = self.reader.read_record(&mut self.record);
        let position = match &result {
            Ok(false) => return None,
            Ok(true) if self.is_end() => return None,
            Ok(true) => self.record.position(),
            Err(e) => e.position(),
        };
        let byte = position.map(csv::Position::byte);
        let line = byte.map_or(0, |byte| self.reader.get_mut().line_at(byte));
        self.number += 1;
        let hash = digest::quick(self.record.as_slice().as_bytes());
        Some(Row { line, hash, pair: result.map_err(|e| in_words(&e)).and_then(|_| self.pair()) })
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
