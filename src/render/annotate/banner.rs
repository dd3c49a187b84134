//! The verdict, in its colour.

use image::Rgb;

use super::canvas::{Canvas, Paint, Rect};
use super::font::Font;
use super::{MARGIN, WHITE};
use crate::answer::Report;
use crate::render::verdict::score;
use crate::verdict::Verdict;

pub(super) const HEIGHT: i32 = 152;

pub(super) fn draw(
    canvas: &mut Canvas,
    font: &Font,
    colour: Rgb<u8>,
    verdict: &Verdict,
    report: &Report,
) {
    let width = canvas.width();
    canvas.fill(Rect { x: 0, y: 0, width, height: HEIGHT }, Paint(colour, 1.0));
    let facts = format!("{} · threshold {}", score(verdict), verdict.threshold());
    let lines = [
        (verdict.status().name().to_owned(), 50.0, 12),
        (facts, 28.0, 68),
        (reservations(verdict, report), 22.0, 110),
    ];
    for (text, size, y) in lines {
        let line = font.fitted(&text, size, width - 2 * MARGIN);
        canvas.write(font, &line, MARGIN, y, WHITE);
    }
}

/// What else a reader has to know of the verdict.
fn reservations(verdict: &Verdict, report: &Report) -> String {
    let held_back = verdict.held_back().map(|limit| {
        format!("Approved by the answer, but below --review-below {limit}: reported as In Review")
    });
    let settled = verdict.is_settled().then(|| "settled by a review".to_owned());
    let engine = report.engine.as_ref().map(|engine| {
        format!("judged by the {} engine on this machine, not by Didit", engine.name)
    });
    let parts: Vec<_> = [held_back, settled, engine].into_iter().flatten().collect();
    parts.join(" · ")
}
