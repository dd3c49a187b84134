//! The end of a run says what to do next: which pairs, why, and the command to copy.

use super::{Batch, answering, approved, declined, in_review};
use crate::support::Answer;
use didit_face::values::system::System;

/// A refusal that costs nothing and isn't the photos' fault.
fn busy() -> Answer {
    Answer::new(429, "{}").header("Retry-After", "0")
}

/// Twelve of each kind of problem by the first letter of the id.
fn mixed() -> (Batch, crate::support::Service) {
    let mut rows = "id,user_image,ref_image,vendor_data\n".to_owned();
    for kind in ["failed", "declined", "review", "approved"] {
        for i in 0..12 {
            let id = format!("{kind}{i}");
            rows += &format!("{id},user.jpg,reference.png,{id}\n");
        }
    }
    let service = answering(|id| match id.chars().next() {
        Some('f') => busy(),
        Some('d') => declined(),
        Some('r') => in_review(),
        _ => approved(),
    });
    (Batch::with(rows), service)
}

#[test]
fn ten_pairs_of_each_kind_are_named_and_a_command_lists_the_rest() {
    let (batch, service) = mixed();
    let list = format!(
        "list them all: didit-face report {} --only failed,review,declined",
        batch.journal.display()
    );
    let first = |kind: &str| {
        let ids: Vec<_> = (0..10).map(|i| format!("`{kind}{i}`")).collect();
        format!("{} and 2 more", ids.join(", "))
    };
    let table = batch.tool(&service).args(["--retries", "0", "--jobs", "1", "--summary"]).run();
    table.exits(10).stdout_has(&list).stdout_has("and 2 more failed");
    table.stdout_has(&format!("pairs in review: {}", first("review")));
    table.stdout_has(&format!("declined pairs: {}", first("declined")));
    assert_eq!(table.row("Credits"), ["36 used"]);
    let log = batch.tool(&service).args(["--retries", "0", "--jobs", "1"]).run();
    let failed =
        format!("failed pairs: {}; the first: too many requests for `127.0.0.1:", first("failed"));
    log.exits(10).stderr_has(&list).stderr_has(&failed);
    log.stderr_has("0 credits used");
    let command = list.trim_start_matches("list them all: didit-face ").split(' ');
    let report = crate::support::Tool::plain().args(command).run();
    report.exits(0).stdout_has("declined11");
}

#[test]
fn a_log_says_why_the_only_failed_pair_failed() {
    let run = Batch::of(1).tool(&answering(|_| busy())).args(["--retries", "0"]).run();
    run.exits(10).stderr_has("note: pair `p0` failed: too many requests for `127.0.0.1:");
}

#[test]
fn a_journal_with_a_space_in_its_name_is_quoted() {
    let mut batch = Batch::of(1);
    batch.journal = batch.photos.folder().join("my results.jsonl");
    let run = batch.run(&answering(|_| declined()));
    let journal = batch.journal.display().to_string();
    let journal = System::HERE.quoted(&journal);
    run.exits(1).stderr_has(&format!("report {journal} --only declined"));
}

#[test]
fn there_is_no_hint_if_there_is_nothing_to_do() {
    let batch = Batch::of(2);
    let run = batch.run(&answering(|_| approved()));
    run.exits(0).stderr_lacks("didit-face").stderr_lacks("again");
    assert_eq!(run.stderr.lines().count(), 1);
    assert_eq!(
        run.stderr,
        "note: 2 of 2 pairs: 2 approved, 0 declined, 0 in review, 0 failed; 2 credits used\n"
    );
}

#[test]
fn rerunning_is_only_suggested_if_it_would_change_something() {
    let again = "rerun to resume";
    let rows = "id,user_image,ref_image,vendor_data\nbad,none.jpg,reference.png,bad\nok,user.jpg,reference.png,ok\n";
    let batch = Batch::with(rows);
    let service = answering(|_| approved());
    let run = batch.run(&service);
    run.exits(10)
        .stderr_lacks(again)
        .stderr_has("hint: fix the photos that failed, then run the same command again");
    let other = Batch::with(rows.replace("none.jpg", "user.jpg"));
    let run = other.tool(&answering(|_| busy())).args(["--retries", "0"]).run();
    run.exits(10).stderr_has(again).stderr_lacks("fix the photos");
    let both = Batch::with(rows);
    let run = both.tool(&answering(|_| busy())).args(["--retries", "0"]).run();
    run.exits(10).stderr_has(again).stderr_has("1 pair with unusable photos will fail again");
    for run in [batch.run(&service), both.run(&service)] {
        assert_eq!(run.stderr.matches("same command again").count(), 1, "{run:#?}");
    }
}

#[test]
fn reviews_get_one_hint_with_one_command() {
    let batch = Batch::of(2);
    let service = answering(|id| if id == "p0" { in_review() } else { approved() });
    batch
        .run(&service)
        .exits(3)
        .stderr_has("settle the reviews, free of charge: didit-face decision --journal ");
    // Downgraded by our own option: no review will decide it.
    let held = Batch::of(1);
    let run = held.tool(&answering(|_| approved())).args(["--review-below", "90"]).run();
    run.exits(3).stderr_lacks("decision --journal");
    // With an unknown pair, the hint of the error is the same command.
    let lost = Batch::of(2);
    let service = crate::support::Service::start(|connection| {
        while connection.request() {
            if connection.last().field("vendor_data").as_deref() == Some("p1") {
                return;
            }
            connection.send(in_review().bytes());
        }
    });
    let run = lost.tool(&service).arg("--summary").run();
    run.exits(10).stderr_has("decision --journal");
    run.stdout_lacks("decision --journal");
    assert_eq!((run.stdout.clone() + &run.stderr).matches("`p1`").count(), 1, "{run:#?}");
}

#[test]
fn a_dry_run_shows_bad_photos_and_the_cost_but_no_journal() {
    let batch = Batch::of(3);
    let service = answering(|_| approved());
    let dry = || batch.tool(&service).arg("--dry-run");
    let run = dry().run();
    assert_eq!(run.exits(0).row("Would cost"), ["at most 3 credits"]);
    let mut text = run.stdout + &run.stderr;
    text.make_ascii_lowercase();
    assert!(!text.contains("journal") && !text.contains("results.jsonl"), "{text}");
    std::fs::remove_file(batch.photos.folder().join("user1.jpg")).unwrap();
    std::fs::write(batch.photos.folder().join("user2.jpg"), "text").unwrap();
    let run = dry().run();
    run.exits(6).stdout_has("pair `p1` failed: ").stdout_has("pair `p2` failed: ");
    run.stderr_has("error: 2 of 3 pairs can't be sent; nothing was sent\n")
        .stderr_lacks("same command");
    assert_eq!(run.row("Would cost"), ["at most 1 credit"]);
    let json = dry().args(["--json", "--jobs", "1"]).run();
    json.exits(6).stderr_has("can't be sent: `p1`, `p2`").stderr_has(r#""exit_code":6"#);
    dry().args(["--limit", "1", "--only", "p0,p1"]).run().exits(0).stdout_has("at most 1 credit");
    assert_eq!(service.connections(), 0);
    assert!(!batch.journal.exists());
}
