//! `--annotate` and `--preview` in a build without the built-in engine, which is what decodes photos.

use super::{Context, needs_engine};
use crate::api::FaceMatch;
use crate::cli::Annotation;
use crate::error::Result;
use crate::verdict::Verdict;

/// There is none.
pub(super) enum Annotate {}

/// `None` if no picture is wanted.
pub(super) fn prepare(wanted: &Annotation) -> Result<Option<Annotate>> {
    match (&wanted.annotate, wanted.preview) {
        (Some(_), _) => Err(needs_engine::error("`--annotate`").into()),
        (None, true) => Err(needs_engine::error("`--preview`").into()),
        (None, false) => Ok(None),
    }
}

impl Annotate {
    pub(super) fn with(self, _: &FaceMatch) -> Result<Self> {
        match self {}
    }

    pub(super) fn finish(self, _: &[u8], _: &Verdict, _: &Context) -> Result<()> {
        match self {}
    }
}
