//! What went wrong with a request, in words: from a failed connection or an HTTP status.

use std::time::Duration;

use rustls::{CertificateError, Error as TlsError};
use serde_json::Value;

use super::answer::Answer;
use super::base::Base;
use super::cause;
use crate::error::{Error, Kind};
use crate::values::text::excerpt;

/// The longest message of the service's that is shown, in characters.
const MESSAGE_LIMIT: usize = 300;
/// The most messages of one answer that are shown.
const MESSAGES: usize = 8;
/// What to do after a question that costs nothing.
const AGAIN: &str = "try again; asking costs nothing";
/// What to do when an answer makes no sense.
const ANOTHER: &str = "if it stays so, check --api-url / DIDIT_API_URL (for accounts --auth-url / DIDIT_AUTH_URL): something else may be answering there";

pub(super) fn not_set_up(base: &Base, e: &reqwest::Error) -> Error {
    let host = base.authority();
    // The platform verifier's only error here is that the system has no CA certificates.
    if cause::find::<TlsError>(e).is_some() {
        let message = format!("can't check who `{host}` is: this system has no CA certificates");
        return Error::new(Kind::Network, message).hint(
            "install them (on Debian and Alpine: the package ca-certificates), or name a PEM file with --cacert FILE or SSL_CERT_FILE",
        );
    }
    let message = format!("the connection to `{host}` can't be set up: {}", cause::root(e));
    Error::new(Kind::Network, message).hint("check the proxy variables")
}

pub(super) fn not_connected(base: &Base, e: &reqwest::Error) -> Error {
    let host = base.authority();
    if let Some(what) = cause::of_proxy(e) {
        let message = format!("the proxy gave no connection to `{host}`: {what}");
        return Error::new(Kind::Network, message).hint(
            "nothing was sent; check HTTPS_PROXY (with a user, if it wants one: http://USER:PASSWORD@HOST:PORT) and NO_PROXY",
        );
    }
    let message = if e.is_timeout() {
        format!("could not connect to `{host}` in time")
    } else {
        format!("could not connect to `{host}`: {}", cause::root(e))
    };
    Error::new(Kind::Network, message).hint(if base.is_loopback() {
        "nothing was sent: check the URL and that the server runs"
    } else {
        "check the network, the proxy variables and the URL; nothing was sent"
    })
}

pub(super) fn untrusted(base: &Base, e: &TlsError) -> Error {
    let host = base.authority();
    let (what, hint) = match e {
        // A bad signature: an authority of the same name, with another key.
        TlsError::InvalidCertificate(
            CertificateError::UnknownIssuer | CertificateError::BadSignature,
        ) => (
            "its certificate comes from an unknown authority".to_owned(),
            "if your network inspects TLS, name its CA certificate with --cacert FILE or SSL_CERT_FILE",
        ),
        TlsError::InvalidCertificate(
            CertificateError::Expired | CertificateError::ExpiredContext { .. },
        ) => (
            "its certificate has expired".to_owned(),
            "check this machine's clock; else the service must renew it",
        ),
        TlsError::InvalidCertificate(
            CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. },
        ) => (
            "its certificate is for another host".to_owned(),
            "check the URL: something else may be answering there",
        ),
        TlsError::InvalidCertificate(_) => (
            "its certificate is not valid".to_owned(),
            "check the URL and this machine's clock; else the service must renew it",
        ),
        TlsError::InvalidMessage(_) => {
            ("it does not speak TLS there".to_owned(), "check scheme and port of the URL")
        }
        other => (other.to_string(), "nothing was sent"),
    };
    Error::new(Kind::Network, format!("no secure connection to `{host}`: {what}")).hint(hint)
}

pub(super) fn timed_out(base: &Base, timeout: Duration) -> Error {
    let seconds = timeout.as_secs_f64();
    let message = format!("no complete answer from `{}` within {seconds} s", base.authority());
    Error::new(Kind::Network, message).hint("try again, or allow more: --timeout / DIDIT_TIMEOUT")
}

pub(super) fn lost(base: &Base) -> Error {
    let message =
        format!("the connection to `{}` was lost before an answer came", base.authority());
    Error::new(Kind::Network, message).hint(AGAIN)
}

pub(super) fn cut_short(base: &Base) -> Error {
    let message = format!("the answer of `{}` was cut short", base.authority());
    Error::new(Kind::Response, message).hint(AGAIN)
}

pub(super) fn too_long(base: &Base, limit: u64) -> Error {
    let message = format!(
        "the answer of `{}` is over {} MiB, more than any real one",
        base.authority(),
        limit / 1024 / 1024
    );
    Error::new(Kind::Response, message).hint(ANOTHER)
}

