//! What is sent: method, path and body, and what it does at the service.

use bytes::Bytes;
use reqwest::Method;
use reqwest::header::HeaderValue;
use secrecy::zeroize::Zeroizing;
use serde::Serialize;

use crate::error::Error;

/// A password has 4 KiB at most, and six characters for one where JSON escapes it.
const JSON_CAPACITY: usize = 32 * 1024;

/// What is sent, the same at every attempt.
pub(super) struct Request {
    pub(super) method: Method,
    pub(super) path: String,
    pub(super) content: Option<(HeaderValue, Bytes)>,
    /// Whether an answer costs a credit.
    pub(super) is_paid: bool,
}

impl Request {
    /// Asks for `path`.
    pub(super) fn get(path: impl Into<String>) -> Self {
        Self { method: Method::GET, path: path.into(), content: None, is_paid: false }
    }

    /// Sends `body` as JSON, for no credit. It may hold secrets: its bytes are zeroed after use.
    pub(super) fn post_json(path: &str, body: &impl Serialize) -> serde_json::Result<Self> {
        // With room for any password, so that no half of one stays behind where it grew.
        let mut json = Zeroizing::new(Vec::with_capacity(JSON_CAPACITY));
        serde_json::to_writer(&mut *json, body)?;
        let body = Bytes::from_owner(json);
        let content = Some((HeaderValue::from_static("application/json"), body));
        Ok(Self { method: Method::POST, path: path.to_owned(), content, is_paid: false })
    }

    /// Says in `error` that the request may have been processed all the same.
    pub(super) fn mark_maybe_processed(&self, error: Error) -> Error {
        if self.method == Method::GET {
            error
        } else if self.is_paid {
            error.mark_maybe_processed().hint(
                "it may have been processed, and charged: look it up in the Didit Business Console before you send it again",
            )
        } else {
            error.hint("it may have been processed all the same")
        }
    }
}
