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

#[derive(Clone, Debug, Default, PartialEq)]
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

impl ImageDetails {
    /// The clockwise angle in degrees by which the photo was turned; `None` if it isn't a multiple
    /// of 90, so that boxes can't be placed.
    pub fn turn(&self) -> Option<u16> {
        let turn = u16::try_from(self.best_angle.unwrap_or(0)).ok()?;
        matches!(turn, 0 | 90 | 180 | 270).then_some(turn)
    }

    /// [`ImageDetails::turn`], and the bounding box of the compared face in the turned photo;
    /// `None` if there is nothing to draw.
    pub fn compared(&self) -> Option<(u16, [f64; 4])> {
        let [left, top, right, bottom] = self.faces.first()?.bbox?;
        let is_box = 0.0 <= left && left < right && 0.0 <= top && top < bottom;
        Some((self.turn()?, [left, top, right, bottom])).filter(|_| is_box)
    }

    /// The same for the upright file of `size`, with boxes scaled from the photo that was sent.
    pub fn on(&self, size: (u32, u32)) -> Self {
        let Some(sent) = self.sent_size else { return self.clone() };
        let is_on_its_side = self.best_angle.is_some_and(|angle| angle % 180 != 0);
        let turned = |(width, height): (u32, u32)| {
            let (width, height) = (f64::from(width), f64::from(height));
            if is_on_its_side { (height, width) } else { (width, height) }
        };
        let ((from_x, from_y), (to_x, to_y)) = (turned(sent), turned(size));
        let (across, down) = (|x: f64| x / from_x * to_x, |y: f64| y / from_y * to_y);
        let scaled = |[x1, y1, x2, y2]: [f64; 4]| [across(x1), down(y1), across(x2), down(y2)];
        let faces = self.faces.iter().cloned();
        let faces = faces.map(|face| FaceDetails { bbox: face.bbox.map(scaled), ..face });
        Self { faces: faces.collect(), sent_size: None, ..*self }
    }
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

impl FaceDetails {
    fn area(&self) -> f64 {
        self.bbox.map_or(0.0, |[x1, y1, x2, y2]| (x2 - x1).max(0.0) * (y2 - y1).max(0.0))
    }
}

#[derive(Clone, Debug, Default, PartialEq)]
pub struct Warning {
    /// For example `NO_FACE_DETECTED`.
    pub risk: String,
    /// The long description if there is one.
    pub description: Option<String>,
}

impl AnswerDetails {
    /// Reads the body of an answer; fails if it isn't JSON, or is nested too deeply.
    pub fn read(body: &[u8]) -> Result<Self, Error> {
        let answer: Value = serde_json::from_slice(body)
            .map_err(|e| Error::new(Kind::Response, format!("the answer can't be trusted: {e}")))?;
        Ok(Self::of(&answer))
    }

    /// The id to look the request up by.
    pub fn session_id(&self) -> Option<SessionId> {
        self.request_id.as_deref()?.parse().ok()
    }

    /// How many faces the user and the reference image show.
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
            engine: text(&answer["engine"]["name"])
                .map(|name| EngineDetails { name, version: text(&answer["engine"]["version"]) }),
        }
    }
}

fn image(value: &Value, is_sorted: bool) -> ImageDetails {
    let mut faces: Vec<_> = list(&value["entities"]).iter().map(face).collect();
    if !is_sorted {
        faces.sort_by(|a, b| b.area().total_cmp(&a.area()));
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_largest_face_comes_first() {
        let body = br#"{"face_match": {"user_image": {"entities": [
            {"bbox": [0, 0, 10, 10], "age": 1}, {"bbox": [0, 0, 50, 50], "age": 2}, {"age": 3}]}}}"#;
        let ages: Vec<_> =
            AnswerDetails::read(body).unwrap().user_image.faces.iter().map(|f| f.age).collect();
        assert_eq!(ages, [Some(2.0), Some(1.0), Some(3.0)]);
    }

    /// Rounding may make a different face the largest than the one the engine compared.
    #[test]
    fn the_engines_first_face_stays_first() {
        let body = br#"{"engine": {"name": "built-in"}, "face_match": {"user_image": {"entities": [
            {"bbox": [0, 0, 10, 10], "age": 1}, {"bbox": [0, 0, 10, 11], "age": 2}]}}}"#;
        let image = AnswerDetails::read(body).unwrap().user_image;
        assert_eq!(image.faces[0].age, Some(1.0));
    }

    #[test]
    fn only_quarter_turns_are_accepted() {
        let turn = |best_angle| ImageDetails { best_angle, ..ImageDetails::default() }.turn();
        let turns = [None, Some(0), Some(90), Some(180), Some(270)].map(turn);
        assert_eq!(turns, [Some(0), Some(0), Some(90), Some(180), Some(270)]);
        for odd in [45, -90, 360, 65_536, i64::MAX, i64::MIN] {
            assert_eq!(turn(Some(odd)), None, "{odd}");
        }
    }

    #[test]
    #[allow(clippy::float_cmp, reason = "whole numbers")]
    fn boxes_are_scaled_to_the_file_however_it_was_turned() {
        let details = |best_angle| {
            let face =
                FaceDetails { bbox: Some([10.0, 20.0, 30.0, 40.0]), ..FaceDetails::default() };
            ImageDetails { faces: vec![face], best_angle, sent_size: Some((100, 200)) }
        };
        let boxed = |details: ImageDetails| details.faces[0].bbox.unwrap();
        assert_eq!(boxed(details(None).on((200, 600))), [20.0, 60.0, 60.0, 120.0]);
        assert_eq!(boxed(details(Some(180)).on((200, 600))), [20.0, 60.0, 60.0, 120.0]);
        assert_eq!(boxed(details(Some(90)).on((200, 600))), [30.0, 40.0, 90.0, 80.0]);
        let as_it_was = ImageDetails { sent_size: None, ..details(None) };
        assert_eq!(as_it_was.on((1, 1)), as_it_was);
    }

    #[test]
    fn odd_types_are_left_out_and_unknown_warnings_kept() {
        let body = br#"{"request_id": 5, "face_match": {"user_image": [], "ref_image":
            {"entities": [null, {"bbox": "no", "gender": 1}], "best_angle": "90"},
            "warnings": [{"risk": "NEW_RISK"}, "BARE", 7]}}"#;
        let report = AnswerDetails::read(body).unwrap();
        assert_eq!(report.request_id, None);
        assert_eq!(report.ref_image.faces, [FaceDetails::default(), FaceDetails::default()]);
        let risks: Vec<_> = report.warnings.iter().map(|w| w.risk.as_str()).collect();
        assert_eq!(risks, ["NEW_RISK", "BARE", "unnamed warning"]);
    }
}
