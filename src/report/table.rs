//! A table: scores aligned at the decimal point, a line for each pair where it fits.

use std::cmp::Reverse;

use comfy_table::{Cell, CellAlignment, ColumnConstraint, Width};

use super::photo_file::last_part;
use super::{Entry, Report};
use crate::render::table::{badge, drawn, frame, keep_whole, path};
use crate::render::{Paint, Stream};
use crate::values::text::{count, safe};

const PAINTS: [(&str, Paint); 4] = [
    ("Failed", Paint::Error),
    ("Unknown", Paint::Error),
    ("In Review", Paint::Warning),
    ("Declined", Paint::Error),
];
const OTHERS: usize = 36;
/// The maximum width of the id column, in percent of the terminal.
const FOR_IDS: u16 = 35;

pub fn table(report: &Report, stream: Stream) -> String {
    let mut entries = report.sorted();
    if stream.is_terminal {
        // The problems stay in view; sorted stably, so that ids stay in order.
        entries.sort_by_key(|entry| Reverse((entry.status, entry.verdict_score())));
    }
    let rows: Vec<_> =
        entries.iter().map(|entry| (photos(entry), entry.remarks().join("; "))).collect();
    let has_photos = fits(stream, &entries, &rows);
    let has_thresholds = entries.iter().any(|entry| entry.threshold != entries[0].threshold);
    let columns = |all: [Cell; 6]| {
        let wanted = [true, true, true, has_thresholds, has_photos, true];
        all.into_iter().zip(wanted).filter_map(|(cell, is_wanted)| is_wanted.then_some(cell))
    };
    let mut table = frame(stream);
    table.set_header(columns(
        ["Pair", "Verdict", "Score", "Threshold", "Photos", "Why"].map(Cell::new),
    ));
    let [scores, thresholds] = [
        aligned(entries.iter().map(|entry| entry.score.as_deref().unwrap_or("-"))),
        aligned(entries.iter().map(|entry| entry.threshold.as_str())),
    ];
    for (((entry, score), threshold), (photos, why)) in
        entries.iter().zip(scores).zip(thresholds).zip(&rows)
    {
        let right = |text: String| Cell::new(text).set_alignment(CellAlignment::Right);
        table.add_row(columns([
            path(&entry.id),
            Cell::new(badge(entry.status.name())),
            right(score),
            right(threshold),
            path(photos),
            path(why),
        ]));
    }
    keep_whole(&mut table, if has_thresholds { &[1, 2, 3] } else { &[1, 2] });
    if let (Some(ids), true) = (table.column_mut(0), stream.width.is_some()) {
        ids.set_constraint(ColumnConstraint::UpperBoundary(Width::Percentage(FOR_IDS)));
    }
    let rows =
        if entries.is_empty() { String::new() } else { drawn(stream, &table, &PAINTS) + "\n\n" };
    format!(
        "{rows}{}{}{}\n{}{}\n",
        count(entries.len() as u64, "pair"),
        if entries.is_empty() { "" } else { ": " },
        report.counts(),
        report.judged_by(|name| safe(name).into_owned()),
        match entries.first() {
            Some(entry) if !has_thresholds => format!(", threshold {}", entry.threshold),
            _ => String::new(),
        }
    )
}

fn photos(entry: &Entry) -> String {
    entry.photos.each_ref().map(|name| last_part(name)).join(" / ")
}

/// Whether there is room for the photos beside the rest; elsewhere than on a terminal there is.
fn fits(stream: Stream, entries: &[&Entry], rows: &[(String, String)]) -> bool {
    let Some(columns) = stream.width else { return true };
    let longest = |texts: &mut dyn Iterator<Item = &str>| {
        texts.map(|text| safe(text).chars().count()).max().unwrap_or(0)
    };
    let needed = longest(&mut entries.iter().map(|entry| entry.id.as_str()))
        + longest(&mut rows.iter().map(|(photos, _)| photos.as_str()))
        + longest(&mut rows.iter().map(|(_, why)| why.as_str()));
    needed + OTHERS <= usize::from(columns)
}

fn aligned<'a>(numbers: impl Iterator<Item = &'a str> + Clone) -> Vec<String> {
    let decimals = |number: &str| number.find('.').map_or(0, |point| number.len() - point);
    let most = numbers.clone().map(decimals).max().unwrap_or(0);
    numbers.map(|number| format!("{number}{}", " ".repeat(most - decimals(number)))).collect()
}
