//! `report --pictures` in a build without the built-in engine, which is what decodes photos.

use std::path::Path;

use crate::error::{Error, Result};
use crate::render::Console;
use crate::report::Report;

/// There is none.
pub(super) enum Folder {}

impl Folder {
    pub(super) fn prepare(_: &Path) -> Result<Self, Error> {
        unreachable!("refused before")
    }

    pub(super) fn fill(&self, _: &Report, _: bool, _: &Console) -> Result<()> {
        match *self {}
    }
}
