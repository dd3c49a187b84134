//! One request over HTTP: TLS, proxies, timeouts, no redirects, a bounded answer, repetitions.

use std::fs;
use std::io::{self, Cursor, Read};
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};

use bytes::Bytes;
use reqwest::blocking::{Body, ClientBuilder, Response};
use reqwest::header::{CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue, RETRY_AFTER};
use reqwest::{Certificate, Method, redirect};
use secrecy::zeroize::Zeroizing;
use serde::Serialize;
use serde_json::Value;

use super::base::Base;
use super::cause;
use super::failure;
use super::gate::{Alone, Gate};
use super::retry::{self, Outcome, Waits};
use crate::error::{Error, Kind};
use crate::photo::reason;
use crate::secret::ApiKey;

/// The most that an answer may have; real ones have a few kilobytes.
const ANSWER_LIMIT: u64 = 1024 * 1024;
/// A password has 4 KiB at most, and six characters for one where JSON escapes it.
const JSON_CAPACITY: usize = 32 * 1024;
const API_KEY: HeaderName = HeaderName::from_static("x-api-key");

/// How requests are made.
#[derive(Clone, Debug)]
pub struct Connection {
    /// The longest time for one whole request, its answer included.
    pub timeout: Duration,
    /// The longest time to connect.
    pub connect_timeout: Duration,
    /// How often a request is repeated at most.
    pub retries: u32,
    /// Certificates to trust beside the system's.
    pub ca_file: Option<CaFile>,
    /// What is wrong with the proxy that the environment names.
    pub bad_proxy: Option<Error>,
}

/// A PEM file with certificates, and the flag or variable that named it.
#[derive(Clone, Debug)]
pub struct CaFile {
    /// The file.
    pub path: PathBuf,
    /// `--cacert` or `SSL_CERT_FILE`.
    pub named_by: &'static str,
}

/// What happens to a request, for whoever wants to show it.
#[derive(Debug)]
pub enum Event<'a> {
    /// An attempt begins.
    Sending {
        /// The HTTP method.
        method: &'a Method,
        /// The whole URL.
        url: &'a str,
        /// The size of the body.
        bytes: u64,
        /// 1 for the first.
        attempt: u32,
    },
    /// So many bytes of the body were handed to the connection.
    Sent {
        /// Since the attempt began.
        bytes: u64,
    },
    /// An answer came.
    Answered {
        /// The HTTP status.
        status: u16,
        /// The size of the body.
        bytes: usize,
        /// Since the attempt began.
        elapsed: Duration,
        /// `Retry-After` and the `X-RateLimit-` headers.
        rate_limit: &'a [(String, String)],
    },
    /// An attempt failed and is repeated after a wait.
    Waiting {
        /// What went wrong.
        why: &'a str,
        /// Until the next attempt.
        wait: Duration,
    },
}

