//! An answer: who wrote it, whether its request was charged, and whether that may be repeated.

use std::time::Duration;

use serde_json::Value;

use crate::error::Charge;
use crate::values::ids::RequestTag;
use crate::values::text::excerpt;

/// The longest title of a page, in characters.
const TITLE: usize = 120;

/// Who wrote an answer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) enum Author {
    /// JSON in a documented form.
    #[default]
    Service,
    /// Something on the way: the title or the first line of its page, if it has one.
    Gateway(String),
}

impl Author {
    pub(super) fn of(body: &[u8]) -> Self {
        let text = String::from_utf8_lossy(without_mark(body));
        match serde_json::from_str(&text) {
            Ok(value) if is_documented(&value) => Self::Service,
            Ok(_) => Self::Gateway(String::new()),
            Err(_) => Self::Gateway(page(&text)),
        }
    }

    /// The page, if a gateway wrote one.
    pub(super) fn page(&self) -> Option<&str> {
        match self {
            Self::Service => None,
            Self::Gateway(page) => Some(page),
        }
    }
}

/// Without the byte order mark that some gateways put before JSON.
pub(super) fn without_mark(body: &[u8]) -> &[u8] {
    body.strip_prefix("\u{feff}".as_bytes()).unwrap_or(body)
}

/// A verdict, an error object, a map of fields, or an array of messages.
fn is_documented(value: &Value) -> bool {
    let Value::Object(members) = value else { return has_messages(value) };
    let is_filled = |value: &Value| match value {
        Value::String(text) => !text.is_empty(),
        Value::Array(values) => !values.is_empty(),
        Value::Object(members) => !members.is_empty(),
        _ => false,
    };
    let has = |key: &str| members.get(key).is_some_and(is_filled);
    has("face_match")
        || ["detail", "error", "message", "code"].iter().any(|key| has(key))
        || has_messages(value)
}

/// Arrays of messages, which nested fields put into further arrays and objects.
pub(super) fn has_messages(value: &Value) -> bool {
    let is_one = |value: &Value| value.is_string() || has_messages(value);
    match value {
        Value::Array(values) => !values.is_empty() && values.iter().all(is_one),
        Value::Object(members) => !members.is_empty() && members.values().all(has_messages),
        _ => false,
    }
}

/// The title, a heading, or the first line. Some pages lack a title (HAProxy's), or begin with a chunk's size (squid's).
fn page(text: &str) -> String {
    let first = || {
        text.lines()
            .map(str::trim)
            .find(|line| !line.is_empty())
            .filter(|line| !line.starts_with('<'))
    };
    let line = element(text, "title").or_else(|| element(text, "h1")).or_else(first);
    line.map(|line| excerpt(&unescaped(line), TITLE)).unwrap_or_default()
}

fn element<'a>(html: &'a str, name: &str) -> Option<&'a str> {
    // ASCII only, so that positions stay the same.
    let lower = html.to_ascii_lowercase();
    let tag = lower.find(&format!("<{name}"))?;
    let start = tag + lower[tag..].find('>')? + 1;
    let end = start + lower[start..].find(&format!("</{name}"))?;
    html.get(start..end)
}

fn unescaped(text: &str) -> String {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let entities = [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&amp;", "&")];
    entities.into_iter().fold(text, |text, (entity, plain)| text.replace(entity, plain))
}

/// How an attempt ended, as far as charge and repetition depend on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ending {
    /// No connection was made, or it broke before the whole request was sent.
    NotSent,
    /// The other side won't talk to us: TLS, an alert, or a login at the proxy. Another attempt would
    /// fail too.
    Refused,
    /// Something was sent, but the connection was lost or no whole answer came in time.
    Lost,
    Answered {
        status: u16,
        by_service: bool,
        /// Whether the whole request was sent when the answer came.
        is_uploaded: bool,
    },
}

impl Ending {
    /// Whether a paid request was charged; the table in docs/exit-codes.md.
    pub(super) fn charge(self) -> Charge {
        let Self::Answered { status, by_service, is_uploaded } = self else {
            return if self == Self::Lost { Charge::Maybe } else { Charge::No };
        };
        let is_refused = if by_service {
            matches!(status, 400..=403 | 413 | 429)
        } else {
            // Given before a request is passed on.
            matches!(status, 400 | 401 | 407 | 411 | 413 | 414 | 429 | 431)
        };
        match status {
            _ if is_refused || !is_uploaded => Charge::No,
            200 if by_service => Charge::Yes,
            // A 503 with Retry-After may come from a cache whose backend took the request.
            _ => Charge::Maybe,
        }
    }

    /// Whether the request surely was not processed, or is a GET; and may do better next time.
    pub(super) fn may_repeat(self, is_get: bool) -> bool {
        match self {
            Self::NotSent | Self::Answered { status: 429, .. } => true,
            Self::Lost => is_get,
            Self::Answered { status: 502..=504, .. } if is_get => true,
            Self::Answered { status, is_uploaded: false, .. } => {
                matches!(status, 200..=299 | 404 | 408 | 421 | 425 | 500..)
            }
            Self::Refused | Self::Answered { .. } => false,
        }
    }
}

