//! Network faults: exit code 7 (or 9 for a truncated answer), in time, and never paid twice.

use std::net::{Ipv4Addr, TcpListener};
use std::time::Duration;

use crate::support::bodies::APPROVED;
use crate::support::connection::Connection;
use crate::support::photos::{JPEG, padded};
use crate::support::service::ClosedPort;
use crate::support::{Answer, MAYBE_PAID, Outcome, Photos, Service, Tool, timed};

/// `match` with `--timeout 1` against a service that does `behave`.
fn faulty(behave: impl Fn(&mut Connection) + Send + Sync + 'static) -> (Service, Outcome) {
    let service = Service::start(behave);
    let tool = Tool::matching(&service, &Photos::new()).args(["--timeout", "1"]);
    let (outcome, elapsed) = timed(|| tool.run());
    // A service that hangs does so for 15 s.
    assert!(elapsed < Duration::from_secs(10), "{elapsed:?}");
    (service, outcome)
}

/// Sent once, and reported as possibly processed.
#[track_caller]
fn left_open((service, outcome): &(Service, Outcome), code: i32) {
    outcome.fails(code).stderr_has(MAYBE_PAID).stderr_lacks("tried");
    assert_eq!((service.connections(), service.requests().len()), (1, 1));
}

#[test]
fn connection_refused() {
    let closed = ClosedPort::new();
    let base = format!("http://127.0.0.1:{}", closed.port());
    let tool = || Tool::with_base(&base).pair(&Photos::new());
    let once = tool().args(["--retries", "0"]).run();
    once.fails(7).stderr_has(&base[7..]).stderr_lacks(MAYBE_PAID).stderr_lacks("tried");
    assert_eq!(once.details.iter().filter(|line| line.starts_with("> POST")).count(), 1);
    assert!(!once.details.iter().any(|line| line.contains("trying again")), "{once:?}");
    let again = tool().args(["--retries", "1"]).run();
    again.fails(7).stderr_has("tried 2 times");
    assert_eq!(again.details.iter().filter(|line| line.starts_with("> POST")).count(), 2);
}

#[test]
fn a_name_that_does_not_resolve() {
    let tool = Tool::with_base("https://nonexistent.invalid").pair(&Photos::new());
    let outcome = tool.args(["--retries", "0"]).run();
    outcome.fails(7).stderr_has("nonexistent.invalid").stderr_lacks(MAYBE_PAID);
}

#[test]
fn closed_before_the_request_was_read() {
    let (service, outcome) = faulty(Connection::await_first_byte);
    outcome.fails(7).stderr_has(MAYBE_PAID);
    assert_eq!((service.connections(), service.requests().len()), (1, 0));
}

#[test]
fn lost_after_the_request() {
    left_open(&faulty(|connection| _ = connection.request()), 7);
}

#[test]
fn cut_in_the_head() {
    for head in ["H", "HTTP/1.1 200 OK\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n"] {
        let run = faulty(move |connection| {
            connection.request();
            connection.send(head);
        });
        left_open(&run, 7);
    }
}

#[test]
fn cut_in_the_body_of_a_200() {
    for framing in ["Content-Length: 5000", "Transfer-Encoding: chunked"] {
        let answer = format!("HTTP/1.1 200 OK\r\n{framing}\r\n\r\n{:x}\r\n", 5000);
        let run = faulty(move |connection| {
            connection.request();
            connection.send(&answer);
            connection.send(APPROVED);
        });
        left_open(&run, 9);
    }
}

#[test]
fn an_answer_without_a_length_ends_with_the_connection() {
    let (_, outcome) = faulty(|connection| {
        connection.request();
        connection.send("HTTP/1.1 200 OK\r\n\r\n");
        connection.send(APPROVED);
    });
    outcome.exits(0);
    let (_, cut) = faulty(|connection| {
        connection.request();
        connection.send("HTTP/1.1 200 OK\r\n\r\n");
        connection.send(&APPROVED[..APPROVED.len() - 1]);
    });
    cut.fails(9);
}

#[test]
fn cut_in_the_body_of_an_error() {
    let (_, outcome) = faulty(|connection| {
        connection.request();
        connection.send("HTTP/1.1 401 X\r\nContent-Length: 5000\r\n\r\nbad key");
    });
    outcome.fails(4).stderr_has("bad key");
}

#[test]
fn not_http() {
    for noise in ["220 mail.example.org ESMTP\r\n", "\0\0\0\0", "HTTP/9.9 200 OK\r\n\r\n{}"] {
        let (service, outcome) = faulty(move |connection| {
            connection.request();
            connection.send(noise);
        });
        outcome.fails(9).stderr_has("not valid HTTP").stderr_has(MAYBE_PAID);
        assert_eq!(service.requests().len(), 1);
    }
}

#[test]
fn silence() {
    let run = faulty(|connection| {
        connection.request();
        connection.hang();
    });
    left_open(&run, 7);
    run.1.stderr_has("within 1 s");
}

#[test]
fn silence_from_the_start() {
    // The listener's queue accepts the connection, but nothing reads.
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    let photos = Photos::of(&padded(JPEG, 5_000_000), &padded(JPEG, 5_000_001));
    let tool = Tool::with_base(&base).pair(&photos).args(["--timeout", "1", "--retries", "0"]);
    let (outcome, elapsed) = timed(|| tool.run());
    outcome.fails(7).stderr_has("stalled for 1 s").stderr_lacks(MAYBE_PAID);
    assert!(elapsed < Duration::from_secs(15), "{elapsed:?}");
}

#[test]
fn a_slow_drip_does_not_extend_the_timeout() {
    for (at_once, dripped) in [
        ("", "HTTP/1.1 200 OK\r\nx: yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy"),
        ("HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n", APPROVED),
        ("HTTP/1.1 200 OK\r\n\r\n", APPROVED),
    ] {
        let run = faulty(move |connection| {
            connection.request();
            connection.send(at_once);
            connection.drip(dripped.as_bytes(), Duration::from_millis(100));
        });
        left_open(&run, 7);
        run.1.stderr_has("within 1 s");
    }
}

#[test]
fn a_slow_error_is_still_that_error() {
    let (_, outcome) = faulty(|connection| {
        connection.request();
        connection.send("HTTP/1.1 401 X\r\nContent-Length: 5000\r\n\r\n");
        connection.drip(APPROVED.as_bytes(), Duration::from_millis(100));
    });
    outcome.fails(4);
}

/// The service answers without reading 8 MB first, and closes.
fn answered_early(status: u16, lingers: bool) -> Outcome {
    let service = Service::start(move |connection| {
        if connection.head_and(0) {
            let close = Answer::new(status, "no").header("Connection", "close");
            connection.send(close.bytes());
            if lingers {
                connection.hang();
            }
        }
    });
    let photos = Photos::of(&padded(JPEG, 4_000_000), &padded(JPEG, 4_000_001));
    let outcome =
        Tool::matching(&service, &photos).args(["--timeout", "3", "--retries", "0"]).run();
    assert_eq!(service.connections(), 1);
    outcome
}

#[test]
fn an_early_answer_is_read() {
    for (status, code) in [(401, 4), (413, 6)] {
        answered_early(status, true).fails(code);
    }
}

#[test]
fn an_early_answer_before_a_reset_is_never_a_verdict() {
    for (status, code) in [(401, 4), (413, 6), (200, 9)] {
        let outcome = answered_early(status, false);
        assert!([Some(code), Some(7)].contains(&outcome.code), "{outcome:#?}");
        outcome.fails(outcome.code.unwrap());
    }
}
