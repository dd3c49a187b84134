//! The latest record of each pair, unchanged from the journal.

use super::Report;

pub(super) fn array(report: &Report) -> String {
    let mut text = joined(report.entries.iter().map(|entry| &entry.record), "[", ",\n ");
    text.push_str("]\n");
    text
}

/// A journal that `batch` can go on with: what may have been charged is never left out.
pub(super) fn lines(report: &Report) -> String {
    let lines = report.entries.iter().flat_map(|entry| entry.also.iter().chain([&entry.record]));
    let mut text = joined(lines, "", "\n");
    text.extend((!text.is_empty()).then_some('\n'));
    text
}

/// Allocates once: growing the string would double the memory of the largest format.
fn joined<'a>(
    lines: impl Iterator<Item = &'a Box<str>> + Clone,
    start: &str,
    between: &str,
) -> String {
    let size = lines.clone().map(|line| line.len() + between.len()).sum::<usize>();
    let mut text = String::with_capacity(size + 8);
    text.push_str(start);
    for (place, line) in lines.enumerate() {
        text.push_str(if place > 0 { between } else { "" });
        text.push_str(line);
    }
    text
}