/// Who is told of [`Event`]s.
#[derive(Clone)]
pub struct Observer {
    tell: Arc<dyn Fn(Event<'_>) + Send + Sync>,
    counts_bytes: bool,
}

impl Observer {
    /// `tell` is called with every event; with [`Event::Sent`] only if `counts_bytes`,
    /// since to count them costs some 20 ms for two large photos.
    pub fn new(counts_bytes: bool, tell: impl Fn(Event<'_>) + Send + Sync + 'static) -> Self {
        Self { tell: Arc::new(tell), counts_bytes }
    }
}

/// A complete answer within bounds, whatever its status.
#[derive(Debug)]
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// The body, byte for byte.
    pub body: Vec<u8>,
    /// How many times the request was sent or tried.
    pub attempts: u32,
    /// How long the service asks to wait before the next request.
    pub retry_after: Option<Duration>,
    /// How long the service wants no request from anybody, if it says so.
    pub(super) silence: Option<Duration>,
}

/// What is sent, the same at every attempt.
pub(super) struct Request {
    pub(super) method: Method,
    pub(super) path: String,
    pub(super) content: Option<(HeaderValue, Bytes)>,
    /// Whether an answer costs a credit.
    pub(super) is_paid: bool,
}

/// A failed attempt: the error to report, and how the attempt ended.
struct Failed {
    outcome: Outcome,
    error: Error,
}

/// A connection to one service, with the key where it takes one.
pub struct Client {
    http: reqwest::blocking::Client,
    base: Base,
    key: Option<ApiKey>,
    timeout: Duration,
    retries: u32,
    observer: Observer,
    gate: Arc<dyn Gate>,
}

impl Client {
    /// Sets up TLS (for https only) and connects to nothing yet.
    ///
    /// # Errors
    /// [`Kind::Usage`] if the proxy or the file of additional certificates can't be used,
    /// [`Kind::Network`] if TLS or the proxy settings can't be set up.
    pub fn new(
        base: &Base,
        key: Option<ApiKey>,
        connection: &Connection,
        observer: Observer,
    ) -> Result<Self, Error> {
        if let (Some(error), false) = (&connection.bad_proxy, base.is_loopback()) {
            return Err(error.clone());
        }
        // A little under the whole: a connection that is never made must be known as such.
        let connect_timeout = connection.connect_timeout.min(connection.timeout.mul_f32(0.95));
        let builder = ClientBuilder::new()
            .user_agent(concat!("didit-face/", env!("CARGO_PKG_VERSION")))
            .redirect(redirect::Policy::none())
            .retry(reqwest::retry::never())
            .connect_timeout(connect_timeout)
            .tcp_nodelay(true);
        let builder = if base.is_loopback() { this_machine_only(builder) } else { builder };
        let http = with_tls(builder, base, connection.ca_file.as_ref())?
            .build()
            .map_err(|e| failure::not_set_up(base, &e))?;
        Ok(Self {
            http,
            base: base.clone(),
            key,
            timeout: connection.timeout,
            retries: connection.retries,
            observer,
            gate: Arc::new(Alone),
        })
    }

    /// Puts `gate`, which others may share, before every repetition.
    #[must_use]
    pub fn with_gate(self, gate: Arc<dyn Gate>) -> Self {
        Self { gate, ..self }
    }

    /// The base that this client speaks to.
    pub fn base(&self) -> &Base {
        &self.base
    }

    /// Sends `request`, again where it surely was not processed, and returns the first
    /// answer that is not worth another attempt.
    pub(super) fn send(&self, request: &Request) -> Result<Answer, Error> {
        let mut waits = Waits::new(self.retries);
        let mut attempt = 1;
        loop {
            let result = self.attempt(request, attempt);
            if let Ok(Answer { silence: Some(time), .. }) = &result {
                self.gate.pause(*time);
            }
            let (outcome, retry_after) = match &result {
                Ok(answer) => (Outcome::Status(answer.status), answer.retry_after),
                Err(failed) => (failed.outcome, None),
            };
            if retry::may_repeat(&request.method, outcome)
                && let Some(wait) = waits.next(retry_after)
            {
                let why = match &result {
                    Ok(answer) => format!("HTTP {}", answer.status),
                    Err(failed) => failed.error.message().to_owned(),
                };
                (self.observer.tell)(Event::Waiting { why: &why, wait });
                if self.gate.wait(wait) {
                    attempt += 1;
                    continue;
                }
            }
            return match result {
                Ok(answer) => Ok(Answer { attempts: attempt, ..answer }),
                Err(failed) => Err(failed.error.attempts(attempt)),
            };
        }
    }

