//! The output of `decision --journal`.

use serde::Serialize;
use serde_json::json;

use crate::batch::journal::PairState;
use crate::exit::Exit;
use crate::values::json::SCHEMA;
use crate::values::text::{QUOTED, excerpt, safe};
use crate::verdict::Status;

const NAMED: usize = 10;

/// The number of a journal's pairs in each state.
#[derive(Default, Serialize)]
pub struct Settlement {
    pub journal: String,
    pub pairs: u64,
    pub approved: u64,
    pub declined: u64,
    pub in_review: u64,
    /// Not charged.
    pub failed: u64,
    /// Without a verdict, but may have been charged.
    pub unknown: u64,
    /// Of these, how many the service has no record of.
    pub absent: u64,
    /// Reviews that were decided.
    pub settled: u64,
    /// Lost answers that were found again.
    pub found: u64,
    /// Pairs still In Review or unknown.
    pub left: Vec<Left>,
}

#[derive(Serialize)]
pub struct Left {
    pub id: String,
    pub state: &'static str,
    /// Why it could not be settled.
    pub why: String,
}

impl Settlement {
    pub fn count(&mut self, state: PairState) {
        self.pairs += 1;
        match state {
            PairState::Judged(known) => match known.status {
                Status::Approved => self.approved += 1,
                Status::Declined => self.declined += 1,
                Status::InReview => self.in_review += 1,
            },
            PairState::Unknown { is_absent } => {
                self.unknown += 1;
                self.absent += u64::from(is_absent);
            }
            PairState::Failed => self.failed += 1,
        }
    }

    pub fn exit(&self) -> Exit {
        Exit::of_batch(self.pairs, self.approved, self.declined, self.in_review)
    }

    pub fn judged(&self) -> u64 {
        self.approved + self.declined + self.in_review
    }

    /// One line of JSON.
    pub fn as_json(&self) -> String {
        let mut summary = json!(self);
        summary["schema"] = SCHEMA.into();
        summary["exit_code"] = self.exit().code().into();
        format!("{summary}\n")
    }

    pub fn as_text(&self) -> String {
        let mut lines: Vec<String> = [
            ("Pairs", self.pairs),
            ("Approved", self.approved),
            ("Declined", self.declined),
            ("In Review", self.in_review),
            ("Failed", self.failed),
            ("Unknown", self.unknown),
            ("Absent", self.absent),
            ("Settled now", self.settled),
            ("Answers found", self.found),
        ]
        .map(|(label, count)| format!("{label:<15}{count}"))
        .into();
        for left in self.left.iter().take(NAMED) {
            let (id, state) = (excerpt(&left.id, QUOTED), left.state);
            lines.push(format!("pair `{id}` is {state}: {}", safe(&left.why)));
        }
        match self.left.len().saturating_sub(NAMED) {
            0 => {}
            more => lines.push(format!("and {more} more; --json lists them all")),
        }
        lines.join("\n") + "\n"
    }
}

pub fn state_name(state: PairState) -> &'static str {
    match state {
        PairState::Judged(known) => known.status.name(),
        PairState::Unknown { .. } => "unknown",
        PairState::Failed => "failed",
    }
}
