//! A stand-in for the service on this machine: its paths, its refusals, the built-in engine.
//!
//! Everything is kept in memory and bounded; a photo lives no longer than its request.

#![allow(clippy::result_large_err, reason = "an Err here is the refusal that is sent")]

mod accounts;
mod answers;
mod body;
mod fault;
mod listing;
mod permission;
mod rate;
mod routes;
mod sessions;
mod state;

use std::future::pending;
use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpListener};
use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use hyper::server::conn::http1;
use hyper::service::{Service as _, service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::{GracefulConnection, GracefulShutdown};
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener as AsyncListener, TcpStream};
use tokio::runtime::{self, Runtime};
use tokio::sync::{Notify, OwnedSemaphorePermit, Semaphore};

use crate::values::secret::ApiKey;
use crate::verdict::Score;
pub use fault::Fault;
pub use permission::Permission;
use state::State;

/// The most connections at a time; more wait to be accepted.
const CONNECTIONS: usize = 128;
/// The longest time that a request's head may take, and that a connection may idle.
const HEAD_TIME: Duration = Duration::from_secs(10);
/// How long running requests may take to end once the server is told to stop.
const LAST_ORDERS: Duration = Duration::from_secs(30);

/// How the stand-in behaves.
#[derive(Debug)]
pub struct Options {
    pub key: ApiKey,
    /// How many matches can be paid; `None` for any number.
    pub credits: Option<u64>,
    /// Writes a minute; reads may be twice as many.
    pub rate: u32,
    /// Scores that are reported In Review.
    pub review: Option<ReviewBand>,
    /// How long every answer is held back.
    pub latency: Duration,
    /// How often a request fails, and how.
    pub fault: Option<Fault>,
    /// What the key may not do.
    pub denied: Vec<Permission>,
    /// Whether it is a sandbox: nothing is paid, and answers say so.
    pub sandbox: bool,
}

/// Scores from one to another, both included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReviewBand {
    low: Score,
    high: Score,
}

impl ReviewBand {
    fn contains(self, score: Score) -> bool {
        (self.low..=self.high).contains(&score)
    }
}

impl FromStr for ReviewBand {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let scores = text
            .split_once("..")
            .and_then(|(low, high)| Some((Score::from_json(low)?, Score::from_json(high)?)));
        match scores {
            Some((low, high)) if low <= high => Ok(Self { low, high }),
            _ => Err("must be two scores from 0 to 100, such as 30..60"),
        }
    }
}

/// An event that the person running the server may want to know about.
#[derive(Debug)]
pub enum Notice<'a> {
    /// A mail that the service would have sent.
    Mail { email: &'a str, code: &'a str },
    Answered {
        method: &'a str,
        /// Its path, as it came.
        path: &'a str,
        /// The answer's status; `None` where the connection is closed in its place.
        status: Option<u16>,
        /// From the end of the request's head to the beginning of the answer.
        elapsed: Duration,
    },
}

/// Tells a running server to stop.
#[derive(Clone, Debug, Default)]
pub struct Stop(Arc<Notify>);

impl Stop {
    /// Takes no more connections, lets running requests end, and ends.
    pub fn now(&self) {
        self.0.notify_one();
    }
}

/// Why a server ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    /// By [`Stop::now`].
    Stopped,
    /// By SIGTERM.
    Terminated,
}

/// A server that listens and does not answer yet.
pub struct Server {
    listener: TcpListener,
    address: SocketAddr,
    state: Arc<State>,
    runtime: Runtime,
    terminate: Terminate,
}

