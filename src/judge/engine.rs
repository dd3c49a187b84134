//! The built-in engine's answer to a request, in the service's format.

use serde_json::value::RawValue;

use crate::api::FaceMatch;
use crate::engine::{CompareError, Engine, Role, Rotation, VERSION, answer};
use crate::error::Result;

/// Compares the photos on this machine and returns the body of the answer.
pub(super) fn answer(request: &FaceMatch) -> Result<Vec<u8>> {
    /// Shared by all pairs of a batch, so that its models are loaded once.
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

fn unusable(request: &FaceMatch, e: CompareError) -> anyhow::Error {
    let photo = match e.role {
        Role::User => &request.user_image,
        Role::Reference => &request.ref_image,
    };
    e.error.of_photo(photo.name())
}

/// The engine's name in a record, with its version: a different version gives different scores.
pub fn name() -> String {
    format!("built-in engine {VERSION}")
}
