//! The records themselves, one for each pair, as a journal has them.

use super::Report;

pub(super) fn array(report: &Report) -> String {
    let records: Vec<_> = report.entries.iter().map(|entry| entry.record.as_str()).collect();
    format!("[{}]\n", records.join(",\n "))
}

pub(super) fn lines(report: &Report) -> String {
    report.entries.iter().flat_map(|entry| [entry.record.as_str(), "\n"]).collect()
}
