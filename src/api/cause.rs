//! Finds the reason for a failed request among the causes of its error.

use std::error::Error as StdError;
use std::io;
use std::iter::successors;

use crate::error::reason;

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
            "its own certificate or TLS can't be used; if it speaks plain HTTP, write http://"
                .to_owned()
        }
        _ => root(error),
    })
}

/// Whether the proxy requires a login, or refused ours.
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
