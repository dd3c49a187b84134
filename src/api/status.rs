//! Errors for answers whose status reports a failure.

use std::time::Duration;

use super::error_body::ErrorBody;
use super::provenance::Answer;
use super::route::Base;
use crate::error::{Error, Kind};
use crate::values::quantity;

const BETWEEN: &str = "a firewall or proxy on the way answered, not the service: ask who runs it, or check --api-url / DIDIT_API_URL";
const LIMITS: &str =
    "wait before you try again: up to an hour after 5 requests, a minute between two codes";
const CREDITS: [&str; 5] = ["credits", "credit balance", "top up", "insufficient", "balance"];
const KEY: [&str; 5] = ["credentials", "authenti", "key", "token", "authoriz"];

pub(super) fn error(base: &Base, answer: &Answer) -> Error {
    let (status, host) = (answer.status, base.authority());
    let said = ErrorBody::read(status, &answer.body);
    let why = reason(&said, answer);
    let error = match status {
        300..=399 => redirected(host, status, "key").hint("check --api-url / DIDIT_API_URL"),
        401 | 403 | 410 if of_code(&said).is_some() => refused(host, status, &why, of_code(&said)),
        413 => Error::new(
            Kind::Input,
            format!("`{host}` refused the request (HTTP 413): {}", said.or("too large")),
        )
        .hint("--fit makes a photo small enough"),
        400 | 422 => rejected(host, status, &why),
        401 => refused(host, status, &why, None),
        402 => no_credits(host, status, &why),
        403 if said.mentions(&CREDITS) => no_credits(host, status, &why),
        403 if said.mentions(&["permission"]) => {
            let hint = "check DIDIT_API_KEY against the Didit Business Console (API & Webhooks)\nif it is right, grant it the permission for this there";
            refused(host, status, &why, Some((Kind::Auth, hint)))
        }
        403 if said.mentions(&KEY) => refused(host, status, &why, None),
        403 if answer.page().is_some_and(|page| !page.is_empty()) => {
            blocked(host, status, &why).hint(BETWEEN)
        }
        403 => Error::new(
            Kind::Auth,
            format!(
                "`{host}` refused the request (HTTP 403): {}",
                said.or("check the API key and credits")
            ),
        )
        .hint("the key: in the Didit Business Console (API & Webhooks)")
        .and_hint("the credits: didit-face balance"),
        407 => blocked(host, status, &why).hint(BETWEEN).mark_final(),
        429 => too_many(host, &said).hints(
            later(answer, "wait a minute\nthe limit is 300 requests a minute for each key").lines(),
        ),
        500..=599 => failed(host, status, &why).hint(later(answer, "try again later")),
        _ => unexpected(host, status, &why).hint("check --api-url / DIDIT_API_URL"),
    };
    let error = error.http_status(status).attempts(answer.attempts);
    match answer.page() {
        Some(page) if status != 429 => error.with_page(&format!("HTTP {status} {page}")),
        _ => error,
    }
}

/// `: ` and what the answer says, or which page it is; empty if it says nothing.
fn reason(said: &ErrorBody, answer: &Answer) -> String {
    let why = match answer.page() {
        Some(page) if !page.is_empty() => said.or(&format!("a gateway's page, `{page}`")),
        _ => said.or(""),
    };
    if why.is_empty() { why } else { format!(": {why}") }
}

/// The error for an answer of the account service. Its error bodies are undocumented: only the
/// status decides, and the service's own text is shown.
pub(super) fn account_error(base: &Base, answer: &Answer) -> Error {
    let (status, host) = (answer.status, base.authority());
    let said = ErrorBody::read(status, &answer.body);
    let why = reason(&said, answer);
    let error = match status {
        300..=399 => redirected(host, status, "password").hint("check --auth-url / DIDIT_AUTH_URL"),
        400 | 413 | 422 => rejected(host, status, &why),
        401 | 403 => {
            Error::new(Kind::Auth, format!("`{host}` refused the request (HTTP {status}){why}"))
                .hint("check --auth-url / DIDIT_AUTH_URL")
                .and_hint("after five failed logins an account is locked for 15 minutes")
        }
        429 => too_many(host, &said).hint(later(answer, LIMITS)),
        500..=599 => failed(host, status, &why).hint(later(answer, "try again later")),
        _ => unexpected(host, status, &why).hint("check --auth-url / DIDIT_AUTH_URL"),
    };
    error.http_status(status).attempts(answer.attempts)
}

