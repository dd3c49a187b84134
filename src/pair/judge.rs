//! Judges a pair, by the service or by the built-in engine.

use std::sync::Arc;

use serde_json::Value;
use serde_json::value::RawValue;

use super::sent::Sent;
use crate::api::{self, Client, FaceMatch};
use crate::engine::{CompareError, Engine, Role, Rotation, VERSION, answer};
use crate::error::{Charge, Error, Result};
use crate::interrupt;
use crate::values::ids::RequestTag;
use crate::verdict::answer::AnswerDetails;
use crate::verdict::{Seen, Strictness, Threshold, Verdict};

/// Who judges the pairs of a run.
#[expect(clippy::large_enum_variant, reason = "there is one in a process")]
pub enum Mode {
    /// Every verdict costs a credit.
    Service(Client),
    Engine,
    /// Nobody.
    DryRun,
}

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

impl Mode {
    pub fn is_paid(&self) -> bool {
        matches!(self, Self::Service(_))
    }

    /// The service's clock minus ours, once it has answered.
    pub fn clock_offset_ms(&self) -> Option<i64> {
        match self {
            Self::Service(client) => i64::try_from(client.clock_offset()?.as_millis()).ok(),
            Self::Engine | Self::DryRun => None,
        }
    }

    pub fn ask(&self, request: &FaceMatch) -> Result<Answer> {
        match self {
            Self::Service(client) => {
                let is_open = Arc::default();
                let look_up = request.lookup().to_string();
                let ask = || client.face_match(request, &is_open);
                let answer = interrupt::while_paying(&is_open, look_up, ask)?;
                let sent = Sent::new(request, &answer);
                let api::Answer { body, attempts, tag, .. } = answer;
                Ok(Answer { body, attempts, tag, sent: Some(sent) })
            }
            Self::Engine => {
                Ok(Answer { body: compared(request)?, attempts: 0, tag: None, sent: None })
            }
            Self::DryRun => Err(Error::internal("a dry run asks nobody").into()),
        }
    }
}

impl Answer {
    /// The verdict, if the answer can be trusted, and is about the request.
    pub fn judged(&self, threshold: Threshold) -> Result<Judged> {
        let parsed: Value = serde_json::from_slice(&self.body).unwrap_or_default();
        let unusable = |e: Error| match &self.sent {
            // Only a 200 comes here, and every 200 costs a credit.
            Some(sent) => sent.left_open(e.http_status(200).charged(Charge::Maybe), &parsed),
            None => e,
        };
        let verdict = Verdict::read(&self.body, threshold).map_err(unusable)?;
        let sent = self.sent.as_ref();
        let is_proven = sent.map_or(Ok(true), |sent| sent.is_proven_by(&parsed));
        let is_proven = is_proven.map_err(unusable)?;
        let warnings = parsed["face_match"]["warnings"].as_array().cloned().unwrap_or_default();
        Ok(Judged { verdict, details: AnswerDetails::of(&parsed), warnings, is_proven })
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

/// The built-in engine's answer, in the service's format.
fn compared(request: &FaceMatch) -> Result<Vec<u8>> {
    /// Shared by all pairs of a batch, so that its models are loaded once.
    static ENGINE: Engine = Engine::new();

    let rotation = if request.rotate { Rotation::Search } else { Rotation::AsIs };
    let (user, reference) = (request.user_image.bytes(), request.ref_image.bytes());
    let comparison = ENGINE.compare(&user, &reference, rotation).map_err(|e: CompareError| {
        let photo = match e.role {
            Role::User => &request.user_image,
            Role::Reference => &request.ref_image,
        };
        e.error.of_photo(photo.name())
    })?;
    let metadata = request.metadata.clone().map(RawValue::from_string).transpose()?;
    let details = answer::Details {
        threshold: request.threshold,
        request_id: &uuid::Uuid::new_v4().to_string(),
        created_at: &format!("{:.6}", jiff::Timestamp::now()),
        vendor_data: request.vendor_data.as_deref(),
        metadata: metadata.as_deref(),
    };
    Ok(answer::body(&comparison, &details)?)
}

/// The engine's name in a record, with its version: a different version gives different scores.
pub fn engine_name() -> String {
    format!("built-in engine {VERSION}")
}
