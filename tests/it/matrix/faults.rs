//! The faults: how the peer behaves, and the outcome of each command.

use std::io::Write;
use std::sync::{Arc, LazyLock};
use std::time::Duration;

use flate2::Compression;
use flate2::write::GzEncoder;

use crate::support::Answer;
use crate::support::connection::Connection;

/// One fault, and what is expected of every command.
pub(super) struct Fault {
    pub(super) name: &'static str,
    pub(super) peer: Peer,
    /// What every command's message says.
    pub(super) says: &'static str,
    pub(super) expected: Row,
}

/// For each of [`super::commands::COMMANDS`] its exit code and the number of its requests; `?`
/// if it says or records that the request may have been processed anyway.
pub(super) type Row = [&'static str; 9];

/// Who the peer is.
pub(super) enum Peer {
    /// Nobody: the port is closed.
    Nobody,
    /// A service over TLS with this behaviour.
    Service(Behaviour),
    /// The same, but no request arrives whole.
    Deaf(Behaviour),
    /// The same, but slow: the timeout is one second.
    Slow(Behaviour),
    /// A healthy service with a bad certificate.
    Distrusted(Certificate),
    /// Something on the TLS port that doesn't speak TLS.
    Clear(Behaviour),
    /// Like [`Peer::Clear`], but slow.
    SlowClear(Behaviour),
    /// A proxy that never reaches the service.
    Proxy(Behaviour),
    /// A proxy at a closed port.
    NoProxy,
}

impl Peer {
    pub(super) fn is_slow(&self) -> bool {
        matches!(self, Self::Slow(_) | Self::SlowClear(_))
    }
}

/// What is wrong with a certificate.
#[derive(Clone, Copy)]
pub(super) enum Certificate {
    UnknownAuthority,
    Expired,
    AnotherHost,
    /// It wants one of ours.
    OfClient,
}

pub(super) type Behaviour = Arc<dyn Fn(&mut Connection, &Scene) + Send + Sync>;

/// What a behaviour needs to know.
pub(super) struct Scene {
    /// A healthy service's answer.
    pub(super) good: &'static str,
    /// Host and port that no request may ever reach.
    pub(super) elsewhere: String,
}

/// Every fault. As in docs/exit-codes.md, a POST that was sent is repeated only on 429; a GET also on
/// any 502, 503, 504 or lost connection; any request that was not sent is repeated.
#[rustfmt::skip]
pub(super) fn all() -> Vec<Fault> {
    use Certificate::{AnotherHost, Expired, OfClient, UnknownAuthority};
    use Peer::{Clear, Deaf, Distrusted, NoProxy, Nobody, Proxy, SlowClear};
    vec![
        //                                            match    batch    decision --wait  register verify   --resend balance  top-up
        row("none",                                 ["0/1",   "0/1",   "0/1",   "0/1",   "0/1",   "0/1",   "0/1",   "0/1",   "0/1"], "", whole(200, |s| s.good.into())),

        row("connection refused",                   ["7/2",   "7/2",   "7/2",   "7/2",   "7/2",   "7/2",   "7/2",   "7/2",   "7/2"], "connection refused", Nobody),
        row("TLS: unknown authority",               ["7/1",   "7/1",   "7/1",   "7/2",   "7/1",   "7/1",   "7/1",   "7/1",   "7/1"], "unknown authority", Distrusted(UnknownAuthority)),
        row("TLS: expired certificate",             ["7/1",   "7/1",   "7/1",   "7/2",   "7/1",   "7/1",   "7/1",   "7/1",   "7/1"], "expired", Distrusted(Expired)),
        row("TLS: certificate for another host",    ["7/1",   "7/1",   "7/1",   "7/2",   "7/1",   "7/1",   "7/1",   "7/1",   "7/1"], "a different host", Distrusted(AnotherHost)),
        row("TLS: plain text on that port",         ["7/1",   "7/1",   "7/1",   "7/2",   "7/1",   "7/1",   "7/1",   "7/1",   "7/1"], "doesn't speak TLS", Clear(Arc::new(speaks_http))),
        row("TLS: wants a client certificate",      ["7/1",   "7/1",   "7/1",   "7/1",   "7/1",   "7/1",   "7/1",   "7/1",   "7/1"], "client certificate", Distrusted(OfClient)),
        row("TLS: reset in the handshake",          ["7/2",   "7/2",   "7/2",   "7/2",   "7/2",   "7/2",   "7/2",   "7/2",   "7/2"], "connection reset", Clear(Arc::new(|c, _| c.await_first_byte()))),
        row("TLS: closed in the handshake",         ["7/2",   "7/2",   "7/2",   "7/2",   "7/2",   "7/2",   "7/2",   "7/2",   "7/2"], "closed during the TLS handshake", Clear(Arc::new(|c, _| _ = c.beginning()))),
        row("TLS: hang in the handshake",           ["7/2",   "7/2",   "7/2",   "7/2",   "7/2",   "7/2",   "7/2",   "7/2",   "7/2"], "in time", SlowClear(Arc::new(|c, _| c.hang()))),

        row("reset before the request",             ["7?/1",  "7?/1",  "7/2",   "7/2",   "7?/1",  "7?/1",  "7?/1",  "7/2",   "7?/1"], "was lost", Deaf(Arc::new(|c, _| { c.beginning(); c.reset(); }))),
        row("reset after the request",              ["7?/1",  "7?/1",  "7/2",   "7/2",   "7?/1",  "7?/1",  "7?/1",  "7/2",   "7?/1"], "was lost", heard(|c, _| c.reset())),
        row("closed after the request",             ["7?/1",  "7?/1",  "7/2",   "7/2",   "7?/1",  "7?/1",  "7?/1",  "7/2",   "7?/1"], "was lost", heard(|_, _| {})),
        row("cut headers",                          ["7?/1",  "7?/1",  "7/2",   "7/2",   "7?/1",  "7?/1",  "7?/1",  "7/2",   "7?/1"], "was lost", heard(|c, _| _ = c.send("HTTP/1.1 200 OK\r\nContent-Len"))),
        row("headers without end",                  ["9?/1",  "9?/1",  "9/2",   "9/2",   "9?/1",  "9?/1",  "9?/1",  "9/2",   "9?/1"], "can't be trusted", heard(|c, _| if c.send("HTTP/1.1 200 OK\r\nx: ") { c.push(GIGABYTE) })),
        row("two lengths",                          ["9?/1",  "9?/1",  "9/2",   "9/2",   "9?/1",  "9?/1",  "9?/1",  "9/2",   "9?/1"], "can't be trusted", heard(|c, s| _ = c.send(format!("HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n{}", s.good)))),
        row("a length beside chunks",               ["9?/1",  "9?/1",  "9/2",   "9/2",   "9?/1",  "9?/1",  "9?/1",  "9/2",   "9?/1"], "can't be trusted", heard(|c, s| _ = c.send(format!("HTTP/1.1 200 OK\r\nContent-Length: {0}\r\nTransfer-Encoding: chunked\r\n\r\n{0:x}\r\n{1}\r\n0\r\n\r\n", s.good.len(), s.good)))),
        row("over 100 headers",                     ["9?/1",  "9?/1",  "9/2",   "9/2",   "9?/1",  "9?/1",  "9?/1",  "9/2",   "9?/1"], "can't be trusted", heard(|c, s| _ = c.send(format!("HTTP/1.1 200 OK\r\n{}Content-Length: {}\r\n\r\n{}", "x: y\r\n".repeat(101), s.good.len(), s.good)))),
        row("cut body: by its length",              ["9?/1",  "9?/1",  "9/2",   "9/2",   "9?/1",  "9?/1",  "9?/1",  "9/2",   "9?/1"], "cut short", cut("Content-Length: 5000\r\n\r\n")),
        row("cut body: in a chunk",                 ["9?/1",  "9?/1",  "9/2",   "9/2",   "9?/1",  "9?/1",  "9?/1",  "9/2",   "9?/1"], "cut short", cut("Transfer-Encoding: chunked\r\n\r\n1388\r\n")),
        row("cut body: TLS not closed",             ["9?/1",  "9?/1",  "9/2",   "9/2",   "9?/1",  "9?/1",  "9?/1",  "9/2",   "9?/1"], "cut short", cut("\r\n")),
        row("drip of headers",                      ["7?/1",  "7?/1",  "7/2",   "7/2",   "7?/1",  "7?/1",  "7?/1",  "7/2",   "7?/1"], "within 1 s", slow(|c, _| c.drip(&[b'H'; 100], PAUSE))),
        row("drip of a body",                       ["7?/1",  "7?/1",  "7/2",   "7/2",   "7?/1",  "7?/1",  "7?/1",  "7/2",   "7?/1"], "within 1 s", slow(|c, _| { c.send("HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n"); c.drip(&[b' '; 100], PAUSE); })),
        row("hang",                                 ["7?/1",  "7?/1",  "7/2",   "7/2",   "7?/1",  "7?/1",  "7?/1",  "7/2",   "7?/1"], "within 1 s", slow(|c, _| c.hang())),

        row("302 to another host",                  ["9?/1",  "9?/1",  "9/1",   "9/1",   "9/1",   "9/1",   "9/1",   "9/1",   "9/1"], "redirect (HTTP 302)", redirect(302, |_, s| format!("https://{}/", s.elsewhere))),
        row("307 to plain http",                    ["9?/1",  "9?/1",  "9/1",   "9/1",   "9/1",   "9/1",   "9/1",   "9/1",   "9/1"], "redirect (HTTP 307)", redirect(307, |_, s| format!("http://{}/", s.elsewhere))),
        row("308 to itself",                        ["9?/1",  "9?/1",  "9/1",   "9/1",   "9/1",   "9/1",   "9/1",   "9/1",   "9/1"], "redirect (HTTP 308)", redirect(308, |c, _| c.last().path.clone())),
        row("304",                                  ["9?/1",  "9?/1",  "9/1",   "9/1",   "9/1",   "9/1",   "9/1",   "9/1",   "9/1"], "HTTP 304", whole(304, |_| Vec::new())),

        row("100 and no more",                      ["7?/1",  "7?/1",  "7/2",   "7/2",   "7?/1",  "7?/1",  "7?/1",  "7/2",   "7?/1"], "within 1 s", slow(|c, _| { c.send("HTTP/1.1 100 Continue\r\n\r\n"); c.hang(); })),
        row("103 without end",                      ["7?/1",  "7?/1",  "7/2",   "7/2",   "7?/1",  "7?/1",  "7?/1",  "7/2",   "7?/1"], "within 1 s", slow(|c, _| while c.send("HTTP/1.1 103 Early Hints\r\n\r\n") { std::thread::sleep(PAUSE / 10); })),
        row("101",                                  ["8?/1",  "8?/1",  "8/1",   "8/1",   "8?/1",  "8?/1",  "8?/1",  "8/1",   "8?/1"], "HTTP 101", heard(|c, _| _ = c.send("HTTP/1.1 101 X\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n"))),
        row("204",                                  ["8?/1",  "8?/1",  "8/1",   "8/1",   "8?/1",  "8?/1",  "8?/1",  "8/1",   "8?/1"], "HTTP 204", whole(204, |_| Vec::new())),
        row("206 with a good body",                 ["8?/1",  "8?/1",  "8/1",   "8/1",   "8?/1",  "8?/1",  "8?/1",  "8/1",   "8?/1"], "HTTP 206", whole(206, |s| s.good.into())),

        row("400",                                  ["6/1",   "6/1",   "6/1",   "6/1",   "6/1",   "6/1",   "6/1",   "6/1",   "6/1"], "HTTP 400", whole(400, no)),
        row("401",                                  ["4/1",   "4/1",   "4/1",   "4/1",   "4/1",   "4/1",   "4/1",   "4/1",   "4/1"], "HTTP 401", whole(401, no)),
        row("401 before the body, then a reset",    ["4/1",   "4/1",   "4/1",   "4/1",   "4/1",   "4/1",   "4/1",   "4/1",   "4/1"], "HTTP 401", Deaf(Arc::new(|c, _| { c.head_and(0); c.send("HTTP/1.1 401 X\r\nContent-Length: 0\r\n\r\n"); c.reset(); }))),
        row("402",                                  ["5/1",   "5/1",   "5/1",   "5/1",   "8/1",   "8/1",   "8/1",   "5/1",   "5/1"], "HTTP 402", whole(402, no)),
        row("403: no credits",                      ["5/1",   "5/1",   "5/1",   "5/1",   "4/1",   "4/1",   "4/1",   "5/1",   "5/1"], "HTTP 403", whole(403, |_| br#"{"error": "You don't have enough credits."}"#.into())),
        row("403: no permission",                   ["4/1",   "4/1",   "4/1",   "4/1",   "4/1",   "4/1",   "4/1",   "4/1",   "4/1"], "HTTP 403", whole(403, |_| br#"{"detail": "You do not have permission."}"#.into())),
        row("404",                                  ["8?/1",  "8?/1",  "8/1",   "8/1",   "8/1",   "8/1",   "8/1",   "8/1",   "8/1"], "HTTP 404", whole(404, no)),
        row("413",                                  ["6/1",   "6/1",   "6/1",   "6/1",   "6/1",   "6/1",   "6/1",   "6/1",   "6/1"], "HTTP 413", whole(413, no)),
        row("418",                                  ["8?/1",  "8?/1",  "8/1",   "8/1",   "8/1",   "8/1",   "8/1",   "8/1",   "8/1"], "HTTP 418", whole(418, no)),
        row("429",                                  ["8/2",   "8/2",   "8/2",   "8/2",   "8/2",   "8/2",   "8/2",   "8/2",   "8/2"], "HTTP 429", whole(429, no)),
        row("500",                                  ["8?/1",  "8?/1",  "8/1",   "8/1",   "8?/1",  "8?/1",  "8?/1",  "8/1",   "8?/1"], "HTTP 500", whole(500, no)),
        row("502",                                  ["8?/1",  "8?/1",  "8/2",   "8/2",   "8?/1",  "8?/1",  "8?/1",  "8/2",   "8?/1"], "HTTP 502", whole(502, no)),
        row("503 with Retry-After",                 ["8?/1",  "8?/1",  "8/2",   "8/2",   "8?/1",  "8?/1",  "8?/1",  "8/2",   "8?/1"], "HTTP 503", whole(503, no)),
        row("503 of a gateway, which names no time",["8?/1",  "8?/1",  "8/2",   "8/2",   "8?/1",  "8?/1",  "8?/1",  "8/2",   "8?/1"], "HTTP 503", answer(|_| Answer::new(503, GATEWAY))),
        row("504",                                  ["8?/1",  "8?/1",  "8/2",   "8/2",   "8?/1",  "8?/1",  "8?/1",  "8/2",   "8?/1"], "HTTP 504", whole(504, no)),

        row("400: a page",                          ["6/1",   "6/1",   "6/1",   "6/1",   "6/1",   "6/1",   "6/1",   "6/1",   "6/1"], "HTTP 400", whole(400, page)),
        row("401: a page",                          ["4/1",   "4/1",   "4/1",   "4/1",   "4/1",   "4/1",   "4/1",   "4/1",   "4/1"], "HTTP 401", whole(401, page)),
        row("402: a page",                          ["5?/1",  "5?/1",  "5/1",   "5/1",   "8/1",   "8/1",   "8/1",   "5/1",   "5/1"], "HTTP 402", whole(402, page)),
        row("403: a page",                          ["8?/1",  "8?/1",  "8/1",   "8/1",   "4/1",   "4/1",   "4/1",   "8/1",   "8/1"], "HTTP 403", whole(403, page)),
        row("404: a page",                          ["8?/1",  "8?/1",  "8/1",   "8/1",   "8/1",   "8/1",   "8/1",   "8/1",   "8/1"], "HTTP 404", whole(404, page)),
        row("407: a page",                          ["8/1",   "8/1",   "8/1",   "8/1",   "8/1",   "8/1",   "8/1",   "8/1",   "8/1"], "HTTP 407", whole(407, page)),
        row("408: a page",                          ["8?/1",  "8?/1",  "8/1",   "8/1",   "8/1",   "8/1",   "8/1",   "8/1",   "8/1"], "HTTP 408", whole(408, page)),
        row("411: a page",                          ["8/1",   "8/1",   "8/1",   "8/1",   "8/1",   "8/1",   "8/1",   "8/1",   "8/1"], "HTTP 411", whole(411, page)),
        row("413: a page",                          ["6/1",   "6/1",   "6/1",   "6/1",   "6/1",   "6/1",   "6/1",   "6/1",   "6/1"], "HTTP 413", whole(413, page)),
        row("414: a page",                          ["8/1",   "8/1",   "8/1",   "8/1",   "8/1",   "8/1",   "8/1",   "8/1",   "8/1"], "HTTP 414", whole(414, page)),
        row("418: a page",                          ["8?/1",  "8?/1",  "8/1",   "8/1",   "8/1",   "8/1",   "8/1",   "8/1",   "8/1"], "HTTP 418", whole(418, page)),
        row("422: a page",                          ["6?/1",  "6?/1",  "6/1",   "6/1",   "6/1",   "6/1",   "6/1",   "6/1",   "6/1"], "HTTP 422", whole(422, page)),
        row("429: a page",                          ["8/2",   "8/2",   "8/2",   "8/2",   "8/2",   "8/2",   "8/2",   "8/2",   "8/2"], "HTTP 429", whole(429, page)),
        row("431: a page",                          ["8/1",   "8/1",   "8/1",   "8/1",   "8/1",   "8/1",   "8/1",   "8/1",   "8/1"], "HTTP 431", whole(431, page)),
        row("500: a page",                          ["8?/1",  "8?/1",  "8/1",   "8/1",   "8?/1",  "8?/1",  "8?/1",  "8/1",   "8?/1"], "HTTP 500", whole(500, page)),
        row("502: a page",                          ["8?/1",  "8?/1",  "8/2",   "8/2",   "8?/1",  "8?/1",  "8?/1",  "8/2",   "8?/1"], "HTTP 502", whole(502, page)),
        row("503: a page",                          ["8?/1",  "8?/1",  "8/2",   "8/2",   "8?/1",  "8?/1",  "8?/1",  "8/2",   "8?/1"], "HTTP 503", whole(503, page)),
        row("504: a page",                          ["8?/1",  "8?/1",  "8/2",   "8/2",   "8?/1",  "8?/1",  "8?/1",  "8/2",   "8?/1"], "HTTP 504", whole(504, page)),

        row("a good body, called text/html",        ["0/1",   "0/1",   "0/1",   "0/1",   "0/1",   "0/1",   "0/1",   "0/1",   "0/1"], "", answer(|s| Answer::new(200, s.good).header("Content-Type", "text/html"))),
        row("a page in HTML",                       ["9?/1",  "9?/1",  "9/1",   "9/1",   "9?/1",  "9?/1",  "9?/1",  "9/1",   "9/1"], "can't be trusted", answer(|_| Answer::new(200, "<html>Approved</html>").header("Content-Type", "text/html"))),
        row("nothing",                              ["9?/1",  "9?/1",  "9/1",   "9/1",   "9?/1",  "9?/1",  "9?/1",  "9/1",   "9/1"], "can't be trusted", whole(200, |_| Vec::new())),
        row("gzip bomb",                            ["9?/1",  "9?/1",  "9/1",   "9/1",   "9?/1",  "9?/1",  "9?/1",  "9/1",   "9?/1"], "over 1 MiB", answer(|_| Answer::new(200, &*BOMB).header("Content-Encoding", "gzip"))),
        row("1 GB body",                            ["9?/1",  "9?/1",  "9/1",   "9/1",   "9?/1",  "9?/1",  "9?/1",  "9/1",   "9?/1"], "over 1 MiB", heard(|c, s| if c.send(format!("HTTP/1.1 200 OK\r\nContent-Length: {GIGABYTE}\r\n\r\n{}", s.good)) { c.push(GIGABYTE) })),
        row("invalid UTF-8",                        ["9?/1",  "9?/1",  "9/1",   "9/1",   "9?/1",  "9?/1",  "9?/1",  "9/1",   "9/1"], "can't be trusted", whole(200, |s| spoilt(s, b", \"x\": \"\xff\xfe\"}"))),
        row("NUL bytes",                            ["9?/1",  "9?/1",  "9/1",   "9/1",   "9?/1",  "9?/1",  "9?/1",  "9/1",   "9/1"], "can't be trusted", whole(200, |s| spoilt(s, b"}\0\0"))),
        row("deep nesting",                         ["9?/1",  "9?/1",  "9/1",   "9/1",   "9?/1",  "9?/1",  "9?/1",  "9/1",   "9/1"], "can't be trusted", whole(200, |s| spoilt(s, format!(", \"x\": {}{}}}", "[".repeat(100_000), "]".repeat(100_000)).as_bytes()))),

        row("proxy: connection refused",            ["7/2",   "7/2",   "7/2",   "7/2",   "7/2",   "7/2",   "7/2",   "7/2",   "7/2"], "the proxy", NoProxy),
        row("proxy: refuses the tunnel",            ["7/2",   "7/2",   "7/2",   "7/2",   "7/2",   "7/2",   "7/2",   "7/2",   "7/2"], "HTTP 403", Proxy(Arc::new(|c, _| refuse(c, 403)))),
        row("proxy: demands authentication",        ["7/1",   "7/1",   "7/1",   "7/1",   "7/1",   "7/1",   "7/1",   "7/1",   "7/1"], "authenti", Proxy(Arc::new(|c, _| refuse(c, 407)))),
    ]
}

/// What Envoy says when its upstream took the request and then dropped the connection.
const GATEWAY: &str = "upstream connect error or disconnect/reset before headers. reset reason: connection termination";
const GIGABYTE: usize = 1_000_000_000;
const PAUSE: Duration = Duration::from_millis(100);

/// 600 MB of spaces: one gzip member, 60 times (RFC 1952, section 2.2).
static BOMB: LazyLock<Vec<u8>> = LazyLock::new(|| {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(&vec![b' '; 10_000_000]).unwrap();
    encoder.finish().unwrap().repeat(60)
});

fn row(name: &'static str, expected: Row, says: &'static str, peer: Peer) -> Fault {
    Fault { name, peer, says, expected }
}

/// Reads every request, then does this and closes the connection.
fn heard(then: impl Fn(&mut Connection, &Scene) + Send + Sync + 'static) -> Peer {
    Peer::Service(after_request(then))
}

fn slow(then: impl Fn(&mut Connection, &Scene) + Send + Sync + 'static) -> Peer {
    Peer::Slow(after_request(then))
}

fn after_request(then: impl Fn(&mut Connection, &Scene) + Send + Sync + 'static) -> Behaviour {
    Arc::new(move |connection, scene| {
        if connection.request() {
            then(connection, scene);
        }
    })
}

/// Gives every request this answer.
fn answer(answer: impl Fn(&Scene) -> Answer + Send + Sync + 'static) -> Peer {
    Peer::Service(Arc::new(move |connection, scene| {
        while connection.request() {
            connection.send(answer(scene).bytes());
        }
    }))
}

/// Answers every request with this status and body, and asks for no wait.
fn whole(status: u16, body: impl Fn(&Scene) -> Vec<u8> + Send + Sync + 'static) -> Peer {
    answer(move |scene| Answer::new(status, body(scene)).header("Retry-After", "0"))
}

/// What a gateway says in the service's place.
fn page(_: &Scene) -> Vec<u8> {
    b"<html><head><title>Something in between</title></head></html>".to_vec()
}

fn no(_: &Scene) -> Vec<u8> {
    br#"{"detail": "No."}"#.to_vec()
}

/// A good answer with `end` instead of its last brace.
fn spoilt(scene: &Scene, end: &[u8]) -> Vec<u8> {
    let good = scene.good.strip_suffix('}').expect("an object");
    [good.as_bytes(), end].concat()
}

/// A truncated good answer with this framing.
fn cut(framing: &'static str) -> Peer {
    heard(move |connection, scene| {
        connection.send(format!("HTTP/1.1 200 OK\r\n{framing}{}", scene.good));
    })
}

fn redirect(
    status: u16,
    location: impl Fn(&Connection, &Scene) -> String + Send + Sync + 'static,
) -> Peer {
    Peer::Service(Arc::new(move |connection, scene| {
        while connection.request() {
            let location = location(connection, scene);
            connection.send(Answer::new(status, scene.good).header("Location", &location).bytes());
        }
    }))
}

fn speaks_http(connection: &mut Connection, _: &Scene) {
    connection.await_first_byte();
    connection.send(Answer::new(400, "speak http").bytes());
    connection.hang();
}

/// A proxy that gives this answer and closes.
fn refuse(connection: &mut Connection, status: u16) {
    if connection.request() {
        let answer = Answer::new(status, "").header("Proxy-Authenticate", "Basic realm=\"x\"");
        connection.send(answer.header("Connection", "close").bytes());
    }
}
