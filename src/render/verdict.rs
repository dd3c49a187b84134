//! A verdict as a table that a person likes to look at.

use comfy_table::{Cell, ContentArrangement, Table, presets};

use super::style::{Paint, Stream};
use crate::answer::{FaceReport, ImageReport, Report};
use crate::text::safe;
use crate::verdict::{Status, Verdict};

/// The most faces of one image that are listed.
const FACES: usize = 8;

/// The verdict, both photos side by side under their names, warnings, and what to look it up by.
pub fn table(stream: Stream, verdict: &Verdict, report: &Report, names: [&str; 2]) -> String {
    let images = [&report.user_image, &report.ref_image];
    format!(
        "{}\n\n{}\n{}\n",
        headline(stream, verdict),
        photos(stream, images, names).trim_fmt(),
        facts(stream, verdict, report).trim_fmt()
    )
}

fn headline(stream: Stream, verdict: &Verdict) -> String {
    let (paint, sign) = match verdict.status() {
        Status::Approved => (Paint::Good, "✔ "),
        Status::Declined => (Paint::Bad, "✘ "),
        Status::InReview => (Paint::Open, "? "),
    };
    let name = verdict.status().name();
    let badge = if stream.is_coloured {
        let sign = if stream.has_unicode { sign } else { "" };
        stream.paint(paint, &format!(" {sign}{name} "))
    } else {
        name.to_owned()
    };
    match verdict.score() {
        Some(score) => format!("{badge}  score {score} of 100: {}", score.band()),
        None => format!("{badge}  no score: no two faces could be compared"),
    }
}

fn photos(stream: Stream, images: [&ImageReport; 2], names: [&str; 2]) -> Table {
    let mut table = frame(stream);
    table.set_header(["", "User image", "Reference image"]);
    // Long paths are broken where a reader expects it.
    let file = |name: &str| Cell::new(safe(name)).set_delimiter('/');
    table.add_row([Cell::new(label("File")), file(names[0]), file(names[1])]);
    let mut row = |name: &str, cells: [String; 2]| {
        let [user, reference] = cells;
        table.add_row([label(name), user, reference]);
    };
    row("Faces", images.map(faces));
    let compared = |show: fn(&FaceReport) -> Option<String>| {
        images.map(|image| or_dash(image.faces.first().and_then(show)))
    };
    row("Age", compared(age));
    row("Gender", compared(gender));
    row("Confidence", compared(confidence));
    row("Box", compared(bounding_box));
    row("Size", compared(size));
    row(
        "Angle",
        images.map(|image| or_dash(image.best_angle.map(|angle| format!("{angle} degrees")))),
    );
    if images.iter().any(|image| image.faces.len() > 1) {
        row("Other faces", images.map(other_faces));
    }
    table
}

fn facts(stream: Stream, verdict: &Verdict, report: &Report) -> Table {
    let mut table = frame(stream);
    table.load_style(presets::NOTHING);
    let mut row = |name: &str, text: &str| {
        table.add_row([label(name), safe(text).into_owned()]);
    };
    row("Threshold", &verdict.threshold().to_string());
    if let Some(limit) = verdict.held_back() {
        row(
            "Held back",
            &format!(
                "Approved by the answer, but below --review-below {limit}: reported as In Review"
            ),
        );
    }
    for warning in &report.warnings {
        let text = match &warning.description {
            Some(description) => format!("{}: {description}", warning.risk),
            None => warning.risk.clone(),
        };
        row("Warning", &text);
    }
    row("Request", report.request_id.as_deref().unwrap_or("-"));
    row("Time", report.created_at.as_deref().unwrap_or("-"));
    if let Some(vendor_data) = &report.vendor_data {
        row("Vendor data", vendor_data);
    }
    if let Some(engine) = &report.engine {
        let version = engine.version.as_deref().unwrap_or("unknown");
        row(
            "Judged by",
            &format!(
                "the {} engine (version {version}) on this machine, not by Didit",
                engine.name
            ),
        );
    }
    if stream.is_terminal
        && let Some(labels) = table.column_mut(0)
    {
        // As much as the borders of the table above take.
        labels.set_padding((2, 2));
    }
    table
}

/// A table with borders on a terminal, and none elsewhere.
pub(super) fn frame(stream: Stream) -> Table {
    let mut table = Table::new();
    table.load_style(match (stream.is_terminal, stream.has_unicode) {
        (false, _) => presets::NOTHING,
        (true, true) => presets::UTF8_FULL_CONDENSED.with_rounded_corners(),
        (true, false) => presets::ASCII_FULL_CONDENSED,
    });
    if let Some(width) = stream.width {
        table.set_content_arrangement(ContentArrangement::Dynamic).set_width(width);
    }
    table
}

fn faces(image: &ImageReport) -> String {
    match image.faces.len() {
        0 => "none found".to_owned(),
        1 => "1".to_owned(),
        n => format!("{n}, the largest compared"),
    }
}

fn other_faces(image: &ImageReport) -> String {
    let others = image.faces.get(1..).unwrap_or_default();
    let mut lines: Vec<String> = others.iter().take(FACES).map(in_one_line).collect();
    if others.len() > FACES {
        lines.push(format!("and {} more", others.len() - FACES));
    }
    or_dash((!lines.is_empty()).then(|| lines.join("\n")))
}

fn in_one_line(face: &FaceReport) -> String {
    let parts = [age(face), gender(face), confidence(face), bounding_box(face)];
    or_dash(parts.into_iter().flatten().reduce(|line, part| format!("{line}, {part}")))
}

fn age(face: &FaceReport) -> Option<String> {
    face.age.map(|age| format!("{age:.1} years"))
}

fn gender(face: &FaceReport) -> Option<String> {
    face.gender.as_deref().map(|gender| safe(gender).into_owned())
}

fn confidence(face: &FaceReport) -> Option<String> {
    face.confidence.map(|confidence| format!("{confidence:.2}"))
}

fn bounding_box(face: &FaceReport) -> Option<String> {
    face.bbox.map(|[x1, y1, x2, y2]| format!("({x1:.0}, {y1:.0}) to ({x2:.0}, {y2:.0})"))
}

fn size(face: &FaceReport) -> Option<String> {
    face.bbox.map(|[x1, y1, x2, y2]| format!("{:.0} x {:.0} px", x2 - x1, y2 - y1))
}

/// The names of all rows are padded alike, so that both tables line up.
fn label(name: &str) -> String {
    format!("{name:<11}")
}

fn or_dash(text: Option<String>) -> String {
    text.unwrap_or_else(|| "-".to_owned())
}
