//! Response bodies and headers in the service's format.

use std::collections::BTreeMap;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use axum::http::header::{CONTENT_TYPE, HeaderName, RETRY_AFTER};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use super::Permission;
use super::sessions::Session;
use super::state::State;

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

/// The decision on a request, without some members that the service has. The photo URLs are dead
/// links, since photos are not kept.
pub(super) fn decision(session: &Session, state: &State) -> Value {
    let url = |which: &str| {
        let url = format!("{}/_local/media/{}/{which}.jpg", state.base, session.id);
        state.permits(Permission::Media).then_some(url)
    };
    json!({
        "session_id": session.id,
        "session_kind": "user",
        "session_number": session.number,
        "status": session.status,
        "environment": if state.options.sandbox { "sandbox" } else { "live" },
        "features": ["FACE_MATCH"],
        "face_matches": [{
            "node_id": "feature_face_match",
            "status": session.judged,
            "score": session.score,
            "source_image": url("source"),
            "target_image": url("target"),
            "warnings": session.warnings,
        }],
        "vendor_data": session.vendor_data,
        "metadata": session.metadata,
        "created_at": session.created_at(),
    })
}

/// No template of a face is ever kept.
pub(super) fn erased(session: &Session) -> Value {
    let has_user = session.vendor_data.is_some();
    json!({
        "face_retention_outcome": if has_user { "deleted" } else { "ineligible_no_vendor_user" },
        "biometric_template_uuid": null,
        "biometric_template_expires_at": null,
        "deleted_child_verifications": 0,
    })
}

pub(super) fn checkout_page() -> Response {
    let html = "<!doctype html><title>Rehearsal</title><p>This is didit-face serve, not a shop: no money moves.\
                <form method=post><button>Pay</button></form>";
    let kind = [(CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"))];
    (kind, html).into_response()
}
