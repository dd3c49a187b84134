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
    let (user, reference) = (request.user_image.bytes(), request.ref_image.bytes());
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

#[cfg(feature = "engine")]
fn unusable(request: &FaceMatch, e: crate::engine::CompareError) -> anyhow::Error {
    use crate::engine::Role;

    let photo = match e.role {
        Role::User => &request.user_image,
        Role::Reference => &request.ref_image,
    };
    e.error.of_photo(photo.name())
}

/// This build has no engine, and refuses `--local` before it comes here.
#[cfg(not(feature = "engine"))]
pub(super) fn answer(_: &FaceMatch) -> Result<Vec<u8>> {
    unreachable!("refused with the command line")
}

/// The engine's name in a record, with its version: another version gives other scores.
#[cfg(feature = "engine")]
pub fn name() -> String {
    format!("built-in engine {}", crate::engine::VERSION)
}

/// This build has no engine.
#[cfg(not(feature = "engine"))]
pub fn name() -> String {
    unreachable!("refused with the command line")
}
