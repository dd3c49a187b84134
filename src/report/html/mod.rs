//! A self-contained page: style, counts, histogram, data and script in one file.
//!
//! Untrusted text enters the page in only two ways: escaped, or as JSON that can't close its script
//! element and that the page's script inserts as text. A content security policy forbids all other
//! scripts and all network access.

mod links;
mod row;
mod svg;

use std::io::Write;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use quick_xml::escape::escape;
use serde_json::{Value, json};

use self::links::Links;
use self::row::Columns;
use super::histogram::Histogram;
use super::photo_file::{is_rooted, last_part};
use super::{Entry, MANY, Options, PairStatus, Parts, Report};
use crate::error::Result;
use crate::values::digest;
use crate::values::text::{count, safe};

const STYLE: &str = include_str!("page.css");
const SCRIPT: &str = include_str!("page.js");
/// The most pairs to list for readers without scripts.
const PLAIN: usize = 200;

/// The most bytes of rows in a file: browsers read them as one piece.
const LARGEST: usize = 4_000_000;

pub(super) fn write(report: &Report<'_>, options: &Options<'_>, out: &mut dyn Write) -> Result<()> {
    let parts = options.parts.as_ref().filter(|_| report.len() > MANY);
    out.write_all(head(report, parts)?.as_bytes())?;
    data(report, options, parts, out)?;
    Ok(write!(out, "</script>\n<script>{SCRIPT}</script>\n</body>\n</html>\n")?)
}

fn head(report: &Report<'_>, parts: Option<&Parts<'_>>) -> Result<String> {
    let settings = &report.settings;
    let journals: Vec<_> = settings.journals.iter().map(|name| escape(safe(name))).collect();
    let plain = match report.problems() {
        0 => "it lists no pairs; all are approved".to_owned(),
        n @ ..=PLAIN => {
            format!("it lists only the {} without an approval", count(n as u64, "pair"))
        }
        n => format!("it lists only the first {PLAIN} of {n} pairs without an approval"),
    };
    let problems = report.entries().take(report.problems().min(PLAIN));
    let problems: String = problems.map(|entry| Ok(plain_row(&entry?))).collect::<Result<_>>()?;
    Ok(format!(
        r#"<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>Face match report: {pairs} pairs</title>
<style>{STYLE}</style>
</head>
<body>
<main>
<h1>Face match report</h1>
<p class="judges">{judges}</p>
<p class="faint">From {journals}, made {made_at} UTC by didit-face {version}.</p>
<ul class="counts" aria-label="Show only">{counts}</ul>
{histogram}
<p id="blocked"><b>This page's script is not running here, so {plain}.</b> Some servers, such as Jenkins, block
scripts in the files they serve: download the page and open it from your disk.</p>
<form id="filters">
<input id="search" type="search" placeholder="Search pairs, vendor data, files ( / )" aria-label="Search" aria-keyshortcuts="/">
<span id="shown" class="faint" role="status"></span>
</form>
<div class="frame"><table>
<thead><tr>{heads}</tr></thead>
<tbody id="lines">{rows}</tbody>
</table></div>
<p class="pages"><button id="back" type="button">Back</button><button id="on" type="button">Next</button>
<span class="faint">Arrow keys move, Enter opens a pair, / searches.</span></p>
<p id="unprinted" class="faint" hidden></p>
</main>
<script type="application/json" id="data">"#,
        policy = policy(parts.is_some()),
        pairs = report.len(),
        judges = escape(report.judged_by(|name| safe(name).into_owned())),
        journals = journals.join(", "),
        made_at = settings.made_at,
        version = env!("CARGO_PKG_VERSION"),
        counts = counts(report),
        histogram = svg::drawn(&Histogram::of(report)),
        rows = problems,
        heads = heads(),
    ))
}

