//! The rate, and the pause that the service asks for.

use std::sync::Mutex;
use std::time::{Duration, Instant};

use super::{Batch, answering, approved};
use crate::support::{Answer, Service, timed};

#[test]
fn all_workers_share_the_rate() {
    let batch = Batch::of(10);
    let service = answering(|_| approved());
    let (run, elapsed) = timed(|| batch.tool_at(1200, &service).run());
    run.exits(0);
    assert!(elapsed >= Duration::from_millis(9 * 50), "10 requests 50 ms apart: {elapsed:?}");
}

/// When each request arrived at a service that answers the third with `third`.
fn times_around(third: Answer) -> Vec<Instant> {
    static TIMES: Mutex<Vec<Instant>> = Mutex::new(Vec::new());
    TIMES.lock().unwrap().clear();
    let batch = Batch::of(8);
    let service = Service::start(move |connection| {
        while connection.request() {
            let number = {
                let mut times = TIMES.lock().unwrap();
                times.push(Instant::now());
                times.len()
            };
            let answer = if number == 3 { third.clone() } else { approved() };
            connection.send(answer.bytes());
        }
    });
    batch.tool_at(3000, &service).args(["--jobs", "4"]).run().exits(0);
    TIMES.lock().unwrap().clone()
}

#[test]
fn a_429_or_a_used_up_allowance_pauses_all_workers() {
    let limited = Answer::new(429, "{}").header("Retry-After", "1");
    let used_up = approved().header("X-RateLimit-Remaining", "0").header("Retry-After", "1");
    let long_past = Answer::new(429, "{}").header("X-RateLimit-Reset", "1000");
    for (third, requests) in [(limited, 9), (used_up, 8), (long_past, 9)] {
        let times = times_around(third);
        assert_eq!(times.len(), requests);
        let pause = Duration::from_millis(900);
        let early = times.iter().skip(3).filter(|&&time| time - times[2] < pause).count();
        // Requests already sent at that moment don't count.
        assert!(early <= 3, "{early} requests in the pause");
    }
}

#[test]
fn retries_are_counted() {
    let batch = Batch::of(1);
    let service = Service::answering([Answer::new(429, "").header("Retry-After", "0"), approved()]);
    let run = batch.tool(&service).arg("--json").run();
    run.exits(0);
    let summary = run.json();
    assert_eq!((&summary["retries"], &summary["credits"]), (&1.into(), &1.into()));
    assert_eq!(batch.records()[0]["attempts"], 2);
}

#[test]
fn a_pause_that_the_service_asks_for_costs_no_attempt() {
    static SEEN: Mutex<usize> = Mutex::new(0);
    let batch = Batch::of(4);
    let service = answering(|_| {
        let mut seen = SEEN.lock().unwrap();
        *seen += 1;
        if *seen > 3 { approved() } else { Answer::new(429, "").header("Retry-After", "1") }
    });
    let (run, elapsed) = timed(|| batch.tool(&service).args(["--retries", "0"]).run());
    run.exits(0);
    assert!(elapsed >= Duration::from_secs(1), "{elapsed:?}");
}