/// The error that an answer other than a success stands for.
pub(super) fn of_status(base: &Base, answer: &Answer) -> Error {
    let (status, host) = (answer.status, base.authority());
    let said = Said::by(&answer.body);
    let error = match status {
        300..=399 => redirected(host, status, "key").hint("check --api-url / DIDIT_API_URL"),
        413 => Error::new(
            Kind::Input,
            format!("`{host}` refused the request (HTTP 413): {}", said.or("too large")),
        )
        .hint("nothing was charged; --fit makes a photo small enough"),
        400 | 422 => Error::new(
            Kind::Input,
            format!("`{host}` refused the request (HTTP {status}): {}", said.or("no reason given")),
        )
        .hint("nothing was charged; correct what the service names, and send it again"),
        401 => refused_key(host, status, &said),
        402 => no_credits(host, status, &said),
        403 if said.is_about_credits() => no_credits(host, status, &said),
        403 if said.is_about_the_key() => refused_key(host, status, &said),
        403 => Error::new(
            Kind::Auth,
            format!("`{host}` refused (HTTP 403), for want of credits or because of the key: {}", said.or("no reason given")),
        )
        .hint("check the key in the Didit Business Console, and the credits with `didit-face balance`"),
        429 => Error::new(
            Kind::Service,
            format!("too many requests for `{host}` (HTTP 429): {}", said.or("rate limit exceeded")),
        )
        .hint("wait a minute; the limit is 300 requests a minute for each key"),
        500..=599 => Error::new(
            Kind::Service,
            format!("`{host}` failed (HTTP {status}): {}", said.or("no reason given")),
        )
        .hint("nothing was charged; try again later"),
        _ => Error::new(
            Kind::Service,
            format!("`{host}` answered with an unexpected HTTP {status}: {}", said.or("no reason given")),
        )
        .hint("check --api-url / DIDIT_API_URL"),
    };
    error.http_status(status).attempts(answer.attempts)
}

/// The error that an answer of the account service stands for. Its error bodies are documented
/// nowhere: the status alone decides, and the service's own text is shown.
pub(super) fn of_account_status(base: &Base, answer: &Answer) -> Error {
    let (status, host) = (answer.status, base.authority());
    let said = Said::by(&answer.body);
    let said = said.or("no reason given");
    let error = match status {
        300..=399 => redirected(host, status, "password").hint("check --auth-url / DIDIT_AUTH_URL"),
        400 | 413 | 422 => {
            Error::new(Kind::Input, format!("`{host}` refused the request (HTTP {status}): {said}"))
                .hint("correct what the service names, and run the command again")
        }
        401 | 403 => Error::new(Kind::Auth, format!("`{host}` refused (HTTP {status}): {said}"))
            .hint("check --auth-url / DIDIT_AUTH_URL; after five wrong log-ins an account is locked for 15 minutes"),
        429 => Error::new(
            Kind::Service,
            format!("too many requests for `{host}` (HTTP 429): {said}"),
        )
        .hint("wait before you try again: an hour after 5 registrations, a minute for another code"),
        500..=599 => Error::new(Kind::Service, format!("`{host}` failed (HTTP {status}): {said}"))
            .hint("try again later"),
        _ => Error::new(
            Kind::Service,
            format!("`{host}` answered with an unexpected HTTP {status}: {said}"),
        )
        .hint("check --auth-url / DIDIT_AUTH_URL"),
    };
    error.http_status(status).attempts(answer.attempts)
}

fn redirected(host: &str, status: u16, secret: &str) -> Error {
    let message = format!(
        "`{host}` answered with a redirect (HTTP {status}), which is not followed: the {secret} would go along"
    );
    Error::new(Kind::Response, message)
}

/// The error for an answer whose status is fine and whose body is not.
pub(super) fn unusable(why: impl std::fmt::Display) -> Error {
    let message = format!("the service's answer can't be trusted: {why}");
    Error::new(Kind::Response, message).http_status(200).hint(ANOTHER)
}

fn refused_key(host: &str, status: u16, said: &Said) -> Error {
    let said = said.or("no reason given");
    Error::new(Kind::Auth, format!("`{host}` refused the API key (HTTP {status}): {said}"))
        .hint("check DIDIT_API_KEY against the Didit Business Console (API & Webhooks)")
}

fn no_credits(host: &str, status: u16, said: &Said) -> Error {
    let said = said.or("no reason given");
    Error::new(Kind::Credits, format!("not enough credits at `{host}` (HTTP {status}): {said}"))
        .hint("top up at https://business.didit.me")
}

