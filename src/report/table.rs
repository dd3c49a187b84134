//! A table: scores aligned at the decimal point, a line for each pair where it fits.

use std::cmp::Reverse;

use comfy_table::{Cell, CellAlignment, ColumnConstraint, Width};

use super::photo_file::last_part;
use super::{Entry, MANY, Report};
use crate::error::{Error, Result};
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
/// The most problems to list of a large report.
const LISTED: usize = 1000;
/// The maximum width of the id column, in percent of the terminal.
const FOR_IDS: u16 = 35;

pub fn table(report: &Report<'_>, stream: Stream) -> Result<String, Error> {
    let all = report.len();
    let listed = if all > MANY { report.problems().min(LISTED) } else { all };
    let mut entries: Vec<Entry> = report.entries().take(listed).collect::<Result<_, _>>()?;
    if stream.is_terminal {
        // The problems stay in view; sorted stably, so that ids stay in order.
        entries.sort_by_key(|entry| Reverse((entry.status, entry.verdict_score())));
    }
    let rows: Vec<_> =
        entries.iter().map(|entry| (photos(entry), entry.remarks().join("; "))).collect();
    let has_photos = fits(stream, &entries, &rows);
    let has_thresholds = report.thresholds.len() > 1;
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
        if entries.is_empty() { String::new() } else { drawn(stream, &table, &PAINTS) + "\n" };
    let unlisted = [
        (report.problems().saturating_sub(listed), "more without an approval"),
        (all - listed.max(report.problems()), "approved"),
    ];
    let unlisted = unlisted.iter().filter(|(count, _)| *count > 0);
    let unlisted: Vec<_> = unlisted.map(|(count, what)| format!("and {count} {what}\n")).collect();
    let threshold = report.thresholds.keys().next().filter(|_| !has_thresholds);
    Ok(format!(
        "{rows}{}{}{}{}{}\n{}{}\n",
        unlisted.concat(),
        if all > 0 { "\n" } else { "" },
        count(all as u64, "pair"),
        if all > 0 { ": " } else { "" },
        report.counts(),
        report.judged_by(|name| safe(name).into_owned()),
        threshold.map_or_else(String::new, |threshold| format!(", threshold {threshold}")),
    ))
}

fn photos(entry: &Entry) -> String {
    entry.photos.each_ref().map(|name| last_part(name)).join(" / ")
}

/// Whether there is room for the photos beside the rest; elsewhere than on a terminal there is.
fn fits(stream: Stream, entries: &[Entry], rows: &[(String, String)]) -> bool {
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
