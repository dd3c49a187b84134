//! A session's decision as a table. Image URLs are left out.

use super::console::Stream;
use super::table::plain;
use super::verdict::{SANDBOX, headline, time};
use crate::api::session::{FaceMatchReport, SessionReport};
use crate::values::text::safe;
use crate::verdict::{Decision, Status};

/// The verdict, each comparison, and the ids for looking up the request.
pub fn decision(stream: Stream, decision: Decision, report: &SessionReport) -> String {
    let mut table = plain(stream);
    let mut row = |label: &str, text: &str| {
        table.add_row([label, safe(text).as_ref()]);
    };
    if decision.is_sandbox() {
        row("Sandbox", SANDBOX);
    }
    for face_match in &report.face_matches {
        row("Face match", &comparison(face_match, decision.status()));
    }
    row("Request", report.session_id.as_deref().unwrap_or("-"));
    row("Time", &time(report.created_at.as_deref()));
    if let Some(vendor_data) = &report.vendor_data {
        row("Vendor data", vendor_data);
    }
    let headline = headline(stream, decision.status(), None, "decision on the request");
    format!("{headline}\n\n{}\n", table.trim_fmt())
}

/// With its own status where that differs from the decision, as after a review.
fn comparison(face_match: &FaceMatchReport, decided: Status) -> String {
    let mut text = match &face_match.score {
        Some(score) => format!("score {score} of 100"),
        None => "no score".to_owned(),
    };
    let status = face_match.status.as_deref().unwrap_or("no status");
    if status != decided.name() {
        text += &format!(", {status} before the decision");
    }
    if !face_match.warnings.is_empty() {
        text += &format!(", {}", face_match.warnings.join(", "));
    }
    text
}
