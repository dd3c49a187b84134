//! Judges a pair with the service or the built-in engine, for `match` and `batch` alike.

pub mod engine;
mod sent;

use std::sync::Arc;

use serde_json::Value;

use self::sent::Sent;
use crate::api::{self, Client, FaceMatch};
use crate::error::{Charge, Error, Result};
use crate::interrupt;
use crate::values::tag::RequestTag;
use crate::verdict::answer::AnswerDetails;
use crate::verdict::{Seen, Strictness, Threshold, Verdict};

#[expect(clippy::large_enum_variant, reason = "there is one in a process")]
pub enum Judge {
    /// Every verdict costs a credit.
    Service(Client),
    Engine,
}

pub enum Ready<'a> {
    ToSend(&'a Client, FaceMatch),
    ToCompare(FaceMatch),
}

/// The judge's answer, unchecked.
pub struct Answer {
    /// The body of a `200`, byte for byte; or the engine's, in the same shape.
    pub body: Vec<u8>,
    /// How many times the request was sent; 0 for the engine.
    pub attempts: u32,
    /// What the request was tagged with in the end; `None` if the service refuses tags.
    pub tag: Option<RequestTag>,
    /// What was sent to the service, if it was asked.
    sent: Option<Sent>,
}

#[must_use]
pub struct Judged {
    pub verdict: Verdict,
    pub details: AnswerDetails,
    pub warnings: Vec<Value>,
    /// Whether the answer echoes the request's tag. Otherwise, it may still be about another one: the
    /// caller compares the request id with those of other pairs.
    pub is_proven: bool,
}

impl Judge {
    pub fn ready(&self, request: &FaceMatch) -> Ready<'_> {
        match self {
            Self::Service(client) => Ready::ToSend(client, request.clone()),
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
            Self::ToSend(client, request) => {
                let is_open = Arc::default();
                let answer =
                    interrupt::while_paying(&is_open, || client.face_match(request, &is_open))?;
                let sent = Sent::new(request, &answer);
                let api::Answer { body, attempts, tag, .. } = answer;
                Ok(Answer { body, attempts, tag, sent: Some(sent) })
            }
            Self::ToCompare(request) => {
                let body = engine::answer(request)?;
                Ok(Answer { body, attempts: 0, tag: None, sent: None })
            }
        }
    }
}

impl Answer {
    /// The verdict, if the answer can be trusted, and is about the request.
    pub fn judged(&self, threshold: Threshold) -> Result<Judged> {
        let unusable = |e: Error| match &self.sent {
            // Only a 200 comes here, and every 200 costs a credit.
            Some(sent) => sent.left_open(e.http_status(200).charged(Charge::Maybe), &self.body),
            None => e,
        };
        let verdict = Verdict::read(&self.body, threshold).map_err(unusable)?;
        let answer: Value = serde_json::from_slice(&self.body)?;
        let is_proven = match &self.sent {
            Some(sent) => sent.is_proven_by(&answer).map_err(unusable)?,
            None => true,
        };
        let warnings = answer["face_match"]["warnings"].as_array().cloned().unwrap_or_default();
        Ok(Judged { verdict, details: AnswerDetails::of(&answer), warnings, is_proven })
    }
}

impl Judged {
    /// Turns an Approved that fails `strictness` into In Review. `is_same_file`: both photos are.
    pub fn tightened(self, strictness: Strictness, is_same_file: bool) -> Self {
        let verdict = self.verdict.tightened(strictness, || {
            let seen = self.details.seen();
            Seen { is_same_picture: is_same_file || seen.is_same_picture, ..seen }
        });
        Self { verdict, ..self }
    }
}
