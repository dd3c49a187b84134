//! What a verdict depends on apart from its status: warnings, and the sandbox.

use std::fmt;

use serde_json::Value;

use crate::values::json::Object;

/// The warnings that a verdict depends on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Risks {
    /// Whether a photo shows no face: always a reason to decline.
    pub(super) is_face_missing: bool,
    pub(super) is_unlike: bool,
}

impl Risks {
    /// Reads the `warnings` of an answer: objects with a `risk`, or bare tags.
    pub fn of(warnings: &[Value]) -> Self {
        let tags = || warnings.iter().filter_map(|w| w["risk"].as_str().or_else(|| w.as_str()));
        let has = |tag: &str| tags().any(|other| other.trim().eq_ignore_ascii_case(tag));
        Self {
            is_face_missing: has("NO_REFERENCE_IMAGE") || has("NO_FACE_DETECTED"),
            is_unlike: has("LOW_FACE_MATCH_SIMILARITY"),
        }
    }

    /// The warnings of an answer's `face_match`; anything but a list counts as a list of one.
    pub(super) fn of_face_match(face_match: &Object<'_>) -> Self {
        let warnings = face_match.get("warnings").and_then(|text| serde_json::from_str(text).ok());
        match warnings {
            Some(Value::Array(warnings)) => Self::of(&warnings),
            Some(warning) => Self::of(&[warning]),
            None => Self::default(),
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    NoFace,
    LowSimilarity,
}

impl Reason {
    /// For journals and spreadsheets.
    pub fn name(self) -> &'static str {
        match self {
            Self::NoFace => "no_face",
            Self::LowSimilarity => "low_similarity",
        }
    }

    /// What to do about it, or what it means.
    pub fn advice(self) -> &'static str {
        match self {
            Self::NoFace => "take another photo",
            Self::LowSimilarity => "probably another person",
        }
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Whether an answer comes from a sandbox, whose verdicts are made up.
pub(super) fn is_sandbox(answer: &Object<'_>) -> bool {
    answer.string("environment").is_some_and(|name| name.trim().eq_ignore_ascii_case("sandbox"))
}
