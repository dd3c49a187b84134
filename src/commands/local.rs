//! The built-in engine's answer to a request, in the service's own shape.

use crate::api::FaceMatch;
use crate::error::{Error, Kind, Result};
use crate::render::Console;

/// Compares the two photos on this machine.
#[cfg(not(feature = "engine"))]
pub(super) fn answer(_: &FaceMatch, _: &Console) -> Result<Vec<u8>> {
    Err(Error::new(Kind::Usage, "this build has no built-in engine, so there is no `--local`")
        .hint("build it with the default features: cargo build --release")
        .into())
}
#[cfg(feature = "engine")]
pub(super) fn answer(_: &FaceMatch, _: &Console) -> Result<Vec<u8>> {
    Err(Error::new(Kind::Usage, "engine not merged").into())
}
