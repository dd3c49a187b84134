//! `--json=verdict`: one line that says what the exit code says.

use serde::Serialize;
use serde_json::value::RawValue;

use crate::error::Charge;
use crate::exit::Exit;
use crate::values::json::SCHEMA;
use crate::verdict::answer::AnswerDetails;
use crate::verdict::{Downgrade, Verdict};

/// Described by `docs/schema/verdict.json`.
#[derive(Serialize)]
struct Line<'a> {
    schema: u8,
    verdict: &'a str,
    score: Option<Box<RawValue>>,
    threshold: Box<RawValue>,
    reason: Option<&'a str>,
    decided_by: &'a str,
    judged_by: &'a str,
    warnings: Vec<&'a str>,
    request_id: Option<&'a str>,
    charged: &'a str,
    exit_code: u8,
}

/// `judged_by` names the service or engine, and `charged` says what its verdict cost.
pub fn verdict_line(
    verdict: &Verdict,
    details: &AnswerDetails,
    judged_by: &str,
    charged: Charge,
) -> serde_json::Result<String> {
    let decided_by = match verdict.downgraded_by() {
        Some(Downgrade::ReviewBelow(_)) => "--review-below",
        Some(Downgrade::OneFace(_)) => "--one-face",
        Some(Downgrade::ReviewYoung) => "--review-young",
        Some(Downgrade::DifferentPhotos) => "--different-photos",
        None if verdict.is_settled() => "review",
        None => "judge",
    };
    let number = |text: String| RawValue::from_string(text);
    let line = Line {
        schema: SCHEMA,
        verdict: verdict.status().name(),
        score: verdict.score().map(|score| number(score.to_string())).transpose()?,
        threshold: number(verdict.threshold().to_string())?,
        reason: verdict.reason().map(crate::verdict::Reason::name),
        decided_by,
        judged_by,
        warnings: details.warnings.iter().map(|warning| warning.risk.as_str()).collect(),
        request_id: details.request_id.as_deref(),
        charged: charged.name(),
        exit_code: Exit::from(verdict).code(),
    };
    Ok(serde_json::to_string(&line)? + "\n")
}
