//! A table for the terminal: problems first, scores aligned at the decimal point.

use comfy_table::{Cell, CellAlignment, ColumnConstraint, Width};

use super::{Entry, PairStatus, Report};
use crate::render::table::{badge, drawn, frame, keep_whole, path};
use crate::render::{Paint, Stream};
use crate::values::text::{count, safe};

const PAINTS: [(&str, Paint); 4] = [
    ("Failed", Paint::Error),
    ("Unknown", Paint::Error),
    ("In Review", Paint::Warning),
    ("Declined", Paint::Error),
];
/// The maximum width of the id column, in percent of the terminal.
const FOR_IDS: u16 = 35;

pub fn table(report: &Report, stream: Stream) -> String {
    let entries = report.sorted();
    let mut table = frame(stream);
    table.set_header(["Pair", "Verdict", "Score", "Threshold", "Why"]);
    let [scores, thresholds] = [
        aligned(entries.iter().map(|entry| entry.score.as_deref().unwrap_or("-"))),
        aligned(entries.iter().map(|entry| entry.threshold.as_str())),
    ];
    for ((entry, score), threshold) in entries.iter().zip(scores).zip(thresholds) {
        let right = |text: String| Cell::new(text).set_alignment(CellAlignment::Right);
        table.add_row([
            path(&entry.id),
            Cell::new(badge(entry.status.name())),
            right(score),
            right(threshold),
            path(&why(entry)),
        ]);
    }
    keep_whole(&mut table, &[1, 2, 3]);
    if let (Some(ids), true) = (table.column_mut(0), stream.width.is_some()) {
        ids.set_constraint(ColumnConstraint::UpperBoundary(Width::Percentage(FOR_IDS)));
    }
    let rows =
        if entries.is_empty() { String::new() } else { drawn(stream, &table, &PAINTS) + "\n\n" };
    format!(
        "{rows}{}{}{}\n{}\n",
        count(entries.len() as u64, "pair"),
        if entries.is_empty() { "" } else { ": " },
        report.counts(),
        report.judged_by(|name| safe(name).into_owned())
    )
}

fn why(entry: &Entry) -> String {
    let mut remarks = entry.brief();
    if entry.status == PairStatus::InReview {
        remarks.extend(entry.request_id.iter().map(|id| format!("request {id}")));
    }
    remarks.join("; ")
}

/// Pads numbers so that their decimal points align.
fn aligned<'a>(numbers: impl Iterator<Item = &'a str> + Clone) -> Vec<String> {
    let decimals = |number: &str| number.find('.').map_or(0, |point| number.len() - point);
    let most = numbers.clone().map(decimals).max().unwrap_or(0);
    numbers.map(|number| format!("{number}{}", " ".repeat(most - decimals(number)))).collect()
}
