//! Threshold, score and verdict: the only place where an answer becomes Approved.

pub mod answer;

use std::fmt;
use std::str::FromStr;

use rust_decimal::Decimal;

use crate::error::{Error, Kind};
use crate::values::json::Object;
use crate::values::session::SessionId;

/// A number from 0 to 100, exact: two scores that differ in the last digit differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Score(Decimal);

impl Score {
    /// Reads the text of a JSON number.
    ///
    /// `None` if it is no number, lies outside 0-100, or has more digits than can be
    /// compared exactly (28): rounding could lift a score over its threshold.
    pub fn from_json(literal: &str) -> Option<Self> {
        // The grammar first: Decimal also takes "1_000" and "+5", which are no JSON.
        literal.parse::<serde_json::Number>().ok()?;
        let mantissa = literal.split(['e', 'E']).next()?;
        let exact = Decimal::from_str_exact(mantissa).ok()?;
        let value = if mantissa.len() == literal.len() {
            exact
        } else {
            Decimal::from_scientific(&literal.replace("e+", "e").replace("E+", "e")).ok()?
        };
        Self::new(value)
    }

    /// A score from a decimal; `None` outside 0-100.
    pub fn new(value: Decimal) -> Option<Self> {
        (Decimal::ZERO..=Decimal::ONE_HUNDRED).contains(&value).then(|| Self(value.normalize()))
    }

    /// The score as a decimal, 0 to 100.
    pub fn value(self) -> Decimal {
        self.0
    }

    /// What the score says in words.
    pub fn band(self) -> Band {
        match self.0 {
            s if s >= Decimal::from(90) => Band::VeryHigh,
            s if s >= Decimal::from(70) => Band::High,
            s if s >= Decimal::from(50) => Band::Moderate,
            s if s >= Decimal::from(30) => Band::Low,
            _ => Band::VeryLow,
        }
    }
}

impl fmt::Display for Score {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// The score below which a pair is declined, 0 to 100.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Threshold(Score);

impl Threshold {
    /// Whether `score` reaches the threshold.
    pub fn is_reached_by(self, score: Score) -> bool {
        score >= self.0
    }
}

impl Default for Threshold {
    /// 30, the service's own default.
    fn default() -> Self {
        Self(Score(Decimal::from(30)))
    }
}

impl FromStr for Threshold {
    type Err = &'static str;

    /// Reads digits with at most one decimal point: `30`, `62.5`.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        const WANTED: &str = "must be a number from 0 to 100";
        if !text.bytes().all(|b| b.is_ascii_digit() || b == b'.') {
            return Err(WANTED);
        }
        let value = Decimal::from_str_exact(text).map_err(|_| WANTED)?;
        Score::new(value).map(Self).ok_or(WANTED)
    }
}

impl fmt::Display for Threshold {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// The service's reading of a score (source: its score interpretation table).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Band {
    /// 90-100.
    VeryHigh,
    /// 70-89.
    High,
    /// 50-69.
    Moderate,
    /// 30-49.
    Low,
    /// 0-29.
    VeryLow,
}

impl fmt::Display for Band {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::VeryHigh => "very high confidence, same person",
            Self::High => "high confidence, likely same person",
            Self::Moderate => "moderate, possible match",
            Self::Low => "low, likely different people",
            Self::VeryLow => "very low, different people",
        })
    }
}

/// What was decided about a pair.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// The same person.
    Approved,
    /// Not the same person, or no face to tell by.
    Declined,
    /// A person has to decide.
    InReview,
}

impl Status {
    /// Reads the service's own word, to the letter.
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Approved, Self::Declined, Self::InReview]
            .into_iter()
            .find(|status| status.name() == name)
    }

    /// The service's own word.
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

/// A verdict that passed every check; all ways to make one check it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Verdict {
    status: Status,
    score: Option<Score>,
    threshold: Threshold,
    downgraded_by: Option<Threshold>,
    is_settled: bool,
}

impl Verdict {
    /// Reads the body of a `200`, given the threshold that was sent with the request.
    ///
    /// # Errors
    /// [`Kind::Response`] for whatever can't be trusted: no JSON object, a key that comes
    /// twice, no or an unknown status, a score that is no number from 0 to 100, `Approved`
    /// with no score or with one below the threshold.
    pub fn read(body: &[u8], threshold: Threshold) -> Result<Self, Error> {
        let (status, score) = read_face_match(body).map_err(untrusted)?;
        Self::checked(status, score, threshold)
    }

    /// A verdict that was recorded earlier, checked once more.
    ///
    /// # Errors
    /// [`Kind::Response`] for `Approved` with no score or with one below the threshold.
    pub fn checked(
        status: Status,
        score: Option<Score>,
        threshold: Threshold,
    ) -> Result<Self, Error> {
        match (status, score) {
            (Status::Approved, None) => Err(untrusted("it says Approved without a score")),
            (Status::Approved, Some(score)) if !threshold.is_reached_by(score) => Err(untrusted(
                format!("it says Approved with score {score}, below the threshold {threshold}"),
            )),
            _ => Ok(Self { status, score, threshold, downgraded_by: None, is_settled: false }),
        }
    }

