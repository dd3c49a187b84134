//! The output of `decision --journal`.

use serde_json::json;

use crate::batch::lookup::Settlement;
use crate::values::json::SCHEMA;
use crate::values::text::{QUOTED, excerpt, safe};

const NAMED: usize = 10;

pub fn as_json(settlement: &Settlement) -> String {
    let mut summary = json!(settlement);
    summary["left"] = settlement.open.len().into();
    summary["schema"] = SCHEMA.into();
    summary["exit_code"] = settlement.exit().code().into();
    format!("{summary}\n")
}

pub fn as_text(settlement: &Settlement) -> String {
    let mut lines: Vec<String> = [
        ("Pairs", settlement.pairs),
        ("Approved", settlement.approved),
        ("Declined", settlement.declined),
        ("In Review", settlement.in_review),
        ("Failed", settlement.failed),
        ("Unknown", settlement.unknown),
        ("Absent", settlement.absent),
        ("Settled now", settlement.settled),
        ("Answers found", settlement.found),
    ]
    .map(|(label, count)| format!("{label:<15}{count}"))
    .into();
    for pair in settlement.open.iter().take(NAMED) {
        let (id, state) = (excerpt(&pair.id, QUOTED), pair.state);
        lines.push(format!("pair `{id}` is {state}: {}", safe(&pair.why)));
    }
    match settlement.open.len().saturating_sub(NAMED) {
        0 => {}
        more => lines.push(format!("and {more} more; --json lists them all")),
    }
    lines.join("\n") + "\n"
}
