//! `--annotate` and `--preview` in a build without the built-in engine, which is what decodes photos.

use super::Context;
use crate::api::FaceMatch;
use crate::cli::Annotation;
use crate::error::Result;
use crate::judge::Judged;

/// There is none.
pub(super) enum Annotate {}

/// `None`: a picture was refused with the command line.
#[expect(clippy::unnecessary_wraps, reason = "a build with the engine can fail here")]
pub(super) fn prepare(wanted: &Annotation) -> Result<Option<Annotate>> {
    debug_assert!(wanted.annotate.is_none() && !wanted.preview, "refused before");
    Ok(None)
}

impl Annotate {
    pub(super) fn with(self, _: &FaceMatch) -> Result<Self> {
        match self {}
    }

    pub(super) fn finish(self, _: &Judged, _: &Context) -> Result<()> {
        match self {}
    }
}