impl Server {
    /// Takes the address, so that clients can connect from now on.
    pub fn bind(
        listen: SocketAddr,
        options: Options,
        tell: impl Fn(Notice<'_>) + Send + Sync + 'static,
    ) -> io::Result<Self> {
        let listener = TcpListener::bind(listen)?;
        listener.set_nonblocking(true)?;
        let address = listener.local_addr()?;
        let state = Arc::new(State::new(options, base(address), Box::new(tell)));
        let runtime = runtime::Builder::new_multi_thread().enable_all().build()?;
        // From now on: a caller that knows it listens may also stop it.
        let terminate = Terminate::watch(&runtime)?;
        Ok(Self { listener, address, state, runtime, terminate })
    }

    /// Where it listens, with the real port.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The base URL that a client on this machine reaches it by.
    pub fn base(&self) -> &str {
        &self.state.base
    }

    /// Answers until it is told to stop, then lets running requests end.
    pub fn run(self, stop: &Stop) -> io::Result<Ended> {
        let Self { listener, state, runtime, terminate, .. } = self;
        let ended = runtime.block_on(answer(listener, state, terminate, stop));
        // Requests had their time; a comparison that still runs must not hold up the end.
        runtime.shutdown_background();
        ended
    }
}

async fn answer(
    listener: TcpListener,
    state: Arc<State>,
    mut terminate: Terminate,
    stop: &Stop,
) -> io::Result<Ended> {
    let listener = AsyncListener::from_std(listener)?;
    let (router, graceful) = (routes::router(state), GracefulShutdown::new());
    let room = Arc::new(Semaphore::new(CONNECTIONS));
    let ended = loop {
        let (stream, place) = tokio::select! {
            () = stop.0.notified() => break Ended::Stopped,
            () = terminate.came() => break Ended::Terminated,
            accepted = accept(&listener, &room) => accepted,
        };
        let connection = graceful.watch(connection(stream, router.clone()));
        tokio::spawn(async move {
            // A client that breaks off is its own business.
            let _ = connection.await;
            drop(place);
        });
    };
    let _ = tokio::time::timeout(LAST_ORDERS, graceful.shutdown()).await;
    Ok(ended)
}

/// Waits for the next client, and one of the places there are.
async fn accept(
    listener: &AsyncListener,
    room: &Arc<Semaphore>,
) -> (TcpStream, OwnedSemaphorePermit) {
    loop {
        let Ok(place) = Arc::clone(room).acquire_owned().await else { return pending().await };
        match listener.accept().await {
            Ok((stream, _)) => return (stream, place),
            // Out of descriptors, most likely: others will be closed soon.
            Err(_) => tokio::time::sleep(Duration::from_millis(50)).await,
        }
    }
}

/// SIGTERM, where there is such a thing.
struct Terminate {
    #[cfg(unix)]
    signal: tokio::signal::unix::Signal,
}

impl Terminate {
    #[cfg(unix)]
    fn watch(runtime: &Runtime) -> io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};

        let _context = runtime.enter();
        Ok(Self { signal: signal(SignalKind::terminate())? })
    }

    #[cfg(unix)]
    async fn came(&mut self) {
        self.signal.recv().await;
    }

    #[cfg(not(unix))]
    fn watch(_: &Runtime) -> io::Result<Self> {
        Ok(Self {})
    }

    #[cfg(not(unix))]
    async fn came(&mut self) {
        pending().await
    }
}

fn connection(
    stream: TcpStream,
    router: Router,
) -> impl GracefulConnection<Error = hyper::Error> + Send {
    // Answers are small: they should not wait for more.
    let _ = stream.set_nodelay(true);
    let router = TowerToHyperService::new(router);
    let service = service_fn(move |request| {
        let answer = router.call(request);
        async {
            let Ok(answer) = answer.await;
            fault::sent(answer)
        }
    });
    http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_TIME)
        .serve_connection(TokioIo::new(stream), service)
}

/// All that a server on `listen` answers, without the socket.
pub fn router(
    listen: SocketAddr,
    options: Options,
    tell: impl Fn(Notice<'_>) + Send + Sync + 'static,
) -> Router {
    routes::router(Arc::new(State::new(options, base(listen), Box::new(tell))))
}

/// The URL by which a client on this machine reaches a server that listens on `address`.
fn base(address: SocketAddr) -> String {
    format!("http://{}", reachable(address))
}

/// The address by which a client on this machine reaches a server that listens on `address`.
fn reachable(address: SocketAddr) -> SocketAddr {
    let ip = match address.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(ip) if ip.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
        ip => ip,
    };
    SocketAddr::new(ip, address.port())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_review_band_includes_both_its_ends() {
        let band: ReviewBand = "30..60.5".parse().unwrap();
        let score = |text| Score::from_json(text).unwrap();
        for inside in ["30", "45.2", "60.5", "60.50"] {
            assert!(band.contains(score(inside)), "{inside}");
        }
        for outside in ["29.99", "60.51", "100"] {
            assert!(!band.contains(score(outside)), "{outside}");
        }
        for bad in ["", "30", "60..30", "-1..5", "0..101", "a..b"] {
            assert!(bad.parse::<ReviewBand>().is_err(), "{bad}");
        }
    }
}
