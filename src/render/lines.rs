//! Small outputs: the request of `--dry-run`, the line of `--json=verdict`, a balance.

use serde::Serialize;
use serde_json::json;
use serde_json::value::RawValue;

use super::console::Stream;
use super::table::plain;
use crate::api::billing::Balance;
use crate::api::{Base, FaceMatch};
use crate::error::Charge;
use crate::exit::Exit;
use crate::values::json::SCHEMA;
use crate::values::text::safe;
use crate::verdict::answer::AnswerDetails;
use crate::verdict::{Downgrade, Reason, Verdict};

/// The request that would be sent.
pub struct Plan<'a> {
    request: &'a FaceMatch,
    /// `None` with `--local`, where nothing is sent.
    url: Option<String>,
    key: &'a str,
}

impl<'a> Plan<'a> {
    /// `key` says whether there is a key, without revealing it.
    pub fn new(request: &'a FaceMatch, base: &Base, is_local: bool, key: &'a str) -> Self {
        let url = (!is_local).then(|| base.join(FaceMatch::PATH).to_string());
        Self { request, url, key }
    }

    pub fn as_text(&self) -> String {
        let mut lines = vec!["Dry run: inputs checked; nothing sent or written.".to_owned()];
        lines.push(match &self.url {
            Some(url) => format!("POST {url}"),
            None => "compare on this machine with the built-in engine".to_owned(),
        });
        lines.push(format!("x-api-key: ({})", self.key));
        for (field, photo, file_name) in self.request.images() {
            lines.push(format!(
                "{field}: {}, {} bytes, sent as {file_name} ({})",
                photo.name(),
                photo.size(),
                photo.format().media_type()
            ));
        }
        lines.extend(self.request.fields().iter().map(|(name, value)| format!("{name}: {value}")));
        lines.iter().map(|line| safe(line)).collect::<Vec<_>>().join("\n") + "\n"
    }

    pub fn as_json(&self) -> String {
        let mut sent = json!({});
        for (field, photo, file_name) in self.request.images() {
            sent[field] = json!({
                "file": photo.name(),
                "sent_as": file_name,
                "content_type": photo.format().media_type(),
                "bytes": photo.size(),
            });
        }
        for (name, value) in self.request.fields() {
            sent[name] = value.into();
        }
        let plan = json!({"schema": SCHEMA, "dry_run": true, "url": self.url, "api_key": self.key, "fields": sent});
        format!("{plan}\n")
    }
}

/// One line that says what the exit code says, as `docs/schema/verdict.json` describes it. `judged_by`
/// names the service or engine, and `charged` says what its verdict cost.
pub fn verdict_line(
    verdict: &Verdict,
    details: &AnswerDetails,
    judged_by: &str,
    charged: Charge,
    exit: Exit,
) -> serde_json::Result<String> {
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
        reason: verdict.reason().map(Reason::name),
        decided_by,
        judged_by,
        warnings: details.warnings.iter().map(|warning| warning.risk.as_str()).collect(),
        request_id: details.request_id.as_deref(),
        charged: charged.name(),
        exit_code: exit.code(),
    };
    Ok(serde_json::to_string(&line)? + "\n")
}

pub fn balance(stream: Stream, balance: &Balance) -> String {
    let mut table = plain(stream);
    table.add_row(["Balance", &balance.balance.to_string()]);
    table.add_row(["Auto-refill", &refill(balance)]);
    format!("{}\n", table.trim_fmt())
}

fn refill(balance: &Balance) -> String {
    match (balance.refills, balance.refill_amount, balance.refill_threshold) {
        (None, ..) => "-".to_owned(),
        (Some(false), ..) => "off".to_owned(),
        (Some(true), Some(amount), Some(threshold)) => {
            format!("on: adds {amount} when it falls below {threshold}")
        }
        (Some(true), Some(amount), None) => format!("on: adds {amount}"),
        (Some(true), None, _) => "on".to_owned(),
    }
}
