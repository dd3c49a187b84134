//! Judges a pair with the service or the built-in engine, for `match` and `batch` alike.

#[cfg(feature = "engine")]
pub mod engine;
/// This build refuses `--local` before it comes here.
#[cfg(not(feature = "engine"))]
pub mod engine {
    pub(super) fn answer(_: &crate::api::FaceMatch) -> crate::error::Result<Vec<u8>> {
        unreachable!("refused with the command line")
    }

    pub fn name() -> String {
        unreachable!("refused with the command line")
    }
}

use serde_json::Value;

use crate::api::{Client, Encoded, FaceMatch};
use crate::error::Result;
use crate::interrupt;
use crate::verdict::answer::AnswerDetails;
use crate::verdict::{Strictness, Threshold, Verdict};

pub enum Judge {
    /// Every verdict costs a credit.
    Service(Client),
    Engine,
}

pub enum Ready<'a> {
    ToSend(&'a Client, Encoded),
    ToCompare(FaceMatch),
}

/// The judge's answer, unchecked.
pub struct Answer {
    /// The body of a `200`, byte for byte; or the engine's, in the same shape.
    pub body: Vec<u8>,
    /// How many times the request was sent; 0 for the engine.
    pub attempts: u32,
    is_paid: bool,
    /// Whether the service keeps the request.
    is_saved: bool,
}

#[must_use]
pub struct Judged {
    pub verdict: Verdict,
    pub details: AnswerDetails,
    pub warnings: Vec<Value>,
}

impl Judge {
    pub fn ready(&self, request: &FaceMatch) -> Ready<'_> {
        match self {
            Self::Service(client) => Ready::ToSend(client, request.encoded()),
            Self::Engine => Ready::ToCompare(request.clone()),
        }
    }

    pub fn is_paid(&self) -> bool {
        matches!(self, Self::Service(_))
    }
}

impl Ready<'_> {
    pub fn ask(&self) -> Result<Answer> {
        match self {
            Self::ToSend(client, encoded) => {
                let answer = interrupt::while_paying(|| client.face_match(encoded))?;
                let (body, attempts) = (answer.body, answer.attempts);
                Ok(Answer { body, attempts, is_paid: true, is_saved: encoded.is_saved() })
            }
            Self::ToCompare(request) => {
                let body = engine::answer(request)?;
                Ok(Answer { body, attempts: 0, is_paid: false, is_saved: false })
            }
        }
    }

    /// The body, safe to record: unchanged, unless the service echoes the key in it.
    pub fn quotable(&self, answer: &Answer) -> Vec<u8> {
        match self {
            Self::ToSend(client, _) => client.quotable(&answer.body),
            Self::ToCompare(_) => answer.body.clone(),
        }
    }
}

impl Answer {
    /// The verdict, if the answer can be trusted.
    pub fn judged(&self, threshold: Threshold) -> Result<Judged> {
        let verdict = Verdict::read(&self.body, threshold).map_err(|e| {
            if !self.is_paid {
                return e;
            }
            // Only a 200 comes here, and every 200 costs a credit.
            e.http_status(200).mark_maybe_processed().hint(self.how_to_find_out())
        })?;
        let answer: Value = serde_json::from_slice(&self.body)?;
        let warnings = answer["face_match"]["warnings"].as_array().cloned().unwrap_or_default();
        Ok(Judged { verdict, details: AnswerDetails::of(&answer), warnings })
    }

    /// For an answer that was paid for, but can't be trusted.
    fn how_to_find_out(&self) -> String {
        const PAID: &str = "there is no verdict, but every answer with HTTP 200 costs a credit";
        let answer: Value = serde_json::from_slice(&self.body).unwrap_or_default();
        match AnswerDetails::of(&answer).session_id() {
            _ if !self.is_saved => {
                format!("{PAID}; with --no-save, there is nothing to look up")
            }
            Some(id) => format!("{PAID}: before you send it again, run `didit-face decision {id}`"),
            None => format!(
                "{PAID}: before you send it again, look for it in the Didit Business Console"
            ),
        }
    }
}

impl Judged {
    /// Turns an Approved that fails `strictness` into In Review.
    pub fn tightened(self, strictness: Strictness) -> Self {
        let verdict = self.verdict.tightened(strictness, || self.details.faces());
        Self { verdict, ..self }
    }
}
