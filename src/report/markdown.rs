//! A Markdown summary of counts, scores and the first problems, short enough for a CI job summary.

use super::histogram::Histogram;
use super::{Entry, PairStatus, Report};
use crate::error::Result;
use crate::values::text::{count, excerpt};

const PROBLEMS: usize = 50;
/// The maximum number of characters in a cell.
const LONGEST: usize = 200;
const BAR: u64 = 40;

pub(super) fn summary(report: &Report<'_>) -> Result<String> {
    let journals: Vec<_> = report.settings.journals.iter().map(|name| code(name)).collect();
    Ok(format!(
        "## Face match: {}\n\n{}\n{}{}From {}, made {} UTC by didit-face {}.\n",
        count(report.len() as u64, "pair"),
        counts(report),
        histogram(&Histogram::of(report)),
        problems(report)?,
        journals.join(", "),
        report.settings.made_at,
        env!("CARGO_PKG_VERSION"),
    ))
}

fn counts(report: &Report<'_>) -> String {
    let names = PairStatus::ALL.map(PairStatus::name);
    let counts = PairStatus::ALL.map(|status| report.count(status).to_string());
    format!(
        "| {} |\n| {} |\n| {} |\n\n{}.\n",
        names.join(" | "),
        ["--:"; 5].join(" | "),
        counts.join(" | "),
        report.judged_by(code)
    )
}

fn histogram(histogram: &Histogram) -> String {
    let bins: Vec<u64> = histogram.bins.chunks(2).map(|pair| pair.iter().flatten().sum()).collect();
    let most = bins.iter().copied().max().unwrap_or(0);
    if most == 0 {
        return String::new();
    }
    let line = |(i, count): (usize, &u64)| {
        let bar = "#".repeat(usize::try_from((count * BAR).div_ceil(most)).unwrap_or(0));
        let range = format!("{}-{}", i * 10, i * 10 + 10);
        format!("{range:>6} {bar:<40} {count}").trim_end().to_owned() + "\n"
    };
    let lines: String = bins.iter().enumerate().map(line).collect();
    format!(
        "\nScores of {}, {}:\n\n```text\n{lines}```\n",
        count(histogram.total(), "pair"),
        histogram.caption()
    )
}

fn problems(report: &Report<'_>) -> Result<String> {
    let problems = report.problems();
    if problems == 0 {
        return Ok("\n".to_owned());
    }
    let first = report.entries().take(problems.min(PROBLEMS));
    let rows: String = first.map(|entry| Ok(row(&entry?))).collect::<Result<_>>()?;
    let more = match problems.saturating_sub(PROBLEMS) {
        0 => String::new(),
        n => format!("\nand {n} more.\n"),
    };
    Ok(format!(
        "\n| Pair | Verdict | Score | Threshold | Why |\n| --- | --- | --: | --: | --- |\n{rows}{more}\n"
    ))
}

fn row(entry: &Entry) -> String {
    format!(
        "| {} | {} | {} | {} | {} |\n",
        code(&entry.id),
        entry.status.name(),
        entry.score.as_deref().unwrap_or("–"),
        entry.threshold,
        code(&entry.remarks().join("; "))
    )
}

/// `text` as a code span in a table cell, so that no part of it becomes a link, image or mention.
///
/// A span is closed by as many backticks as opened it (CommonMark 6.1); bars in tables are escaped
/// (GFM).
fn code(text: &str) -> String {
    let text = excerpt(text, LONGEST).replace('|', r"\|");
    if text.is_empty() {
        return text;
    }
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest + 1);
    let pad = if longest > 0 { " " } else { "" };
    format!("{fence}{pad}{text}{pad}{fence}")
}
