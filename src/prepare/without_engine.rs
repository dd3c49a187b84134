//! Stubs for a build without the built-in engine, which refuses `--fit` and `--check`.

#![expect(clippy::unused_self, clippy::unnecessary_wraps, reason = "as in a build with the engine")]

use bytes::Bytes;

use super::{Prepared, Remark, Unprepared};
use crate::cli::options::PrepareOptions;
use crate::error::{Error, Result};
use crate::photo::{LIMIT, Photo};

pub(super) struct Inspection;

pub enum Unfit {}

impl Inspection {
    pub(super) fn new(_: PrepareOptions) -> Self {
        Self
    }

    pub(super) fn limit(&self) -> usize {
        LIMIT
    }

    pub(super) fn decodes(&self) -> bool {
        false
    }

    pub(super) fn admit(&self, name: String, bytes: Bytes) -> Result<Unprepared, Error> {
        Photo::new(name, bytes).map(Unprepared::Photo)
    }

    pub(super) fn fit(&self, unfit: &Unfit) -> Result<Prepared> {
        match *unfit {}
    }

    pub(super) fn check(&self, _: &Photo, _: bool) -> Result<Vec<Remark>> {
        Ok(Vec::new())
    }
}
