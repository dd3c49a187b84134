//! One pair, from the journal line that counts for it.

use std::collections::BTreeMap;
use std::io;

use rust_decimal::Decimal;
use serde_json::Value;

use super::{PairStatus, Report, Row, remark};
use crate::batch::journal::{Failure, Lines, UNANSWERED};
use crate::verdict::answer::{AnswerDetails, ImageDetails};
use crate::verdict::{Reason, Score, Verdict};

#[derive(Clone, Debug)]
pub struct Entry {
    pub id: String,
    pub status: PairStatus,
    pub verdict: Option<Verdict>,
    /// Exactly as written; `None` if no faces were compared.
    pub score: Option<String>,
    pub threshold: String,
    /// The paths of the photos, as in the manifest.
    pub photos: [String; 2],
    pub sha256: [Option<String>; 2],
    pub vendor_data: Option<String>,
    /// The manifest's additional columns: names and values.
    pub(super) extra: BTreeMap<String, String>,
    pub warnings: Vec<String>,
    /// How many of the warnings are the answer's; the others are ours.
    answered: usize,
    /// The answer's warnings in words, without those that repeat why it was declined.
    notes: Vec<String>,
    /// Which photo shows no face.
    no_face: &'static str,
    pub error: Option<Failure>,
    /// The service or engine that judged the pair, or was asked to.
    pub judge: String,
    pub request_id: Option<String>,
    pub elapsed_ms: u64,
    /// In UTC.
    pub finished_at: String,
    /// Empty unless [`super::Settings::faces`].
    pub faces: [ImageDetails; 2],
}

impl Entry {
    pub(super) fn read(report: &Report<'_>, row: Row, lines: &mut Lines<'_>) -> io::Result<Self> {
        let (state, settings) = (report.state, &report.settings);
        let (place, _) = state.counting(row.pair)?;
        let record = lines.record(place)?;
        let verdict = record.verdict().filter(|_| row.status.is_judged());
        let has_reason = verdict.is_some_and(|verdict| verdict.reason().is_some());
        let response = record.response.as_ref().filter(|_| settings.faces || has_reason);
        let details = response.and_then(|body| AnswerDetails::read(body.get().as_bytes()).ok());
        let details = details.unwrap_or_default();
        let [sent_user, sent_ref] = record.sent_sizes.unwrap_or_default();
        let settled = record.settled_from.as_deref().map(remark::settled);
        let decided = record.decided_by.as_ref().map(|by| format!("decided by a higher {by}"));
        let erased = state.is_deleted(&record).then(|| "erased at the service".to_owned());
        let ours = settled.into_iter().chain(decided).chain(erased);
        let score = record.score.as_ref().map(|score| score.get().to_owned());
        let mut entry = Self {
            judge: report.judges[row.judge as usize].name.clone(),
            status: row.status,
            verdict,
            score: score.filter(|_| verdict.is_some_and(|verdict| verdict.score().is_some())),
            notes: remark::in_words(&record.warnings, has_reason),
            answered: record.warnings.len(),
            warnings: record.warnings.iter().map(warning).chain(ours).collect(),
            no_face: details.no_face(),
            threshold: record.threshold.get().to_owned(),
            photos: [record.user_image, record.ref_image],
            sha256: [record.user_sha256, record.ref_sha256],
            vendor_data: record.options.vendor_data,
            extra: record.extra,
            id: record.id,
            error: record.error,
            request_id: record.request_id,
            elapsed_ms: record.elapsed_ms,
            finished_at: record.finished_at,
            faces: [
                ImageDetails { sent_size: sent_user, ..details.user_image },
                ImageDetails { sent_size: sent_ref, ..details.ref_image },
            ],
        };
        if let Some(error) = entry.error.as_mut().filter(|e| e.message == UNANSWERED)
            && settings.is_running
        {
            "in progress".clone_into(&mut error.kind);
            "sent, waiting for its answer".clone_into(&mut error.message);
        }
        Ok(entry)
    }

    pub(super) fn verdict_score(&self) -> Option<Decimal> {
        self.verdict?.score().map(Score::value)
    }

    /// The value in the manifest's additional column `name`; empty without that column.
    pub(super) fn extra(&self, name: &str) -> &str {
        self.extra.get(name).map_or("", String::as_str)
    }

    pub(super) fn error_line(&self) -> Option<String> {
        self.error.as_ref().map(|error| format!("{}: {}", error.kind, error.message))
    }

    pub(super) fn reason(&self) -> Option<Reason> {
        self.verdict.and_then(|verdict| verdict.reason())
    }

    /// Why there is no score, unless there is an error that explains it.
    pub(super) fn why_no_score(&self) -> Option<&'static str> {
        let is_silent = self.score.is_none() && self.error.is_none();
        is_silent.then_some(match self.status {
            PairStatus::Unknown => "sent, no answer recorded: may have been charged",
            _ => "no score: there was no face to compare",
        })
    }

    /// The reason or error, and the warnings, in words and none of them twice.
    pub fn remarks(&self) -> Vec<String> {
        let reason = self.reason().map(|reason| match reason {
            Reason::NoFace => format!("{}: retake it", self.no_face),
            Reason::LowSimilarity => reason.advice().to_owned(),
        });
        let why = || self.error_line().or_else(|| self.why_no_score().map(str::to_owned));
        let ours = self.warnings.iter().skip(self.answered);
        reason.or_else(why).into_iter().chain(self.notes.iter().chain(ours).cloned()).collect()
    }

    pub(super) fn judged_by(&self) -> Option<&str> {
        self.status.is_judged().then_some(self.judge.as_str())
    }

    /// Like `2026-01-01 12:00:00`.
    pub(super) fn time(&self) -> String {
        self.finished_at.chars().take(19).collect::<String>().replace('T', " ")
    }
}

fn warning(value: &Value) -> String {
    let text = |value: &Value| value.as_str().map(str::to_owned);
    let risk = text(&value["risk"]).or_else(|| text(value));
    let risk = risk.unwrap_or_else(|| "unnamed warning".to_owned());
    match text(&value["short_description"]) {
        Some(description) => format!("{risk}: {description}"),
        None => risk,
    }
}
