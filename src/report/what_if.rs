//! `--what-if`: the verdicts at other thresholds, from the recorded scores.

use comfy_table::{Cell, CellAlignment};
use serde::Serialize;
use serde_json::json;

use super::{Entry, Report};
use crate::render::Stream;
use crate::render::table::{drawn, frame};
use crate::values::json::SCHEMA;
use crate::values::text::{count, safe};
use crate::verdict::Threshold;

/// What would happen at one threshold.
#[derive(Debug, PartialEq, Eq, Serialize)]
struct Outcome {
    #[serde(serialize_with = "as_number")]
    threshold: Threshold,
    approved: usize,
    declined: usize,
    /// Approved pairs that `expect` says are different people.
    false_accepts: usize,
    /// Declined pairs that `expect` says are the same person.
    false_rejects: usize,
}

fn as_number<S: serde::Serializer>(threshold: &Threshold, to: S) -> Result<S::Ok, S::Error> {
    serde_json::value::RawValue::from_string(threshold.to_string())
        .map_err(serde::ser::Error::custom)?
        .serialize(to)
}

pub struct WhatIf<'a> {
    report: &'a Report,
    judged: usize,
    /// How many pairs are known to be the same person, and different people.
    known: [usize; 2],
    outcomes: Vec<Outcome>,
}

impl<'a> WhatIf<'a> {
    pub fn new(report: &'a Report, thresholds: &[Threshold]) -> Self {
        let judged: Vec<_> = report.entries.iter().filter(|e| e.status.is_judged()).collect();
        let expecting = |what| judged.iter().filter(|e| expects(e, what)).count();
        let mut thresholds = thresholds.to_vec();
        thresholds.sort();
        thresholds.dedup();
        Self {
            report,
            judged: judged.len(),
            known: ["approved", "declined"].map(expecting),
            outcomes: thresholds.iter().map(|threshold| outcome(&judged, *threshold)).collect(),
        }
    }

    /// One line of JSON, described by `docs/schema/what-if.json`.
    pub fn json(&self) -> String {
        let [same, different] = self.known;
        json!({
            "schema": SCHEMA,
            "pairs": self.report.entries.len(),
            "judged": self.judged,
            "expected_approved": same,
            "expected_declined": different,
            "judged_by": self.report.judges().iter().map(|(name, _)| *name).collect::<Vec<_>>(),
            "thresholds": self.outcomes,
        })
        .to_string()
    }

    pub fn table(&self, stream: Stream) -> String {
        let [same, different] = self.known;
        let mut table = frame(stream);
        let mut header = vec!["Threshold", "Approved", "Declined"];
        header.extend((different > 0).then_some("False accepts"));
        header.extend((same > 0).then_some("False rejects"));
        table.set_header(header);
        for outcome in &self.outcomes {
            let mut row = vec![
                outcome.threshold.to_string(),
                outcome.approved.to_string(),
                outcome.declined.to_string(),
            ];
            row.extend((different > 0).then(|| share(outcome.false_accepts, different)));
            row.extend((same > 0).then(|| share(outcome.false_rejects, same)));
            table.add_row(
                row.into_iter().map(|text| Cell::new(text).set_alignment(CellAlignment::Right)),
            );
        }
        let hint = "; a column `expect` (approved or declined) in the manifest adds false accepts and rejects";
        format!(
            "{}\n\n{} of {} with a verdict{}\n{}\n",
            drawn(stream, &table, &[]),
            self.judged,
            count(self.report.entries.len() as u64, "pair"),
            if same + different == 0 { hint } else { "" },
            self.report.judged_by(|name| safe(name).into_owned())
        )
    }
}

fn outcome(judged: &[&Entry], threshold: Threshold) -> Outcome {
    let is_approved = |entry: &&&Entry| {
        let score = entry.verdict.and_then(|verdict| verdict.score());
        score.is_some_and(|score| threshold.is_reached_by(score))
    };
    let (approved, declined): (Vec<_>, Vec<_>) = judged.iter().partition(is_approved);
    let wrong = |entries: &[&&Entry], what| entries.iter().filter(|e| expects(e, what)).count();
    Outcome {
        threshold,
        approved: approved.len(),
        declined: declined.len(),
        false_accepts: wrong(&approved, "declined"),
        false_rejects: wrong(&declined, "approved"),
    }
}

/// Whether the manifest's `expect` column says so.
fn expects(entry: &Entry, what: &str) -> bool {
    entry.extra("expect").trim().eq_ignore_ascii_case(what)
}

#[allow(clippy::cast_precision_loss, reason = "a percentage for people")]
fn share(count: usize, of: usize) -> String {
    format!("{count} of {of} ({:.1}%)", 100.0 * count as f64 / of as f64)
}
