//! Threshold, score and verdict: the only place where an answer becomes Approved.

pub mod answer;
mod score;
mod session;

use std::fmt;

use serde_json::Value;

use crate::error::{Error, Kind};
use crate::values::json::Object;
use crate::values::text::count;

pub use score::{Score, Threshold};
pub use session::{Decision, SessionState};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    Approved,
    /// Not the same person, or no face to compare.
    Declined,
    /// A person has to decide.
    InReview,
}

impl Status {
    /// Reads the service's word, exactly.
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Approved, Self::Declined, Self::InReview]
            .into_iter()
            .find(|status| status.name() == name)
    }

    /// The service's word.
    pub fn name(self) -> &'static str {
        match self {
            Self::Approved => "Approved",
            Self::Declined => "Declined",
            Self::InReview => "In Review",
        }
    }
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// A verdict that passed every check; there is no other way to make one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Verdict {
    status: Status,
    score: Option<Score>,
    risks: Risks,
    threshold: Threshold,
    downgraded_by: Option<Downgrade>,
    is_settled: bool,
    is_sandbox: bool,
}

/// What an answer or a record claims about a pair, unchecked.
#[derive(Clone, Copy, Debug)]
pub struct Claim {
    pub status: Status,
    pub score: Option<Score>,
    pub risks: Risks,
    pub is_sandbox: bool,
}

/// What makes a verdict stricter than its answer. Nothing makes one looser.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Strictness {
    pub review_below: Option<Threshold>,
    /// An Approved is In Review unless each photo shows exactly one face.
    pub one_face: bool,
    /// An Approved is In Review unless both faces look at least 12 years old.
    pub review_young: bool,
    /// An Approved is In Review if both photos are the same picture.
    pub different_photos: bool,
}

/// What an answer says about the photos, for [`Strictness`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Seen {
    /// The number of faces in the user and the reference image.
    pub faces: [usize; 2],
    /// Whether a compared face looks younger than 12, or its age is unknown.
    pub may_be_young: bool,
    pub is_same_picture: bool,
}

/// What turned an Approved into In Review.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Downgrade {
    ReviewBelow(Threshold),
    /// With the number of faces in the user and the reference image.
    OneFace([usize; 2]),
    ReviewYoung,
    DifferentPhotos,
}

impl fmt::Display for Downgrade {
    /// Completes "Approved, but …".
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::ReviewBelow(limit) => write!(f, "below --review-below {limit}"),
            Self::OneFace([user, reference]) => write!(
                f,
                "--one-face found {} in the user image and {reference} in the reference image",
                count(*user as u64, "face")
            ),
            Self::ReviewYoung => f.write_str("--review-young: a face may be younger than 12"),
            Self::DifferentPhotos => {
                f.write_str("--different-photos: both photos are the same picture")
            }
        }
    }
}

impl Strictness {
    /// Why an Approved with this score becomes In Review.
    pub fn objection(self, score: Option<Score>, seen: impl FnOnce() -> Seen) -> Option<Downgrade> {
        let Self { review_below, one_face, review_young, different_photos } = self;
        let below = review_below.filter(|limit| !score.is_some_and(|s| limit.is_reached_by(s)));
        if let Some(limit) = below {
            return Some(Downgrade::ReviewBelow(limit));
        }
        let seen = (one_face || review_young || different_photos).then(seen)?;
        if one_face && seen.faces != [1, 1] {
            Some(Downgrade::OneFace(seen.faces))
        } else if review_young && seen.may_be_young {
            Some(Downgrade::ReviewYoung)
        } else {
            (different_photos && seen.is_same_picture).then_some(Downgrade::DifferentPhotos)
        }
    }
}

impl Verdict {
    /// Reads the body of a `200`, given the threshold that was sent.
    ///
    /// Accepts only one JSON object without duplicate keys, with a known status and a score from 0 to
    /// 100, that [`Verdict::checked`] accepts.
    pub fn read(body: &[u8], threshold: Threshold) -> Result<Self, Error> {
        Self::checked(read_claim(body).map_err(untrusted)?, threshold)
    }

