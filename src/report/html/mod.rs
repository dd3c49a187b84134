//! A self-contained page: style, counts, histogram, data and script in one file.
//!
//! Untrusted text enters the page in only two ways: escaped, or as JSON that can't close its script
//! element and that the page's script inserts as text. A content security policy forbids all other
//! scripts and all network access.

mod links;
mod row;
mod svg;

use std::collections::HashMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use quick_xml::escape::escape;
use serde_json::{Value, json};

use self::links::Links;
use self::row::Columns;
use super::histogram::Histogram;
use super::{PairStatus, Report};
use crate::error::Result;
use crate::values::digest;
use crate::values::text::safe;

const STYLE: &str = include_str!("page.css");
const SCRIPT: &str = include_str!("page.js");

/// The page; `faces` holds the embedded thumbnails by pair id.
pub(super) fn page(report: &Report, faces: &HashMap<String, [String; 2]>) -> Result<String> {
    let mut page = head(report);
    data(&mut page, report, faces)?;
    page += &format!("</script>\n<script>{SCRIPT}</script>\n</body>\n</html>\n");
    Ok(page)
}

fn head(report: &Report) -> String {
    let journals: Vec<_> = report.journals.iter().map(|name| escape(safe(name))).collect();
    format!(
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
<h1>Face match report</h1>
<p class="judges">{judges}</p>
<p class="faint">From {journals}, made {made_at} UTC by didit-face {version}.</p>
<ul class="counts">{counts}</ul>
{histogram}
<form id="filters">
<input id="search" type="search" placeholder="Search pairs, vendor data, files ( / )" aria-label="Search" aria-keyshortcuts="/">
<select id="verdict" aria-label="Verdict"><option value="">All verdicts</option>{options}</select>
<span id="shown" class="faint" role="status"></span>
</form>
<noscript><p>The table needs JavaScript, which is turned off in your browser.</p></noscript>
<div class="frame"><table>
<thead><tr>{heads}</tr></thead>
<tbody id="lines"></tbody>
</table></div>
<p class="pages"><button id="back" type="button">Back</button><button id="on" type="button">Next</button>
<span class="faint">Arrow keys move, Enter opens a pair, / searches.</span></p>
<p id="unprinted" class="faint" hidden></p>
<script type="application/json" id="data">"#,
        policy = policy(),
        pairs = report.entries.len(),
        judges = escape(report.judged_by(|name| safe(name).into_owned())),
        journals = journals.join(", "),
        made_at = report.made_at,
        version = env!("CARGO_PKG_VERSION"),
        counts = counts(report),
        histogram = svg::drawn(&Histogram::of(report)),
        options = options(),
        heads = heads(),
    )
}

/// Writes the rows one by one: as JSON values, all of them would take ten times the memory.
fn data(page: &mut String, report: &Report, faces: &HashMap<String, [String; 2]>) -> Result<()> {
    let entries = report.sorted();
    let links = Links { base: &report.base_dir, page: &report.folder };
    let columns = Columns::new(report.extra_columns(), &report.entries, links);
    let extra: Vec<_> = columns.extra.iter().map(|name| safe(name)).collect();
    let judges: Vec<_> = columns.judges.iter().map(|name| safe(name)).collect();
    let head = json!({"extra": extra, "judges": judges, "folder": columns.links.prefix()});
    *page += "[";
    *page += &in_script(&head)?;
    for entry in entries {
        *page += ",";
        *page += &in_script(&columns.row(entry, faces.get(&entry.id)))?;
    }
    *page += "]";
    Ok(())
}

/// JSON that can't close its script element.
fn in_script(value: &Value) -> Result<String> {
    Ok(serde_json::to_string(value)?.replace('<', "\\u003c"))
}

/// Allows our own style and script, embedded pictures and linked photos; nothing from the network.
fn policy() -> String {
    let hash = |text: &str| STANDARD.encode(digest::sha256(text.as_bytes()));
    format!(
        "default-src 'none'; style-src 'sha256-{}'; script-src 'sha256-{}'; img-src 'self' file: data:; base-uri 'none'; form-action 'none'",
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

fn counts(report: &Report) -> String {
    let count = |kind: &str, name: &str, count: usize| {
        format!("<li><b class=\"{kind}\">{count}</b>{name}</li>")
    };
    let all = count("", "pairs", report.entries.len());
    let each =
        PairStatus::ALL.map(|status| count(class(status), status.name(), report.count(status)));
    all + &each.concat()
}

fn options() -> String {
    let option = |status: PairStatus| {
        format!("<option value=\"{}\">{}</option>", status as u8, status.name())
    };
    PairStatus::ALL.map(option).concat()
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
