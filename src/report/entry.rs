//! One pair, from the journal line that counts for it.

use std::io;

use rust_decimal::Decimal;
use serde_json::Value;

use super::{PairStatus, judge, remark};
use crate::batch::journal::{Ended, Failure, PairRef, Record, State};
use crate::verdict::answer::{AnswerDetails, ImageDetails};
use crate::verdict::{Reason, Score, Status, Verdict};

/// Data that only some formats need: with 100,000 pairs, it takes most of the memory.
#[derive(Clone, Copy, Debug, Default)]
pub struct Needs {
    /// The journal's lines.
    pub records: bool,
    pub faces: bool,
}

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
    pub(super) extra: Vec<(String, String)>,
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
    pub(super) is_settled: bool,
    pub request_id: Option<String>,
    pub elapsed_ms: u64,
    /// In UTC.
    pub finished_at: String,
    /// Empty unless [`Needs`] asks for them.
    pub faces: [ImageDetails; 2],
    /// The journal's line; empty unless [`Needs`] asks for it.
    pub(super) record: Box<str>,
    /// The row's number in the manifest.
    pub row: Option<u64>,
    /// The lines of other requests that may not be lost: they may have been charged.
    pub(super) also: Vec<Box<str>>,
}

impl Entry {
    /// The pair that `state` has at `pair`.
    pub fn read(state: &State, pair: PairRef, needs: Needs) -> io::Result<Self> {
        let (record, _) = state.current(pair)?;
        let is_deleted = state.is_deleted(&record);
        let mut entry = Self::new(record, needs);
        if is_deleted {
            entry.warnings.push("erased at the service".to_owned());
        }
        if needs.records {
            let unknown = state.unknown(pair)?.into_iter().map(|(record, _)| record);
            let all = state.verdicts(pair)?.into_iter().chain(unknown);
            entry.also = all.map(|record| line(&record)).filter(|l| *l != entry.record).collect();
        }
        Ok(entry)
    }

    fn new(record: Record, needs: Needs) -> Self {
        let (status, verdict) = match record.ended() {
            Some(Ended::Judged(verdict)) => (of_verdict(verdict.status()), Some(verdict)),
            Some(Ended::Unknown) => (PairStatus::Unknown, None),
            Some(Ended::Failed) | None => (PairStatus::Failed, None),
        };
        let response = record.response.as_ref().map(|text| serde_json::from_str(text.get()));
        let response: Value = response.and_then(Result::ok).unwrap_or_default();
        let details = AnswerDetails::of(&response);
        let [sent_user, sent_ref] = record.sent_sizes.unwrap_or_default();
        let settled = record.settled_from.as_deref().map(remark::settled);
        let decided = record.decided_by.as_ref().map(|by| format!("decided by a higher {by}"));
        let has_reason = verdict.is_some_and(|verdict| verdict.reason().is_some());
        let notes = remark::in_words(&record.warnings, has_reason);
        let answered = record.warnings.len();
        let warnings = record.warnings.iter().map(warning).chain(settled).chain(decided).collect();
        let score = record.score.as_ref().map(|score| score.get().to_owned());
        Self {
            record: if needs.records { line(&record) } else { Box::default() },
            row: record.row,
            also: Vec::new(),
            is_settled: record.settled_from.is_some(),
            judge: judge::name(
                &record.options.judged_by,
                details.engine.as_ref(),
                record.is_sandbox(),
            ),
            id: record.id,
            status,
            verdict,
            score: score.filter(|_| verdict.is_some_and(|verdict| verdict.score().is_some())),
            threshold: record.threshold.get().to_owned(),
            photos: [record.user_image, record.ref_image],
            sha256: [record.user_sha256, record.ref_sha256],
            vendor_data: record.options.vendor_data,
            extra: record.extra.into_iter().collect(),
            warnings,
            answered,
            notes,
            no_face: details.no_face(),
            error: record.error,
            request_id: record.request_id,
            elapsed_ms: record.elapsed_ms,
            finished_at: record.finished_at,
            faces: if needs.faces {
                [
                    ImageDetails { sent_size: sent_user, ..details.user_image },
                    ImageDetails { sent_size: sent_ref, ..details.ref_image },
                ]
            } else {
                Default::default()
            },
        }
    }

    pub(super) fn verdict_score(&self) -> Option<Decimal> {
        self.verdict?.score().map(Score::value)
    }

    /// The value in the manifest's additional column `name`; empty without that column.
    pub(super) fn extra(&self, name: &str) -> &str {
        let column = self.extra.iter().find(|(column, _)| column == name);
        column.map_or("", |(_, value)| value)
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

/// Can't fail: only strings and numbers.
fn line(record: &Record) -> Box<str> {
    serde_json::to_string(record).unwrap_or_default().into()
}

fn of_verdict(status: Status) -> PairStatus {
    match status {
        Status::Approved => PairStatus::Approved,
        Status::Declined => PairStatus::Declined,
        Status::InReview => PairStatus::InReview,
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
