//! Errors for requests that got no usable answer, and the reasons for them.

use std::error::Error as StdError;
use std::io;
use std::iter::successors;
use std::time::Duration;

use rustls::Error as TlsError;

use super::route::{Base, Proxy};
use super::upload::UploadProgress;
use crate::error::{Error, Kind, reason};

const AGAIN: &str = "try again: this request isn't charged";
pub(super) const NOT_CHARGED: &str = "nothing was charged";
const ANOTHER: &str = "if this persists, check --api-url / DIDIT_API_URL (for accounts --auth-url / DIDIT_AUTH_URL): something else may be answering there";

pub(super) fn not_set_up(base: &Base, e: &reqwest::Error) -> Error {
    let host = base.authority();
    // The platform verifier's only error here is that the system has no CA certificates.
    if find::<TlsError>(e).is_some() {
        let message = format!("can't verify `{host}`: this system has no CA certificates");
        return Error::new(Kind::Network, message).hint(
            "install them (on Debian and Alpine: the package ca-certificates), or name a PEM file with --cacert FILE or SSL_CERT_FILE",
        );
    }
    let message = format!("the connection to `{host}` can't be set up: {}", root(e));
    Error::new(Kind::Network, message).hint("check the proxy variables")
}

pub(super) fn not_connected(
    base: &Base,
    proxy: Option<&Proxy>,
    refusal: Option<u16>,
    e: &reqwest::Error,
) -> Error {
    let host = base.authority();
    let network =
        |message: String| Error::new(Kind::Network, format!("{message}; nothing was sent"));
    if let (Some(what), Some(proxy)) = (of_proxy(e), proxy) {
        let status = refusal.map_or_else(String::new, |status| format!(" (HTTP {status})"));
        let name = proxy.name();
        network(format!("could not connect to `{host}` through the proxy `{name}`: {what}{status}"))
            .hint("check HTTPS_PROXY and NO_PROXY")
            .and_hint(if proxy.has_login() && wants_login(e) {
                "check the user name and the password there"
            } else if proxy.is_tls() {
                "if the proxy speaks plain HTTP, write http://HOST:PORT"
            } else {
                "if the proxy requires a login, write http://USER:PASSWORD@HOST:PORT"
            })
    } else {
        let error = network(if e.is_timeout() {
            let on_the_way = proxy.map(|proxy| format!(" through the proxy `{}`", proxy.name()));
            format!("could not connect to `{host}`{} in time", on_the_way.unwrap_or_default())
        } else {
            format!("could not connect to `{host}`: {}", root(e))
        });
        error.hint(if base.is_loopback() {
            "check the URL, and that the server is running"
        } else {
            "check the network, the proxy variables and the URL"
        })
    }
}

pub(super) fn timed_out(base: &Base, timeout: Duration) -> Error {
    let seconds = timeout.as_secs_f64();
    let message = format!("no complete answer from `{}` within {seconds} s", base.authority());
    Error::new(Kind::Network, message).hint("try again, or raise --timeout / DIDIT_TIMEOUT")
}

/// Without the whole body, the service can't have processed anything.
pub(super) fn not_uploaded(base: &Base, progress: &UploadProgress) -> Error {
    let host = base.authority();
    let message =
        format!("the connection to `{host}` was lost during the upload, after {progress}");
    Error::new(Kind::Network, message).hint("try again").and_hint(NOT_CHARGED)
}

pub(super) fn stalled(base: &Base, limit: Duration, progress: &UploadProgress) -> Error {
    let (host, seconds) = (base.authority(), limit.as_secs_f64());
    let message = format!("the upload to `{host}` stalled for {seconds} s, after {progress}");
    Error::new(Kind::Network, message)
        .hint("check the network and try again")
        .and_hint("or send less: --fit=500KB")
        .and_hint(NOT_CHARGED)
}

pub(super) fn no_runtime(e: &std::io::Error) -> Error {
    Error::new(Kind::Network, format!("the network can't be used: {}", reason(e)))
}

pub(super) fn lost(base: &Base) -> Error {
    let message =
        format!("the connection to `{}` was lost before an answer came", base.authority());
    Error::new(Kind::Network, message).hint(AGAIN)
}

