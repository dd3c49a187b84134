//! The latest record of each pair, unchanged from the journal.

use super::Report;

pub(super) fn array(report: &Report) -> String {
    let mut text = joined(report, "[", ",\n ");
    text.push_str("]\n");
    text
}

pub(super) fn lines(report: &Report) -> String {
    let mut text = joined(report, "", "\n");
    text.extend((!text.is_empty()).then_some('\n'));
    text
}

/// Allocates once: growing the string would double the memory of the largest format.
fn joined(report: &Report, start: &str, between: &str) -> String {
    let size = report.entries.iter().map(|entry| entry.record.len() + between.len()).sum::<usize>();
    let mut text = String::with_capacity(size + 8);
    text.push_str(start);
    for (place, entry) in report.entries.iter().enumerate() {
        text.push_str(if place > 0 { between } else { "" });
        text.push_str(&entry.record);
    }
    text
}
