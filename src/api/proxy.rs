//! Checks the proxy variables: an invalid one would be ignored, and requests would go out directly.

use http::Uri;

use crate::error::{Error, Kind};

/// The variables that set a proxy for https.
pub const VARIABLES: [&str; 4] = ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"];

/// Checks the value of `variable`, which may hold a password and so is never shown.
///
/// # Errors
/// [`Kind::Usage`] if it isn't a usable proxy.
pub fn check(variable: &str, value: &str) -> Result<(), Error> {
    if is_usable(value) {
        return Ok(());
    }
    Err(Error::new(Kind::Usage, format!("the value of `{variable}` is not the URL of an HTTP proxy"))
        .hint("write http://HOST:PORT, with http://USER:PASSWORD@ if it requires a login (percent-encode characters other than letters and digits)"))
}

/// Parsed as reqwest does, so that nothing passes here that reqwest ignores.
fn is_usable(value: &str) -> bool {
    let Ok(uri) = value.parse::<Uri>() else { return false };
    let Some(authority) = uri.authority() else { return false };
    let (host, port) = (authority.host(), authority.port_u16());
    matches!(uri.scheme_str(), None | Some("http" | "https"))
        && !host.is_empty()
        && (port.is_some() || authority.as_str().ends_with(host))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_proxy_is_a_host_that_speaks_http() {
        for good in [
            "http://proxy.example:3128",
            "https://proxy.example",
            "proxy.example:3128",
            "proxy",
            "http://ann:pass%20word@[::1]:8080/",
            "ann:word@10.0.0.1:8080",
        ] {
            assert!(check("HTTPS_PROXY", good).is_ok(), "{good}");
        }
        for bad in [
            "http://bad host:1",
            "http://[::1",
            "socks5://127.0.0.1:1080",
            "ftp://proxy.example",
            "/proxy",
            "http://ann:pa^ss@proxy.example:1",
            "http://proxy.example:port",
            "http://ann:secret@",
        ] {
            let error = check("HTTPS_PROXY", bad).expect_err(bad);
            assert!(!error.message().contains("secret"), "{error}");
        }
    }
}
