//! What is sent: method, path and body; what it does at the service; and its steps, to show.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use bytes::Bytes;
use reqwest::header::CONTENT_TYPE;
use reqwest::multipart::Form;
use reqwest::{Method, RequestBuilder};
use secrecy::zeroize::Zeroizing;
use serde::Serialize;

use super::failure::NOT_CHARGED;
use super::provenance::Answer;
use crate::error::{Charge, Error};
use crate::values::secret::AccessToken;
use crate::values::text::quoted;

/// A password has at most 4 KiB, and JSON may escape each byte as six.
const JSON_CAPACITY: usize = 32 * 1024;

/// A request, the same for every attempt.
pub(super) struct Request {
    pub(super) method: Method,
    pub(super) path: String,
    pub(super) content: Content,
    pub(super) effect: Effect,
    /// Whether it may have been processed by now: from the end of its upload.
    pub(super) is_open: Arc<AtomicBool>,
    /// For account requests; goes to the account service only.
    pub(super) token: Option<AccessToken>,
}

pub(super) enum Content {
    None,
    Json(Bytes),
    /// Built for each attempt.
    Form(Box<dyn Fn() -> Form + Send + Sync>),
}

impl Content {
    pub(super) fn put(&self, http: RequestBuilder) -> RequestBuilder {
        match self {
            Self::None => http,
            Self::Json(body) => http.header(CONTENT_TYPE, "application/json").body(body.clone()),
            Self::Form(form) => http.multipart(form()),
        }
    }
}

/// What a request does at the service once it is processed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Effect {
    /// Nothing: it may be sent again and again.
    Nothing,
    /// Something free of charge.
    Free,
    /// A comparison, which costs a credit.
    Paid(Lookup),
}

/// How a comparison whose answer was lost can be found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Lookup {
    ByVendorData(String),
    ByHand,
    /// The service keeps nothing.
    Never,
}

/// What to do, a hint a line.
impl fmt::Display for Lookup {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::ByVendorData(id) => {
                let id = quoted(id);
                write!(f, "look it up before you send it again: didit-face decision --vendor-data {id}")
            }
            Self::ByHand => f.write_str(
                "look for it in the Didit Business Console before you send it again\nwith --vendor-data ID, `didit-face decision --vendor-data ID` would find it",
            ),
            Self::Never => f.write_str("with --no-save the service keeps nothing to look up"),
        }
    }
}

impl Request {
    pub(super) fn get(path: impl Into<String>) -> Self {
        let (method, path) = (Method::GET, path.into());
        let (content, effect) = (Content::None, Effect::Nothing);
        Self { method, path, content, effect, is_open: Arc::default(), token: None }
    }

    pub(super) fn delete(path: &str, body: &impl Serialize) -> serde_json::Result<Self> {
        Ok(Self { method: Method::DELETE, ..Self::post_json(path, body)? })
    }

    pub(super) fn with_token(self, token: &AccessToken) -> Self {
        Self { token: Some(token.clone()), ..self }
    }

    /// Sends `body` as JSON, free of charge. It may hold secrets: its bytes are zeroed after use.
    pub(super) fn post_json(path: &str, body: &impl Serialize) -> serde_json::Result<Self> {
        // Room for any password: a growing buffer would leave a copy behind.
        let mut json = Zeroizing::new(Vec::with_capacity(JSON_CAPACITY));
        serde_json::to_writer(&mut *json, body)?;
        let content = Content::Json(Bytes::from_owner(json));
        Ok(Self { method: Method::POST, content, effect: Effect::Free, ..Self::get(path) })
    }

    /// Adds to `error`, made from `answer`, what the request may have done or cost.
    pub(super) fn answered(&self, answer: &Answer, error: Error) -> Error {
        match self.effect {
            Effect::Free if matches!(answer.status, 300..=499) || !answer.is_uploaded => error,
            Effect::Paid(_) if answer.ending().charge() == Charge::No => {
                error.and_hint(NOT_CHARGED)
            }
            _ => self.left_open(error),
        }
    }

    pub(super) fn left_open(&self, error: Error) -> Error {
        const MAYBE: &str = "the request may have been processed";
        let (error, what, next) = match &self.effect {
            Effect::Nothing => return error,
            Effect::Free => (error.mark_maybe_processed(), MAYBE.to_owned(), String::new()),
            Effect::Paid(lookup) => {
                (error.charged(Charge::Maybe), format!("{MAYBE}, and charged"), lookup.to_string())
            }
        };
        // A hint about a wrong address stays true; "try again" doesn't.
        let error = match error.status() {
            Some(..500) => error.and_hint(what),
            _ => error.hint(what),
        };
        error.hints(next.lines())
    }
}

/// A step of a request, to show or log.
#[derive(Debug)]
pub enum Event<'a> {
    Sending {
        method: &'a Method,
        url: &'a str,
        /// The size of the body.
        bytes: u64,
        /// 1 for the first.
        attempt: u32,
    },
    /// The connection took more of the body.
    Sent {
        /// Since the attempt began.
        bytes: u64,
    },
    Answered {
        status: u16,
        /// The size of the body.
        bytes: usize,
        /// Since the attempt began.
        elapsed: Duration,
        /// `Retry-After` and the `X-RateLimit-` headers.
        rate_limit: &'a [(String, String)],
    },
    /// An attempt failed; the next one follows after a wait.
    Waiting { why: &'a str, wait: Duration },
}

#[derive(Clone)]
pub struct Observer(Arc<dyn Fn(Event<'_>) + Send + Sync>);

impl Observer {
    pub fn new(tell: impl Fn(Event<'_>) + Send + Sync + 'static) -> Self {
        Self(Arc::new(tell))
    }

    pub(super) fn tell(&self, event: Event<'_>) {
        (self.0)(event);
    }
}
