//! The latest record of each pair, unchanged from the journal.

use std::io::Write;

use super::{Report, unread};
use crate::batch::journal::Lines;
use crate::error::Result;

pub(super) fn array(report: &Report<'_>, out: &mut dyn Write) -> Result<()> {
    let mut before: &[u8] = b"[";
    each(report, false, |line| {
        out.write_all(before)?;
        before = b",\n ";
        Ok(out.write_all(line)?)
    })?;
    out.write_all(if report.is_empty() { b"[" } else { b"" })?;
    Ok(out.write_all(b"]\n")?)
}

/// A journal that `batch` can go on with: what may have been charged is never left out.
pub(super) fn lines(report: &Report<'_>, out: &mut dyn Write) -> Result<()> {
    each(report, true, |line| {
        out.write_all(line)?;
        Ok(out.write_all(b"\n")?)
    })
}

/// The line that counts for each pair, after those that may not be lost, if `with_others`.
fn each(
    report: &Report<'_>,
    with_others: bool,
    mut write: impl FnMut(&[u8]) -> Result<()>,
) -> Result<()> {
    let (state, mut lines) = (report.state, Lines::new(report.state));
    for row in &report.rows {
        let (place, _) = state.counting(row.pair).map_err(|e| unread(&e))?;
        let others = state.charged(row.pair).filter(|other| with_others && *other != place);
        for other in others {
            write(&serde_json::to_vec(&lines.record(other).map_err(|e| unread(&e))?)?)?;
        }
        if row.status.is_judged() {
            write(lines.text(place).map_err(|e| unread(&e))?)?;
        } else {
            // A mark becomes the result that it stands for.
            write(&serde_json::to_vec(&lines.record(place).map_err(|e| unread(&e))?)?)?;
        }
    }
    Ok(())
}
