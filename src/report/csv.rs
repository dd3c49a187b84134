//! CSV for spreadsheets, with a row for each pair.
//!
//! Text columns are always quoted, number columns never, and a missing number is nothing: readers
//! that infer types by quotes (`ClickHouse`, polars, Python's `QUOTE_NONNUMERIC`) keep `007` a text
//! and scores numbers, even if some are missing.

use serde_json::Number;

use super::{Entry, Report};
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

pub(super) fn rows(report: &Report, excel: bool) -> Vec<u8> {
    let mut out = if excel { BYTE_ORDER_MARK.to_vec() } else { Vec::new() };
    let extra = report.extra_columns();
    let own = extra.iter().map(|name| own_column(name));
    let head = ["id", "vendor_data"].map(text).into_iter().chain(own);
    line(&mut out, head.chain(COLUMNS.map(text)));
    for entry in &report.entries {
        line(&mut out, row(entry, &extra).into_iter());
    }
    out
}

/// Ends as RFC 4180 says.
fn line(out: &mut Vec<u8>, cells: impl Iterator<Item = String>) {
    for (place, cell) in cells.enumerate() {
        out.extend((place > 0).then_some(b','));
        out.extend(cell.as_bytes());
    }
    out.extend(b"\r\n");
}

fn text(cell: impl AsRef<str>) -> String {
    format!("\"{}\"", harmless(cell.as_ref()).replace('"', "\"\""))
}

/// As it was written; nothing if it is no number, which a damaged journal can hold.
fn number(literal: &str) -> String {
    serde_json::from_str::<Number>(literal).map_or_else(|_| String::new(), |_| literal.to_owned())
}

/// Renames a manifest column that clashes with one of ours.
fn own_column(name: &str) -> String {
    let is_taken = COLUMNS.iter().any(|column| column.eq_ignore_ascii_case(name));
    if is_taken { text(format!("manifest {name}")) } else { text(name) }
}

fn row(entry: &Entry, extra: &[&str]) -> Vec<String> {
    let optional = |cell: &Option<String>| text(cell.as_deref().unwrap_or_default());
    let why = || entry.why_no_score().unwrap_or_default().to_owned();
    let [user_image, ref_image] = &entry.photos;
    let mut row = vec![text(&entry.id), optional(&entry.vendor_data)];
    row.extend(extra.iter().map(|name| text(entry.extra(name))));
    row.extend([
        text(entry.status.name()),
        text(entry.reason().map_or("", Reason::name)),
        number(entry.score.as_deref().unwrap_or_default()),
        number(&entry.threshold),
        text(entry.judged_by().unwrap_or_default()),
        text(entry.warnings.join("; ")),
        text(entry.error_line().unwrap_or_else(why)),
        optional(&entry.request_id),
        text(user_image),
        text(ref_image),
        optional(&entry.sha256[0]),
        optional(&entry.sha256[1]),
        entry.elapsed_ms.to_string(),
        text(&entry.finished_at),
    ]);
    row
}

/// Escapes `cell` so that no spreadsheet runs it, or part of it, as a formula.
///
/// Cells that begin with one of these characters are formulas (OWASP, "CSV Injection"), and so is
/// text after a separator if the spreadsheet splits at a different one. An apostrophe turns
/// them into text. Tabs and line breaks are escaped.
fn harmless(cell: &str) -> String {
    let cell = safe(cell);
    let mut out = String::with_capacity(cell.len());
    let mut begins = true;
    for c in cell.chars() {
        if begins && matches!(c, '=' | '+' | '-' | '@' | '＝' | '＋' | '－' | '＠') {
            out.push('\'');
        }
        begins = matches!(c, ',' | ';' | '|' | '"');
        out.push(c);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_become_text_wherever_a_cell_can_start() {
        for (cell, wanted) in [
            ("=1+1", "'=1+1"),
            ("+49 30", "'+49 30"),
            ("-2", "'-2"),
            ("@SUM(A1)", "'@SUM(A1)"),
            ("＝1", "'＝1"),
            ("\t=1", r"\u{9}=1"),
            ("\r\n=1", r"\u{d}\u{a}=1"),
            ("a;=1", "a;'=1"),
            ("a\",=1", "a\",'=1"),
            ("a-b=c@d", "a-b=c@d"),
            ("30", "30"),
        ] {
            assert_eq!(harmless(cell), wanted);
        }
    }
}