    /// Refuses an `Approved` with a missing face, without a score, or with one below the threshold.
    pub fn checked(claim: Claim, threshold: Threshold) -> Result<Self, Error> {
        let Claim { status, score, risks, is_sandbox } = claim;
        if status == Status::Approved {
            believe_approved(score, risks, threshold).map_err(untrusted)?;
        }
        // Without a face, 0 means no score, and any other number means nothing.
        let score = score.filter(|_| !risks.is_face_missing);
        let (downgraded_by, is_settled) = (None, false);
        Ok(Self { status, score, risks, threshold, downgraded_by, is_settled, is_sandbox })
    }

    /// Turns an Approved that fails `strictness` into In Review; `seen` is only asked if needed.
    #[must_use]
    pub fn tightened(self, strictness: Strictness, seen: impl FnOnce() -> Seen) -> Self {
        if self.status != Status::Approved {
            return self;
        }
        match strictness.objection(self.score, seen) {
            None => self,
            downgraded_by => Self { status: Status::InReview, downgraded_by, ..self },
        }
    }

    /// Applies the decision of a review.
    ///
    /// Only In Review can be settled: any other verdict stays as it is.
    #[must_use]
    pub fn settle(mut self, decision: Decision) -> Self {
        if self.status == Status::InReview {
            self.is_settled = decision.status() != Status::InReview;
            self.status = decision.status();
            self.is_sandbox |= decision.is_sandbox();
        }
        self
    }

    pub fn status(&self) -> Status {
        self.status
    }

    /// `None` if no two faces could be compared, even if the answer has a score.
    pub fn score(&self) -> Option<Score> {
        self.score
    }

    pub fn threshold(&self) -> Threshold {
        self.threshold
    }

    /// Why it was declined; `None` if the answer doesn't say, or a person decided.
    pub fn reason(&self) -> Option<Reason> {
        if self.status != Status::Declined {
            None
        } else if self.score.is_none() {
            Some(Reason::NoFace)
        } else if self.is_settled {
            None
        } else {
            // At the threshold, too: the service approves only what is above it.
            let is_low = self.score.is_some_and(|score| self.threshold.is_not_exceeded_by(score));
            (is_low || self.risks.is_unlike).then_some(Reason::LowSimilarity)
        }
    }

    pub fn downgraded_by(&self) -> Option<Downgrade> {
        self.downgraded_by
    }

    /// Whether a sandbox answered, whose verdicts are made up.
    pub fn is_sandbox(&self) -> bool {
        self.is_sandbox
    }

    /// Whether a review led to this verdict.
    pub fn is_settled(&self) -> bool {
        self.is_settled
    }
}

fn believe_approved(
    score: Option<Score>,
    risks: Risks,
    threshold: Threshold,
) -> Result<(), String> {
    match score {
        _ if risks.is_face_missing => {
            Err("it says Approved, but warns that a face is missing".to_owned())
        }
        None => Err("it says Approved without a score".to_owned()),
        Some(score) if !threshold.is_reached_by(score) => {
            Err(format!("it says Approved with score {score}, below the threshold {threshold}"))
        }
        Some(_) => Ok(()),
    }
}

fn read_claim(body: &[u8]) -> Result<Claim, String> {
    let answer = Object::of_answer(body)?;
    let face_match = answer.get("face_match").ok_or("it has no `face_match`")?;
    let face_match = Object::parse(face_match)
        .map_err(|e| format!("its `face_match` is not a valid object{e}"))?;
    let status = face_match.get("status").ok_or("it has no `face_match.status`")?;
    let name: String = serde_json::from_str(status).map_err(|_| "its status is not a string")?;
    let status = Status::from_name(&name).ok_or_else(|| format!("its status is `{name}`"))?;
    let read_score =
        |literal| Score::from_json(literal).ok_or("its score is not a number from 0 to 100");
    Ok(Claim {
        status,
        score: face_match.get("score").map(read_score).transpose()?,
        risks: Risks::of_face_match(&face_match),
        is_sandbox: is_sandbox(&answer),
    })
}

fn untrusted(why: impl fmt::Display) -> Error {
    Error::new(Kind::Response, format!("the service's answer can't be trusted: {why}"))
}

/// The warnings that a verdict depends on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Risks {
    /// Whether a photo shows no face: always a reason to decline.
    is_face_missing: bool,
    is_unlike: bool,
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
    fn of_face_match(face_match: &Object<'_>) -> Self {
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
fn is_sandbox(answer: &Object<'_>) -> bool {
    answer.string("environment").is_some_and(|name| name.trim().eq_ignore_ascii_case("sandbox"))
}
