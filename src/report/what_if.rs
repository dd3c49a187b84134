//! `--what-if`: the verdicts at other thresholds, from the recorded scores.

use comfy_table::{Cell, CellAlignment};
use serde::Serialize;
use serde_json::json;

use super::Report;
use crate::error::{Error, Result};
use crate::render::Stream;
use crate::render::table::{drawn, frame};
use crate::values::json::SCHEMA;
use crate::values::text::{count, safe};
use crate::verdict::Threshold;

/// What would happen at one threshold.
#[derive(Serialize)]
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

impl Outcome {
    fn new(threshold: Threshold) -> Self {
        Self { threshold, approved: 0, declined: 0, false_accepts: 0, false_rejects: 0 }
    }
}

fn as_number<S: serde::Serializer>(threshold: &Threshold, to: S) -> Result<S::Ok, S::Error> {
    serde_json::value::RawValue::from_string(threshold.to_string())
        .map_err(serde::ser::Error::custom)?
        .serialize(to)
}

pub struct WhatIf<'a> {
    report: &'a Report<'a>,
    judged: usize,
    /// How many pairs are known to be the same person, and different people.
    known: [usize; 2],
    outcomes: Vec<Outcome>,
}

impl<'a> WhatIf<'a> {
    pub fn new(report: &'a Report<'a>, thresholds: &[Threshold]) -> Result<Self, Error> {
        let mut thresholds = thresholds.to_vec();
        thresholds.sort();
        thresholds.dedup();
        let outcomes = thresholds.into_iter().map(Outcome::new).collect();
        let mut all = Self { report, judged: 0, known: [0; 2], outcomes };
        for entry in report.entries() {
            let entry = entry?;
            if !entry.status.is_judged() {
                continue;
            }
            let expected = entry.extra("expect").trim().to_lowercase();
            let [same, different] = ["approved", "declined"].map(|what| expected == what);
            let score = entry.verdict.and_then(|verdict| verdict.score());
            all.judged += 1;
            all.known[0] += usize::from(same);
            all.known[1] += usize::from(different);
            for outcome in &mut all.outcomes {
                if score.is_some_and(|score| outcome.threshold.is_reached_by(score)) {
                    outcome.approved += 1;
                    outcome.false_accepts += usize::from(different);
                } else {
                    outcome.declined += 1;
                    outcome.false_rejects += usize::from(same);
                }
            }
        }
        Ok(all)
    }

    /// One line of JSON, described by `docs/schema/what-if.json`.
    pub fn json(&self) -> String {
        let [same, different] = self.known;
        json!({
            "schema": SCHEMA,
            "pairs": self.report.len(),
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
            count(self.report.len() as u64, "pair"),
            if same + different == 0 { hint } else { "" },
            self.report.judged_by(|name| safe(name).into_owned())
        )
    }
}

#[allow(clippy::cast_precision_loss, reason = "a percentage for people")]
fn share(count: usize, of: usize) -> String {
    format!("{count} of {of} ({:.1}%)", 100.0 * count as f64 / of as f64)
}
