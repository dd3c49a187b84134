//! The built-in engine's answer to a request, in the service's own shape.

use crate::api::FaceMatch;
use crate::error::Result;

/// Compares the two photos on this machine and returns the body of the answer.
#[cfg(feature = "engine")]
pub(super) fn answer(request: &FaceMatch) -> Result<Vec<u8>> {
    use serde_json::value::RawValue;

    use crate::engine::{Engine, Rotation, answer};

    /// One for all pairs of a batch: its models are loaded once.
    static ENGINE: Engine = Engine::new();

    let rotation = if request.rotate { Rotation::Search } else { Rotation::AsIs };
    let (user, reference) = (request.user_image.bytes()?, request.ref_image.bytes()?);
    let comparison =
        ENGINE.compare(&user, &reference, rotation).map_err(|e| unusable(request, e))?;
    let metadata = request.metadata.clone().map(RawValue::from_string).transpose()?;
    let body = answer::body(
        &comparison,
        &answer::Details {
            threshold: request.threshold,
            request_id: &uuid::Uuid::new_v4().to_string(),
            created_at: &format!("{:.6}", jiff::Timestamp::now()),
            vendor_data: request.vendor_data.as_deref(),
            metadata: metadata.as_deref(),
        },
    )?;
    Ok(body)
}

/// A photo that can't be decoded is the caller's; a model that can't be run is a bug of ours.
#[cfg(feature = "engine")]
fn unusable(request: &FaceMatch, e: crate::engine::CompareError) -> anyhow::Error {
    use crate::engine::{EngineError, Role};
    use crate::error::{Error, Kind};

    let photo = match e.role {
        Role::User => &request.user_image,
        Role::Reference => &request.ref_image,
    };
    match e.error {
        EngineError::Model(bug) => bug,
        damaged => Error::new(Kind::Input, format!("`{}`: {damaged}", photo.name())).into(),
    }
}

/// Whether this build has the engine.
#[cfg(feature = "engine")]
#[expect(clippy::unnecessary_wraps, reason = "a build without the engine fails here")]
pub(super) fn check() -> Result<()> {
    Ok(())
}

/// This build has no engine.
#[cfg(not(feature = "engine"))]
pub(super) fn check() -> Result<()> {
    Err(super::needs_engine::error("`--local`").into())
}

/// This build has no engine.
#[cfg(not(feature = "engine"))]
pub(super) fn answer(_: &FaceMatch) -> Result<Vec<u8>> {
    check().map(|()| Vec::new())
}
