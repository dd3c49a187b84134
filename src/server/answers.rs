//! Bodies: of requests, read within limits; of answers, in the service's format.

use std::collections::BTreeMap;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use axum::body::{Body, Bytes, to_bytes};
use axum::extract::Path;
use axum::extract::rejection::PathRejection;
use axum::http::header::{CONTENT_TYPE, HeaderName, RETRY_AFTER};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

pub(super) type Reply = Result<Response, Response>;
/// An id in the path; rejected if it isn't UTF-8.
pub(super) type Id = Result<Path<String>, PathRejection>;

/// The size limit for forms: two photos, with room for one that is too large and gets a proper
/// error.
pub(super) const FORM_LIMIT: usize = 32 * 1024 * 1024;
const JSON_LIMIT: usize = 64 * 1024;
const BODY_TIME: Duration = Duration::from_secs(30);

pub(super) async fn read_object(body: Body) -> Result<Value, Response> {
    let bytes = read(body, JSON_LIMIT).await?;
    match serde_json::from_slice(&bytes) {
        Ok(value @ Value::Object(_)) => Ok(value),
        Ok(_) => Err(detail(StatusCode::BAD_REQUEST, "Invalid data. Expected an object.")),
        Err(e) => Err(detail(StatusCode::BAD_REQUEST, &format!("JSON parse error - {e}"))),
    }
}

pub(super) async fn read(body: Body, limit: usize) -> Result<Bytes, Response> {
    in_time(to_bytes(body, limit)).await?.map_err(|_| too_large())
}

pub(super) async fn in_time<T>(work: impl Future<Output = T>) -> Result<T, Response> {
    tokio::time::timeout(BODY_TIME, work).await.map_err(|_| too_slow())
}

/// Answers 404 to a path that isn't UTF-8.
pub(super) fn read_id(id: Id) -> Result<String, Response> {
    id.map(|Path(id)| id).map_err(|_| not_found())
}

pub(super) type FieldErrors = BTreeMap<&'static str, Vec<String>>;

pub(super) fn json(status: StatusCode, body: &Value) -> Response {
    let json = [(CONTENT_TYPE, HeaderValue::from_static("application/json"))];
    (status, json, body.to_string()).into_response()
}

pub(super) fn retry_after(response: &mut Response, wait: Duration) {
    response.headers_mut().insert(RETRY_AFTER, seconds(wait).into());
}

fn seconds(wait: Duration) -> u64 {
    wait.as_secs() + u64::from(wait.subsec_nanos() > 0)
}

/// `{"detail": …}`, the format of most errors.
pub(super) fn detail(status: StatusCode, text: &str) -> Response {
    json(status, &json!({"detail": text}))
}

pub(super) fn fields(errors: &FieldErrors) -> Response {
    json(StatusCode::BAD_REQUEST, &json!(errors))
}

pub(super) fn field(name: &'static str, error: &str) -> Response {
    fields(&FieldErrors::from([(name, vec![error.to_owned()])]))
}

pub(super) fn not_found() -> Response {
    detail(StatusCode::NOT_FOUND, "Not found.")
}

pub(super) fn no_key() -> Response {
    let text = "Authentication credentials were not provided or are invalid.";
    detail(StatusCode::FORBIDDEN, text)
}

pub(super) fn wrong_key() -> Response {
    detail(StatusCode::UNAUTHORIZED, "Invalid API key.")
}

pub(super) fn not_permitted() -> Response {
    let text = "You do not have permission to perform this action.";
    detail(StatusCode::FORBIDDEN, text)
}

pub(super) fn in_filed_report() -> Response {
    let text = "This session is part of a filed report.";
    json(StatusCode::CONFLICT, &json!({"detail": text, "code": "in_filed_report"}))
}

pub(super) fn no_credits() -> Response {
    let text = "You don't have enough credits to perform this request. Please top up at https://business.didit.me";
    json(StatusCode::FORBIDDEN, &json!({"error": text}))
}

pub(super) fn internal_error() -> Response {
    detail(StatusCode::INTERNAL_SERVER_ERROR, "A server error occurred.")
}

pub(super) fn too_large() -> Response {
    detail(StatusCode::PAYLOAD_TOO_LARGE, "Request body too large.")
}

pub(super) fn too_slow() -> Response {
    detail(StatusCode::REQUEST_TIMEOUT, "The request took too long to arrive.")
}

/// 429 with the service's four rate limit headers; `what` is "Write" or "Read".
pub(super) fn rate_limited(what: &str, limit: u32, wait: Duration) -> Response {
    let text = format!(
        "{what} request rate limit exceeded. You can make up to {limit} requests per minute."
    );
    let mut response = detail(StatusCode::TOO_MANY_REQUESTS, &text);
    let seconds = seconds(wait).max(1);
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    let headers = [
        (RETRY_AFTER, seconds),
        (HeaderName::from_static("x-ratelimit-limit"), limit.into()),
        (HeaderName::from_static("x-ratelimit-remaining"), 0),
        (HeaderName::from_static("x-ratelimit-reset"), now.as_secs() + seconds),
    ];
    response.headers_mut().extend(headers.map(|(name, value)| (name, value.into())));
    response
}
