//! A service that does as it is told, faults included, and remembers what it got.

use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;

use rustls::ServerConfig;
use socket2::{Domain, Socket, Type};

use super::connection::Connection;
use super::message::{Answer, Request};

/// Listens on a free port of this machine until the test process ends, or it is closed.
pub(crate) struct Service {
    port: u16,
    log: Arc<Log>,
}

#[derive(Default)]
pub(super) struct Log {
    connections: Mutex<usize>,
    pub(super) requests: Mutex<Vec<Request>>,
    pub(super) heard: Mutex<Vec<u8>>,
    pub(super) pushed: Mutex<usize>,
    is_closed: AtomicBool,
    is_looked_at: AtomicBool,
}

impl Service {
    /// Hands every connection, each in its own thread, to `behave`.
    pub(crate) fn start(behave: impl Fn(&mut Connection) + Send + Sync + 'static) -> Self {
        Self::listen(None, behave)
    }

    /// The same behind TLS.
    pub(crate) fn secure(
        tls: Arc<ServerConfig>,
        behave: impl Fn(&mut Connection) + Send + Sync + 'static,
    ) -> Self {
        Self::listen(Some(tls), behave)
    }

    /// Answers each request with the next of `answers`, and a 500 when there is none left.
    pub(crate) fn answering(answers: impl IntoIterator<Item = Answer>) -> Self {
        let answers = Mutex::new(answers.into_iter().collect::<Vec<_>>().into_iter());
        Self::start(move |connection| {
            while connection.request() {
                let next = answers.lock().unwrap().next();
                connection.send(next.unwrap_or_else(|| Answer::new(500, "")).bytes());
            }
        })
    }

    /// Answers every request alike.
    pub(crate) fn always(answer: Answer) -> Self {
        Self::start(move |connection| {
            while connection.request() {
                connection.send(answer.bytes());
            }
        })
    }

    fn listen(
        tls: Option<Arc<ServerConfig>>,
        behave: impl Fn(&mut Connection) + Send + Sync + 'static,
    ) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port");
        let port = listener.local_addr().expect("an address").port();
        let log = Arc::new(Log::default());
        let (shared, behave) = (Arc::clone(&log), Arc::new(behave));
        thread::spawn(move || {
            for socket in listener.incoming().flatten() {
                if shared.is_closed.load(Ordering::SeqCst) {
                    return;
                }
                *shared.connections.lock().unwrap() += 1;
                let (log, behave, tls) = (Arc::clone(&shared), Arc::clone(&behave), tls.clone());
                thread::spawn(move || behave(&mut Connection::new(socket, tls, log)));
            }
        });
        Self { port, log }
    }

    pub(crate) fn port(&self) -> u16 {
        self.port
    }

    pub(crate) fn base(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    pub(crate) fn connections(&self) -> usize {
        self.log.is_looked_at.store(true, Ordering::SeqCst);
        *self.log.connections.lock().unwrap()
    }

    /// Every request that came whole, in order.
    pub(crate) fn requests(&self) -> Vec<Request> {
        self.log.is_looked_at.store(true, Ordering::SeqCst);
        self.log.requests.lock().unwrap().clone()
    }

    /// The one request that came.
    #[track_caller]
    pub(crate) fn only_request(&self) -> Request {
        let mut requests = self.requests();
        assert_eq!(requests.len(), 1, "requests");
        requests.remove(0)
    }

    /// Every byte that was read of any client, after decryption.
    pub(crate) fn heard(&self) -> Vec<u8> {
        self.log.heard.lock().unwrap().clone()
    }

    /// Listens no more, for a test that needs many services.
    pub(crate) fn close(&self) {
        self.log.is_closed.store(true, Ordering::SeqCst);
        // Wakes the listener up.
        let _ = TcpStream::connect((Ipv4Addr::LOCALHOST, self.port));
    }

    /// How many bytes clients took off the service in [`Connection::push`].
    pub(crate) fn pushed(&self) -> usize {
        *self.log.pushed.lock().unwrap()
    }
}

/// A service that nobody asked, and that no test asked about, is a test that proves nothing.
impl Drop for Service {
    fn drop(&mut self) {
        let is_used = self.log.is_looked_at.load(Ordering::SeqCst) || self.connections() > 0;
        assert!(is_used || thread::panicking(), "this service was never asked");
    }
}

/// A port that nobody listens at, and that nobody else gets meanwhile.
pub(crate) struct ClosedPort(Socket);

impl ClosedPort {
    pub(crate) fn new() -> Self {
        let socket = Socket::new(Domain::IPV4, Type::STREAM, None).expect("a socket");
        socket.bind(&SocketAddr::from((Ipv4Addr::LOCALHOST, 0)).into()).expect("a free port");
        Self(socket)
    }

    pub(crate) fn port(&self) -> u16 {
        let address = self.0.local_addr().expect("an address");
        address.as_socket().expect("an address").port()
    }
}
