//! `--check`: tells what is wrong with a photo before it is sent.

use super::Remark;
use crate::error::{Error, Kind, Result};
use crate::photo::Photo;
use crate::preflight::{CheckOptions, Inspector, Level};

/// The warnings about `photo`; an error if it is unusable.
pub(super) fn check(
    inspector: &Inspector,
    photo: &Photo,
    rotate: bool,
    fit: bool,
) -> Result<Vec<Remark>> {
    let options = CheckOptions { rotate, fit };
    let name = photo.name();
    let inspection = inspector.inspect(name.to_owned(), &photo.bytes(), options)?;
    let (fails, warns): (Vec<_>, Vec<_>) =
        inspection.findings.iter().partition(|finding| finding.level == Level::Fails);
    if fails.is_empty() {
        let warning = |text: String| Remark::Warning(format!("{name}: {text}"));
        return Ok(warns.iter().map(|finding| warning(finding.in_words())).collect());
    }
    // With its advice, which would name no photo in a hint for both.
    let what: Vec<_> = fails.iter().map(|finding| finding.in_words()).collect();
    let message = format!("`{name}` is unusable: {}", what.join("; "));
    Err(Error::new(Kind::Input, message).into())
}