/// The rows: problems first, those for which the page has no room in parts beside it.
fn data(
    report: &Report<'_>,
    options: &Options<'_>,
    parts: Option<&Parts<'_>>,
    out: &mut dyn Write,
) -> Result<()> {
    let links = Links::new(&report.settings.base_dir, &report.settings.folder);
    let mut columns = Columns::new(report, links);
    let extra: Vec<_> = report.extra.iter().map(|name| safe(name)).collect();
    let judges: Vec<_> = columns.judges.iter().map(|name| safe(name)).collect();
    let folder = columns.links.prefix();
    let head = json!({
        "extra": extra,
        "judges": judges,
        "folder": folder,
        "pairs": report.len(),
        "parts": parts.map(|parts| &parts.folder),
    });
    write!(out, "[{}", in_script(&head)?)?;
    let (mut size, mut number, mut part) = (0, 0, String::new());
    let finish = |parts: &Parts<'_>, part: &mut String, number: u32| {
        let rows = std::mem::take(part) + "])\n";
        (parts.write)(&format!("{number}.js"), rows.as_bytes())
    };
    for entry in report.entries() {
        let entry = entry?;
        let row = in_script(&columns.row(&entry, options.faces.get(&entry.id)))?;
        size += row.len() + 1;
        let Some(parts) = parts.filter(|_| size > LARGEST) else {
            write!(out, ",{row}")?;
            continue;
        };
        if part.len() + row.len() > LARGEST {
            finish(parts, &mut part, number)?;
        }
        if part.is_empty() {
            number += 1;
            part = format!("pairs({number},[{row}");
        } else {
            part = part + "," + &row;
        }
    }
    if let Some(parts) = parts.filter(|_| !part.is_empty()) {
        finish(parts, &mut part, number)?;
    }
    Ok(out.write_all(b"]")?)
}

/// JSON that can't close its script element.
fn in_script(value: &Value) -> Result<String> {
    Ok(serde_json::to_string(value)?.replace('<', "\\u003c"))
}

/// Allows our own style and script, and what this loads; embedded pictures and linked photos; nothing
/// else from the network.
fn policy(has_parts: bool) -> String {
    let parts = if has_parts { " 'strict-dynamic'" } else { "" };
    let hash = |text: &str| STANDARD.encode(digest::sha256(text.as_bytes()));
    format!(
        "default-src 'none'; style-src 'sha256-{}'; script-src 'sha256-{}'{parts}; img-src 'self' file: data:; base-uri 'none'; form-action 'none'",
        hash(STYLE),
        hash(SCRIPT)
    )
}

fn class(status: PairStatus) -> &'static str {
    match status {
        PairStatus::Failed => "failed",
        PairStatus::Unknown => "unknown",
        PairStatus::InReview => "review",
        PairStatus::Declined => "declined",
        PairStatus::Approved => "approved",
    }
}

/// Each a button that shows only these pairs.
fn counts(report: &Report<'_>) -> String {
    let card = |value: &str, kind: &str, name: &str, count: usize| {
        let pressed = value.is_empty();
        format!(
            "<li><button type=\"button\" value=\"{value}\" aria-pressed=\"{pressed}\"><b class=\"{kind}\">{count}</b> {name}</button></li>"
        )
    };
    let all = card("", "", "pairs", report.len());
    let each = PairStatus::ALL.map(|status| {
        card(&(status as u8).to_string(), class(status), status.name(), report.count(status))
    });
    all + &each.concat()
}

/// A pair for readers without scripts; the script replaces it.
fn plain_row(entry: &Entry) -> String {
    let [user, reference] = entry
        .photos
        .each_ref()
        .map(|name| safe(if is_rooted(name) { last_part(name) } else { name }).into_owned());
    let cells = [
        (safe(&entry.id).into_owned(), ""),
        (entry.status.name().to_owned(), class(entry.status)),
        (entry.score.clone().unwrap_or_else(|| "–".to_owned()), ""),
        (entry.threshold.clone(), ""),
        (user, ""),
        (reference, ""),
        (row::remarks(entry).join("; "), ""),
        (safe(entry.judged_by().unwrap_or("–")).into_owned(), ""),
        (entry.time(), ""),
    ];
    let cell =
        |(text, kind): &(String, &str)| format!("<td class=\"{kind}\">{}</td>", escape(text));
    format!("<tr>{}</tr>\n", cells.iter().map(cell).collect::<String>())
}

fn heads() -> String {
    let heads = [
        ("id", "Pair"),
        ("verdict", "Verdict"),
        ("score", "Score"),
        ("threshold", "Threshold"),
        ("user", "User image"),
        ("reference", "Reference image"),
        ("remarks", "Remarks"),
        ("judge", "Judged by"),
        ("time", "Time (UTC)"),
    ];
    heads
        .map(|(column, name)| {
            format!(
                "<th scope=\"col\" data-column=\"{column}\" data-name=\"{name}\"><button type=\"button\">{name}</button></th>"
            )
        })
        .concat()
}
