//! CSV for spreadsheets, with a row for each pair.
//!
//! Text columns are always quoted, number columns never, and a missing number is nothing: readers
//! that infer types by quotes (`ClickHouse`, polars, Python's `QUOTE_NONNUMERIC`) keep `007` a text
//! and scores numbers, even if some are missing.

use std::borrow::Cow;
use std::io::{self, Write};

use serde_json::Number;

use super::{Entry, Report};
use crate::error::Result;
use crate::values::text::safe;
use crate::verdict::Reason;

/// Tells Excel that a file is UTF-8.
const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";
const COLUMNS: [&str; 14] = [
    "verdict",
    "reason",
    "score",
    "threshold",
    "judged_by",
    "warnings",
    "error",
    "request_id",
    "user_image",
    "ref_image",
    "user_sha256",
    "ref_sha256",
    "elapsed_ms",
    "finished_at",
];

pub(super) fn write(report: &Report<'_>, excel: bool, out: &mut dyn Write) -> Result<()> {
    out.write_all(if excel { BYTE_ORDER_MARK } else { b"" })?;
    let mut line = Line::default();
    line.texts(["id", "vendor_data"]);
    line.texts(report.extra.iter().map(|name| own_column(name)));
    line.texts(COLUMNS);
    line.write(out)?;
    for entry in report.entries() {
        row(&entry?, report, &mut line);
        line.write(out)?;
    }
    Ok(())
}

#[derive(Default)]
struct Line(String);

impl Line {
    fn text(&mut self, cell: &str) {
        self.0.push('"');
        harmless(cell, &mut self.0);
        self.0 += "\",";
    }

    fn texts(&mut self, cells: impl IntoIterator<Item = impl AsRef<str>>) {
        cells.into_iter().for_each(|cell| self.text(cell.as_ref()));
    }

    /// As it was written; nothing if it is no number, which a damaged journal can hold.
    fn number(&mut self, literal: &str) {
        let is_number = serde_json::from_str::<Number>(literal).is_ok();
        self.0 += if is_number { literal } else { "" };
        self.0.push(',');
    }

    /// Ends as RFC 4180 says.
    fn write(&mut self, out: &mut dyn Write) -> io::Result<()> {
        self.0.pop();
        self.0 += "\r\n";
        out.write_all(self.0.as_bytes())?;
        self.0.clear();
        Ok(())
    }
}

/// Renames a manifest column that clashes with one of ours.
fn own_column(name: &str) -> Cow<'_, str> {
    let is_taken = COLUMNS.iter().any(|column| column.eq_ignore_ascii_case(name));
    if is_taken { format!("manifest {name}").into() } else { name.into() }
}

fn row(entry: &Entry, report: &Report<'_>, line: &mut Line) {
    let or_empty = |text: &Option<String>| text.clone().unwrap_or_default();
    let why = || entry.why_no_score().unwrap_or_default().to_owned();
    line.text(&entry.id);
    line.text(&or_empty(&entry.vendor_data));
    line.texts(report.extra.iter().map(|name| entry.extra(name)));
    line.text(entry.status.name());
    line.text(entry.reason().map_or("", Reason::name));
    line.number(entry.score.as_deref().unwrap_or_default());
    line.number(&entry.threshold);
    line.text(entry.judged_by().unwrap_or_default());
    line.text(&entry.warnings.join("; "));
    line.text(&entry.error_line().unwrap_or_else(why));
    line.text(&or_empty(&entry.request_id));
    line.texts(&entry.photos);
    line.texts(entry.sha256.iter().map(or_empty));
    line.number(&entry.elapsed_ms.to_string());
    line.text(&entry.finished_at);
}

/// Escapes `cell` so that no spreadsheet runs it, or part of it, as a formula.
///
/// Cells that begin with one of these characters are formulas (OWASP, "CSV Injection"), and so is
/// text after a separator if the spreadsheet splits at a different one. An apostrophe turns
/// them into text. Tabs and line breaks are escaped.
fn harmless(cell: &str, out: &mut String) {
    for part in safe(cell).split_inclusive([',', ';', '|', '"']) {
        if part.starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠']) {
            out.push('\'');
        }
        *out += part;
        // Doubled within quotes.
        out.extend(part.ends_with('"').then_some('"'));
    }
}
