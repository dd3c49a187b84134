//! A comparison as the body of the service's own answer.

use serde::Serialize;
use serde_json::value::RawValue;
use serde_json::{Value, json};

use super::{Comparison, Face, Portrait, Role};
use crate::values::json::rounded;
use crate::verdict::{Score, Status, Threshold};

/// The parts of an answer that aren't in the comparison.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Details<'a> {
    /// Pairs with this score or more are Approved.
    #[serde(skip)]
    pub threshold: Threshold,
    pub request_id: &'a str,
    /// RFC 3339.
    pub created_at: &'a str,
    /// The caller's own identifier, echoed.
    pub vendor_data: Option<&'a str>,
    /// The caller's own JSON, echoed byte for byte.
    pub metadata: Option<&'a RawValue>,
}

#[derive(Serialize)]
struct Answer<'a> {
    #[serde(flatten)]
    details: &'a Details<'a>,
    face_match: Value,
    engine: Value,
}

/// The body of a `200` for `comparison`, with an `engine` member that says who answers.
pub fn body(comparison: &Comparison, details: &Details<'_>) -> serde_json::Result<Vec<u8>> {
    body_as(status(comparison, details.threshold), comparison, details)
}

/// What the engine decides: Approved from the threshold on.
pub fn status(comparison: &Comparison, threshold: Threshold) -> Status {
    let approved = comparison.score.is_some_and(|score| threshold.is_reached_by(score));
    if approved { Status::Approved } else { Status::Declined }
}

/// [`body`] with another status, to rehearse reviews.
pub fn body_as(
    status: Status,
    comparison: &Comparison,
    details: &Details<'_>,
) -> serde_json::Result<Vec<u8>> {
    let face_match = json!({
        "status": status.name(),
        "score": comparison.score.and_then(number),
        "user_image": image(&comparison.user),
        "ref_image": image(&comparison.reference),
        "warnings": warnings(comparison, details.threshold),
    });
    let engine = json!({"name": "built-in", "version": super::VERSION});
    serde_json::to_vec(&Answer { details, face_match, engine })
}

fn image(portrait: &Portrait) -> Value {
    let entities = portrait.faces.iter().map(|face| entity(face, portrait.size));
    json!({"entities": entities.collect::<Vec<_>>(), "best_angle": portrait.best_angle})
}

fn entity(face: &Face, (width, height): (u32, u32)) -> Value {
    let [left, top, right, bottom] = face.detection.bbox;
    let across = |x: f32| x.round().clamp(0.0, width as f32) as u32;
    let down = |y: f32| y.round().clamp(0.0, height as f32) as u32;
    json!({
        "age": face.attributes.map(|a| rounded(a.age, 2)),
        "bbox": [across(left), down(top), across(right), down(bottom)],
        "confidence": rounded(face.detection.confidence, 6),
        "gender": face.attributes.map(|a| a.gender()),
        // The service has this member; the engine makes no such guess.
        "race": null,
    })
}

fn warning(risk: &str, log_type: &str, title: &str, text: &str) -> Value {
    json!({
        "risk": risk,
        "feature": "FACEMATCH",
        "additional_data": null,
        "log_type": log_type,
        "short_description": title,
        "long_description": text,
    })
}

fn warnings(comparison: &Comparison, threshold: Threshold) -> Vec<Value> {
    let photos = [(Role::User, &comparison.user), (Role::Reference, &comparison.reference)];
    let mut warnings = Vec::new();
    for (role, _) in photos.iter().filter(|(_, portrait)| portrait.faces.is_empty()) {
        let text = format!("No face was found in the {role}, so the photos can't be compared.");
        warnings.push(warning("NO_FACE_DETECTED", "error", "No face detected", &text));
    }
    if let Some(score) = comparison.score.filter(|&score| !threshold.is_reached_by(score)) {
        let text = format!(
            "The faces are not alike enough: they score {score} out of 100, and at least {threshold} is needed."
        );
        let title = "Low face match similarity";
        warnings.push(warning("LOW_FACE_MATCH_SIMILARITY", "error", title, &text));
    }
    for (role, portrait) in photos {
        for flaw in &portrait.flaws {
            let text = match comparison.score {
                Some(_) => format!("In the {role} {flaw}; the score is less certain than usual."),
                None => format!("In the {role} {flaw}."),
            };
            let (risk, title) = flaw.risk();
            warnings.push(warning(risk, "warning", title, &text));
        }
    }
    warnings
}

/// The score digit for digit: two decimals survive an f64.
fn number(score: Score) -> Option<serde_json::Number> {
    score.to_string().parse().ok()
}
