//! Turns a session into a settled record. Every verdict passes the same checks as an answer.

use serde_json::Value;
use serde_json::value::RawValue;

use crate::batch::journal::{self, Ended, Record};
use crate::values::ids::{RequestTag, SessionId};
use crate::values::json::Object;
use crate::verdict::{SessionState, Status, Strictness, Verdict};

pub(super) type Settled = Result<(Record, Verdict), String>;

pub(super) fn of_review(record: &Record, id: &SessionId, body: &[u8]) -> Settled {
    let state = SessionState::read(body, id).map_err(|e| e.message().to_owned())?;
    let SessionState::Decided(decision) = state else { return Err(undecided(state)) };
    if decision.status() == Status::InReview {
        return Err("no decision yet".to_owned());
    }
    let comparison = Comparison {
        score: record.score.as_ref().map_or("null", |score| score.get()).to_owned(),
        warnings: record.warnings.clone(),
    };
    let response = record.response.clone();
    let settled = settled(record, "In Review", decision.status(), id, comparison, body, response)?;
    match settled.1.status() {
        Status::InReview => {
            Err("approved, but In Review because of an option of the batch".to_owned())
        }
        _ => Ok(settled),
    }
}

pub(super) fn of_lost(record: &Record, id: &SessionId, body: &[u8], is_proven: bool) -> Settled {
    let state = SessionState::read(body, id).map_err(|e| e.message().to_owned())?;
    let SessionState::Decided(decision) = state else { return Err(undecided(state)) };
    let answer = Object::of_answer(body)?;
    let trimmed = |data: Option<String>| data.map(|data| data.trim().to_owned());
    let (said, sent) = (answer.string("vendor_data"), record.options.vendor_data.clone());
    if !is_proven && trimmed(said) != trimmed(sent) {
        return Err(format!("the session `{id}` has a different vendor_data"));
    }
    let comparison = Comparison::only(&answer)
        .ok_or_else(|| format!("the session `{id}` doesn't have exactly one comparison"))?;
    settled(record, "unknown", decision.status(), id, comparison, body, None)
}

/// The tag in a session's `metadata`.
pub(super) fn tag(body: &[u8]) -> Option<RequestTag> {
    let answer: Value = serde_json::from_slice(body).ok()?;
    serde_json::from_value(answer["metadata"][RequestTag::KEY].clone()).ok()
}

fn undecided(state: SessionState) -> String {
    format!("its session is `{}`", state.name())
}

struct Comparison {
    /// As written: rounding could lift it over the threshold.
    score: String,
    warnings: Vec<Value>,
}

impl Comparison {
    /// The comparison of a session that has exactly one.
    fn only(answer: &Object<'_>) -> Option<Self> {
        let all: Vec<&RawValue> = serde_json::from_str(answer.get("face_matches")?).ok()?;
        let [only] = all.as_slice() else { return None };
        let only = Object::parse(only.get()).ok()?;
        let warnings = only.get("warnings").and_then(|text| serde_json::from_str(text).ok());
        let score = only.get("score").unwrap_or("null").to_owned();
        Some(Self { score, warnings: warnings.unwrap_or_default() })
    }
}

fn settled(
    record: &Record,
    from: &str,
    status: Status,
    id: &SessionId,
    comparison: Comparison,
    body: &[u8],
    response: Option<Box<RawValue>>,
) -> Settled {
    let Comparison { score, warnings } = comparison;
    let environment = Object::of_answer(body)?.string("environment");
    let threshold = record.threshold().ok_or("its threshold can't be read")?;
    // In the format of a match, so that the same checks apply.
    let answer = format!(
        r#"{{"environment":{},"face_match":{{"status":"{status}","score":{score},"warnings":{}}}}}"#,
        serde_json::json!(environment),
        Value::Array(warnings.clone()),
    );
    let verdict =
        Verdict::read(answer.as_bytes(), threshold).map_err(|e| e.message().to_owned())?;
    let verdict = verdict.tightened(strictness(record)?, || record.seen());
    let line = Record {
        request_id: Some(id.to_string()),
        warnings,
        finished_at: journal::now(),
        response,
        settled_from: Some(from.to_owned()),
        ..record.clone()
    };
    let line = line.with_verdict(&verdict);
    match line.ended() {
        Some(Ended::Judged(_)) => Ok((line, verdict)),
        _ => Err("its verdict contradicts itself".to_owned()),
    }
}

fn strictness(record: &Record) -> Result<Strictness, String> {
    let review_below = match &record.options.review_below {
        None => None,
        Some(limit) => Some(limit.parse().map_err(|_| "its --review-below can't be read")?),
    };
    let journal::Options { one_face, review_young, different_photos, .. } = record.options;
    Ok(Strictness { review_below, one_face, review_young, different_photos })
}

/// Whether the service itself answered In Review, rather than one of our options.
pub(super) fn is_review_of_the_service(record: &Record) -> bool {
    let Some(response) = &record.response else { return record.settled_from.is_some() };
    let verdict = record.threshold().map(|t| Verdict::read(response.get().as_bytes(), t));
    matches!(verdict, Some(Ok(verdict)) if verdict.status() == Status::InReview)
}
