//! Where requests go: the base URL of a service, and the proxy on the way to it.

use std::fmt;
use std::fmt::Write as _;
use std::io::{Read, Write as _};
use std::net::{IpAddr, TcpStream, ToSocketAddrs};
use std::time::Duration;

use http::Uri;
use hyper_util::client::proxy::matcher::{Intercept, Matcher};
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use secrecy::{ExposeSecret, SecretString};
use std::io;
use std::thread;
use tokio::sync::oneshot;
use url::{Host, ParseError, Url};

use crate::error::{Error, Kind, reason};

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

pub const VARIABLES: [&str; 4] = ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"];
/// The variables that name the hosts without a proxy.
pub const EXCEPTIONS: [&str; 2] = ["NO_PROXY", "no_proxy"];

/// What the environment says about proxies.
#[derive(Clone, Debug, Default)]
pub struct ProxySettings {
    /// The variable that counts, and its value, which may hold a password.
    pub proxy: Option<(&'static str, SecretString)>,
    pub exceptions: String,
}

/// The proxy on the way to a service.
pub(super) struct Proxy {
    url: SecretString,
    intercept: Intercept,
}

impl ProxySettings {
    /// The proxy for `base`, if there is one.
    ///
    /// # Errors
    /// [`Kind::Usage`] if it is needed, but can't be used.
    pub(super) fn on_the_way_to(&self, base: &Base) -> Result<Option<Proxy>, Error> {
        let Some((variable, value)) = &self.proxy else { return Ok(None) };
        let uri: Uri = base.join("/").as_str().parse().unwrap_or_default();
        if base.is_loopback() || self.excludes(&uri) {
            return Ok(None);
        }
        let value = value.expose_secret();
        let url = if value.contains("://") { value.to_owned() } else { format!("http://{value}") };
        let intercept = Matcher::builder().https(url.as_str()).build().intercept(&uri);
        match intercept.filter(|_| is_usable(value)) {
            Some(intercept) => Ok(Some(Proxy { url: url.into(), intercept })),
            None => Err(Error::new(Kind::Usage, format!("the value of `{variable}` is not the URL of an HTTP proxy"))
                .hint("write http://HOST:PORT, with http://USER:PASSWORD@ if it requires a login (percent-encode characters other than letters and digits)")),
        }
    }

    fn excludes(&self, uri: &Uri) -> bool {
        // The matcher takes this for names only.
        let all = self.exceptions.split(',').any(|name| name.trim() == "*");
        let matcher = Matcher::builder().https("http://proxy").no(self.exceptions.as_str()).build();
        all || matcher.intercept(uri).is_none()
    }
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

impl Proxy {
    pub(super) fn for_reqwest(&self) -> reqwest::Result<reqwest::Proxy> {
        reqwest::Proxy::https(self.url.expose_secret())
    }

    /// Host and port.
    pub(super) fn name(&self) -> String {
        self.intercept.uri().authority().map_or_else(String::new, ToString::to_string)
    }

    pub(super) fn has_login(&self) -> bool {
        self.intercept.basic_auth().is_some()
    }

    pub(super) fn is_tls(&self) -> bool {
        self.intercept.uri().scheme_str() == Some("https")
    }

    /// The status with which the proxy refuses a tunnel, which hyper-util doesn't tell: asks again.
    pub(super) fn refusal(&self, base: &Base, limit: Duration) -> Option<u16> {
        let authority = self.intercept.uri().authority().filter(|_| !self.is_tls())?;
        let port = authority.port_u16().unwrap_or(80);
        let address =
            (authority.host().trim_matches(['[', ']']), port).to_socket_addrs().ok()?.next()?;
        let mut stream = TcpStream::connect_timeout(&address, limit).ok()?;
        stream.set_read_timeout(Some(limit)).ok()?;
        stream.set_write_timeout(Some(limit)).ok()?;
        let target = base.host_and_port();
        let mut request = format!("CONNECT {target} HTTP/1.1\r\nHost: {target}\r\n");
        if let Some(login) = self.intercept.basic_auth().and_then(|login| login.to_str().ok()) {
            // Writing to a String can't fail.
            let _ = write!(request, "Proxy-Authorization: {login}\r\n");
        }
        stream.write_all((request + "\r\n").as_bytes()).ok()?;
        let mut line = [0; "HTTP/1.1 403".len()];
        stream.read_exact(&mut line).ok()?;
        let status = std::str::from_utf8(&line).ok()?.split(' ').nth(1)?.parse().ok()?;
        matches!(status, 400..=599).then_some(status)
    }
}

/// Looks names up like the system, each on a thread of its own: if none can be started, tokio's pool
/// would panic.
pub(super) struct NameLookup;

impl Resolve for NameLookup {
    fn resolve(&self, name: Name) -> Resolving {
        let (tell, told) = oneshot::channel();
        let thread = thread::Builder::new().spawn(move || {
            let found = (name.as_str(), 0).to_socket_addrs();
            let _ = tell.send(found.map(Iterator::collect::<Vec<_>>));
        });
        Box::pin(async move {
            thread.map_err(|e| {
                io::Error::other(format!("no thread for the name lookup: {}", reason(&e)))
            })?;
            Ok(Box::new(told.await??.into_iter()) as Addrs)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn proxy(value: &str, exceptions: &str, base: &str) -> Result<Option<String>, Error> {
        let proxy = Some(("HTTPS_PROXY", SecretString::from(value)));
        let settings = ProxySettings { proxy, exceptions: exceptions.to_owned() };
        let proxy = settings.on_the_way_to(&Base::parse(base).unwrap())?;
        Ok(proxy.map(|proxy| proxy.name()))
    }

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
            let found = proxy(good, "", "https://a.example").unwrap();
            assert!(found.is_some_and(|name| !name.contains("ann")), "{good}");
        }
        for bad in [
            "http://bad host:1",
            "http://[::1",
            "socks5://127.0.0.1:1080",
            "socks://127.0.0.1:1080",
            "ftp://proxy.example",
            "/proxy",
            "http://ann:pa^ss@proxy.example:1",
            "http://proxy.example:port",
            "http://ann:secret@",
        ] {
            let error = proxy(bad, "b.example", "https://a.example").expect_err(bad);
            assert!(!error.message().contains("secret"), "{error}");
            for (exceptions, base) in [
                ("*", "https://a.example"),
                ("b.example, *", "https://192.0.2.1"),
                ("*", "https://[2001:db8::1]"),
                ("a.example", "https://a.example"),
                (".example", "https://a.example:8443"),
                ("192.0.2.0/24", "https://192.0.2.1"),
                ("", "http://127.0.0.1"),
            ] {
                assert_eq!(proxy(bad, exceptions, base).unwrap(), None, "{bad} {base}");
            }
        }
    }
}
