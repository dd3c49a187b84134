//! The details of an answer, read leniently: for people, never for a decision.

use serde_json::Value;

use super::Seen;
use crate::error::{Error, Kind};
use crate::values::ids::SessionId;
use crate::values::json::{list, text};

/// In years: the faces of younger children look alike (`docs/engine.md`).
const OF_AGE: f64 = 12.0;

/// The informational part of an answer. Missing members and odd types are left out.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct AnswerDetails {
    pub request_id: Option<String>,
    /// As the service wrote it.
    pub created_at: Option<String>,
    pub vendor_data: Option<String>,
    pub user_image: ImageDetails,
    pub ref_image: ImageDetails,
    /// Every warning, known or not.
    pub warnings: Vec<Warning>,
    /// The engine, unless the service answered.
    pub engine: Option<EngineDetails>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct EngineDetails {
    pub name: String,
    pub version: Option<String>,
}

#[derive(Clone, Debug, Default, PartialEq)]
#[must_use]
pub struct ImageDetails {
    /// The largest face, which is the one compared, comes first.
    pub faces: Vec<FaceDetails>,
    pub best_angle: Option<i64>,
    /// Width and height of the photo that was sent, if it differs from the file.
    pub sent_size: Option<(u32, u32)>,
}

#[derive(Clone, Debug, Default, PartialEq)]
pub struct FaceDetails {
    /// In years.
    pub age: Option<f64>,
    /// As the service writes it.
    pub gender: Option<String>,
    /// From 0 to 1.
    pub confidence: Option<f64>,
    /// `[x1, y1, x2, y2]` in pixels.
    pub bbox: Option<[f64; 4]>,
}

#[derive(Clone, Debug, Default, PartialEq)]
pub struct Warning {
    /// For example `NO_FACE_DETECTED`.
    pub risk: String,
    /// The long description if there is one.
    pub description: Option<String>,
}

impl EngineDetails {
    pub fn of(engine: &Value) -> Option<Self> {
        let version = text(&engine["version"]);
        text(&engine["name"]).map(|name| Self { name, version })
    }
}

impl AnswerDetails {
    /// Reads the body of an answer; fails if it isn't JSON, or is nested too deeply.
    pub fn read(body: &[u8]) -> Result<Self, Error> {
        let answer: Value = serde_json::from_slice(body)
            .map_err(|e| Error::new(Kind::Response, format!("the answer can't be trusted: {e}")))?;
        Ok(Self::of(&answer))
    }

    pub fn session_id(&self) -> Option<SessionId> {
        self.request_id.as_deref()?.parse().ok()
    }

    pub fn faces(&self) -> [usize; 2] {
        [&self.user_image, &self.ref_image].map(|image| image.faces.len())
    }

    pub fn seen(&self) -> Seen {
        let images = [&self.user_image, &self.ref_image];
        let is_old = |image: &ImageDetails| {
            image.faces.first().and_then(|face| face.age).is_some_and(|age| age >= OF_AGE)
        };
        let warns = |risk: &str| self.warnings.iter().any(|warning| warning.risk == risk);
        Seen {
            faces: self.faces(),
            may_be_young: warns("YOUNG_FACE") || !images.into_iter().all(is_old),
            is_same_picture: warns("SAME_PICTURE"),
        }
    }

    /// Completes "no score": which photo shows no face, as far as the answer says.
    pub fn no_face(&self) -> &'static str {
        match self.faces() {
            [0, reference] if reference > 0 => "no face in the user image",
            [user, 0] if user > 0 => "no face in the reference image",
            _ => "no face to compare",
        }
    }

    pub fn of(answer: &Value) -> Self {
        let face_match = &answer["face_match"];
        // The engine lists the compared face first, and knows its box before rounding.
        let is_sorted = answer["engine"].is_object();
        Self {
            request_id: text(&answer["request_id"]),
            created_at: text(&answer["created_at"]),
            vendor_data: text(&answer["vendor_data"]),
            user_image: image(&face_match["user_image"], is_sorted),
            ref_image: image(&face_match["ref_image"], is_sorted),
            warnings: list(&face_match["warnings"]).iter().map(warning).collect(),
            engine: EngineDetails::of(&answer["engine"]),
        }
    }
}

fn image(value: &Value, is_sorted: bool) -> ImageDetails {
    let mut faces: Vec<_> = list(&value["entities"]).iter().map(face).collect();
    if !is_sorted {
        let area = |face: &FaceDetails| {
            face.bbox.map_or(0.0, |[x1, y1, x2, y2]| (x2 - x1).max(0.0) * (y2 - y1).max(0.0))
        };
        faces.sort_by(|a, b| area(b).total_cmp(&area(a)));
    }
    ImageDetails { faces, best_angle: value["best_angle"].as_i64(), sent_size: None }
}

fn face(value: &Value) -> FaceDetails {
    let corners: Vec<f64> = list(&value["bbox"]).iter().filter_map(Value::as_f64).collect();
    FaceDetails {
        age: value["age"].as_f64(),
        gender: text(&value["gender"]),
        confidence: value["confidence"].as_f64(),
        bbox: corners.try_into().ok(),
    }
}

fn warning(value: &Value) -> Warning {
    let description = ["long_description", "short_description"];
    Warning {
        risk: text(&value["risk"])
            .or_else(|| text(value))
            .unwrap_or_else(|| "unnamed warning".to_owned()),
        description: description.iter().find_map(|key| text(&value[key])),
    }
}
