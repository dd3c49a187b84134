//! The run is killed in the middle, again and again. The service counts what it was paid for.
#![cfg(unix)]

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use rustix::process::Signal;

use super::{Batch, answering, approved};
use crate::support::Service;
use crate::support::process::{ended, signal};

/// Pseudo-random numbers, the same in each run.
struct Moments(u64);

impl Moments {
    fn next(&mut self, below: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        (self.0 >> 33) % below
    }
}

/// The requests to the service, by id.
fn paid(service: &Service) -> BTreeMap<String, usize> {
    let mut paid = BTreeMap::new();
    for request in service.requests() {
        *paid.entry(request.field("vendor_data").unwrap()).or_insert(0) += 1;
    }
    paid
}

/// Kills runs of `pairs` with `name` at different moments, and lets the last one finish: then each
/// pair was paid once, and has a verdict or is unknown.
#[allow(clippy::print_stdout, reason = "the measure of the ignored tests")]
fn killed_with(name: Signal, pairs: usize, times: usize, jobs: usize, rate: u32) {
    let batch = Batch::of(pairs);
    let mut answers = Moments(7);
    let delays: Vec<_> = (0..pairs).map(|_| 5 + answers.next(20)).collect();
    let service = answering(move |id| {
        let number: usize = id[1..].parse().unwrap();
        std::thread::sleep(Duration::from_millis(delays[number]));
        approved()
    });
    let tool = || batch.tool_at(rate, &service).arg("--jobs").arg(jobs.to_string());
    let mut moments = Moments(1);
    for _ in 0..times {
        let child = tool().spawn();
        std::thread::sleep(Duration::from_millis(10 + moments.next(150)));
        signal(&child, name);
        ended(child);
    }
    let left = pairs - batch.judged().len();
    assert!(left > 0, "the signals came while there was work");
    let last = tool().arg("--json").run();
    let summary = last.json();
    let unknown = usize::try_from(summary["unknown"].as_u64().unwrap()).unwrap();
    let paid = paid(&service);
    assert!(paid.values().all(|&count| count == 1), "paid twice: {paid:?}");
    let judged: BTreeSet<_> = batch.judged().into_iter().collect();
    assert_eq!(judged.len() + unknown, pairs, "none is missing");
    assert!(judged.iter().all(|id| paid.contains_key(id)), "judged without being paid");
    let unanswered = paid.keys().filter(|id| !judged.contains(*id)).count();
    assert!(unanswered <= unknown, "every pair that was paid without an answer is unknown");
    println!(
        "{times} x {name:?}: {} pairs paid, 0 twice, {} judged, {unknown} unknown ({unanswered} paid), {left} left for the last run",
        paid.len(),
        judged.len()
    );
    if unknown == 0 {
        last.exits(0);
        return;
    }
    last.exits(10).stderr_has(&format!("{unknown} may have been charged: "));
    for id in summary["unknown_ids"].as_array().unwrap() {
        last.stderr_has(&format!("`{}`", id.as_str().unwrap()));
    }
    if unknown > 10 {
        last.stderr_has(&format!("and {} more", unknown - 10));
    }
    tool().arg("--retry-unknown").run().exits(0);
    assert_eq!(service.requests().len(), pairs + unanswered, "each unknown pair once, on request");
    assert_eq!(batch.judged().len(), pairs);
}

#[test]
fn every_pair_is_paid_once_however_often_the_run_is_killed() {
    killed_with(Signal::KILL, 60, 8, 4, 2400);
}

#[test]
fn every_pair_is_paid_once_when_the_session_hangs_up_or_the_machine_shuts_down() {
    killed_with(Signal::HUP, 60, 4, 4, 2400);
    killed_with(Signal::TERM, 60, 4, 4, 2400);
}

/// cargo test --test it -- --ignored --nocapture batch::kill
#[test]
#[ignore = "takes minutes"]
fn a_hundred_signals_to_a_run_of_five_hundred_pairs() {
    for name in [Signal::KILL, Signal::HUP, Signal::TERM] {
        killed_with(name, 500, 100, 8, 2400);
    }
}