    fn attempt(&self, request: &Request, attempt: u32) -> Result<Answer, Failed> {
        let url = self.base.join(&request.path);
        let bytes = request.content.as_ref().map_or(0, |(_, body)| body.len() as u64);
        (self.observer.tell)(Event::Sending {
            method: &request.method,
            url: url.as_str(),
            bytes,
            attempt,
        });
        let started = Instant::now();
        let mut http = self
            .http
            .request(request.method.clone(), url)
            .timeout(self.timeout)
            .headers(self.key_header());
        if let Some((content_type, body)) = &request.content {
            http = http.header(CONTENT_TYPE, content_type).body(self.body(body));
        }
        let failed = |e: reqwest::Error| self.no_answer(request, &e);
        let response = http.send().map_err(failed)?;
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let body = self.read(request, response)?;
        (self.observer.tell)(Event::Answered {
            status,
            bytes: body.len(),
            elapsed: started.elapsed(),
            rate_limit: &self.rate_limit(&headers),
        });
        let now = SystemTime::now();
        let header = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
        let retry_after =
            header(RETRY_AFTER.as_str()).and_then(|value| retry::retry_after(value, now));
        let silence = retry::silence(status, retry_after, header, now);
        Ok(Answer { status, body, attempts: attempt, retry_after, silence })
    }

    fn key_header(&self) -> HeaderMap {
        let value = self.key.as_ref().and_then(ApiKey::header);
        value.map(|value| (API_KEY, value)).into_iter().collect()
    }

    fn body(&self, bytes: &Bytes) -> Body {
        if self.observer.counts_bytes {
            let observer = self.observer.clone();
            let length = bytes.len() as u64;
            Body::sized(Counted { bytes: Cursor::new(bytes.clone()), observer }, length)
        } else {
            Body::from(bytes.clone())
        }
    }

    /// Reads the answer's body within bounds. Where the status alone says that the request
    /// failed, whatever arrived of the body will do to explain it.
    fn read(&self, request: &Request, response: Response) -> Result<Vec<u8>, Failed> {
        let (status, succeeded) = (response.status().as_u16(), response.status().is_success());
        let mut body = Vec::new();
        let result = response.take(ANSWER_LIMIT + 1).read_to_end(&mut body);
        let error = match result {
            _ if !succeeded => return Ok(self.without_key(&body)),
            Ok(_) if body.len() as u64 <= ANSWER_LIMIT => return Ok(body),
            Ok(_) => {
                // Another answer would be as long.
                let error = failure::too_long(&self.base, ANSWER_LIMIT).http_status(status);
                let error = request.left_open(error);
                return Err(Failed { outcome: Outcome::Status(status), error });
            }
            Err(e) if cause::is_timeout(&e) => failure::timed_out(&self.base, self.timeout),
            Err(_) => failure::cut_short(&self.base),
        };
        Err(Failed { outcome: Outcome::Lost, error: request.left_open(error) })
    }

    /// The body of a failure, which may be quoted, without the key that some service echoes.
    fn without_key(&self, body: &[u8]) -> Vec<u8> {
        // Written anew, JSON has no escapes that could hide a key.
        let text = serde_json::from_slice::<Value>(body)
            .map_or_else(|_| String::from_utf8_lossy(body).into_owned(), |body| body.to_string());
        self.blotted_out(&text).into_bytes()
    }

    /// The body of a success as it came, unless some service echoes the key in it.
    pub fn quotable(&self, body: &[u8]) -> Vec<u8> {
        let written_anew = serde_json::from_slice::<Value>(body).map(|value| value.to_string());
        match written_anew {
            Ok(text) if self.blotted_out(&text) == text => body.to_vec(),
            _ => self.without_key(body),
        }
    }

    fn blotted_out(&self, text: &str) -> String {
        self.key.as_ref().map_or_else(|| text.to_owned(), |key| key.blotted_out(text))
    }

    fn rate_limit(&self, headers: &HeaderMap) -> Vec<(String, String)> {
        let of_limits = headers
            .iter()
            .filter(|(name, _)| **name == RETRY_AFTER || name.as_str().starts_with("x-ratelimit-"));
        let text = |value: &HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
        of_limits.map(|(name, value)| (name.to_string(), self.blotted_out(&text(value)))).collect()
    }

