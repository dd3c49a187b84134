//! One line of the journal: a pair and its result.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use serde_json::value::RawValue;

use crate::error::{Charge, Error};
use crate::exit::Exit;
use crate::photo::Stamp;
use crate::values::digest;
use crate::values::tag::RequestTag;
use crate::verdict::answer::AnswerDetails;
use crate::verdict::{Claim, Risks, Score, Status, Threshold, Verdict};

/// A line of RESULTS.jsonl. Its fields are a contract; new ones are added at the end.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Record {
    /// The id column, or the row's number.
    pub id: String,
    /// The photos, as the manifest names them.
    pub user_image: String,
    pub ref_image: String,
    /// `None` if the photo could not be read.
    pub user_sha256: Option<String>,
    pub ref_sha256: Option<String>,
    pub threshold: Box<RawValue>,
    /// In the service's words; `null` without a verdict.
    pub status: Option<String>,
    /// Digit for digit.
    pub score: Option<Box<RawValue>>,
    pub request_id: Option<String>,
    pub warnings: Vec<Value>,
    /// The exit code of `match`.
    pub exit_code: u8,
    pub error: Option<Failure>,
    pub attempts: u32,
    /// From the first attempt to the end, waits included.
    pub elapsed_ms: u64,
    /// In UTC.
    pub finished_at: String,
    /// The unchanged answer; a string if it isn't JSON.
    pub response: Option<Box<RawValue>>,
    /// The other columns of the manifest.
    #[serde(default)]
    pub extra: BTreeMap<String, String>,
    pub options: Options,
    /// The time in the line that announced the request, if it was a paid one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sent_at: Option<String>,
    /// The tag in that line.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tag: Option<RequestTag>,
    /// `In Review` or `unknown`, if the pair was settled later.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub settled_from: Option<String>,
    /// Why it was declined: `no_face` (take another photo) or `low_similarity`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// "sandbox" if a sandbox answered, whose verdicts are made up.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub environment: Option<String>,
    /// For `--trust-mtime`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub files: Option<[Stamp; 2]>,
    /// Width and height of the photos that `--fit` encoded again: the boxes in `response` belong to
    /// them, not to the files.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sent_sizes: Option<[Option<(u32, u32)>; 2]>,
}

/// The service's word for an environment whose verdicts mean nothing.
const SANDBOX: &str = "sandbox";

/// The options of a pair, apart from its threshold.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Options {
    pub rotate: bool,
    /// `false` with `--no-save`.
    pub save: bool,
    pub vendor_data: Option<String>,
    pub metadata: Option<String>,
    pub review_below: Option<String>,
    /// The service's base URL, or `built-in engine` and its version.
    pub judged_by: String,
    #[serde(default)]
    pub one_face: bool,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Failure {
    pub kind: String,
    pub message: String,
    pub hint: Option<String>,
    pub http_status: Option<u16>,
    pub maybe_billed: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub charged: Option<Charge>,
}

