//! A verdict as a table.

use comfy_table::{Cell, Table};

use super::console::{Paint, Stream};
use super::or_dash;
use super::table::{drawn, frame, path, plain};
use crate::values::text::safe;
use crate::verdict::answer::{AnswerDetails, FaceDetails, ImageDetails};
use crate::verdict::{Reason, Status, Verdict};

/// The maximum number of other faces to list per image.
const FACES: usize = 8;

pub const SANDBOX: &str = "sandbox result, not a real verdict";

type Show = fn(&FaceDetails) -> Option<String>;

/// The verdict, both photos side by side, warnings, and the ids for looking up the request.
pub fn table(
    stream: Stream,
    verdict: &Verdict,
    details: &AnswerDetails,
    names: [&str; 2],
) -> String {
    let images = [&details.user_image, &details.ref_image];
    // No face is no other person: it doesn't look like one.
    let look = (verdict.reason() == Some(Reason::NoFace)).then_some((Paint::Open, "! "));
    format!(
        "{}\n\n{}\n{}\n",
        headline(stream, verdict.status(), look, &score(verdict, details)),
        drawn(stream, &photos(stream, images, names), &[]),
        facts(stream, verdict, details).trim_fmt()
    )
}

/// The status as a badge, in its own colour and with its own sign unless others are given, followed by
/// `text`.
pub(super) fn headline(
    stream: Stream,
    status: Status,
    look: Option<(Paint, &str)>,
    text: &str,
) -> String {
    let (paint, sign) = look.unwrap_or(match status {
        Status::Approved => (Paint::Good, "✔ "),
        Status::Declined => (Paint::Bad, "✘ "),
        Status::InReview => (Paint::Open, "? "),
    });
    let name = status.name();
    let sign = if stream.has_unicode { sign } else { "" };
    let badge = if stream.is_coloured { format!(" {sign}{name} ") } else { name.to_owned() };
    let width = badge.chars().count() + 2 + text.chars().count();
    let is_wide = stream.width.is_some_and(|columns| width > usize::from(columns));
    format!("{}{}{text}", stream.paint(paint, &badge), if is_wide { "\n" } else { "  " })
}

pub(super) fn score(verdict: &Verdict, details: &AnswerDetails) -> String {
    match verdict.score() {
        Some(score) => format!("score {score} of 100: {}", score.band()),
        None => format!("no score: {}, take another photo", details.no_face()),
    }
}

fn photos(stream: Stream, images: [&ImageDetails; 2], names: [&str; 2]) -> Table {
    let mut table = frame(stream);
    table.set_header(["", "User image", "Reference image"]);
    table.add_row([Cell::new(label("File")), path(names[0]), path(names[1])]);
    let mut row = |name: &str, cells: [String; 2]| {
        let [user, reference] = cells;
        table.add_row([label(name), user, reference]);
    };
    row("Faces", images.map(faces));
    let compared: [(&str, Show); 5] = [
        ("Age", age),
        ("Gender", gender),
        ("Detection", confidence),
        ("Box", bounding_box),
        ("Size", size),
    ];
    for (name, show) in compared {
        row(name, images.map(|image| or_dash(image.faces.first().and_then(show))));
    }
    let angle = |image: &ImageDetails| image.best_angle.map(|angle| format!("{angle} degrees"));
    row("Angle", images.map(|image| or_dash(angle(image))));
    if images.iter().any(|image| image.faces.len() > 1) {
        row("Other faces", images.map(other_faces));
    }
    table
}

