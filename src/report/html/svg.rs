//! A histogram of scores by verdict, with the threshold.

use quick_xml::escape::escape;

use crate::report::histogram::{BINS, Histogram};
use crate::values::text::count;

const WIDTH: f64 = 800.0;
const HEIGHT: f64 = 200.0;
/// Space for labels on the left, on the right and below.
const MARGIN: f64 = 34.0;
const TOP: f64 = 20.0;
/// Classes, and colours where the page's style is blocked.
const KINDS: [(&str, &str); 3] =
    [("declined", "#cf222e"), ("review", "#9a6700"), ("approved", "#1a7f37")];

/// An inline SVG; empty if there are no scores.
pub(super) fn drawn(histogram: &Histogram) -> String {
    let most = histogram.bins.iter().map(|bin| bin.iter().sum::<u64>()).max().unwrap_or(0);
    if most == 0 {
        return String::new();
    }
    format!(
        "<figure><figcaption>Scores of {}; {}</figcaption>\n\
         <svg viewBox=\"0 0 {WIDTH} {}\" fill=\"#444\" font-size=\"11\" role=\"img\" aria-label=\"Histogram of scores\">\n{}{}{}</svg></figure>",
        count(histogram.total(), "pair"),
        escape(histogram.caption()),
        HEIGHT + MARGIN,
        axis(most),
        histogram
            .bins
            .iter()
            .enumerate()
            .map(|(place, bin)| bars(place, *bin, most))
            .collect::<String>(),
        mark(&histogram.threshold),
    )
}

fn x(score: f64) -> f64 {
    MARGIN + (WIDTH - 2.0 * MARGIN) * score / 100.0
}

#[allow(clippy::cast_precision_loss, reason = "a drawing")]
fn bars(place: usize, bin: [u64; 3], most: u64) -> String {
    let step = 100 / BINS;
    let (from, to) = (place * step, (place + 1) * step);
    let (left, right) = (x(from as f64) + 1.0, x(to as f64) - 1.0);
    let mut bottom = HEIGHT;
    let mut out = String::new();
    for (count, (kind, colour)) in bin.into_iter().zip(KINDS) {
        if count == 0 {
            continue;
        }
        // Keeps a single pair among thousands visible.
        let height = ((HEIGHT - TOP) * count as f64 / most as f64).max(1.0);
        bottom -= height;
        out += &format!(
            "<rect class=\"{kind}\" fill=\"{colour}\" x=\"{left:.1}\" y=\"{bottom:.1}\" width=\"{:.1}\" height=\"{height:.1}\"><title>{from} to {to}: {count}</title></rect>\n",
            right - left,
        );
    }
    out
}

fn axis(most: u64) -> String {
    let mut out = format!(
        "<line class=\"axis\" stroke=\"#888\" x1=\"{MARGIN}\" y1=\"{HEIGHT}\" x2=\"{}\" y2=\"{HEIGHT}\"/>\n\
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
        "<line class=\"threshold\" stroke=\"#444\" x1=\"{at:.1}\" y1=\"14\" x2=\"{at:.1}\" y2=\"{HEIGHT}\"/>\n\
         <text class=\"mark\" x=\"{at:.1}\" y=\"10\" text-anchor=\"middle\">threshold {}</text>\n",
        escape(threshold)
    )
}