/// A complete answer within the size limit, with any status.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    /// The body, byte for byte.
    pub body: Vec<u8>,
    pub attempts: u32,
    /// How long the service asks to wait before the next request.
    pub retry_after: Option<Duration>,
    /// What the request was tagged with, in the end.
    pub tag: Option<RequestTag>,
    /// Whether a cache gave it: it is older than the request.
    pub is_stale: bool,
    pub(super) author: Author,
    /// Whether the whole request had been sent when the answer came.
    pub(super) is_uploaded: bool,
    /// How long all requests should pause.
    pub(super) silence: Option<Duration>,
}

impl Answer {
    pub(super) fn ending(&self) -> Ending {
        Ending::Answered {
            status: self.status,
            by_service: self.author == Author::Service,
            is_uploaded: self.is_uploaded,
        }
    }

    /// The title or first line, if a gateway on the way answered in the service's place.
    pub fn page(&self) -> Option<&str> {
        self.author.page()
    }

    pub(super) fn asks_for_a_pause(&self) -> bool {
        self.status == 429 || self.status == 503 && self.retry_after.is_some()
    }
}

#[cfg(test)]
impl Default for Answer {
    fn default() -> Self {
        Self {
            status: 200,
            body: Vec::new(),
            attempts: 1,
            retry_after: None,
            tag: None,
            is_stale: false,
            author: Author::Service,
            is_uploaded: true,
            silence: None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_service_writes_json_in_a_documented_form() {
        for own in [
            r#"{"request_id": "r", "face_match": {"status": "Approved"}}"#,
            r#"{"detail": "No."}"#,
            r#"{"error": {"message": "No."}}"#,
            r#"{"code": "application_deleted"}"#,
            r#"{"ref_image": ["No file was submitted."]}"#,
            r#"{"metadata": {"a": ["Not a string."]}, "user_image": ["Too large."]}"#,
            r#"["Amount must be at least $50."]"#,
            "\u{feff}{\"detail\": \"No.\"}",
        ] {
            assert_eq!(Author::of(own.as_bytes()), Author::Service, "{own}");
        }
        for (page, line) in [
            (
                "<html>\n<head><TITLE lang=en>403\n Forbidden &amp; more</TITLE>",
                "403 Forbidden & more",
            ),
            ("\n upstream connect error\nmore", "upstream connect error"),
            ("<html><body><h1>403 Forbidden</h1>\nRequest forbidden", "403 Forbidden"),
            ("C1C\r\n<!DOCTYPE html><title>ERROR</title>", "ERROR"),
            ("<p>No.</p>", ""),
            ("", ""),
            ("{}", ""),
            ("[]", ""),
            ("5", ""),
            (r#"{"detail": ""}"#, ""),
            (r#"{"fault": {"faultstring": "Quota"}}"#, ""),
            (r#"{"status": 403}"#, ""),
        ] {
            assert_eq!(Author::of(page.as_bytes()), Author::Gateway(line.to_owned()), "{page}");
        }
    }

    #[test]
    fn only_what_surely_was_not_processed_is_free_and_repeated() {
        use Charge::{Maybe, No, Yes};
        let answered =
            |status, by_service, is_uploaded| Ending::Answered { status, by_service, is_uploaded };
        for (ending, charge, post, get) in [
            (Ending::NotSent, No, true, true),
            (Ending::Refused, No, false, false),
            (Ending::Lost, Maybe, false, true),
        ] {
            assert_eq!((ending.charge(), ending.may_repeat(false)), (charge, post), "{ending:?}");
            assert_eq!(ending.may_repeat(true), get, "{ending:?}");
        }
        for status in 100..=599 {
            let service = answered(status, true, true);
            let gateway = answered(status, false, true);
            let (service_free, gateway_free) = (
                matches!(status, 400 | 401 | 402 | 403 | 413 | 429),
                matches!(status, 400 | 401 | 407 | 411 | 413 | 414 | 429 | 431),
            );
            let otherwise = if status == 200 { Yes } else { Maybe };
            assert_eq!(service.charge(), if service_free { No } else { otherwise }, "{status}");
            assert_eq!(gateway.charge(), if gateway_free { No } else { Maybe }, "{status}");
            for whole in [service, gateway] {
                assert_eq!(whole.may_repeat(false), status == 429, "{status}");
                let get = matches!(status, 429 | 502..=504);
                assert_eq!(whole.may_repeat(true), get, "{status}");
            }
            let early = answered(status, status % 2 == 0, false);
            assert_eq!(early.charge(), No, "{status}");
            assert!(!early.may_repeat(false) || !(300..=403).contains(&status), "{status}");
        }
    }
}
