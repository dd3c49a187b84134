//! The machine is switched off in the middle, again and again.
#![cfg(unix)]

use std::collections::BTreeMap;
use std::process::Stdio;
use std::time::Duration;

use super::{Batch, answering, approved};

/// Kills a run of `pairs` so often, at moments that differ, and lets the last one end.
#[allow(clippy::print_stdout, reason = "the measure of the ignored test")]
fn killed(pairs: usize, kills: usize, jobs: usize, rate: u32) {
    let batch = Batch::of(pairs);
    let service = answering(|_| {
        std::thread::sleep(Duration::from_millis(10));
        approved()
    });
    let tool = || batch.tool_at(rate, &service).arg("--jobs").arg(jobs.to_string());
    let mut moment = 1_u64;
    for _ in 0..kills {
        let mut command = tool().into_command();
        let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        moment = moment.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        std::thread::sleep(Duration::from_millis(10 + (moment >> 33) % 150));
        child.kill().unwrap();
        child.wait().unwrap();
    }
    let left = pairs - batch.judged().len();
    assert!(left > 0, "the kills came while there was work");
    tool().run().exits(0);
    let mut lines = BTreeMap::new();
    for id in batch.judged() {
        *lines.entry(id).or_insert(0) += 1;
    }
    assert_eq!(lines.len(), pairs);
    assert!(lines.values().all(|&count| count == 1), "one judged line a pair: {lines:?}");
    let again = service.requests().len() - pairs;
    assert!(again <= kills * jobs, "{again} sent again after {kills} kills");
    println!("{kills} kills: {again} pairs sent again, {left} left for the last run");
}

#[test]
fn every_pair_is_judged_once_however_often_the_run_is_killed() {
    killed(60, 8, 4, 2400);
}

/// cargo test --test it -- --ignored --nocapture batch::kill
#[test]
#[ignore = "takes a minute"]
fn a_hundred_kills_of_five_hundred_pairs() {
    killed(500, 100, 8, 2400);
}
