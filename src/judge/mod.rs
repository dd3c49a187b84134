//! Who judges a pair, the service or the built-in engine: one way for `match` and `batch`.

mod engine;

use serde_json::Value;

use crate::api::{Client, Encoded, FaceMatch};
use crate::error::Result;
use crate::interrupt;
use crate::verdict::answer::AnswerDetails;
use crate::verdict::{Threshold, Verdict};

/// Who judges.
pub enum Judge {
    /// The service: every verdict costs a credit.
    Service(Client),
    /// The built-in engine.
    Engine,
}

/// A pair in memory, ready for its judge.
pub enum Ready<'a> {
    /// To be sent to the service, as often as it takes.
    ToSend(&'a Client, Encoded),
    /// To be compared here.
    ToCompare(FaceMatch),
}

/// What the judge answered, not yet believed.
pub struct Answer {
    /// The body, byte for byte: of a `200`, or in its shape.
    pub body: Vec<u8>,
    /// How often the request was sent; 0 for the engine.
    pub attempts: u32,
    is_paid: bool,
}

/// A verdict, and what the answer says beside it.
pub struct Judged {
    /// The verdict.
    pub verdict: Verdict,
    /// The rest, for people.
    pub details: AnswerDetails,
    /// The warnings, as they came.
    pub warnings: Vec<Value>,
}

impl Judge {
    /// The pair as this judge takes it.
    pub fn ready(&self, request: &FaceMatch) -> Result<Ready<'_>> {
        Ok(match self {
            Self::Service(client) => Ready::ToSend(client, request.encoded()?),
            Self::Engine => Ready::ToCompare(request.clone()),
        })
    }

    /// Whether every verdict costs a credit.
    pub fn is_paid(&self) -> bool {
        matches!(self, Self::Service(_))
    }
}

impl Ready<'_> {
    /// Asks the judge.
    pub fn ask(&self) -> Result<Answer> {
        match self {
            Self::ToSend(client, encoded) => {
                let answer = interrupt::while_paying(|| client.face_match(encoded))?;
                Ok(Answer { body: answer.body, attempts: answer.attempts, is_paid: true })
            }
            Self::ToCompare(request) => {
                Ok(Answer { body: engine::answer(request)?, attempts: 0, is_paid: false })
            }
        }
    }

    /// The body as it may be recorded: as it came, unless the service echoes the key in it.
    pub fn quotable(&self, answer: &Answer) -> Vec<u8> {
        match self {
            Self::ToSend(client, _) => client.quotable(&answer.body),
            Self::ToCompare(_) => answer.body.clone(),
        }
    }
}

impl Answer {
    /// The verdict, if the answer to a request with this threshold can be believed.
    pub fn judged(&self, threshold: Threshold) -> Result<Judged> {
        let verdict = Verdict::read(&self.body, threshold).map_err(|e| {
            if !self.is_paid {
                return e;
            }
            // Only a 200 comes here, and every 200 costs a credit.
            e.http_status(200)
                .mark_maybe_processed()
                .hint("there is no verdict, but every answer with HTTP 200 costs a credit")
        })?;
        let answer: Value = serde_json::from_slice(&self.body)?;
        let warnings = answer["face_match"]["warnings"].as_array().cloned().unwrap_or_default();
        Ok(Judged { verdict, details: AnswerDetails::of(&answer), warnings })
    }
}

impl Judged {
    /// The same, with an Approved below `review_below` reported as In Review.
    #[must_use]
    pub fn downgraded(self, review_below: Option<Threshold>) -> Self {
        let verdict = review_below.into_iter().fold(self.verdict, Verdict::review_below);
        Self { verdict, ..self }
    }
}
