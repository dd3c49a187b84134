//! A local stand-in for the service, with its paths and errors, backed by the built-in engine.
//!
//! All state is in memory and bounded; photos are dropped at the end of their request.

#![allow(clippy::result_large_err, reason = "an Err here is the response that is sent")]

mod account;
mod answers;
mod billing;
mod face_match;
mod form;
mod options;
mod routes;
mod session;
mod state;
mod store;

use std::future::pending;
use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpListener};
use std::pin::Pin;
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

use crate::panics;
pub use options::{Fault, Options, Permission, ReviewBand};
pub use state::Notice;
use state::State;

/// The maximum number of connections; further clients wait.
const CONNECTIONS: usize = 128;
const HEAD_TIME: Duration = Duration::from_secs(10);
/// The time limit for running requests once the server is told to stop.
const LAST_ORDERS: Duration = Duration::from_secs(30);

/// Tells a running server to stop.
#[derive(Clone, Debug, Default)]
pub struct Stop(Arc<Notify>);

impl Stop {
    /// Stops accepting connections and lets running requests finish.
    pub fn now(&self) {
        self.0.notify_one();
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    /// By [`Stop::now`].
    Stopped,
    /// By SIGTERM.
    Terminated,
}

/// A server that is listening but not answering yet.
pub struct Server {
    listener: TcpListener,
    address: SocketAddr,
    state: Arc<State>,
    runtime: Runtime,
    terminated: Terminated,
}

impl Server {
    /// Starts listening: from now on, clients can connect.
    pub fn bind(
        listen: SocketAddr,
        options: Options,
        tell: impl Fn(Notice<'_>) + Send + Sync + 'static,
    ) -> io::Result<Self> {
        let listener = TcpListener::bind(listen)?;
        listener.set_nonblocking(true)?;
        let address = listener.local_addr()?;
        let state = Arc::new(State::new(options, base(address), Box::new(tell)));
        // Without enough threads, tokio panics.
        let runtime = panics::caught(|| runtime::Builder::new_multi_thread().enable_all().build());
        let runtime = runtime.ok_or_else(|| io::Error::other("no thread can be started"))??;
        // Before the caller learns that the server is up and may signal it.
        let terminated = terminated(&runtime)?;
        Ok(Self { listener, address, state, runtime, terminated })
    }

    /// The address with the actual port.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The base URL for clients on this machine.
    pub fn base(&self) -> &str {
        &self.state.base
    }

    /// Serves requests until told to stop, then lets running ones finish.
    pub fn run(self, stop: &Stop) -> io::Result<Ended> {
        let Self { listener, state, runtime, terminated, .. } = self;
        let ended = runtime.block_on(answer(listener, state, terminated, stop));
        // Requests had time to finish: don't wait for a comparison that is still running.
        runtime.shutdown_background();
        ended
    }
}

async fn answer(
    listener: TcpListener,
    state: Arc<State>,
    mut terminated: Terminated,
    stop: &Stop,
) -> io::Result<Ended> {
    let listener = AsyncListener::from_std(listener)?;
    let (router, graceful) = (routes::router(state), GracefulShutdown::new());
    let room = Arc::new(Semaphore::new(CONNECTIONS));
    let ended = loop {
        let (stream, place) = tokio::select! {
            () = stop.0.notified() => break Ended::Stopped,
            () = &mut terminated => break Ended::Terminated,
            accepted = accept(&listener, &room) => accepted,
        };
        let connection = graceful.watch(connection(stream, router.clone()));
        tokio::spawn(async move {
            // Clients may hang up.
            let _ = connection.await;
            drop(place);
        });
    };
    let _ = tokio::time::timeout(LAST_ORDERS, graceful.shutdown()).await;
    Ok(ended)
}

/// Waits for a free slot and the next client.
async fn accept(
    listener: &AsyncListener,
    room: &Arc<Semaphore>,
) -> (TcpStream, OwnedSemaphorePermit) {
    loop {
        let Ok(place) = Arc::clone(room).acquire_owned().await else { return pending().await };
        match listener.accept().await {
            Ok((stream, _)) => return (stream, place),
            // Most likely out of file descriptors: wait for others to be closed.
            Err(_) => tokio::time::sleep(Duration::from_millis(50)).await,
        }
    }
}

/// Resolves on SIGTERM, on platforms that have it.
type Terminated = Pin<Box<dyn Future<Output = ()> + Send>>;

#[cfg(unix)]
fn terminated(runtime: &Runtime) -> io::Result<Terminated> {
    use tokio::signal::unix::{SignalKind, signal};

    let _context = runtime.enter();
    let mut signal = signal(SignalKind::terminate())?;
    Ok(Box::pin(async move { _ = signal.recv().await }))
}

#[cfg(not(unix))]
fn terminated(_: &Runtime) -> io::Result<Terminated> {
    Ok(Box::pin(pending()))
}

fn connection(
    stream: TcpStream,
    router: Router,
) -> impl GracefulConnection<Error = hyper::Error> + Send {
    // Answers are small: send them without delay.
    let _ = stream.set_nodelay(true);
    let router = TowerToHyperService::new(router);
    let service = service_fn(move |request| {
        let answer = router.call(request);
        async {
            let Ok(answer) = answer.await;
            options::sent(answer)
        }
    });
    http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_TIME)
        .serve_connection(TokioIo::new(stream), service)
}

/// The routes of a server on `listen`, without the socket.
pub fn router(
    listen: SocketAddr,
    options: Options,
    tell: impl Fn(Notice<'_>) + Send + Sync + 'static,
) -> Router {
    routes::router(Arc::new(State::new(options, base(listen), Box::new(tell))))
}

/// The base URL, for clients on this machine, of a server listening on `address`.
fn base(address: SocketAddr) -> String {
    let ip = match address.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(ip) if ip.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
        ip => ip,
    };
    format!("http://{}", SocketAddr::new(ip, address.port()))
}
