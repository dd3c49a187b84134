//! The bodies and headers that the service answers with.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use axum::body::Body;
use axum::http::header::{CONTENT_TYPE, HeaderName, RETRY_AFTER};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use super::form::Misses;

/// JSON, written already.
pub(super) fn raw(status: StatusCode, body: impl Into<Body>) -> Response {
    let json = [(CONTENT_TYPE, HeaderValue::from_static("application/json"))];
    (status, json, body.into()).into_response()
}

pub(super) fn json(status: StatusCode, body: &Value) -> Response {
    raw(status, body.to_string())
}

/// `{"detail": …}`, the shape of most refusals.
pub(super) fn detail(status: StatusCode, text: &str) -> Response {
    json(status, &json!({"detail": text}))
}

/// A list of messages for each field.
pub(super) fn fields(misses: &Misses) -> Response {
    json(StatusCode::BAD_REQUEST, &json!(misses))
}

pub(super) fn field(name: &'static str, miss: &str) -> Response {
    fields(&Misses::from([(name, vec![miss.to_owned()])]))
}

pub(super) fn not_found() -> Response {
    detail(StatusCode::NOT_FOUND, "Not found.")
}

pub(super) fn no_key() -> Response {
    let text = "Authentication credentials were not provided or are invalid.";
    detail(StatusCode::FORBIDDEN, text)
}

pub(super) fn wrong_key() -> Response {
    let text = "You do not have permission to perform this action.";
    detail(StatusCode::FORBIDDEN, text)
}

pub(super) fn no_credits() -> Response {
    let text = "You don't have enough credits to perform this request. Please top up at https://business.didit.me";
    json(StatusCode::FORBIDDEN, &json!({"error": text}))
}

pub(super) fn too_slow() -> Response {
    detail(StatusCode::REQUEST_TIMEOUT, "The request took too long to arrive.")
}

/// 429 with the service's four headers; `what` is "Write" or "Read".
pub(super) fn rate_limited(what: &str, limit: u32, wait: Duration) -> Response {
    let text = format!(
        "{what} request rate limit exceeded. You can make up to {limit} requests per minute."
    );
    let mut response = detail(StatusCode::TOO_MANY_REQUESTS, &text);
    let seconds = wait.as_millis().div_ceil(1000).max(1);
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    let headers = [
        (RETRY_AFTER, seconds),
        (HeaderName::from_static("x-ratelimit-limit"), u128::from(limit)),
        (HeaderName::from_static("x-ratelimit-remaining"), 0),
        (HeaderName::from_static("x-ratelimit-reset"), u128::from(now.as_secs()) + seconds),
    ];
    for (name, value) in headers {
        if let Ok(value) = HeaderValue::try_from(value.to_string()) {
            response.headers_mut().insert(name, value);
        }
    }
    response
}

/// A page to rehearse a payment on.
pub(super) fn checkout_page() -> Response {
    let html = "<!doctype html><title>Rehearsal</title><p>This is didit-face serve, not a shop: no money moves.\
                <form method=post><button>Pay</button></form>";
    let kind = [(CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"))];
    (kind, html).into_response()
}
