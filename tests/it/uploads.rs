//! Large photos on a slow or broken line: timeouts, retries, and what was paid.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use crate::batch::{Batch, approved};
use crate::support::connection::{Connection, Line};
use crate::support::photos::{JPEG, PNG, padded};
use crate::support::{Answer, MAYBE_PAID, Photos, Service, Tool, timed};

const LARGE: usize = 5_000_000;

fn large(service: &Service) -> (Photos, Tool) {
    let photos = Photos::of(&padded(JPEG, LARGE), &padded(JPEG, LARGE + 1));
    let tool = Tool::matching(service, &photos);
    (photos, tool)
}

/// Reads a part of one request, less than the system buffers; then calls `end`.
fn part(connection: &mut Connection, end: impl Fn(&mut Connection)) {
    connection.head_and(1_000_000);
    end(connection);
}

#[test]
fn an_upload_that_breaks_is_sent_again_and_was_never_paid() {
    for is_reset in [false, true] {
        let service = Service::start(move |connection| {
            part(connection, |connection| {
                if is_reset {
                    connection.reset();
                }
            });
        });
        let (_photos, tool) = large(&service);
        let outcome = tool.args(["--retries", "1"]).run();
        outcome.fails(7).stderr_has("during the upload").stderr_has("nothing was charged");
        outcome.stderr_lacks(MAYBE_PAID).stderr_has("tried 2 times");
        assert_eq!((service.connections(), service.requests().len()), (2, 0));
    }
}

/// Approves all requests, except the first, whose upload it breaks.
fn breaking_once() -> Service {
    let connections = AtomicUsize::new(0);
    Service::start(move |connection| {
        if connections.fetch_add(1, Ordering::SeqCst) == 0 {
            return part(connection, |_| ());
        }
        connection.behind(&fast());
        while connection.request() {
            connection.send(approved().bytes());
        }
    })
}

fn fast() -> Line {
    Line::new(1_000_000_000)
}

#[test]
fn an_upload_that_breaks_once_succeeds_and_is_paid_once() {
    let service = breaking_once();
    let (_photos, tool) = large(&service);
    tool.run().exits(0);
    assert_eq!((service.connections(), service.requests().len()), (2, 1));
}

/// The end of the headers is all that such a service reads.
#[test]
fn an_answer_before_the_upload_has_ended_costs_nothing() {
    for status in [401, 403, 404, 408, 413, 421, 429, 500, 502, 503, 504] {
        let service = Service::start(move |connection| {
            connection.head_and(0);
            let page = Answer::new(status, "<title>Refused</title>").header("Connection", "close");
            connection.send(page.bytes());
            connection.hang();
        });
        let (_photos, tool) = large(&service);
        let outcome = tool.args(["--retries", "0"]).run();
        outcome.stderr_has(&format!("HTTP {status}")).stderr_has("nothing was charged");
        outcome.stderr_lacks(MAYBE_PAID);
        assert_eq!(service.requests().len(), 0);
    }
    let service = Service::start(|connection| {
        connection.head_and(0);
        connection.send(approved().bytes());
        connection.hang();
    });
    let (_photos, tool) = large(&service);
    let outcome = tool.args(["--retries", "1"]).run();
    outcome.fails(9).stderr_has("before the upload had ended").stderr_has("nothing was charged");
    assert_eq!((service.connections(), service.requests().len()), (2, 0));
}

#[test]
fn a_stalled_upload_is_given_up() {
    let service = Service::start(move |connection| {
        connection.behind(&fast());
        connection.head_and(1000);
        std::thread::sleep(Duration::from_secs(20));
    });
    let (_photos, tool) = large(&service);
    let (outcome, elapsed) = timed(|| tool.args(["--timeout", "1", "--retries", "0"]).run());
    outcome.fails(7).stderr_has("stalled for 1 s").stderr_has("nothing was charged");
    outcome.stderr_lacks(MAYBE_PAID).stderr_has("--fit=500KB");
    assert!(elapsed < Duration::from_secs(15), "before the service hangs up: {elapsed:?}");
}

#[test]
fn a_slow_upload_may_take_longer_than_the_timeout() {
    let line = Line::new(3_000_000);
    let service = Service::start(move |connection| {
        connection.behind(&line);
        while connection.request() {
            connection.send(approved().bytes());
        }
    });
    let (_photos, tool) = large(&service);
    let (outcome, elapsed) = timed(|| tool.args(["--timeout", "1"]).run());
    outcome.exits(0);
    assert!(elapsed > Duration::from_secs(2), "{elapsed:?}");
    assert_eq!(service.requests().len(), 1);
}

#[test]
fn the_timeout_for_the_answer_starts_after_the_upload() {
    let service = Service::silent();
    let (_photos, tool) = large(&service);
    let (outcome, elapsed) = timed(|| tool.args(["--timeout", "1"]).run());
    outcome.fails(7).stderr_has("no complete answer").stderr_has(MAYBE_PAID);
    assert!(elapsed < Duration::from_secs(14), "before the service hangs up: {elapsed:?}");
    assert_eq!((service.connections(), service.requests().len()), (1, 1));
}

#[test]
fn a_pair_whose_upload_broke_is_retried_not_unknown() {
    let service = breaking_once();
    let batch = Batch::of(1);
    batch.photos.add("user0.jpg", &padded(JPEG, LARGE));
    batch.photos.add("reference.png", &padded(PNG, LARGE));
    let run = batch.tool(&service).args(["--retries", "0"]).run();
    run.exits(10).stderr_lacks(MAYBE_PAID).stderr_lacks("--retry-unknown");
    batch.run(&service).exits(0);
    assert_eq!(service.requests().len(), 1);
}

#[test]
fn a_connection_that_the_service_closed_meanwhile_is_not_used_again() {
    let service = Service::start(|connection| {
        connection.request();
        connection.send(approved().bytes());
        std::thread::sleep(Duration::from_millis(50));
    });
    let batch = Batch::of(6);
    batch.tool_at(300, &service).args(["--jobs", "1"]).run().exits(0);
    assert_eq!((service.connections(), service.requests().len()), (6, 6));
}
