//! The scores as a drawing: bars by verdict, and the threshold.

use std::collections::HashMap;

use super::escaped;
use super::row::{Row, Verdict};

const BINS: usize = 20;
const WIDTH: f64 = 800.0;
const HEIGHT: f64 = 200.0;
/// Room for the labels, left and right and below.
const MARGIN: f64 = 34.0;
const TOP: f64 = 20.0;

/// An inline SVG; nothing if there is no score.
pub(super) fn svg(rows: &[Row]) -> String {
    let bins = bins(rows);
    let most = bins.iter().map(|bin| bin.iter().sum::<usize>()).max().unwrap_or(0);
    if most == 0 {
        return String::new();
    }
    let (threshold, caption) = threshold(rows);
    let total: usize = bins.iter().flatten().sum();
    format!(
        "<figure><figcaption>Scores of {total} pairs; {caption}</figcaption>\n\
         <svg viewBox=\"0 0 {WIDTH} {}\" role=\"img\" aria-label=\"Histogram of scores\">\n{}{}{}</svg></figure>",
        HEIGHT + MARGIN,
        axis(most),
        bins.iter().enumerate().map(|(place, bin)| bars(place, *bin, most)).collect::<String>(),
        mark(&threshold),
    )
}

fn bins(rows: &[Row]) -> [[usize; 3]; BINS] {
    let mut bins = [[0; 3]; BINS];
    for row in rows {
        let Some(score) = row.score.as_ref().and_then(|score| score.parse::<f64>().ok()) else {
            continue;
        };
        let kind = match row.verdict {
            Verdict::Declined => 0,
            Verdict::InReview => 1,
            Verdict::Approved => 2,
            Verdict::Failed => continue,
        };
        bins[place(score)][kind] += 1;
    }
    bins
}

#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "0 to 100")]
fn place(score: f64) -> usize {
    ((score / 5.0) as usize).min(BINS - 1)
}

/// The threshold of most pairs, and what to say of it.
fn threshold(rows: &[Row]) -> (String, String) {
    let mut counts: HashMap<&str, usize> = HashMap::new();
    for row in rows {
        *counts.entry(&row.threshold).or_default() += 1;
    }
    let most = counts.iter().max_by_key(|(text, count)| (**count, **text));
    let most = most.map_or_else(String::new, |(text, _)| (*text).to_owned());
    let caption = if counts.len() > 1 {
        format!(
            "the threshold of most is {}, others have {} more",
            escaped(&most),
            counts.len() - 1
        )
    } else {
        format!("threshold {}", escaped(&most))
    };
    (most, caption)
}

fn x(score: f64) -> f64 {
    MARGIN + (WIDTH - 2.0 * MARGIN) * score / 100.0
}

#[allow(clippy::cast_precision_loss, reason = "a drawing")]
fn bars(place: usize, bin: [usize; 3], most: usize) -> String {
    let (left, right) = (x(place as f64 * 5.0) + 1.0, x(place as f64 * 5.0 + 5.0) - 1.0);
    let mut bottom = HEIGHT;
    let mut out = String::new();
    for (count, kind) in bin.into_iter().zip(["declined", "review", "approved"]) {
        if count == 0 {
            continue;
        }
        // A single pair among thousands stays visible.
        let height = ((HEIGHT - TOP) * count as f64 / most as f64).max(1.0);
        bottom -= height;
        out += &format!(
            "<rect class=\"{kind}\" x=\"{left:.1}\" y=\"{bottom:.1}\" width=\"{:.1}\" height=\"{height:.1}\"><title>{} to {}: {count}</title></rect>\n",
            right - left,
            place * 5,
            place * 5 + 5
        );
    }
    out
}

fn axis(most: usize) -> String {
    let mut out = format!(
        "<line class=\"axis\" x1=\"{MARGIN}\" y1=\"{HEIGHT}\" x2=\"{}\" y2=\"{HEIGHT}\"/>\n\
         <text x=\"{}\" y=\"{TOP}\" text-anchor=\"end\">{most}</text>\n",
        WIDTH - MARGIN,
        MARGIN - 6.0
    );
    for score in (0..=100).step_by(10) {
        out += &format!(
            "<text x=\"{:.1}\" y=\"{}\" text-anchor=\"middle\">{score}</text>\n",
            x(f64::from(score)),
            HEIGHT + 16.0
        );
    }
    out
}

fn mark(threshold: &str) -> String {
    let Ok(score) = threshold.parse::<f64>() else { return String::new() };
    let at = x(score.clamp(0.0, 100.0));
    format!(
        "<line class=\"threshold\" x1=\"{at:.1}\" y1=\"14\" x2=\"{at:.1}\" y2=\"{HEIGHT}\"/>\n\
         <text class=\"mark\" x=\"{at:.1}\" y=\"10\" text-anchor=\"middle\">threshold {}</text>\n",
        escaped(threshold)
    )
}
