//! `--fit` and `--check`, for which a photo is decoded.

use bytes::Bytes;

use super::{Prepared, Remark, Unprepared, fit};
use crate::cli::options::PrepareOptions;
use crate::error::{Error, Kind, Result};
use crate::photo::{Format, LIMIT, Photo, is_decodable};
use crate::preflight::{CheckOptions, Inspector, Level};
use crate::values::size::PhotoSize;

pub(super) struct Inspection {
    options: PrepareOptions,
    inspector: Inspector,
}

/// A photo that must be made to fit before it can be sent.
pub struct Unfit {
    name: String,
    bytes: Bytes,
    limit: PhotoSize,
}

impl Inspection {
    pub(super) fn new(options: PrepareOptions) -> Self {
        Self { options, inspector: Inspector::default() }
    }

    pub(super) fn limit(&self) -> usize {
        if self.options.fit.is_some() { fit::MOST_BYTES } else { LIMIT }
    }

    pub(super) fn decodes(&self) -> bool {
        self.options.fit.is_some() || self.options.check
    }

    pub(super) fn admit(&self, name: String, bytes: Bytes) -> Result<Unprepared, Error> {
        let Some(limit) = self.options.fit else {
            return Photo::new(name, bytes).map(Unprepared::Photo);
        };
        match Photo::new(name.clone(), bytes.clone()) {
            // Only a conversion to JPEG removes a TIFF's metadata.
            Ok(photo) if self.options.strip_metadata && photo.format() == Format::Tiff => {}
            Ok(photo) if photo.size() <= limit.bytes() => return Ok(Unprepared::Photo(photo)),
            Err(e) if !is_decodable(&bytes) => return Err(e),
            Ok(_) | Err(_) => {}
        }
        Ok(Unprepared::Unfit(Unfit { name, bytes, limit }))
    }

    pub(super) fn fit(&self, unfit: &Unfit) -> Result<Prepared> {
        fit::fit(&self.inspector, &unfit.name, &unfit.bytes, unfit.limit)
    }

    /// The warnings of `--check`; an error if the photo is unusable.
    pub(super) fn check(&self, photo: &Photo, rotate: bool) -> Result<Vec<Remark>> {
        if !self.options.check {
            return Ok(Vec::new());
        }
        let options = CheckOptions { rotate, fit: self.options.fit.is_some(), guesses: false };
        let name = photo.name();
        let report = self.inspector.report(name.to_owned(), &photo.bytes(), options)?;
        let (fails, warns): (Vec<_>, Vec<_>) =
            report.findings.iter().partition(|finding| finding.level == Level::Fails);
        if fails.is_empty() {
            let warning = |text: String| Remark::Warning(format!("{name}: {text}"));
            return Ok(warns.iter().map(|finding| warning(finding.in_words())).collect());
        }
        // With its advice, which would name no photo in a hint for both.
        let what: Vec<_> = fails.iter().map(|finding| finding.in_words()).collect();
        let message = format!("`{name}` is unusable: {}", what.join("; "));
        Err(Error::new(Kind::Input, message).into())
    }
}