/// The human part of an error body, of whatever shape: `detail`, `error`, `message`, a map of
/// fields, a bare array, text; HTML and nothing say nothing.
struct Said(Option<String>);

impl Said {
    fn by(body: &[u8]) -> Self {
        let text = String::from_utf8_lossy(body);
        let mut messages = Vec::new();
        match serde_json::from_str::<Value>(&text) {
            Ok(value) => collect(None, &value, &mut messages),
            Err(_) if text.trim_start().starts_with('<') => {}
            Err(_) => messages.extend(text.lines().next().map(str::to_owned)),
        }
        messages.retain(|message| !message.trim().is_empty());
        messages.truncate(MESSAGES);
        let said = excerpt(&messages.join("; "), MESSAGE_LIMIT);
        Self((!said.is_empty()).then_some(said))
    }

    fn or<'a>(&'a self, otherwise: &'a str) -> &'a str {
        self.0.as_deref().unwrap_or(otherwise)
    }

    fn mentions(&self, words: &[&str]) -> bool {
        let text = self.or("").to_lowercase();
        words.iter().any(|word| text.contains(word))
    }

    fn is_about_credits(&self) -> bool {
        self.mentions(&["credits", "credit balance", "top up", "insufficient", "balance"])
    }

    fn is_about_the_key(&self) -> bool {
        self.mentions(&["permission", "credentials", "authenti", "key", "token", "authoriz"])
    }
}

fn collect(field: Option<&str>, value: &Value, messages: &mut Vec<String>) {
    match value {
        Value::String(text) => messages.push(match field {
            Some(field) => format!("{field}: {text}"),
            None => text.clone(),
        }),
        Value::Array(values) => {
            for value in values {
                collect(field, value, messages);
            }
        }
        Value::Object(members) => {
            for (key, value) in members {
                let is_envelope = matches!(key.as_str(), "detail" | "error" | "message" | "errors");
                collect(if is_envelope { field } else { Some(key) }, value, messages);
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(status: u16, body: &str) -> Error {
        let base = Base::parse("https://verification.didit.me").unwrap();
        let body = body.as_bytes().to_vec();
        of_status(&base, &Answer { status, body, attempts: 1, retry_after: None, silence: None })
    }

    #[test]
    fn a_403_is_told_apart_by_its_body() {
        for (body, kind) in [
            (
                r#"{"error": "You don't have enough credits to perform this request."}"#,
                Kind::Credits,
            ),
            (r#"{"detail": "You do not have permission to perform this action."}"#, Kind::Auth),
            (
                r#"{"detail": "Authentication credentials were not provided or are invalid."}"#,
                Kind::Auth,
            ),
            ("<html>Forbidden</html>", Kind::Auth),
            ("", Kind::Auth),
        ] {
            assert_eq!(error(403, body).kind(), kind, "{body}");
        }
        let unknown = error(403, "");
        assert!(unknown.message().contains("credits") && unknown.message().contains("key"));
    }

    #[test]
    fn each_status_has_its_kind() {
        for (status, kind) in [
            (204, Kind::Service),
            (301, Kind::Response),
            (304, Kind::Response),
            (400, Kind::Input),
            (401, Kind::Auth),
            (402, Kind::Credits),
            (404, Kind::Service),
            (413, Kind::Input),
            (418, Kind::Service),
            (429, Kind::Service),
            (500, Kind::Service),
            (599, Kind::Service),
        ] {
            let error = error(status, "");
            assert_eq!((error.kind(), error.status()), (kind, Some(status)));
        }
    }

    #[test]
    fn the_human_part_is_found_in_every_shape() {
        for (body, said) in [
            (r#"{"ref_image": ["No file was submitted."]}"#, "ref_image: No file was submitted."),
            (r#"["Amount must be at least $50."]"#, "Amount must be at least $50."),
            (r#"{"detail": {"email": ["taken", "odd"]}}"#, "email: taken; email: odd"),
            (r#"{"message": "a\u001b[31mb"}"#, r"a\u{1b}[31mb"),
            ("plain text\nsecond line", "plain text"),
            ("<html><body>502</body></html>", "no reason given"),
            ("null", "no reason given"),
        ] {
            assert_eq!(Said::by(body.as_bytes()).or("no reason given"), said, "{body}");
        }
        let long = Said::by("x".repeat(5000).as_bytes());
        assert_eq!(long.or("").chars().count(), MESSAGE_LIMIT + 1);
    }
}
