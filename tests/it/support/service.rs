//! A service that does as it is told, faults included, and remembers what it got.

use std::io::{Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use rustls::{ServerConfig, ServerConnection, StreamOwned};
use socket2::{Domain, SockRef, Socket, Type};

/// No read or write of the service takes longer, whatever the client does.
const PATIENCE: Duration = Duration::from_secs(15);

/// Listens on a free port of this machine until the test process ends, or it is closed.
pub(crate) struct Service {
    port: u16,
    log: Arc<Log>,
}

#[derive(Default)]
struct Log {
    connections: Mutex<usize>,
    requests: Mutex<Vec<Request>>,
    heard: Mutex<Vec<u8>>,
    pushed: Mutex<usize>,
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

trait Stream: Read + Write + Send {}
impl<T: Read + Write + Send> Stream for T {}

/// A line that all connections share, of so many bytes a second.
#[derive(Clone)]
pub(crate) struct Line {
    speed: u32,
    free: Arc<Mutex<()>>,
}

impl Line {
    pub(crate) fn new(speed: u32) -> Self {
        Self { speed, free: Arc::default() }
    }

    fn carry(&self, bytes: usize) {
        let _line = self.free.lock().unwrap();
        let bytes = u32::try_from(bytes).expect("a small piece");
        thread::sleep(Duration::from_secs(1) * bytes / self.speed);
    }
}

/// One connection of a client.
pub(crate) struct Connection {
    line: Option<Line>,
    socket: TcpStream,
    stream: Box<dyn Stream>,
    unread: Vec<u8>,
    last: Option<Request>,
    log: Arc<Log>,
}

impl Connection {
    fn new(socket: TcpStream, tls: Option<Arc<ServerConfig>>, log: Arc<Log>) -> Self {
        socket.set_read_timeout(Some(PATIENCE)).expect("a timeout");
        socket.set_write_timeout(Some(PATIENCE)).expect("a timeout");
        socket.set_nodelay(true).expect("no delay");
        let own = socket.try_clone().expect("a second handle");
        let stream: Box<dyn Stream> = match tls {
            None => Box::new(own),
            Some(tls) => {
                Box::new(StreamOwned::new(ServerConnection::new(tls).expect("a session"), own))
            }
        };
        Self { line: None, socket, stream, unread: Vec::new(), last: None, log }
    }

    /// Reads as slowly as `line` allows, with little room for what waits.
    pub(crate) fn behind(&mut self, line: &Line) {
        self.line = Some(line.clone());
        SockRef::from(&self.socket).set_recv_buffer_size(32 * 1024).expect("a small buffer");
    }

    /// Reads one whole request and remembers it; `false` if none comes.
    pub(crate) fn request(&mut self) -> bool {
        let Some(request) = self.read_request() else { return false };
        self.last = Some(request.clone());
        self.log.requests.lock().unwrap().push(request);
        true
    }

    /// How many requests came to the service so far, on whatever connection.
    pub(crate) fn log_length(&self) -> usize {
        self.log.requests.lock().unwrap().len()
    }

    /// The request that was read last.
    pub(crate) fn last(&self) -> &Request {
        self.last.as_ref().expect("a request")
    }

    /// Reads the head of a request and `rest` bytes more, which is no request yet.
    pub(crate) fn head_and(&mut self, rest: usize) -> bool {
        let Some(head) = self.head() else { return false };
        self.fill(head.len() + rest).is_some()
    }

    fn read_request(&mut self) -> Option<Request> {
        let head = self.head()?;
        let mut request = Request::of_head(&head)?;
        let length = request.header("content-length").first().and_then(|v| v.parse().ok());
        let length: usize = length.unwrap_or(0);
        self.fill(head.len() + length)?;
        let rest = self.unread.split_off(head.len() + length);
        request.body = self.unread.split_off(head.len());
        self.unread = rest;
        Some(request)
    }

    fn head(&mut self) -> Option<String> {
        loop {
            if let Some(end) = find(&self.unread, b"\r\n\r\n") {
                return String::from_utf8(self.unread[..end + 4].to_vec()).ok();
            }
            self.fill(self.unread.len() + 1)?;
        }
    }

    /// Reads until there are `length` bytes at least.
    fn fill(&mut self, length: usize) -> Option<()> {
        while self.unread.len() < length {
            let bytes = self.read()?;
            self.unread.extend_from_slice(&bytes);
        }
        Some(())
    }

    /// Reads what there is; `None` at the end.
    fn read(&mut self) -> Option<Vec<u8>> {
        let mut buffer = vec![0; 64 * 1024];
        let count = self.stream.read(&mut buffer).ok().filter(|count| *count > 0)?;
        buffer.truncate(count);
        if let Some(line) = &self.line {
            line.carry(count);
        }
        self.log.heard.lock().unwrap().extend_from_slice(&buffer);
        Some(buffer)
    }

    /// Writes `bytes`; `false` if the client has gone.
    pub(crate) fn send(&mut self, bytes: impl AsRef<[u8]>) -> bool {
        self.stream.write_all(bytes.as_ref()).and_then(|()| self.stream.flush()).is_ok()
    }

    /// Writes `bytes` one at a time, a `pause` after each, until the client has gone.
    pub(crate) fn drip(&mut self, bytes: &[u8], pause: Duration) {
        for byte in bytes {
            if !self.send([*byte]) {
                return;
            }
            thread::sleep(pause);
        }
    }

    /// Writes spaces until there were `most` of them or the client has gone.
    pub(crate) fn push(&mut self, most: usize) {
        let block = vec![b' '; 64 * 1024];
        let mut count = 0;
        while count < most && self.send(&block) {
            count += block.len();
            *self.log.pushed.lock().unwrap() += block.len();
        }
    }

    /// Says no more, until the client has gone.
    pub(crate) fn hang(&mut self) {
        while self.read().is_some() {}
    }

    /// Reads the beginning of a request, which is no request yet.
    pub(crate) fn beginning(&mut self) -> bool {
        self.fill(1).is_some()
    }

    /// Closes the connection with a reset, as a machine that crashes or a firewall does.
    pub(crate) fn reset(&self) {
        let _ = SockRef::from(&self.socket).set_linger(Some(Duration::ZERO));
    }

    /// Waits for the client to send something, unread: to close then resets the connection.
    pub(crate) fn await_first_byte(&mut self) {
        let _ = self.socket.peek(&mut [0]);
    }
}

/// A request as it came.
#[derive(Clone, Debug)]
pub(crate) struct Request {
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

impl Request {
    fn of_head(head: &str) -> Option<Self> {
        let mut lines = head.trim_end().split("\r\n");
        let mut start = lines.next()?.split(' ');
        let (method, path) = (start.next()?.to_owned(), start.next()?.to_owned());
        let headers = lines.filter_map(|line| line.split_once(':'));
        let headers = headers.map(|(name, value)| (name.to_lowercase(), value.trim().to_owned()));
        Some(Self { method, path, headers: headers.collect(), body: Vec::new() })
    }

    /// All values of header `name`, which is in lower case.
    pub(crate) fn header(&self, name: &str) -> Vec<&str> {
        let same = self.headers.iter().filter(|(other, _)| other == name);
        same.map(|(_, value)| value.as_str()).collect()
    }

    /// The parts of a multipart body, in order (RFC 7578).
    pub(crate) fn parts(&self) -> Vec<Part> {
        let content_type = self.header("content-type").join(",");
        let (kind, boundary) = content_type.split_once("; boundary=").expect("a boundary");
        assert_eq!(kind, "multipart/form-data");
        let end = format!("\r\n--{boundary}--\r\n");
        let body = [b"\r\n", self.body.as_slice()].concat();
        let body = body.strip_suffix(end.as_bytes()).expect("the closing boundary");
        let delimiter = format!("\r\n--{boundary}\r\n");
        split(body, delimiter.as_bytes()).into_iter().skip(1).map(Part::read).collect()
    }

    /// The text of field `name`.
    pub(crate) fn field(&self, name: &str) -> Option<String> {
        let part = self.parts().into_iter().find(|part| part.name == name)?;
        Some(String::from_utf8(part.bytes).expect("UTF-8"))
    }
}

/// One part of a multipart body.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Part {
    pub(crate) name: String,
    pub(crate) file_name: Option<String>,
    pub(crate) content_type: Option<String>,
    pub(crate) bytes: Vec<u8>,
}

impl Part {
    fn read(bytes: &[u8]) -> Self {
        let end = find(bytes, b"\r\n\r\n").expect("the end of the part's head");
        let head = String::from_utf8(bytes[..end].to_vec()).expect("UTF-8");
        let line = |name: &str| {
            let of_name = |line: &&str| line.to_lowercase().starts_with(name);
            head.split("\r\n").find(of_name).map(|line| line[name.len()..].trim().to_owned())
        };
        let disposition = line("content-disposition:").expect("a disposition");
        let parameter = |name: &str| {
            let (_, rest) = disposition.split_once(&format!("; {name}=\""))?;
            Some(rest.split('"').next()?.to_owned())
        };
        Self {
            name: parameter("name").expect("a name"),
            file_name: parameter("filename"),
            content_type: line("content-type:"),
            bytes: bytes[end + 4..].to_vec(),
        }
    }
}

/// An answer as it goes over the wire.
#[derive(Clone, Debug)]
pub(crate) struct Answer {
    status: u16,
    headers: String,
    body: Vec<u8>,
}

impl Answer {
    pub(crate) fn new(status: u16, body: impl AsRef<[u8]>) -> Self {
        Self { status, headers: String::new(), body: body.as_ref().to_vec() }
    }

    pub(crate) fn header(mut self, name: &str, value: &str) -> Self {
        self.headers += &format!("{name}: {value}\r\n");
        self
    }

    /// Head and body; a 204 and a 304 have none.
    pub(crate) fn bytes(&self) -> Vec<u8> {
        let Self { status, headers, body } = self;
        let length = match status {
            204 | 304 => String::new(),
            _ => format!("Content-Length: {}\r\n", body.len()),
        };
        let mut bytes = format!("HTTP/1.1 {status} X\r\n{length}{headers}\r\n").into_bytes();
        bytes.extend_from_slice(body);
        bytes
    }
}

fn find(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    bytes.windows(wanted.len()).position(|window| window == wanted)
}

fn split<'a>(mut bytes: &'a [u8], delimiter: &[u8]) -> Vec<&'a [u8]> {
    let mut pieces = Vec::new();
    while let Some(at) = find(bytes, delimiter) {
        pieces.push(&bytes[..at]);
        bytes = &bytes[at + delimiter.len()..];
    }
    pieces.push(bytes);
    pieces
}
