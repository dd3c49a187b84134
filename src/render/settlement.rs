//! What `decision --journal` found out, and what is left.

use serde_json::json;

use crate::batch::journal::RecordState;
use crate::exit::Exit;
use crate::values::text::{excerpt, safe};
use crate::verdict::Status;

/// How many pairs that are left are named.
const NAMED: usize = 10;
const QUOTED: usize = 60;

/// Where the pairs of a journal stand.
pub struct Settlement {
    /// Where the lines are.
    pub journal: String,
    pub pairs: u64,
    /// The same person.
    pub approved: u64,
    /// Not the same person.
    pub declined: u64,
    /// A person has to decide.
    pub in_review: u64,
    /// Failed, and not paid.
    pub failed: u64,
    /// May have been paid, but have no verdict.
    pub unknown: u64,
    /// Reviews that came to an end.
    pub settled: u64,
    /// Lost answers that were found.
    pub found: u64,
    /// What is In Review or unknown.
    pub left: Vec<Left>,
    /// What it all comes to.
    pub exit: Exit,
}

pub struct Left {
    pub id: String,
    /// Where it stands.
    pub state: RecordState,
    /// Why it was not settled.
    pub why: String,
}

impl Default for Settlement {
    fn default() -> Self {
        Self {
            journal: String::new(),
            pairs: 0,
            approved: 0,
            declined: 0,
            in_review: 0,
            failed: 0,
            unknown: 0,
            settled: 0,
            found: 0,
            left: Vec::new(),
            exit: Exit::Incomplete,
        }
    }
}

impl Settlement {
    pub fn count(&mut self, state: RecordState) {
        self.pairs += 1;
        match state {
            RecordState::Judged(verdict) => match verdict.status() {
                Status::Approved => self.approved += 1,
                Status::Declined => self.declined += 1,
                Status::InReview => self.in_review += 1,
            },
            RecordState::Unknown => self.unknown += 1,
            RecordState::Failed => self.failed += 1,
        }
    }

    /// How many pairs have a verdict.
    pub fn judged(&self) -> u64 {
        self.approved + self.declined + self.in_review
    }

    /// For a script: one line of JSON.
    pub fn as_json(&self) -> String {
        let left = self
            .left
            .iter()
            .map(|left| json!({"id": left.id, "state": left.state_name(), "why": left.why}));
        let summary = json!({
            "pairs": self.pairs,
            "approved": self.approved,
            "declined": self.declined,
            "in_review": self.in_review,
            "failed": self.failed,
            "unknown": self.unknown,
            "settled": self.settled,
            "found": self.found,
            "left": left.collect::<Vec<_>>(),
            "journal": self.journal,
            "exit_code": self.exit.code(),
        });
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
            ("Settled now", self.settled),
            ("Found again", self.found),
        ]
        .map(|(label, count)| format!("{label:<14}{count}"))
        .into();
        for left in self.left.iter().take(NAMED) {
            let (id, state) = (excerpt(&left.id, QUOTED), left.state_name());
            lines.push(format!("pair `{id}` is {state}: {}", safe(&left.why)));
        }
        match self.left.len().saturating_sub(NAMED) {
            0 => {}
            more => lines.push(format!("and {more} more; --json names them all")),
        }
        lines.join("\n") + "\n"
    }
}

impl Left {
    fn state_name(&self) -> &'static str {
        match self.state {
            RecordState::Judged(verdict) => verdict.status().name(),
            RecordState::Unknown => "unknown",
            RecordState::Failed => "failed",
        }
    }
}
