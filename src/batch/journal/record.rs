//! What a line of the journal says: a pair and its result, or a mark on its request.

use std::borrow::Cow;
use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::de::IgnoredAny;
use serde::ser::SerializeMap;
use serde::{Deserialize, Serialize, Serializer};
use serde_json::Value;
use serde_json::value::RawValue;

use crate::error::{Charge, Error, Kind};
use crate::exit::Exit;
use crate::pair::PairOptions;
use crate::photo::Stamp;
use crate::values::digest;
use crate::values::ids::RequestTag;
use crate::values::json::{SCHEMA, Schema};
use crate::verdict::answer::{AnswerDetails, EngineDetails};
use crate::verdict::{Claim, Risks, Score, Seen, Status, Threshold, Verdict};

/// A line of RESULTS.jsonl. Its fields are a contract; new ones are added at the end.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Record {
    /// Set if the line is only a mark, see [`Marked`].
    #[serde(skip_serializing)]
    pub state: Option<Mark>,
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
    /// The exit code of `match`; only a mark has none.
    #[serde(default = "no_exit_code")]
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
    pub extra: BTreeMap<String, String>,
    pub options: Options,
    /// The time in the line that announced the request, if it was a paid one.
    pub sent_at: Option<String>,
    pub tag: Option<RequestTag>,
    /// `In Review` or `unknown`, if the pair was settled later.
    pub settled_from: Option<String>,
    /// Why it was declined: `no_face` (take another photo) or `low_similarity`.
    pub reason: Option<String>,
    /// "sandbox" if a sandbox answered, whose verdicts are made up.
    pub environment: Option<String>,
    /// For `--trust-mtime`.
    pub files: Option<[Stamp; 2]>,
    /// Width and height of the photos that `--fit` encoded again: the boxes in `response` belong to
    /// them, not to the files.
    pub sent_sizes: Option<[Option<(u32, u32)>; 2]>,
    /// The pair has no id: it is named by its row's number, which says nothing.
    pub by_row: bool,
    /// The row's number in the manifest, from 1.
    pub row: Option<u64>,
    /// The service's clock minus ours, in milliseconds, if known.
    pub clock_offset_ms: Option<i64>,
    /// `threshold` if a higher threshold than the one that was sent decided.
    pub decided_by: Option<String>,
    pub schema: Schema,
}

/// What a line says of a request without a result: it has a `state`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Mark {
    /// Written to disk before a paid request leaves.
    Sent,
    Absent,
    /// The stored request was erased.
    Deleted,
}

/// The line of a mark on the request of a record. Its fields are a contract too.
pub struct Marked<'a>(pub Mark, pub &'a Record);

impl Serialize for Marked<'_> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let Self(state, record) = self;
        let request_id = record.request_id.as_ref().filter(|_| *state == Mark::Deleted);
        let mut line = to.serialize_map(None)?;
        line.serialize_entry("id", &record.id)?;
        line.serialize_entry("state", state)?;
        line.serialize_entry("user_sha256", &record.user_sha256)?;
        line.serialize_entry("ref_sha256", &record.ref_sha256)?;
        line.serialize_entry("threshold", &record.threshold)?;
        line.serialize_entry("options", &record.options)?;
        line.serialize_entry("sent_at", &record.sent_at)?;
        line.serialize_entry("user_image", &record.user_image)?;
        line.serialize_entry("ref_image", &record.ref_image)?;
        line.serialize_entry("tag", &record.tag)?;
        line.serialize_entry("extra", &record.extra)?;
        line.serialize_entry("by_row", &record.by_row)?;
        line.serialize_entry("row", &record.row)?;
        line.serialize_entry("clock_offset_ms", &record.clock_offset_ms)?;
        line.serialize_entry("request_id", &request_id)?;
        line.serialize_entry("schema", &SCHEMA)?;
        line.end()
    }
}

/// What is said of a request whose answer was never recorded.
pub const UNANSWERED: &str = "sent, but the run ended before its answer was recorded";

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
    #[serde(default)]
    pub review_young: bool,
    #[serde(default)]
    pub different_photos: bool,
}

impl Options {
    pub fn of(options: &PairOptions, judged_by: &str) -> Self {
        Self {
            rotate: options.sent.rotate,
            save: !options.sent.no_save,
            vendor_data: options.sent.vendor_data.clone(),
            metadata: options.sent.metadata.clone(),
            review_below: options.review_below.map(|limit| limit.to_string()),
            judged_by: judged_by.to_owned(),
            one_face: options.one_face,
            review_young: options.review_young,
            different_photos: options.different_photos,
        }
    }