pub(super) fn cut_short(base: &Base) -> Error {
    let message = format!("the answer from `{}` was cut short", base.authority());
    Error::new(Kind::Response, message).hint(AGAIN)
}

pub(super) fn too_long(base: &Base, limit: usize) -> Error {
    let message = format!(
        "the answer from `{}` is over {} MiB, more than any real one",
        base.authority(),
        limit / 1024 / 1024
    );
    Error::new(Kind::Response, message).hint(ANOTHER)
}

/// Over 100 headers, two lengths, a folded line: whatever it is, it is an answer.
pub(super) fn unreadable(base: &Base) -> Error {
    let message =
        format!("the answer from `{}` can't be trusted: it is not valid HTTP", base.authority());
    Error::new(Kind::Response, message).hint(ANOTHER)
}

/// Only the whole request can be judged.
pub(super) fn too_early(base: &Base) -> Error {
    let message = format!(
        "`{}` answered HTTP 200 before the upload had ended: that can't be a verdict",
        base.authority()
    );
    let error = Error::new(Kind::Response, message).http_status(200);
    error
        .hint("check --api-url / DIDIT_API_URL: something else may be answering there")
        .and_hint(NOT_CHARGED)
}

/// For a 200 whose body can't be used.
pub(super) fn unusable(why: impl std::fmt::Display) -> Error {
    let message = format!("the service's answer can't be trusted: {why}");
    Error::new(Kind::Response, message).http_status(200).hint(ANOTHER)
}

/// The first error of type `T` among `error` and its causes.
pub(super) fn find<'a, T: StdError + 'static>(
    error: &'a (dyn StdError + 'static),
) -> Option<&'a T> {
    chain(error).find_map(|cause| cause.downcast_ref())
}

/// What a proxy did instead of connecting, by its text: the error has no public type.
pub(super) fn of_proxy(error: &reqwest::Error) -> Option<String> {
    let said = chain(error)
        .find_map(|cause| cause.to_string().strip_prefix("tunnel error: ").map(str::to_owned))?;
    Some(match said.as_str() {
        "unsuccessful" => "it refused to connect".to_owned(),
        "proxy authorization required" => "it requires authentication".to_owned(),
        "unexpected end of file" => "it closed the connection".to_owned(),
        _ if find::<rustls::Error>(error).is_some() => {
            "its own certificate or TLS can't be used".to_owned()
        }
        _ => root(error),
    })
}

pub(super) fn wants_login(error: &reqwest::Error) -> bool {
    chain(error).any(|cause| cause.to_string() == "tunnel error: proxy authorization required")
}

/// Whether the proxy answered, but didn't connect.
pub(super) fn is_refused_tunnel(error: &reqwest::Error) -> bool {
    chain(error).any(|cause| cause.to_string() == "tunnel error: unsuccessful")
}

/// The innermost cause, in words.
pub(super) fn root(error: &reqwest::Error) -> String {
    // The innermost knows most.
    match chain(error).filter_map(|cause| cause.downcast_ref::<io::Error>()).last() {
        Some(e) if e.kind() == io::ErrorKind::UnexpectedEof => {
            "the connection was closed during the TLS handshake".to_owned()
        }
        // The name could not be resolved; the error has no kind of its own.
        Some(e) if e.to_string().starts_with("failed to lookup address") => {
            "no such host".to_owned()
        }
        Some(e) => reason(e),
        None => chain(error).last().unwrap_or(error).to_string(),
    }
}

/// An error and its causes. `io::Error::source()` skips the wrapped error, which `get_ref()` gives.
fn chain<'a>(
    error: &'a (dyn StdError + 'static),
) -> impl Iterator<Item = &'a (dyn StdError + 'static)> {
    successors(Some(error), |&error: &&'a (dyn StdError + 'static)| {
        let wrapped = error.downcast_ref::<io::Error>().and_then(io::Error::get_ref);
        match wrapped {
            Some(inner) => Some(inner as &(dyn StdError + 'static)),
            None => error.source(),
        }
    })
}