    fn no_answer(&self, request: &Request, e: &reqwest::Error) -> Failed {
        // Asked in this order: a connect timeout is a timeout too.
        if e.is_connect() {
            return match cause::find::<rustls::Error>(e) {
                Some(tls) => Failed {
                    outcome: Outcome::Untrusted,
                    error: failure::untrusted(&self.base, tls),
                },
                None => Failed {
                    outcome: Outcome::NotConnected,
                    error: failure::not_connected(&self.base, e),
                },
            };
        }
        let error = if e.is_timeout() {
            failure::timed_out(&self.base, self.timeout)
        } else {
            failure::lost(&self.base)
        };
        Failed { outcome: Outcome::Lost, error: request.left_open(error) }
    }
}

impl Request {
    /// Asks for `path`.
    pub(super) fn get(path: impl Into<String>) -> Self {
        Self { method: Method::GET, path: path.into(), content: None, is_paid: false }
    }

    /// Sends `body` as JSON, for no credit. It may hold secrets: its bytes are zeroed after use.
    pub(super) fn post_json(path: &str, body: &impl Serialize) -> serde_json::Result<Self> {
        // With room for any password, so that no half of one stays behind where it grew.
        let mut json = Zeroizing::new(Vec::with_capacity(JSON_CAPACITY));
        serde_json::to_writer(&mut *json, body)?;
        let body = Bytes::from_owner(json);
        let content = Some((HeaderValue::from_static("application/json"), body));
        Ok(Self { method: Method::POST, path: path.to_owned(), content, is_paid: false })
    }

    /// Says in `error` that the request may have been processed all the same.
    pub(super) fn left_open(&self, error: Error) -> Error {
        if self.method == Method::GET {
            error
        } else if self.is_paid {
            error.maybe_billed().hint(
                "it may have been processed, and charged: look it up in the Didit Business Console before you send it again",
            )
        } else {
            error.hint("it may have been processed all the same")
        }
    }
}

/// Plain http is allowed to this machine only, so nothing may lead it elsewhere: no proxy,
/// and no name service's idea of `localhost`.
fn this_machine_only(builder: ClientBuilder) -> ClientBuilder {
    let addresses: [SocketAddr; 2] =
        [(Ipv4Addr::LOCALHOST, 0).into(), (Ipv6Addr::LOCALHOST, 0).into()];
    builder.no_proxy().resolve_to_addrs("localhost", &addresses)
}

fn with_tls(
    builder: ClientBuilder,
    base: &Base,
    ca_file: Option<&CaFile>,
) -> Result<ClientBuilder, Error> {
    // Fails only if a provider is in place already, which is as good.
    let _ = rustls::crypto::ring::default_provider().install_default();
    if !base.is_https() {
        // Without this the system's certificates would be read, for nothing.
        return Ok(builder.tls_certs_only([]));
    }
    let builder = builder.https_only(true);
    match ca_file {
        None => Ok(builder),
        Some(file) => Ok(builder.tls_certs_merge(certificates(file)?)),
    }
}

fn certificates(file: &CaFile) -> Result<Vec<Certificate>, Error> {
    let bad = |why: &str| {
        let message = format!("`{}`, named by {}, {why}", file.path.display(), file.named_by);
        Error::new(Kind::Usage, message).hint("it must be a PEM file with certificates")
    };
    let pem = fs::read(&file.path).map_err(|e| bad(&format!("can't be read: {}", reason(&e))))?;
    match Certificate::from_pem_bundle(&pem) {
        Ok(certificates) if !certificates.is_empty() => Ok(certificates),
        _ => Err(bad("holds no usable certificate")),
    }
}

/// The body, counted as it is handed to the connection.
struct Counted {
    bytes: Cursor<Bytes>,
    observer: Observer,
}

impl Read for Counted {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.bytes.read(buffer)?;
        (self.observer.tell)(Event::Sent { bytes: self.bytes.position() });
        Ok(count)
    }
}
