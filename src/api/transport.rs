//! Sends a request over HTTP: proxies, timeouts, retries, no redirects, limited answers.

use std::future::Future;
use std::io;
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr};
use std::pin::pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::{Duration, Instant, SystemTime};

use jiff::{SignedDuration, Timestamp};
use reqwest::header::{
    AGE, AUTHORIZATION, CONTENT_LENGTH, DATE, HeaderMap, HeaderName, HeaderValue, RETRY_AFTER,
    TRANSFER_ENCODING,
};
use reqwest::{ClientBuilder, Method, Response, redirect};
use tokio::runtime::{Builder, Runtime};
use tokio::time::sleep;

use super::provenance::{Answer, Author, Ending};
use super::request::{Effect, Event, Observer, Request};
use super::retry::{self, Alone, Gate, LONGEST_WAIT, Waits};
use super::route::{Base, NameLookup, Proxy, ProxySettings};
use super::tls::{CaFile, with_tls};
use super::upload::{Late, Upload, UploadProgress};
use super::{failure, tls};
use crate::error::{Charge, Error};
use crate::values::secret::{AccessToken, ApiKey, Redactor};

/// The largest answer in bytes; real ones have a few kilobytes.
const ANSWER_LIMIT: usize = 1024 * 1024;
/// How quickly a stop is noticed.
const NAP: Duration = Duration::from_millis(100);
const API_KEY: HeaderName = HeaderName::from_static("x-api-key");

#[derive(Clone, Debug)]
pub struct Connection {
    /// The maximum time from the end of the upload to the complete answer, and for an upload to make
    /// no progress.
    pub timeout: Duration,
    pub connect_timeout: Duration,
    pub retries: u32,
    pub ca_file: Option<CaFile>,
    pub proxy: ProxySettings,
}

struct Failed {
    ending: Ending,
    error: Error,
}

/// A client of one service, with the key if it needs one.
pub struct Client {
    http: reqwest::Client,
    runtime: &'static Runtime,
    base: Base,
    proxy: Option<Proxy>,
    /// The status with which the proxy refuses tunnels.
    refusal: OnceLock<Option<u16>>,
    /// How the proxy took the first login: the others wait for it, since many wrong ones lock an account.
    login: Mutex<Option<Result<(), Error>>>,
    ca_file: Option<CaFile>,
    key: Option<ApiKey>,
    /// What no answer may echo to anyone.
    secrets: Mutex<Redactor>,
    timeout: Duration,
    retries: u32,
    observer: Observer,
    pub(super) gate: Arc<dyn Gate>,
    /// Whether the service refuses `metadata`.
    pub(super) refuses_tags: AtomicBool,
    clock_offset: Mutex<Option<SignedDuration>>,
}

impl Client {
    /// Sets up TLS if the base is https. Doesn't connect yet.
    ///
    /// # Errors
    /// [`crate::error::Kind::Usage`] if the proxy or the file of additional certificates can't be
    /// used, [`crate::error::Kind::Network`] if TLS or the proxy settings can't be set up.
    pub fn new(
        base: &Base,
        key: Option<ApiKey>,
        connection: &Connection,
        observer: Observer,
    ) -> Result<Self, Error> {
        let proxy = connection.proxy.on_the_way_to(base)?;
        // Below the whole timeout, so that a failure to connect is reported as one.
        let connect_timeout = connection.connect_timeout.min(connection.timeout.mul_f32(0.95));
        let builder = ClientBuilder::new()
            .user_agent(concat!("didit-face/", env!("CARGO_PKG_VERSION")))
            .redirect(redirect::Policy::none())
            .retry(reqwest::retry::never())
            // An answer on a connection of its own can't be another request's, and no idle
            // connection is closed while a request goes into it.
            .pool_max_idle_per_host(0)
            .connect_timeout(connect_timeout)
            .tcp_nodelay(true)
            .dns_resolver(NameLookup)
            .no_proxy();
        let builder = if base.is_loopback() { this_machine_only(builder) } else { builder };
        let builder = match proxy.as_ref().map(Proxy::for_reqwest) {
            Some(proxy) => builder.proxy(proxy.map_err(|e| failure::not_set_up(base, &e))?),
            None => builder,
        };
        let http = with_tls(builder, base, connection.ca_file.as_ref())?
            .build()
            .map_err(|e| failure::not_set_up(base, &e))?;
        let mut secrets = Redactor::default();
        if let Some(key) = &key {
            secrets.add(key.reveal(), "key");
        }
        Ok(Self {
            http,
            runtime: runtime().map_err(|e| failure::no_runtime(&e))?,
            base: base.clone(),
            proxy,
            refusal: OnceLock::new(),
            login: Mutex::default(),
            ca_file: connection.ca_file.clone(),
            key,
            secrets: Mutex::new(secrets),
            timeout: connection.timeout,
            retries: connection.retries,
            observer,
            gate: Arc::new(Alone),
            refuses_tags: AtomicBool::new(false),
            clock_offset: Mutex::default(),
        })
    }

