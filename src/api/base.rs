//! The base URL of a service, checked before anything is sent to it.

use std::fmt;
use std::net::IpAddr;

use url::{Host, ParseError, Url};

/// A base that may receive a key and photos: https, or http on this machine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Base(Url);

impl Base {
    /// Reads a base URL; the error completes the sentence "the value of … ".
    pub fn parse(text: &str) -> Result<Self, String> {
        let url = Url::parse(text.trim()).map_err(|e| match e {
            ParseError::RelativeUrlWithoutBase => "must start with https://".to_owned(),
            e => format!("is not a URL: {e}"),
        })?;
        let base = Self(url);
        match base.0.scheme() {
            "https" => {}
            "http" if base.is_loopback() => {}
            "http" => return Err("plain http to another machine would send the key and the photos unencrypted; use https".to_owned()),
            _ => return Err("must start with https://".to_owned()),
        }
        if base.0.host().is_none() {
            return Err("has no host".to_owned());
        }
        if !base.0.username().is_empty() || base.0.password().is_some() {
            return Err("must not contain a user name or password".to_owned());
        }
        if base.0.query().is_some() || base.0.fragment().is_some() {
            return Err("must not have a query or a fragment".to_owned());
        }
        Ok(base)
    }

    pub fn is_loopback(&self) -> bool {
        match self.0.host() {
            Some(Host::Domain(name)) => name.eq_ignore_ascii_case("localhost"),
            Some(Host::Ipv4(address)) => address.is_loopback(),
            Some(Host::Ipv6(address)) => IpAddr::V6(address).to_canonical().is_loopback(),
            None => false,
        }
    }

    pub fn is_https(&self) -> bool {
        self.0.scheme() == "https"
    }

    /// Host and port, to name the service in messages.
    pub fn authority(&self) -> &str {
        self.0.authority()
    }

    /// Host and port, also where the port is the default.
    pub(super) fn host_and_port(&self) -> String {
        let port = self.0.port_or_known_default().unwrap_or(443);
        format!("{}:{port}", self.0.host_str().unwrap_or_default())
    }

    /// The URL of `path` (which begins with `/`, and may have a query) below the base's own path.
    pub fn join(&self, path: &str) -> Url {
        let (path, query) = path.split_once('?').map_or((path, None), |(p, q)| (p, Some(q)));
        let mut url = self.0.clone();
        url.set_query(query);
        url.set_path(&format!("{}{path}", self.0.path().trim_end_matches('/')));
        url
    }
}

impl fmt::Display for Base {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn http_goes_to_this_machine_only() {
        for good in [
            "http://127.0.0.1:8787",
            "http://localhost/x",
            "http://[::1]:1",
            "http://127.9.9.9",
            "http://[::ffff:127.0.0.1]",
            "http://0x7f.1",
            "https://verification.didit.me",
        ] {
            assert!(Base::parse(good).is_ok(), "{good}");
        }
        for bad in [
            "http://verification.didit.me",
            "http://localhost.example.org",
            "http://127.0.0.1.example.org",
            "http://127.0.0.1@example.org",
            "http://example.org#@127.0.0.1",
            "http://example.org\\@127.0.0.1",
            "http://0.0.0.0",
            "http://10.0.0.1",
            "http://[::]",
            "ftp://127.0.0.1",
            "https://user:word@verification.didit.me",
            "https://verification.didit.me?x=1",
            "verification.didit.me",
            "https://",
            "",
        ] {
            assert!(Base::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn paths_are_joined_below_the_base() {
        let url = |base: &str| Base::parse(base).unwrap().join("/v3/x/").to_string();
        assert_eq!(url("https://a.example"), "https://a.example/v3/x/");
        assert_eq!(url("https://a.example/auth/"), "https://a.example/auth/v3/x/");
    }
}
