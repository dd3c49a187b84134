//! `batch --wait`: the run settles its own reviews and lost answers, free of charge.

use std::thread;
use std::time::Duration;

use super::Batch;
use crate::settle::{paid, service, set};
use crate::support::process::wait_until;
use crate::support::{Answer, Service, timed};

fn reads(service: &Service) -> usize {
    service.requests().len() - paid(service)
}

#[test]
fn reviews_of_the_run_are_settled_and_decide_its_exit_code() {
    for (status, code) in [("Approved", 0), ("Declined", 1)] {
        let batch = Batch::of(3);
        let (service, sessions) = service(&[], &["p1"]);
        let run = thread::scope(|scope| {
            let run = scope.spawn(|| batch.tool(&service).args(["--wait=20", "--json"]).run());
            wait_until(|| reads(&service) > 0);
            set(&sessions, "p1", |session| session.status = status);
            run.join().unwrap()
        });
        let said = run.exits(code).json();
        assert_eq!((&said["in_review"], &said["settled"]), (&0.into(), &1.into()));
        assert_eq!((&said["credits"], &said["exit_code"]), (&3.into(), &code.into()));
        assert_eq!(batch.records().last().unwrap()["settled_from"], "In Review");
        assert_eq!(paid(&service), 3);
        batch.run(&service).exits(code);
        assert_eq!(paid(&service), 3, "the journal knows");
    }
}

#[test]
fn a_lost_answer_is_found_and_counted_as_paid() {
    let batch = Batch::of(2);
    let (service, _) = service(&["p1"], &[]);
    let run = batch.tool(&service).args(["--wait=5", "--json"]).run();
    let said = run.exits(0).json();
    for (member, count) in
        [("approved", 2), ("unknown", 0), ("found", 1), ("credits", 2), ("maybe_billed", 0)]
    {
        assert_eq!(said[member], count, "{member}");
    }
    assert_eq!(said["unknown_ids"], serde_json::json!([]));
    assert_eq!(paid(&service), 2);
}

#[test]
fn reviews_of_earlier_runs_are_settled_if_their_pairs_are_selected() {
    let batch = Batch::of(4);
    let (service, sessions) = service(&["p1"], &["p2", "p3"]);
    batch.run(&service).exits(10);
    set(&sessions, "p2", |session| session.status = "Declined");
    set(&sessions, "p3", |session| session.status = "Declined");
    let run = batch.tool(&service).args(["--only", "p0,p1,p2", "--wait=5", "--json"]).run();
    let said = run.exits(1).json();
    assert_eq!(
        (&said["found"], &said["settled"], &said["credits"]),
        (&1.into(), &1.into(), &0.into())
    );
    assert_eq!(said["declined_ids"], serde_json::json!(["p2"]));
    let settled: Vec<_> = batch
        .records()
        .iter()
        .filter(|r| r["settled_from"].is_string())
        .map(|r| r["id"].clone())
        .collect();
    assert!(!settled.contains(&"p3".into()), "{settled:?}");
    assert_eq!(paid(&service), 4);
}

#[test]
fn when_the_time_is_up_the_pair_is_in_review_and_says_what_to_run() {
    let batch = Batch::of(1);
    let (service, _) = service(&[], &["p0"]);
    let (run, elapsed) = timed(|| batch.tool(&service).arg("--wait=3").run());
    run.exits(3).stderr_has("waiting up to 3 seconds for the decision on 1 pair in review");
    run.stderr_has("didit-face decision --journal ").stderr_has("pairs in review: `p0`");
    assert!(elapsed >= Duration::from_secs(3), "{elapsed:?}");
    assert!((2..=4).contains(&reads(&service)), "it asks politely: {}", reads(&service));
}

#[test]
fn a_lost_answer_that_is_not_found_says_why() {
    let batch = Batch::of(1);
    let rows = "id,user_image,ref_image\np0,user.jpg,reference.png\n";
    std::fs::write(&batch.manifest, rows).unwrap();
    let lost = Service::losing();
    let run = batch.tool(&lost).args(["--wait=2", "--no-tag"]).run();
    run.exits(10).stderr_has("pair `p0` stays unknown: it was sent without vendor_data");
    assert_eq!(lost.requests().len(), 1);
}

#[test]
fn without_open_reviews_nothing_is_asked() {
    let batch = Batch::of(2);
    let (service, _) = service(&[], &["p1"]);
    batch.tool(&service).args(["--wait", "--dry-run"]).run().exits(0);
    assert_eq!(service.requests().len(), 0);
    batch.tool(&service).args(["--wait", "--only", "p0"]).run().exits(0);
    assert_eq!((paid(&service), reads(&service)), (1, 0), "nothing is asked without a review");
    batch.tool(&service).args(["--wait", "--no-save"]).run().exits(2).stderr_has("--no-save");
}

#[test]
fn failed_lookups_leave_the_verdicts_as_they_are() {
    let batch = Batch::of(1);
    let service = Service::start(|connection| {
        while connection.request() {
            let answer = match connection.last().method.as_str() {
                "POST" => super::in_review_as("7cdda24e-311a-46d3-a3bb-e5d9b564ce73"),
                _ => Answer::new(401, "{}"),
            };
            connection.send(answer.bytes());
        }
    });
    let run = batch.tool(&service).arg("--wait=5").run();
    run.exits(3).stderr_has("warning: could not look up every pair: ");
}

#[cfg(unix)]
#[test]
fn ctrl_c_ends_the_wait_and_says_what_is_known() {
    use crate::support::process::{ended, signal};
    let batch = Batch::of(2);
    let (service, _) = service(&[], &["p1"]);
    let child = batch.tool(&service).arg("--wait=25").spawn();
    wait_until(|| reads(&service) > 0);
    signal(&child, rustix::process::Signal::INT);
    let (run, elapsed) = timed(|| ended(child));
    run.exits(130).stderr_has("interrupted; 2 of 2 pairs: 1 approved, 0 declined, 1 in review");
    // The wait would take 25 s.
    assert!(elapsed < Duration::from_secs(20), "{elapsed:?}");
}