    /// Asks `gate` before every upload and every retry.
    #[must_use]
    pub fn with_gate(self, gate: Arc<dyn Gate>) -> Self {
        Self { gate, ..self }
    }

    /// The service's clock minus ours, by the `Date` of the latest answer.
    pub fn clock_offset(&self) -> Option<SignedDuration> {
        *self.clock_offset.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub fn base(&self) -> &Base {
        &self.base
    }

    /// Sends `request`, and retries as [`Ending::may_repeat`] allows. Returns the last answer.
    pub(super) fn send(&self, request: &Request) -> Result<Answer, Error> {
        let mut waits = Waits::new(self.retries, self.gate.patience());
        let mut attempt = 1;
        loop {
            let result = self.logged_in(request, attempt);
            let ending = result.as_ref().map_or_else(|failed| failed.ending, Answer::ending);
            request.is_open.store(ending.charge() != Charge::No, Ordering::SeqCst);
            if let Ok(Answer { silence: Some(time), .. }) = &result {
                self.gate.pause(*time);
            }
            if let Some(wait) = next_wait(request, &result, ending, &mut waits) {
                self.observer.tell(Event::Waiting { why: &why(&result), wait });
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

    fn logged_in(&self, request: &Request, attempt: u32) -> Result<Answer, Failed> {
        let has_login = self.proxy.as_ref().is_some_and(Proxy::has_login);
        let mut first = self.login.lock().unwrap_or_else(PoisonError::into_inner);
        match &*first {
            Some(Err(e)) => return Err(failed(request, Ending::Refused, e.clone())),
            None if has_login => {}
            _ => {
                drop(first);
                return self.attempt(request, attempt);
            }
        }
        let result = self.attempt(request, attempt);
        *first = Some(match &result {
            Err(Failed { ending: Ending::Refused, error }) => Err(error.clone()),
            _ => Ok(()),
        });
        result
    }

    fn attempt(&self, request: &Request, attempt: u32) -> Result<Answer, Failed> {
        let mut http = self.prepared(request)?;
        let progress = Upload::watch(&mut http, &self.observer, &request.is_open, attempt == 1);
        self.observer.tell(Event::Sending {
            method: &request.method,
            url: http.url().as_str(),
            bytes: progress.total(),
            attempt,
        });
        let started = Instant::now();
        let (status, headers, is_uploaded, body) = self.runtime.block_on(async {
            let mut overdue = pin!(progress.overdue(self.timeout));
            let response = tokio::select! {
                biased;
                result = self.http.execute(http) => {
                    result.map_err(|e| self.no_answer(request, &progress, &e))?
                }
                late = &mut overdue => return Err(self.late(request, &progress, late)),
                () = self.stopped(), if request.method == Method::GET => {
                    return Err(self.late(request, &progress, Late::Answer));
                }
            };
            // What was taken until now: afterwards, it may go on while the body is read.
            let is_uploaded = progress.is_complete();
            let (status, headers) = (response.status().as_u16(), response.headers().clone());
            // Two readers could disagree on where it ends.
            if headers.contains_key(CONTENT_LENGTH) && headers.contains_key(TRANSFER_ENCODING) {
                return Err(failed(request, Ending::Lost, failure::unreadable(&self.base)));
            }
            let body =
                self.read(request, response, is_uploaded, async { _ = overdue.await }).await?;
            Ok((status, headers, is_uploaded, self.secrets().redact_body(body)))
        })?;
        let elapsed = started.elapsed();
        self.observer.tell(Event::Answered {
            status,
            bytes: body.len(),
            elapsed,
            rate_limit: &self.rate_limit(&headers),
        });
        let header = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
        let date = header(DATE.as_str()).and_then(|date| httpdate::parse_http_date(date).ok());
        if let Some(date) = date.and_then(|date| Timestamp::try_from(date).ok()) {
            let offset = Some(date.duration_since(Timestamp::now()));
            *self.clock_offset.lock().unwrap_or_else(PoisonError::into_inner) = offset;
        }
        // By the service's own clock, which wrote the times.
        let now = date.unwrap_or_else(SystemTime::now);
        let retry_after =
            header(RETRY_AFTER.as_str()).and_then(|value| retry::retry_after(value, now));
        // What can't be read may be any age.
        let is_fresh = |age: &HeaderValue| {
            let age = age.to_str().ok().and_then(|age| age.trim().parse().ok());
            age.is_some_and(|age| Duration::from_secs(age) <= elapsed)
        };
        let mut answer = Answer {
            status,
            author: Author::of(&body),
            body,
            attempts: attempt,
            retry_after,
            tag: None,
            is_stale: !headers.get_all(AGE).iter().all(is_fresh),
            is_uploaded,
            silence: None,
        };
        answer.silence = retry::silence(&answer, header, now);
        Ok(answer)
    }

    fn prepared(&self, request: &Request) -> Result<reqwest::Request, Failed> {
        let url = self.base.join(&request.path);
        let mut http = self.http.request(request.method.clone(), url).headers(self.key_header());
        if let Some(token) = request.token.as_ref().and_then(AccessToken::header) {
            http = http.header(AUTHORIZATION, token);
        }
        let http = request.content.put(http).build();
        http.map_err(|e| failed(request, Ending::Refused, failure::not_set_up(&self.base, &e)))
    }

    /// Hides `secret` in all answers from now on.
    pub(super) fn hide(&self, secret: &str, label: &'static str) {
        self.secrets().add(secret, label);
    }

    fn secrets(&self) -> MutexGuard<'_, Redactor> {
        self.secrets.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn redacted(&self, text: String) -> String {
        self.secrets().redact(&text).unwrap_or(text)
    }

    fn key_header(&self) -> HeaderMap {
        let value = self.key.as_ref().and_then(ApiKey::header);
        value.map(|value| (API_KEY, value)).into_iter().collect()
    }

    /// Reads the body up to the limit. If the status says that the request failed, a part of the body
    /// is enough.
    async fn read(
        &self,
        request: &Request,
        mut response: Response,
        is_uploaded: bool,
        overdue: impl Future<Output = ()>,
    ) -> Result<Vec<u8>, Failed> {
        let (status, succeeded) = (response.status().as_u16(), response.status().is_success());
        let (mut body, mut overdue) = (Vec::new(), pin!(overdue));
        let error = loop {
            let chunk = tokio::select! {
                biased;
                chunk = response.chunk() => chunk.map_err(|_| failure::cut_short(&self.base)),
                () = &mut overdue => Err(failure::timed_out(&self.base, self.timeout)),
            };
            match chunk {
                Ok(Some(chunk)) if body.len() + chunk.len() <= ANSWER_LIMIT => body.extend(chunk),
                _ if !succeeded => return Ok(body),
                Ok(None) => return Ok(body),
                Ok(Some(_)) => {
                    // Another attempt would get as long an answer.
                    let error = failure::too_long(&self.base, ANSWER_LIMIT).http_status(status);
                    let ending = Ending::Answered { status, by_service: false, is_uploaded };
                    return Err(failed(request, ending, error));
                }
                Err(error) => break error,
            }
        };
        let ending = if is_uploaded { Ending::Lost } else { Ending::NotSent };
        Err(failed(request, ending, error))
    }

    fn rate_limit(&self, headers: &HeaderMap) -> Vec<(String, String)> {
        let of_limits = headers
            .iter()
            .filter(|(name, _)| **name == RETRY_AFTER || name.as_str().starts_with("x-ratelimit-"));
        let text = |value: &HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
        of_limits.map(|(name, value)| (name.to_string(), self.redacted(text(value)))).collect()
    }

    fn no_answer(
        &self,
        request: &Request,
        progress: &UploadProgress,
        e: &reqwest::Error,
    ) -> Failed {
        let tls = failure::find::<rustls::Error>(e);
        let is_proxys = failure::of_proxy(e).is_some();
        let (ending, error) = match tls {
            Some(tls) if !is_proxys && (e.is_connect() || tls::is_refusal(tls)) => {
                (Ending::Refused, tls::failed(&self.base, self.ca_file.as_ref(), tls))
            }
            _ if e.is_connect() && failure::wants_login(e) => {
                (Ending::Refused, self.not_connected(e).mark_final())
            }
            _ if e.is_connect() => (Ending::NotSent, self.not_connected(e)),
            _ if !progress.is_complete() => {
                (Ending::NotSent, failure::not_uploaded(&self.base, progress))
            }
            _ if failure::find::<hyper::Error>(e).is_some_and(hyper::Error::is_parse) => {
                (Ending::Lost, failure::unreadable(&self.base))
            }
            _ => (Ending::Lost, failure::lost(&self.base)),
        };
        failed(request, ending, error)
    }

    fn not_connected(&self, e: &reqwest::Error) -> Error {
        let proxy = self.proxy.as_ref();
        let refusal = proxy.filter(|_| failure::is_refused_tunnel(e)).and_then(|proxy| {
            *self.refusal.get_or_init(|| proxy.refusal(&self.base, self.timeout))
        });
        failure::not_connected(&self.base, proxy, refusal, e)
    }

    /// Returns once the gate is stopped.
    async fn stopped(&self) {
        while !self.gate.is_stopped() {
            sleep(NAP).await;
        }
    }

    fn late(&self, request: &Request, progress: &UploadProgress, late: Late) -> Failed {
        let (ending, error) = match late {
            Late::Answer => (Ending::Lost, failure::timed_out(&self.base, self.timeout)),
            Late::Upload => (Ending::NotSent, failure::stalled(&self.base, self.timeout, progress)),
        };
        failed(request, ending, error)
    }
}

/// `error`, with what the request may have done or cost.
fn failed(request: &Request, ending: Ending, error: Error) -> Failed {
    let is_open = ending.charge() != Charge::No;
    let error = if is_open { request.left_open(error) } else { error };
    Failed { ending, error }
}

/// How long to wait before the next attempt; `None` if there is no next attempt.
fn next_wait(
    request: &Request,
    result: &Result<Answer, Failed>,
    ending: Ending,
    waits: &mut Waits,
) -> Option<Duration> {
    let asked = result.as_ref().map_or(None, |answer| answer.retry_after);
    // Account limits last up to an hour: report them instead of waiting.
    let is_too_long = request.effect == Effect::Free && asked > Some(LONGEST_WAIT);
    let may_repeat = ending.may_repeat(request.method == Method::GET) && !is_too_long;
    may_repeat.then(|| waits.next(asked))?
}

fn why(result: &Result<Answer, Failed>) -> String {
    match result {
        Ok(answer) => format!("HTTP {}", answer.status),
        Err(failed) => failed.error.message().to_owned(),
    }
}

/// Plain http is allowed on this machine only, so neither a proxy nor a name server that resolves
/// `localhost` may send it elsewhere.
fn this_machine_only(builder: ClientBuilder) -> ClientBuilder {
    let addresses: [SocketAddr; 2] =
        [(Ipv4Addr::LOCALHOST, 0).into(), (Ipv6Addr::LOCALHOST, 0).into()];
    builder.resolve_to_addrs("localhost", &addresses)
}

/// The event loop that requests run on, one per process. It has no thread of its own: a system that
/// allows no more threads would make tokio panic. It is never shut down: that would wait for pending
/// name lookups.
fn runtime() -> io::Result<&'static Runtime> {
    static RUNTIME: OnceLock<Runtime> = OnceLock::new();
    if let Some(runtime) = RUNTIME.get() {
        return Ok(runtime);
    }
    // Looks for what has arrived between any two pieces of an upload.
    let runtime = Builder::new_current_thread().enable_all().event_interval(1).build()?;
    Ok(RUNTIME.get_or_init(|| runtime))
}
