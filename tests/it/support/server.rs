//! `didit-face serve`, running until the test is over.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::process::{Child, ChildStderr, ExitStatus};
use std::time::Duration;

use rustix::process::Signal;

use super::photos::sample;
use super::process::{signal, wait_until};
use super::{Outcome, Tool};

/// The key of every server here.
pub(crate) const KEY: &str = "local-key.1";

/// A running server.
pub(crate) struct Server {
    child: Child,
    stderr: BufReader<ChildStderr>,
    pub(crate) exports: String,
}

impl Server {
    /// Starts it on a free port, and waits until it has printed how to reach it.
    pub(crate) fn start(arguments: &[&str]) -> Self {
        let tool = Tool::plain().args(["serve", "--listen", "127.0.0.1:0", "--key", KEY]);
        let mut child = tool.args(arguments).spawn();
        let stdout = BufReader::new(child.stdout.take().expect("stdout"));
        let stderr = BufReader::new(child.stderr.take().expect("stderr"));
        let lines: Vec<_> = stdout
            .lines()
            .take(if arguments.contains(&"--json") { 1 } else { 3 })
            .map(|line| line.expect("a line"))
            .collect();
        Self { child, stderr, exports: lines.join("\n") }
    }

    fn exported(&self, name: &str) -> &str {
        let start = format!("export {name}=");
        let line = self.exports.lines().find_map(|line| line.strip_prefix(start.as_str()));
        line.unwrap_or_else(|| panic!("no {name} in {}", self.exports))
    }

    pub(crate) fn base(&self) -> &str {
        self.exported("DIDIT_API_URL")
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.base().strip_prefix("http://").expect("http").parse().expect("an address")
    }

    /// The tool, pointed at this server by its export lines.
    pub(crate) fn tool(&self) -> Tool {
        let names = ["DIDIT_API_URL", "DIDIT_AUTH_URL", "DIDIT_API_KEY"];
        let tool = Tool::plain().args(["--retries", "0"]).hiding("no secret of this run");
        names.into_iter().fold(tool, |tool, name| tool.env(name, self.exported(name)))
    }

    /// The next line that it writes to stderr with `text` in it.
    pub(crate) fn says(&mut self, text: &str) -> String {
        let mut line = String::new();
        while !line.contains(text) {
            line.clear();
            assert_ne!(self.stderr.read_line(&mut line).expect("a line"), 0, "no {text:?}");
        }
        line
    }

    /// A connection on which nothing was sent yet.
    pub(crate) fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(self.address()).expect("it listens");
        stream.set_read_timeout(Some(Duration::from_secs(30))).expect("a timeout");
        stream
    }

    /// Sends `request` verbatim on a new connection, and reads the whole answer.
    pub(crate) fn exchange(&self, request: &[u8]) -> Reply {
        let mut stream = self.connect();
        // A server that refuses early may not read all of it.
        let _ = stream.write_all(request);
        Reply::read(&mut stream)
    }

    /// `METHOD path` with the key and a JSON body.
    pub(crate) fn json(&self, method: &str, path: &str, body: &str) -> Reply {
        let head = format!(
            "{method} {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nx-api-key: {KEY}\r\nContent-Length: {}\r\n\r\n",
            body.len()
        );
        self.exchange(format!("{head}{body}").as_bytes())
    }

    /// A face match with the key.
    pub(crate) fn face_match(&self, content_type: &str, body: &[u8]) -> Reply {
        let head = format!(
            "POST /v3/face-match/ HTTP/1.1\r\nHost: x\r\nConnection: close\r\nx-api-key: {KEY}\r\nContent-Type: {content_type}\r\nContent-Length: {}\r\n\r\n",
            body.len()
        );
        self.exchange(&[head.as_bytes(), body].concat())
    }

    pub(crate) fn is_well(&self) -> bool {
        self.json("GET", "/system/healthcheck", "").status == 200
    }

    pub(crate) fn signal(&self, name: Signal) {
        signal(&self.child, name);
    }

    /// The rest of its stderr, after its exit.
    pub(crate) fn last_words(&mut self) -> String {
        let mut text = String::new();
        self.stderr.read_to_string(&mut text).expect("UTF-8");
        text
    }

    /// Waits for its exit, which must be soon.
    pub(crate) fn ended(&mut self) -> ExitStatus {
        let mut status = None;
        wait_until(|| {
            status = self.child.try_wait().expect("a status");
            status.is_some()
        });
        status.expect("it exited")
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// An answer.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) head: String,
    pub(crate) body: String,
}

impl Reply {
    /// Reads to the end of the connection; skips `100 Continue`.
    pub(crate) fn read(stream: &mut TcpStream) -> Self {
        let mut bytes = Vec::new();
        let _ = stream.read_to_end(&mut bytes);
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let text = text.strip_prefix("HTTP/1.1 100 Continue\r\n\r\n").unwrap_or(&text);
        let (head, body) = text.split_once("\r\n\r\n").unwrap_or((text, ""));
        let status = head.get(9..12).and_then(|status| status.parse().ok()).unwrap_or(0);
        Self { status, head: head.to_lowercase(), body: body.to_owned() }
    }

    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.body).unwrap_or_else(|e| panic!("{e}: {self:?}"))
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let of_name = |line: &str| line.split_once(": ").filter(|(n, _)| *n == name).map(|_| ());
        let line = self.head.lines().find(|line| of_name(line).is_some())?;
        line.split_once(": ").map(|(_, value)| value)
    }
}

/// Both photos show the same woman.
pub(crate) fn same(tool: Tool) -> Tool {
    tool.arg("match").args([sample("astronaut.png"), sample("astronaut_id_card.jpg")])
}

/// Two different people.
pub(crate) fn different(tool: Tool) -> Tool {
    tool.arg("match").args([sample("astronaut.png"), sample("grace_hopper.jpg")])
}

/// The request id that an answer printed with `--json` has.
pub(crate) fn request_id(outcome: &Outcome) -> String {
    outcome.json()["request_id"].as_str().expect("a request id").to_owned()
}
