//! Reads request bodies within limits on size and time.

use std::time::Duration;

use axum::body::{Body, Bytes, to_bytes};
use axum::http::StatusCode;
use axum::response::Response;
use serde_json::Value;

use super::answers;

/// The size limit for forms: two photos, with room for one that is too large and gets a proper
/// error.
pub(super) const FORM_LIMIT: usize = 32 * 1024 * 1024;
const JSON_LIMIT: usize = 64 * 1024;
const BODY_TIME: Duration = Duration::from_secs(30);

/// Reads a JSON object, whatever its content type.
pub(super) async fn json(body: Body) -> Result<Value, Response> {
    let bytes = read(body, JSON_LIMIT).await?;
    match serde_json::from_slice(&bytes) {
        Ok(value @ Value::Object(_)) => Ok(value),
        Ok(_) => Err(answers::detail(StatusCode::BAD_REQUEST, "Invalid data. Expected an object.")),
        Err(e) => Err(answers::detail(StatusCode::BAD_REQUEST, &format!("JSON parse error - {e}"))),
    }
}

pub(super) async fn read(body: Body, limit: usize) -> Result<Bytes, Response> {
    in_time(to_bytes(body, limit)).await?.map_err(|_| answers::too_large())
}

pub(super) async fn in_time<T>(work: impl Future<Output = T>) -> Result<T, Response> {
    tokio::time::timeout(BODY_TIME, work).await.map_err(|_| answers::too_slow())
}
