//! The page itself: style, counts, drawing, data and script put together.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::Serialize;

use super::row::{Row, Rows, Verdict};
use super::{escaped, histogram};
use crate::error::Result;
use crate::values::digest;
use crate::values::text::safe;

const STYLE: &str = include_str!("page.css");
const SCRIPT: &str = include_str!("page.js");

#[derive(Serialize)]
struct Data<'a> {
    rows: &'a [Row],
    /// The `file:` URL that relative paths start from.
    folder: &'a str,
}

/// The report on `rows`, which came from `journals`; photos are linked below `folder`.
pub fn page(rows: &Rows, journals: &[String], folder: &str, made_at: &str) -> Result<String> {
    let data = serde_json::to_string(&Data { rows: &rows.rows, folder })?;
    let journals: Vec<_> = journals.iter().map(|name| escaped(&safe(name))).collect();
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
<h1>Face match report</h1>
<p class="faint">From {journals}, made {made_at} UTC by didit-face {version}.</p>
<ul class="counts">{counts}</ul>
{histogram}
<form id="filters">
<input id="search" type="search" placeholder="Search pairs, files, warnings" aria-label="Search">
<select id="verdict" aria-label="Verdict"><option value="">All verdicts</option><option value="0">Approved</option><option value="1">Declined</option><option value="2">In Review</option><option value="3">Failed</option></select>
<span id="shown" class="faint" role="status"></span>
</form>
<noscript><p>The table needs the page's own script, which your browser has switched off.</p></noscript>
<div class="frame"><table>
<thead><tr>{heads}</tr></thead>
<tbody id="lines"></tbody>
</table></div>
<p class="pages"><button id="back" type="button">Back</button><button id="on" type="button">Next</button></p>
<script type="application/json" id="data">{data}</script>
<script>{SCRIPT}</script>
</body>
</html>
"#,
        policy = policy(),
        pairs = rows.len(),
        journals = journals.join(", "),
        version = env!("CARGO_PKG_VERSION"),
        counts = counts(rows),
        histogram = histogram::svg(&rows.rows),
        heads = heads(),
        data = data.replace('<', "\\u003c"),
    ))
}

/// Our own style and script, embedded pictures, and nothing else: no network at all.
fn policy() -> String {
    let hash = |text: &str| STANDARD.encode(digest::sha256(text.as_bytes()));
    format!(
        "default-src 'none'; style-src 'sha256-{}'; script-src 'sha256-{}'; img-src data:; base-uri 'none'; form-action 'none'",
        hash(STYLE),
        hash(SCRIPT)
    )
}

fn counts(rows: &Rows) -> String {
    let count = |kind: &str, name: &str, count: usize| {
        format!("<li><b class=\"{kind}\">{count}</b>{name}</li>")
    };
    [
        count("", "pairs", rows.len()),
        count("approved", "Approved", rows.count(Verdict::Approved)),
        count("declined", "Declined", rows.count(Verdict::Declined)),
        count("review", "In Review", rows.count(Verdict::InReview)),
        count("failed", "Failed", rows.count(Verdict::Failed)),
    ]
    .concat()
}

fn heads() -> String {
    let heads = [
        ("id", "Pair"),
        ("verdict", "Verdict"),
        ("score", "Score"),
        ("threshold", "Threshold"),
        ("user", "User image"),
        ("reference", "Reference image"),
        ("notes", "Warnings and errors"),
        ("time", "Time (UTC)"),
    ];
    heads
        .map(|(column, name)| {
            format!(
                "<th scope=\"col\" data-column=\"{column}\"><button type=\"button\">{name}</button></th>"
            )
        })
        .concat()
}
