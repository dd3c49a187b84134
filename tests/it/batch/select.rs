//! `--only` and `--limit`: a part of the manifest, and how the rest is reported.

use didit_face::batch::manifest::Shard;
use serde_json::Value;

use super::{Batch, answering, approved, declined};
use crate::support::{Answer, Service};

fn sent(service: &Service) -> Vec<String> {
    let mut ids: Vec<_> =
        service.requests().iter().filter_map(|request| request.field("vendor_data")).collect();
    ids.sort();
    ids
}

fn summary(stdout: &str) -> Value {
    serde_json::from_str(stdout).expect("one line of JSON")
}

#[test]
fn only_the_named_pairs_are_sent_and_decide_the_exit_code() {
    let batch = Batch::of(5);
    let service = answering(|id| if id == "p0" { declined() } else { approved() });
    let run = batch.tool(&service).args(["--only", "p3,p1"]).run();
    run.exits(0).stderr_has("2 of 2 pairs: 2 approved").stderr_has("3 pairs left for the next run");
    assert_eq!(sent(&service), ["p1", "p3"]);
    let run = batch.tool(&service).args(["--only", "p0", "--only", "p1", "--json"]).run();
    let said = summary(&run.exits(1).stdout);
    assert_eq!((&said["pairs"], &said["left"]), (&2.into(), &3.into()));
    assert_eq!(said["declined_ids"], serde_json::json!(["p0"]));
    assert_eq!(sent(&service), ["p0", "p1", "p3"], "judged pairs are not sent again");
}

#[test]
fn an_unknown_id_is_named_and_nothing_is_sent() {
    let batch = Batch::of(3);
    let service = answering(|_| approved());
    let run = batch.tool(&service).args(["--only", "p1,p7,x"]).run();
    run.fails(6).stderr_has("has no pair `p7`, `x`").stderr_lacks("`p1`");
    assert_eq!(service.connections(), 0);
    assert!(!batch.journal.exists());
}

#[test]
fn with_a_shard_only_its_own_named_pairs_are_sent() {
    let batch = Batch::of(8);
    let service = answering(|_| approved());
    for shard in ["1/2", "2/2"] {
        batch.tool(&service).args(["--only", "p1,p2,p3", "--shard", shard]).run().exits(0);
    }
    assert_eq!(sent(&service), ["p1", "p2", "p3"]);
}

#[test]
fn limit_sends_the_first_pairs_that_need_it_and_the_next_run_goes_on() {
    let batch = Batch::of(7);
    let service = answering(|id| if id == "p6" { declined() } else { approved() });
    let run = || batch.tool(&service).args(["--limit", "3", "--jobs", "4", "--json"]).run();
    for (ids, pairs, left, code) in [
        (&["p0", "p1", "p2"][..], 3, 4, 0),
        (&["p0", "p1", "p2", "p3", "p4", "p5"], 6, 1, 0),
        (&["p0", "p1", "p2", "p3", "p4", "p5", "p6"], 7, 0, 1),
        // All are judged: nothing is left to be limited.
        (&["p0", "p1", "p2", "p3", "p4", "p5", "p6"], 7, 0, 1),
    ] {
        let run = run();
        let said = summary(&run.exits(code).stdout);
        assert_eq!(sent(&service), ids);
        assert_eq!((&said["pairs"], &said["left"]), (&pairs.into(), &left.into()));
        assert_eq!(said["untouched"], 0);
    }
}

#[test]
fn a_pair_that_fails_before_it_is_sent_does_not_count_for_the_limit() {
    let batch = Batch::with(
        "id,user_image,ref_image,vendor_data\na,none.jpg,reference.png,a\nb,user.jpg,reference.png,b\n\
         c,user.jpg,reference.png,c\n",
    );
    let service = answering(|_| approved());
    let run = batch.tool(&service).args(["--limit", "1"]).run();
    run.exits(10).stderr_has("no verdict for 1 of 2 pairs").stderr_has("1 pair left");
    assert_eq!(sent(&service), ["b"]);
}

#[test]
fn pairs_left_for_later_are_not_counted_as_done() {
    let batch = Batch::of(4);
    let service = answering(|_| approved());
    let run = batch.tool(&service).args(["--limit", "1", "--summary"]).run();
    run.exits(0);
    assert_eq!(run.row("Left"), ["3", "(for another run, because of --only or --limit)"]);
    assert_eq!(run.row("Pairs"), ["1"]);
    // A run that stops for another reason didn't leave its pairs on purpose.
    let refusing = answering(|_| Answer::new(500, ""));
    let run = batch.tool(&refusing).args(["--max-failures", "1", "--jobs", "1", "--limit", "3"]);
    run.args(["--summary"]).run().exits(10).stdout_has("Not started");
    batch.tool(&service).args(["--limit", "0"]).run().exits(2);
}

#[test]
fn every_id_is_in_exactly_one_part_and_the_parts_are_even() {
    let parts: Vec<Shard> = (0..7).map(|i| format!("{i}/7").parse().unwrap()).collect();
    let mut sizes = [0; 7];
    for id in (0..7000).map(|n| format!("customer-{n}")) {
        let holders: Vec<_> = (0..7).filter(|&i| parts[i].holds(&id)).collect();
        assert_eq!(holders.len(), 1, "{id}");
        sizes[holders[0]] += 1;
    }
    assert!(sizes.iter().all(|size| (850..1150).contains(size)), "{sizes:?}");
    assert!(Shard::default().holds("x"));
    // printf %s a | sha256sum: ca978112ca1bbdca…, and 0xca978112ca1bbdca % 9 is 7.
    assert!("7/9".parse::<Shard>().unwrap().holds("a"));
}

#[test]
fn parts_count_from_zero_or_from_one() {
    assert_eq!("4/4".parse::<Shard>(), "0/4".parse::<Shard>());
    for bad in ["5/4", "1", "0/0", "-1/4", "+1/4", "a/b", "1/2/3", "", "/"] {
        assert!(bad.parse::<Shard>().is_err(), "{bad}");
    }
}
