//! A scripted service, which can misbehave, and records its requests.

use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;

use rustls::ServerConfig;
use socket2::{Domain, Socket, Type};

use super::bodies::APPROVED;
use super::connection::Connection;
use super::message::{Answer, Request};

/// Listens on a free local port until the test process exits or it is closed.
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

    /// [`Service::start`] over TLS.
    pub(crate) fn secure(
        tls: Arc<ServerConfig>,
        behave: impl Fn(&mut Connection) + Send + Sync + 'static,
    ) -> Self {
        Self::listen(Some(tls), behave)
    }

    /// Answers each request with the next of `answers`, then with 500.
    pub(crate) fn answering(answers: impl IntoIterator<Item = Answer>) -> Self {
        let answers = Mutex::new(answers.into_iter().collect::<Vec<_>>().into_iter());
        Self::start(move |connection| {
            while connection.request() {
                let next = answers.lock().unwrap().next();
                connection.send(next.unwrap_or_else(|| Answer::new(500, "")).bytes());
            }
        })
    }

    pub(crate) fn approving() -> Self {
        Self::always(Answer::new(200, APPROVED))
    }

    /// Reads a request, and never answers.
    pub(crate) fn silent() -> Self {
        Self::start(|connection| {
            connection.request();
            connection.hang();
        })
    }

    /// Reads a request, and closes the connection.
    pub(crate) fn losing() -> Self {
        Self::start(|connection| _ = connection.request())
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

    /// Every complete request, in order.
    pub(crate) fn requests(&self) -> Vec<Request> {
        self.log.is_looked_at.store(true, Ordering::SeqCst);
        self.log.requests.lock().unwrap().clone()
    }

    /// The only request.
    #[track_caller]
    pub(crate) fn only_request(&self) -> Request {
        let mut requests = self.requests();
        assert_eq!(requests.len(), 1, "requests");
        requests.remove(0)
    }

    /// Every byte received from any client, decrypted.
    pub(crate) fn heard(&self) -> Vec<u8> {
        self.log.heard.lock().unwrap().clone()
    }

    /// Stops listening, for tests that need many services.
    pub(crate) fn close(&self) {
        self.log.is_closed.store(true, Ordering::SeqCst);
        // Wakes the listener up.
        let _ = TcpStream::connect((Ipv4Addr::LOCALHOST, self.port));
    }

    /// How many bytes clients accepted in [`Connection::push`].
    pub(crate) fn pushed(&self) -> usize {
        *self.log.pushed.lock().unwrap()
    }
}

/// Fails a test that proves nothing: the service got no request, and the test didn't check that.
impl Drop for Service {
    fn drop(&mut self) {
        let is_used = self.log.is_looked_at.load(Ordering::SeqCst) || self.connections() > 0;
        assert!(is_used || thread::panicking(), "no request reached this service");
    }
}

/// A port that refuses connections, reserved so that no other process gets it.
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
