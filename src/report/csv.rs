//! CSV for spreadsheets, with a row for each pair.

use ::csv::{QuoteStyle, Terminator, WriterBuilder};

use super::{Entry, Report};
use crate::error::Result;
use crate::values::text::safe;

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

pub(super) fn rows(report: &Report, excel: bool) -> Result<Vec<u8>> {
    let start = if excel { BYTE_ORDER_MARK.to_vec() } else { Vec::new() };
    let mut writer = WriterBuilder::new()
        .quote_style(QuoteStyle::NonNumeric)
        .terminator(Terminator::CRLF)
        .from_writer(start);
    let extra = report.extra_columns();
    let own = extra.iter().map(|name| own_column(name));
    let head = ["id", "vendor_data"].map(str::to_owned).into_iter().chain(own);
    writer.write_record(head.chain(COLUMNS.map(str::to_owned)))?;
    for entry in &report.entries {
        writer.write_record(row(entry, &extra).iter().map(|cell| harmless(cell)))?;
    }
    Ok(writer.into_inner().map_err(::csv::IntoInnerError::into_error)?)
}

/// Renames a manifest column that clashes with one of ours.
fn own_column(name: &str) -> String {
    let is_taken = COLUMNS.iter().any(|column| column.eq_ignore_ascii_case(name));
    harmless(&if is_taken { format!("manifest {name}") } else { name.to_owned() })
}

fn row(entry: &Entry, extra: &[&str]) -> Vec<String> {
    let text = |option: &Option<String>| option.clone().unwrap_or_default();
    let why = || entry.why_no_score().unwrap_or_default().to_owned();
    let [user_image, ref_image] = entry.photos.clone();
    let mut row = vec![entry.id.clone(), text(&entry.vendor_data)];
    row.extend(extra.iter().map(|name| entry.extra(name).to_owned()));
    row.extend([
        entry.status.name().to_owned(),
        entry.reason().map_or_else(String::new, |reason| reason.name().to_owned()),
        text(&entry.score),
        entry.threshold.clone(),
        entry.judged_by().unwrap_or_default().to_owned(),
        entry.warnings.join("; "),
        entry.error_line().unwrap_or_else(why),
        text(&entry.request_id),
        user_image,
        ref_image,
        text(&entry.sha256[0]),
        text(&entry.sha256[1]),
        entry.elapsed_ms.to_string(),
        entry.finished_at.clone(),
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