fn facts(stream: Stream, verdict: &Verdict, details: &AnswerDetails) -> Table {
    let mut table = plain(stream);
    let mut row = |name: &str, text: &str| {
        table.add_row([label(name), safe(text).into_owned()]);
    };
    row("Threshold", &verdict.threshold().to_string());
    if verdict.is_sandbox() {
        row("Sandbox", SANDBOX);
    }
    if let Some(reason) = verdict.reason() {
        let is_turned = details.warnings.iter().any(|warning| warning.risk == "FACE_TURNED");
        let first = if is_turned { "try again with --rotate, or " } else { "" };
        row("Reason", &format!("{reason}: {first}{}", advice(reason, details)));
    }
    if let Some(why) = verdict.downgraded_by() {
        row("Downgraded", &format!("Approved, but {why}: reported as In Review"));
    }
    if verdict.is_settled() {
        row("Settled", "by manual review");
    }
    for warning in &details.warnings {
        let text = match &warning.description {
            Some(description) => format!("{}: {description}", warning.risk),
            None => warning.risk.clone(),
        };
        row("Warning", &text);
    }
    row("Request", details.request_id.as_deref().unwrap_or("-"));
    row("Time", &time(details.created_at.as_deref()));
    if let Some(vendor_data) = &details.vendor_data {
        row("Vendor data", vendor_data);
    }
    if let Some(engine) = &details.engine {
        let version = engine.version.as_deref().unwrap_or("unknown");
        let name = &engine.name;
        let text = format!("the {name} engine (version {version}) on this machine, not by Didit");
        row("Judged by", &text);
    }
    if stream.is_terminal
        && let Some(labels) = table.column_mut(0)
    {
        // Aligns with the table above, which has borders.
        labels.set_padding((2, 2));
    }
    table
}

/// Names the photos in which another face may be the one that is meant.
fn advice(reason: Reason, details: &AnswerDetails) -> String {
    let images = [(&details.user_image, "user"), (&details.ref_image, "reference")];
    let crowds: Vec<_> = images
        .iter()
        .filter(|(image, _)| reason == Reason::LowSimilarity && image.faces.len() > 1)
        .map(|(image, name)| match image.faces.len() {
            2 => format!("the larger of 2 faces in the {name} image was compared"),
            n => format!("the largest of {n} faces in the {name} image was compared"),
        })
        .collect();
    match crowds.as_slice() {
        [] => reason.advice().to_owned(),
        crowds => format!("{}: crop the photo, or check who is meant", crowds.join(", and ")),
    }
}

fn faces(image: &ImageDetails) -> String {
    match image.faces.len() {
        0 => "none found".to_owned(),
        1 => "1".to_owned(),
        n => format!("{n} (largest compared)"),
    }
}

fn other_faces(image: &ImageDetails) -> String {
    let others = image.faces.get(1..).unwrap_or_default();
    let mut lines: Vec<String> = others.iter().take(FACES).map(in_one_line).collect();
    if others.len() > FACES {
        lines.push(format!("and {} more", others.len() - FACES));
    }
    or_dash((!lines.is_empty()).then(|| lines.join("\n")))
}

pub(super) fn in_short(face: &FaceDetails) -> String {
    let parts = [age(face), gender(face), confidence(face)];
    parts.into_iter().flatten().collect::<Vec<_>>().join(", ")
}

fn in_one_line(face: &FaceDetails) -> String {
    let parts = [age(face), gender(face), confidence(face), bounding_box(face)];
    or_dash(parts.into_iter().flatten().reduce(|line, part| format!("{line}, {part}")))
}

fn age(face: &FaceDetails) -> Option<String> {
    face.age.map(|age| format!("{age:.0} years"))
}

fn gender(face: &FaceDetails) -> Option<String> {
    face.gender.as_deref().map(|gender| safe(gender).into_owned())
}

fn confidence(face: &FaceDetails) -> Option<String> {
    face.confidence.map(|confidence| format!("{:.0}%", 100.0 * confidence))
}

fn bounding_box(face: &FaceDetails) -> Option<String> {
    face.bbox.map(|[x1, y1, x2, y2]| format!("({x1:.0}, {y1:.0}) to ({x2:.0}, {y2:.0})"))
}

fn size(face: &FaceDetails) -> Option<String> {
    face.bbox.map(|[x1, y1, x2, y2]| format!("{:.0} x {:.0} px", x2 - x1, y2 - y1))
}

/// In UTC, to the second; as it came if it is no time.
pub(super) fn time(text: Option<&str>) -> String {
    let time = text.and_then(|text| text.parse::<jiff::Timestamp>().ok());
    let time = time.map(|time| time.strftime("%F %T UTC").to_string());
    time.unwrap_or_else(|| or_dash(text))
}

/// Padded so that both tables line up.
fn label(name: &str) -> String {
    format!("{name:<11}")
}
