//! Connections: many at once, slow ones, and shutdown.

use std::io::Write;
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::Signal;

use super::forms::{JPEG, both, form};
use crate::support::server::{Reply, Server};

#[test]
fn many_connections_at_once_lose_nothing() {
    let server = Server::start(&["--rate", "100000"]);
    let server = &server;
    thread::scope(|scope| {
        for _ in 0..32 {
            scope.spawn(move || {
                for _ in 0..8 {
                    assert_eq!(form(server, &both(JPEG)).status, 400);
                    let balance = server.json("GET", "/v3/billing/balance/", "");
                    assert_eq!(balance.json()["balance"], "1000.0000");
                }
            });
        }
    });
}

#[test]
fn a_slow_client_is_dropped() {
    let server = Server::start(&[]);
    let mut slow = server.connect();
    slow.write_all(b"POST /v3/face-match/ HTTP/1.1\r\nHost:").unwrap();
    let start = Instant::now();
    let reply = Reply::read(&mut slow);
    assert!(start.elapsed() < Duration::from_secs(20), "{reply:?}");
    assert!(server.is_well());
}

#[test]
fn it_stops_cleanly_after_running_requests() {
    for (signal, code) in [(Signal::TERM, 0), (Signal::INT, 130)] {
        let mut server = Server::start(&["--latency", "1000", "-v"]);
        let balance = server.tool().arg("balance");
        let running = thread::spawn(move || balance.run());
        thread::sleep(Duration::from_millis(500));
        server.signal(signal);
        running.join().unwrap().exits(0);
        assert_eq!(server.ended().code(), Some(code));
    }
    let mut idle = Server::start(&[]);
    let _open = idle.connect();
    idle.signal(Signal::TERM);
    assert_eq!(idle.ended().code(), Some(0), "idle connections block nothing");
}
