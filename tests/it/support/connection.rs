//! The service's end of a connection.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use rustls::{ServerConfig, ServerConnection, StreamOwned};
use socket2::SockRef;

use super::message::{Request, find};
use super::service::Log;

/// The longest that a read or write of the service takes, whatever the client does.
const PATIENCE: Duration = Duration::from_secs(15);

trait Stream: Read + Write + Send {}
impl<T: Read + Write + Send> Stream for T {}

/// A line with a speed in bytes per second, shared by all connections.
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
    pub(super) fn new(socket: TcpStream, tls: Option<Arc<ServerConfig>>, log: Arc<Log>) -> Self {
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

    /// Reads at the speed of `line`, with small buffers.
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

    /// How many requests the service has received, on all connections.
    pub(crate) fn log_length(&self) -> usize {
        self.log.requests.lock().unwrap().len()
    }

    /// The request that was read last.
    pub(crate) fn last(&self) -> &Request {
        self.last.as_ref().expect("a request")
    }

    /// Reads the head of a request and `rest` more bytes, an incomplete request.
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

    /// Reads what is there; `None` at the end.
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

    /// Sends nothing until the client has gone.
    pub(crate) fn hang(&mut self) {
        while self.read().is_some() {}
    }

    /// Reads the beginning of a request.
    pub(crate) fn beginning(&mut self) -> bool {
        self.fill(1).is_some()
    }

    /// Closes the connection with a reset, like a firewall or a crashed machine.
    pub(crate) fn reset(&self) {
        let _ = SockRef::from(&self.socket).set_linger(Some(Duration::ZERO));
    }

    /// Waits for the client to send something, without reading it: closing then resets the connection.
    pub(crate) fn await_first_byte(&mut self) {
        let _ = self.socket.peek(&mut [0]);
    }
}
