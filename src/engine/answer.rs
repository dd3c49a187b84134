//! Writes a comparison in the service's response format.

use serde::Serialize;
use serde_json::value::RawValue;

use super::{Comparison, Face, Portrait, Role};
use crate::values::json::rounded;
use crate::verdict::{Score, Status, Threshold};

/// At most this distance: of true pairs of different photos, 0.33 % are as near, and none is
/// below 0.30; copies of a picture, and photos of copies, are.
const SAME_PICTURE: f32 = 0.40;

/// The parts of an answer that don't come from the comparison.
#[derive(Clone, Copy, Debug)]
pub struct Details<'a> {
    /// The minimum score for an Approved.
    pub threshold: Threshold,
    pub request_id: &'a str,
    /// RFC 3339.
    pub created_at: &'a str,
    pub vendor_data: Option<&'a str>,
    /// The caller's JSON, echoed byte for byte.
    pub metadata: Option<&'a RawValue>,
}

/// The body of a `200`, with an `engine` member that says who answered.
pub fn body(comparison: &Comparison, details: &Details<'_>) -> serde_json::Result<Vec<u8>> {
    body_as(status(comparison, details.threshold), comparison, details)
}

/// The engine's verdict: Approved if the score reaches the threshold.
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
    serde_json::to_vec(&Answer {
        request_id: details.request_id,
        face_match: FaceMatch {
            status: status.name(),
            score: comparison.score.and_then(number),
            user_image: Image::new(&comparison.user),
            ref_image: Image::new(&comparison.reference),
            warnings: warnings(comparison, details.threshold),
        },
        vendor_data: details.vendor_data,
        metadata: details.metadata,
        created_at: details.created_at,
        engine: EngineName { name: "built-in", version: super::VERSION },
    })
}

#[derive(Serialize)]
struct Answer<'a> {
    request_id: &'a str,
    face_match: FaceMatch,
    vendor_data: Option<&'a str>,
    metadata: Option<&'a RawValue>,
    created_at: &'a str,
    engine: EngineName,
}

#[derive(Serialize)]
struct EngineName {
    name: &'static str,
    version: &'static str,
}

#[derive(Serialize)]
struct FaceMatch {
    status: &'static str,
    score: Option<serde_json::Number>,
    user_image: Image,
    ref_image: Image,
    warnings: Vec<Warning>,
}

#[derive(Serialize)]
struct Image {
    entities: Vec<Entity>,
    best_angle: u16,
}

#[derive(Serialize)]
struct Entity {
    age: Option<f64>,
    bbox: [u32; 4],
    confidence: f64,
    gender: Option<&'static str>,
    /// A member of the service's format that the engine doesn't guess.
    race: (),
}

#[derive(Serialize)]
struct Warning {
    risk: &'static str,
    feature: &'static str,
    additional_data: (),
    log_type: &'static str,
    short_description: &'static str,
    long_description: String,
}

impl Image {
    fn new(portrait: &Portrait) -> Self {
        let entities = portrait.faces.iter().map(|face| Entity::new(face, portrait.size));
        Self { entities: entities.collect(), best_angle: portrait.best_angle }
    }
}

impl Entity {
    fn new(face: &Face, (width, height): (u32, u32)) -> Self {
        let [left, top, right, bottom] = face.detection.bbox;
        #[allow(
            clippy::cast_possible_truncation,
            clippy::cast_precision_loss,
            clippy::cast_sign_loss,
            reason = "sides are far below 2^24, and whole pixels are intended"
        )]
        let within = |value: f32, side: u32| value.round().clamp(0.0, side as f32) as u32;
        Self {
            age: face.attributes.map(|a| a.years()),
            bbox: [
                within(left, width),
                within(top, height),
                within(right, width),
                within(bottom, height),
            ],
            confidence: rounded(face.detection.confidence, 6),
            gender: face.attributes.map(|a| a.gender()),
            race: (),
        }
    }
}

impl Warning {
    fn new(risk: &'static str, log_type: &'static str, title: &'static str, text: String) -> Self {
        Self {
            risk,
            feature: "FACEMATCH",
            additional_data: (),
            log_type,
            short_description: title,
            long_description: text,
        }
    }
}

fn warnings(comparison: &Comparison, threshold: Threshold) -> Vec<Warning> {
    let photos = [(Role::User, &comparison.user), (Role::Reference, &comparison.reference)];
    let mut warnings = Vec::new();
    for (role, _) in photos.iter().filter(|(_, portrait)| portrait.faces.is_empty()) {
        let text = format!("No face was found in the {role}, so the photos can't be compared.");
        warnings.push(Warning::new("NO_FACE_DETECTED", "error", "No face detected", text));
    }
    if let Some(score) = comparison.score.filter(|&score| !threshold.is_reached_by(score)) {
        let text = format!(
            "The faces are not alike enough: they score {score} out of 100, and at least {threshold} is needed."
        );
        let title = "Low face match similarity";
        warnings.push(Warning::new("LOW_FACE_MATCH_SIMILARITY", "error", title, text));
    }
    if comparison.distance.is_some_and(|distance| distance <= SAME_PICTURE) {
        let text = "Both photos are the same picture, or copies of it: two photos of one person are \
                    hardly ever so alike. A match proves nothing.";
        warnings.push(Warning::new("SAME_PICTURE", "warning", "Same picture", text.to_owned()));
    }
    for (role, portrait) in photos {
        for flaw in &portrait.flaws {
            let text = match comparison.score {
                Some(_) => format!("In the {role} {flaw}; the score is less certain than usual."),
                None => format!("In the {role} {flaw}."),
            };
            let (risk, title) = flaw.risk();
            warnings.push(Warning::new(risk, "warning", title, text));
        }
    }
    warnings
}

/// The score exactly as it is displayed: two decimals survive the round trip through an f64.
fn number(score: Score) -> Option<serde_json::Number> {
    score.to_string().parse().ok()
}