impl From<&Error> for Failure {
    fn from(error: &Error) -> Self {
        Self {
            kind: error.kind().name().to_owned(),
            message: error.message().to_owned(),
            hint: error.next_step().map(str::to_owned),
            http_status: error.status(),
            maybe_billed: error.charge() != Charge::No,
            charged: Some(error.charge()),
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub enum RecordState {
    Judged(Verdict),
    /// Sent, but not answered: it may have been charged.
    Unknown,
    /// Failed, and was not charged.
    Failed,
}

impl Record {
    #[must_use]
    pub fn with_verdict(self, verdict: &Verdict) -> Self {
        Self {
            status: Some(verdict.status().name().to_owned()),
            score: verdict.score().map(|score| number(&score)),
            exit_code: Exit::from(verdict).code(),
            error: None,
            reason: verdict.reason().map(|reason| reason.name().to_owned()),
            environment: verdict.is_sandbox().then(|| SANDBOX.to_owned()),
            ..self
        }
    }

    /// What the line says, if it doesn't contradict itself.
    pub fn state(&self) -> RecordState {
        match (&self.error, self.verdict()) {
            (None, Some(verdict)) => RecordState::Judged(verdict),
            (Some(error), _) if error.maybe_billed => RecordState::Unknown,
            _ => RecordState::Failed,
        }
    }

    fn verdict(&self) -> Option<Verdict> {
        let status = Status::from_name(self.status.as_deref()?)?;
        let score = match &self.score {
            Some(literal) => Some(Score::from_json(literal.get())?),
            None => None,
        };
        let risks = Risks::of(&self.warnings);
        let claim = Claim { status, score, risks, is_sandbox: self.is_sandbox() };
        let verdict = Verdict::checked(claim, self.threshold()?).ok()?;
        (Exit::from(&verdict).code() == self.exit_code).then_some(verdict)
    }

    pub fn is_sandbox(&self) -> bool {
        self.environment.as_deref() == Some(SANDBOX)
    }

    /// The number of faces in the user and the reference image.
    pub fn faces(&self) -> [usize; 2] {
        let body = self.response.as_ref().map_or("", |body| body.get());
        AnswerDetails::read(body.as_bytes()).unwrap_or_default().faces()
    }

    pub fn threshold(&self) -> Option<Threshold> {
        self.threshold.get().parse().ok()
    }

    /// The key of the same request without reading its photos.
    pub(super) fn key_by_files(&self) -> Option<Key> {
        let photos = [self.user_image.as_str(), self.ref_image.as_str()];
        let (files, threshold) = (self.files.as_ref()?, self.threshold()?);
        Some(Key::by_files(&self.id, photos, files, threshold, &self.options))
    }

    /// Identifies a failure before anything was sent, which is recorded only once.
    pub(super) fn refusal(&self) -> Option<u128> {
        let error = self.error.as_ref().filter(|_| self.sent_at.is_none() && self.attempts == 0)?;
        let user = self.user_sha256.as_deref().unwrap_or_default();
        let reference = self.ref_sha256.as_deref().unwrap_or_default();
        Some(digest::fingerprint(&[&self.id, user, reference, &error.kind, &error.message]))
    }

    pub fn key(&self) -> Option<Key> {
        let photos = [self.user_sha256.as_deref()?, self.ref_sha256.as_deref()?];
        Some(Key::new(&self.id, photos, self.threshold()?, &self.options))
    }
}

/// Identifies a request: the pair's id, both photos and everything that is sent with them.
///
/// Leaves out `--review-below` and `--one-face`, which don't change what is sent and charged.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Key(u128);

impl Key {
    /// For photos known by name, size and time.
    pub fn by_files(
        id: &str,
        photos: [&str; 2],
        files: &[Stamp; 2],
        threshold: Threshold,
        options: &Options,
    ) -> Self {
        let name = |i: usize| format!("{}\n{}\n{}", files[i].size, files[i].mtime, photos[i]);
        Self::new(id, [&name(0), &name(1)], threshold, options)
    }

    /// For photos known by their SHA-256.
    pub fn new(id: &str, photos: [&str; 2], threshold: Threshold, options: &Options) -> Self {
        let [user, reference] = photos;
        let threshold = threshold.to_string();
        let Options {
            rotate,
            save,
            vendor_data,
            metadata,
            review_below: _,
            one_face: _,
            judged_by,
        } = options;
        let text = |option: &Option<String>| match option {
            Some(text) => format!("={text}"),
            None => String::new(),
        };
        Self(digest::fingerprint(&[
            id,
            user,
            reference,
            &threshold,
            if *rotate { "rotate" } else { "" },
            if *save { "save" } else { "" },
            &text(vendor_data),
            &text(metadata),
            judged_by,
        ]))
    }
}

/// The time in UTC, as all lines have it.
pub fn now() -> String {
    format!("{:.6}", jiff::Timestamp::now())
}

/// A number, exactly as written.
pub fn number(text: &impl ToString) -> Box<RawValue> {
    RawValue::from_string(text.to_string()).unwrap_or_else(|_| RawValue::NULL.to_owned())
}

/// The answer as it came, on one line. Kept as a string unless it is JSON that other readers can
/// parse (they limit nesting).
pub fn response(body: &[u8]) -> Option<Box<RawValue>> {
    let text = String::from_utf8_lossy(body);
    if serde_json::from_str::<Value>(&text).is_err() {
        return serde_json::value::to_raw_value(&text).ok();
    }
    // Within JSON a line can only end between two tokens, where a space says the same.
    RawValue::from_string(text.replace(['\n', '\r'], " ")).ok()
}
