//! What is sent: method, path and body, and what it does at the service.

use bytes::Bytes;
use reqwest::header::CONTENT_TYPE;
use reqwest::multipart::Form;
use reqwest::{Method, RequestBuilder};
use secrecy::zeroize::Zeroizing;
use serde::Serialize;

use super::answer::Answer;
use crate::error::{Error, Kind};
use crate::values::secret::AccessToken;

/// A password has 4 KiB at most, and six characters for one where JSON escapes it.
const JSON_CAPACITY: usize = 32 * 1024;

/// What is sent, the same at every attempt.
pub(super) struct Request {
    pub(super) method: Method,
    pub(super) path: String,
    pub(super) content: Content,
    pub(super) effect: Effect,
    /// For the pages of an account: goes to the account service only.
    pub(super) token: Option<AccessToken>,
}

/// The body of a request.
pub(super) enum Content {
    None,
    Json(Bytes),
    /// Made for each attempt.
    Form(Box<dyn Fn() -> Form + Send + Sync>),
}

impl Content {
    /// Puts the body into `http`.
    pub(super) fn put(&self, http: RequestBuilder) -> RequestBuilder {
        match self {
            Self::None => http,
            Self::Json(body) => http.header(CONTENT_TYPE, "application/json").body(body.clone()),
            Self::Form(form) => http.multipart(form()),
        }
    }
}

/// What a request does at the service, once it is processed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Effect {
    /// Nothing: it may be sent as often as it takes.
    Nothing,
    /// Something that costs nothing.
    Free,
    /// A comparison, which costs a credit, and which can be looked up if it is saved.
    Paid { is_saved: bool },
}

impl Request {
    /// Asks for `path`.
    pub(super) fn get(path: impl Into<String>) -> Self {
        let (method, path) = (Method::GET, path.into());
        Self { method, path, content: Content::None, effect: Effect::Nothing, token: None }
    }

    /// Erases what is at `path`.
    pub(super) fn delete(path: String) -> Self {
        Self {
            method: Method::DELETE,
            path,
            content: Content::None,
            effect: Effect::Free,
            token: None,
        }
    }

    /// The same for the account that `token` opens.
    pub(super) fn with_token(self, token: &AccessToken) -> Self {
        Self { token: Some(token.clone()), ..self }
    }

    /// Sends `body` as JSON, for no credit. It may hold secrets: its bytes are zeroed after use.
    pub(super) fn post_json(path: &str, body: &impl Serialize) -> serde_json::Result<Self> {
        // With room for any password, so that no half of one stays behind where it grew.
        let mut json = Zeroizing::new(Vec::with_capacity(JSON_CAPACITY));
        serde_json::to_writer(&mut *json, body)?;
        let body = Bytes::from_owner(json);
        let content = Content::Json(body);
        let (method, path) = (Method::POST, path.to_owned());
        Ok(Self { method, path, content, effect: Effect::Free, token: None })
    }

    /// `error`, which `answer` stands for, with what is known of the request: the service refuses
    /// before it judges, but others may answer after it.
    pub(super) fn answered(&self, answer: &Answer, error: Error) -> Error {
        let is_refused = match self.effect {
            Effect::Nothing => true,
            Effect::Free => matches!(answer.status, 300..=499),
            Effect::Paid { .. } if matches!(answer.status, 400..=403 | 413 | 429) => {
                return error.and_hint("nothing was charged");
            }
            Effect::Paid { .. } => matches!(error.kind(), Kind::Auth | Kind::Credits),
        };
        if is_refused || answer.asks_to_be_asked_again() {
            error
        } else {
            self.mark_maybe_processed(error)
        }
    }

    /// Marks in `error` that the request may have been processed, with how to find out.
    pub(super) fn mark_maybe_processed(&self, error: Error) -> Error {
        let what_to_do = match self.effect {
            Effect::Nothing => return error,
            Effect::Free => "it may have been processed",
            Effect::Paid { is_saved: true } => {
                "it may have been processed, and charged: before you send it again, look for it in the Didit Business Console (after a batch: `didit-face decision --journal RESULTS.jsonl`)"
            }
            Effect::Paid { is_saved: false } => {
                "it may have been processed, and charged; with --no-save the service keeps nothing to look up"
            }
        };
        let error = error.mark_maybe_processed();
        // What is said of a wrong address stays true; "try again" does not.
        match error.status() {
            Some(..500) => error.and_hint(what_to_do),
            _ => error.hint(what_to_do),
        }
    }
}