    /// Identifies a pair that has no id. `photos` are the SHA-256 of both.
    pub(super) fn content(&self, [user, reference]: [&str; 2]) -> u64 {
        short(&[user, reference, self.vendor_data.as_deref().unwrap_or_default().trim()])
    }

    /// Leaves out the options that only make a verdict stricter: they don't change what is charged.
    pub(super) fn identity(&self, photos: [&str; 2], threshold: Option<Threshold>) -> u64 {
        let [user, reference] = photos;
        let threshold = threshold.map(|threshold| threshold.to_string()).unwrap_or_default();
        short(&[
            user,
            reference,
            &threshold,
            if self.rotate { "rotate" } else { "" },
            if self.save { "save" } else { "" },
            self.vendor_data.as_deref().unwrap_or_default().trim(),
            self.metadata.as_deref().unwrap_or_default(),
            &self.judged_by,
        ])
    }
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Failure {
    pub kind: String,
    pub message: String,
    pub hint: Option<String>,
    pub http_status: Option<u16>,
    pub maybe_billed: bool,
    #[serde(default)]
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

const NO_EXIT_CODE: u8 = u8::MAX;

fn no_exit_code() -> u8 {
    NO_EXIT_CODE
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Ended {
    Judged(Verdict),
    /// Sent, but not answered: it may have been charged.
    Unknown,
    Failed,
}

impl Record {
    /// The record of a marked request whose end was never written: it may have been charged.
    pub(super) fn unanswered(self) -> Self {
        let message = match self.state {
            Some(Mark::Absent) => "sent, but the service has no record of it",
            _ => UNANSWERED,
        };
        let error = Error::new(Kind::Network, message).charged(Charge::Maybe);
        Self {
            state: None,
            exit_code: Exit::Network.code(),
            error: Some(Failure::from(&error)),
            attempts: 1,
            finished_at: self.sent_at.clone().unwrap_or_default(),
            ..self
        }
    }

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

    /// Reads a line; what misses a result must be a mark.
    pub(super) fn parse(line: &[u8]) -> serde_json::Result<Self> {
        // Of text that is known to be UTF-8, no part is checked again.
        let record: Self = match std::str::from_utf8(line) {
            Ok(text) => serde_json::from_str(text)?,
            Err(e) => {
                serde_json::from_slice::<Self>(line)?;
                return Err(serde::de::Error::custom(e));
            }
        };
        let is_whole = record.exit_code != NO_EXIT_CODE && record.threshold.get() != "null";
        if is_whole || record.state.is_some() {
            Ok(record)
        } else {
            Err(serde::de::Error::custom("neither a result nor a mark"))
        }
    }

    /// What the line says; `None` if it contradicts itself or the answer that it holds.
    pub fn ended(&self) -> Option<Ended> {
        match (&self.error, &self.status) {
            (None, Some(_)) => {
                self.verdict().filter(|verdict| self.agrees(verdict)).map(Ended::Judged)
            }
            (Some(error), None) if error.maybe_billed => Some(Ended::Unknown),
            (_, None) => Some(Ended::Failed),
            (Some(_), Some(_)) => None,
        }
    }

    /// The verdict, unless it contradicts itself; [`Record::ended`] compares it with the answer.
    pub fn verdict(&self) -> Option<Verdict> {
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

    /// Whether the answer in this line, if there is one, says the same.
    fn agrees(&self, verdict: &Verdict) -> bool {
        let Some(answer) = self.answer() else { return true };
        let Some(claim) = answer.face_match else { return true };
        let may_differ = self.settled_from.is_some() || self.decided_by.is_some();
        // Options may have made it stricter.
        let is_downgraded =
            verdict.status() == Status::InReview && claim.status == Status::Approved.name();
        let same_status = verdict.status().name() == claim.status || is_downgraded || may_differ;
        let same_score = match (verdict.score(), claim.score) {
            (Some(score), Some(said)) => Score::from_json(said.get()) == Some(score),
            (Some(_), None) => false,
            // Without a face, the number that was sent is no score.
            (None, _) => true,
        };
        let same_request = match (&self.request_id, &answer.request_id) {
            (Some(id), Some(said)) => id == said,
            _ => true,
        };
        same_status && same_score && same_request
    }

    fn answer(&self) -> Option<Answer<'_>> {
        serde_json::from_str(self.response.as_ref()?.get()).ok()
    }

    /// When the service says that the request was made.
    pub(super) fn created_at(&self) -> Option<Timestamp> {
        self.answer()?.created_at?.parse().ok()
    }

    /// Whether the service repeated the request's tag.
    pub(super) fn echoes_its_tag(&self) -> bool {
        let tag = self.tag.map(|tag| tag.to_string());
        let answer = self.response.as_ref().map_or("", |response| response.get());
        tag.is_some_and(|tag| answer.contains(&tag))
    }

    pub fn is_sandbox(&self) -> bool {
        self.environment.as_deref() == Some(SANDBOX)
    }

    /// What the answer says about the photos.
    pub fn seen(&self) -> Seen {
        let body = self.response.as_ref().map_or("", |body| body.get());
        let seen = AnswerDetails::read(body.as_bytes()).unwrap_or_default().seen();
        let is_same_file = self.user_sha256.is_some() && self.user_sha256 == self.ref_sha256;
        Seen { is_same_picture: is_same_file || seen.is_same_picture, ..seen }
    }

    pub fn threshold(&self) -> Option<Threshold> {
        self.threshold.get().parse().ok()
    }

    /// Identifies a failure before anything was sent, which is recorded only once.
    pub fn refusal(&self) -> Option<u64> {
        let error = self.error.as_ref().filter(|_| self.sent_at.is_none() && self.attempts == 0)?;
        let user = self.user_sha256.as_deref().unwrap_or_default();
        let reference = self.ref_sha256.as_deref().unwrap_or_default();
        Some(short(&[&self.id, user, reference, &error.kind, &error.message]))
    }

    /// What makes a request the same as another one: photos and all that is sent with them.
    pub fn identity(&self) -> u64 {
        self.options.identity(self.photos(), self.threshold())
    }

    pub fn photos(&self) -> [&str; 2] {
        [&self.user_sha256, &self.ref_sha256].map(|hash| hash.as_deref().unwrap_or_default())
    }

    /// Whether the pair was judged with a threshold of at most `threshold`, and else with `options`.
    pub(super) fn is_only_less_strict(&self, threshold: Threshold, options: &Options) -> bool {
        let [old, new] = [&self.options, options].map(|of| of.identity(self.photos(), None));
        old == new && self.threshold().is_some_and(|sent| sent < threshold)
    }
}

pub(super) fn short(parts: &[&str]) -> u64 {
    (digest::fingerprint(parts) >> 64) as u64
}

/// The little of a line that a report needs of all pairs at once.
#[derive(Deserialize)]
pub struct Brief<'a> {
    #[serde(borrow)]
    pub threshold: &'a RawValue,
    #[serde(default)]
    pub elapsed_ms: u64,
    #[serde(borrow, default)]
    response: Option<&'a RawValue>,
    #[serde(borrow, default)]
    pub extra: BTreeMap<Cow<'a, str>, &'a RawValue>,
    #[serde(borrow, default)]
    pub options: Asked<'a>,
    #[serde(default)]
    pub settled_from: Option<IgnoredAny>,
    #[serde(default)]
    environment: Option<String>,
    #[serde(default)]
    pub row: Option<u64>,
}

#[derive(Default, Deserialize)]
pub struct Asked<'a> {
    #[serde(borrow)]
    pub judged_by: Cow<'a, str>,
}

impl Brief<'_> {
    pub fn is_sandbox(&self) -> bool {
        self.environment.as_deref() == Some(SANDBOX)
    }

    /// The engine that the answer names.
    pub fn engine(&self) -> Option<EngineDetails> {
        let response = self.response?.get();
        let names_one = response.contains("\"engine\"");
        let answer = names_one.then(|| serde_json::from_str::<Answer<'_>>(response).ok()).flatten();
        EngineDetails::of(&answer?.engine)
    }
}

#[derive(Deserialize)]
struct Answer<'a> {
    #[serde(borrow)]
    face_match: Option<AnswerClaim<'a>>,
    #[serde(default)]
    request_id: Option<String>,
    #[serde(default)]
    created_at: Option<String>,
    #[serde(default)]
    engine: Value,
}

#[derive(Deserialize)]
struct AnswerClaim<'a> {
    status: String,
    #[serde(borrow, default)]
    score: Option<&'a RawValue>,
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