    /// The same verdict, but In Review where it is Approved with a score below `limit`.
    #[must_use]
    pub fn review_below(mut self, limit: Threshold) -> Self {
        if self.status == Status::Approved && !self.score.is_some_and(|s| limit.is_reached_by(s)) {
            self.status = Status::InReview;
            self.downgraded_by = Some(limit);
        }
        self
    }

    /// The same pair with the verdict that its review came to.
    ///
    /// Only an In Review can be settled: any other verdict stays as it is.
    #[must_use]
    pub fn settle(mut self, decision: Decision) -> Self {
        if self.status == Status::InReview {
            self.is_settled = decision.status != Status::InReview;
            self.status = decision.status;
        }
        self
    }

    /// What was decided.
    pub fn status(&self) -> Status {
        self.status
    }

    /// The similarity; `None` when no pair of faces could be scored.
    pub fn score(&self) -> Option<Score> {
        self.score
    }

    /// The threshold that was sent.
    pub fn threshold(&self) -> Threshold {
        self.threshold
    }

    /// The `--review-below` that turned Approved into In Review, if it did.
    pub fn downgraded_by(&self) -> Option<Threshold> {
        self.downgraded_by
    }

    /// Whether a review came to this verdict.
    pub fn is_settled(&self) -> bool {
        self.is_settled
    }
}

/// The verdict of a session; there is no other way to make one than [`SessionState::read`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Decision {
    status: Status,
}

impl Decision {
    /// What was decided.
    pub fn status(&self) -> Status {
        self.status
    }
}

/// Where a session stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SessionState {
    /// There is a verdict; In Review may still become another one.
    Decided(Decision),
    /// There will be a verdict; the service's own word.
    Pending(&'static str),
    /// There will be none; the service's own word.
    Closed(&'static str),
}

impl SessionState {
    const PENDING: [&str; 4] = ["Not Started", "In Progress", "Awaiting User", "Resubmitted"];
    const CLOSED: [&str; 3] = ["Expired", "Kyc Expired", "Abandoned"];

    /// Reads the body of a `200` about the session `id`.
    ///
    /// # Errors
    /// [`Kind::Response`] for whatever can't be trusted: no JSON object, a key that comes
    /// twice, no or an unknown status, another session than the one asked for.
    pub fn read(body: &[u8], id: &SessionId) -> Result<Self, Error> {
        Self::checked(body, id).map_err(untrusted)
    }

    fn checked(body: &[u8], id: &SessionId) -> Result<Self, String> {
        let answer = Object::of_answer(body)?;
        if let Some(of) = answer.get("session_id") {
            let of: String = serde_json::from_str(of).map_err(|_| "its session_id is no text")?;
            if !id.is(&of) {
                return Err(format!("it is about another session, `{of}`"));
            }
        }
        let status = answer.get("status").ok_or("it has no `status`")?;
        let name: String = serde_json::from_str(status).map_err(|_| "its status is no text")?;
        Self::of_status(&name).ok_or_else(|| format!("its status is `{name}`"))
    }

    fn of_status(name: &str) -> Option<Self> {
        let among = |names: &[&'static str]| names.iter().find(|known| **known == name).copied();
        Status::from_name(name)
            .map(|status| Self::Decided(Decision { status }))
            .or_else(|| among(&Self::PENDING).map(Self::Pending))
            .or_else(|| among(&Self::CLOSED).map(Self::Closed))
    }

    /// The service's own word.
    pub fn name(self) -> &'static str {
        match self {
            Self::Decided(decision) => decision.status.name(),
            Self::Pending(name) | Self::Closed(name) => name,
        }
    }
}

fn read_face_match(body: &[u8]) -> Result<(Status, Option<Score>), String> {
    let answer = Object::of_answer(body)?;
    let face_match = answer.get("face_match").ok_or("it has no `face_match`")?;
    let face_match = Object::parse(face_match)
        .map_err(|e| format!("its `face_match` is no usable object: {e}"))?;
    let status = face_match.get("status").ok_or("it has no `face_match.status`")?;
    let name: String = serde_json::from_str(status).map_err(|_| "its status is no text")?;
    let status = Status::from_name(&name).ok_or_else(|| format!("its status is `{name}`"))?;
    let score = match face_match.get("score") {
        None => None,
        Some(literal) => {
            Some(Score::from_json(literal).ok_or("its score is no usable number from 0 to 100")?)
        }
    };
    Ok((status, score))
}

fn untrusted(why: impl fmt::Display) -> Error {
    Error::new(Kind::Response, format!("the service's answer can't be trusted: {why}"))
}

#[cfg(test)]
mod session_tests;
#[cfg(test)]
mod tests;