/// The kind of failure that a stable code stands for, and what to do about it.
fn of_code(said: &ErrorBody) -> Option<(Kind, &'static str)> {
    let words_and_hints: [(&[&str], Kind, &str); 5] = [
        (
            &["billing", "credit", "credits", "balance", "payment"],
            Kind::Credits,
            "resolve billing at https://business.didit.me",
        ),
        (
            &["deleted"],
            Kind::Auth,
            "the key's application was deleted, and its keys with it: use a key of another application (`didit-face login EMAIL`, or the Didit Business Console)",
        ),
        (&["expired"], Kind::Auth, "make a new key in the Didit Business Console (API & Webhooks)"),
        (
            &["ip", "ips", "address", "allowlist", "whitelist"],
            Kind::Auth,
            "the key works from certain addresses only: add this machine's in the Didit Business Console (API & Webhooks), or run it there",
        ),
        (
            &["scope", "scopes", "permission", "permissions"],
            Kind::Auth,
            "the key lacks the permission for this: grant it in the Didit Business Console (API & Webhooks), or use another key",
        ),
    ];
    let found = words_and_hints.into_iter().find(|(words, ..)| said.code_has(words));
    found.map(|(_, kind, hint)| (kind, hint))
}

fn refused(host: &str, status: u16, why: &str, of_code: Option<(Kind, &str)>) -> Error {
    let check = "check DIDIT_API_KEY against the Didit Business Console (API & Webhooks)";
    let (kind, hint) = of_code.unwrap_or((Kind::Auth, check));
    let what = if kind == Kind::Credits { "refused for billing" } else { "refused the API key" };
    Error::new(kind, format!("`{host}` {what} (HTTP {status}){why}")).hints(hint.lines())
}

fn blocked(host: &str, status: u16, why: &str) -> Error {
    let message = format!("something before `{host}` refused the request (HTTP {status}){why}");
    Error::new(Kind::Service, message)
}

fn rejected(host: &str, status: u16, why: &str) -> Error {
    Error::new(Kind::Input, format!("`{host}` refused the request (HTTP {status}){why}"))
        .hint("fix what the service reports, and try again")
}

fn no_credits(host: &str, status: u16, why: &str) -> Error {
    Error::new(Kind::Credits, format!("not enough credits at `{host}` (HTTP {status}){why}"))
        .hint("top up at https://business.didit.me, or with `didit-face top-up 50`")
}

fn redirected(host: &str, status: u16, secret: &str) -> Error {
    let message = format!(
        "`{host}` answered with a redirect (HTTP {status}), which is not followed: the {secret} would be sent along"
    );
    Error::new(Kind::Response, message)
}

fn too_many(host: &str, said: &ErrorBody) -> Error {
    let why = said.or("rate limit exceeded");
    Error::new(Kind::Service, format!("too many requests for `{host}` (HTTP 429): {why}"))
}

fn failed(host: &str, status: u16, why: &str) -> Error {
    Error::new(Kind::Service, format!("`{host}` failed (HTTP {status}){why}"))
}

fn unexpected(host: &str, status: u16, why: &str) -> Error {
    let message = format!("`{host}` answered with an unexpected HTTP {status}{why}");
    Error::new(Kind::Service, message)
}

/// When to try again: as the service asks, else `otherwise`.
fn later(answer: &Answer, otherwise: &str) -> String {
    match answer.retry_after {
        Some(wait) if wait > Duration::ZERO => {
            format!("the service asks to wait {} before the next request", quantity::in_words(wait))
        }
        _ => otherwise.to_owned(),
    }
}
