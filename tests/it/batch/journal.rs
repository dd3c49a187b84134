//! What is recorded, and how a run continues from it.

use std::sync::{Mutex, mpsc};
use std::time::Duration;
use std::{fs, thread};

use super::{Batch, answering, approved, declined};
use crate::support::bodies::DECLINED;
use crate::support::connection::Connection;
use crate::support::photos::{JPEG, padded};
use crate::support::{Answer, Service, Tool};

#[test]
fn records_have_the_documented_members_in_order() {
    let batch = Batch::of(1);
    // The pair's own vendor_data is another one.
    let declined = DECLINED.replace("\"user-123\"", "null");
    let service = Service::always(Answer::new(200, &declined));
    batch.run(&service).exits(1);
    let text = fs::read_to_string(&batch.journal).unwrap();
    let members = [
        "id",
        "user_image",
        "ref_image",
        "user_sha256",
        "ref_sha256",
        "threshold",
        "status",
        "score",
        "request_id",
        "warnings",
        "exit_code",
        "error",
        "attempts",
        "elapsed_ms",
        "finished_at",
        "response",
        "extra",
        "options",
        "sent_at",
    ];
    has_in_order(text.lines().nth(1).unwrap(), &members);
    let record = &batch.records()[0];
    assert_eq!(
        (record["status"].as_str(), record["exit_code"].as_u64()),
        (Some("Declined"), Some(1))
    );
    assert!(text.contains("\"score\":24.87,") && text.contains("\"threshold\":30,"));
    assert_eq!(record["request_id"], "7cdda24e-311a-46d3-a3bb-e5d9b564ce73");
    assert_eq!(record["warnings"][0]["risk"], "LOW_FACE_MATCH_SIMILARITY");
    assert_eq!(record["response"], serde_json::from_str::<serde_json::Value>(&declined).unwrap());
    assert_eq!(record["user_sha256"].as_str().unwrap().len(), 64);
    assert_eq!(record["attempts"], 1);
    assert!(record["error"].is_null());
}

fn has_in_order(line: &str, members: &[&str]) {
    let places: Vec<_> =
        members.iter().map(|name| line.find(&format!("\"{name}\":")).expect(name)).collect();
    assert!(places.is_sorted(), "{line}");
}

#[test]
fn a_paid_request_is_on_disk_before_it_leaves() {
    let batch = Batch::of(1);
    let journal = batch.journal.clone();
    let service = answering(move |_| {
        let text = fs::read_to_string(&journal).unwrap();
        assert!(text.ends_with('\n') && text.lines().count() == 1, "{text}");
        Answer::new(200, DECLINED.replace("\"user-123\"", "null"))
    });
    batch.run(&service).exits(1);
    let text = fs::read_to_string(&batch.journal).unwrap();
    let (sent, end) = text.split_once('\n').unwrap();
    let members = ["id", "state", "user_sha256", "ref_sha256", "threshold", "options", "sent_at"];
    has_in_order(sent, &members);
    let sent: serde_json::Value = serde_json::from_str(sent).unwrap();
    let end: serde_json::Value = serde_json::from_str(end).unwrap();
    assert_eq!((&sent["state"], &sent["sent_at"]), (&"sent".into(), &end["sent_at"]));
    assert!(sent["sent_at"].is_string());
}

#[test]
fn an_unparsable_answer_is_recorded_as_text() {
    let deep = format!(r#"{{"x": {}{}}}"#, "[".repeat(1000), "]".repeat(1000));
    for answer in [&deep, r#"{"x": 1e999}"#, r#"{"x": "\ud800"}"#, "<html>"] {
        let batch = Batch::of(1);
        batch.run(&Service::always(Answer::new(200, answer))).exits(10);
        assert_eq!(batch.records()[0]["response"], *answer);
    }
}

#[test]
fn a_redirected_pair_may_have_been_billed() {
    let batch = Batch::of(1);
    batch.run(&Service::always(Answer::new(302, ""))).exits(10);
    assert_eq!(batch.records()[0]["error"]["maybe_billed"], true);
}

#[cfg(unix)]
#[test]
fn only_the_owner_can_read_it() {
    let batch = Batch::of(1);
    batch.run(&answering(|_| approved())).exits(0);
    assert_eq!(crate::support::process::mode(&batch.journal), 0o600);
}

#[test]
fn a_changed_photo_is_sent_again_and_a_changed_option_only_on_request() {
    let batch = Batch::of(2);
    let service = answering(|_| approved());
    batch.run(&service).exits(0);
    batch.photos.add("user1.jpg", &padded(JPEG, 999));
    batch.run(&service).exits(0).stderr_has("`p1` is sent again").stderr_lacks("`p0`");
    assert_eq!(service.requests().len(), 3);
    let rotated = || batch.tool(&service).arg("--rotate");
    rotated()
        .run()
        .fails(2)
        .stderr_has("2 pairs already judged")
        .stderr_has("--rotate: false, now true");
    assert_eq!(service.requests().len(), 3);
    rotated().arg("--rejudge").run().exits(0);
    assert_eq!(service.requests().len(), 5);
    // Earlier verdicts stay: all five requests are known.
    batch.run(&service).exits(0);
    rotated().run().exits(0);
    assert_eq!(service.requests().len(), 5);
}

#[test]
fn review_below_makes_earlier_verdicts_stricter_and_costs_nothing() {
    let batch = Batch::of(2);
    let service = answering(|_| approved());
    batch.run(&service).exits(0);
    batch.tool(&service).args(["--review-below", "90"]).run().exits(3);
    batch.tool(&service).args(["--review-below", "70"]).run().exits(0);
    assert_eq!(service.requests().len(), 2);
}

#[test]
fn verdicts_of_another_service_do_not_count() {
    let batch = Batch::of(1);
    batch.run(&answering(|_| approved())).exits(0);
    let service = answering(|_| declined());
    batch.run(&service).exits(1);
    assert_eq!(service.requests().len(), 1);
}

#[test]
fn failed_pairs_are_only_retried_by_the_next_run() {
    let batch = Batch::of(3);
    let service = answering(|id| if id == "p1" { Answer::new(400, "") } else { approved() });
    batch.run(&service).exits(10).stderr_has("no verdict for 1 of 3 pairs");
    assert_eq!(service.requests().len(), 3);
    let well = answering(|_| approved());
    let again = batch.tool(&well).arg("--api-url").arg(service.base());
    again.run().exits(10);
    assert_eq!((service.requests().len(), well.requests().len()), (4, 0));
}

/// A request that is read, but not answered properly.
fn fault(name: &str, connection: &mut Connection) {
    match name {
        "cut" => {
            connection.send("HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{\"face");
        }
        "html" => {
            connection.send(Answer::new(200, "<html>").bytes());
        }
        "silent" => connection.hang(),
        _ => {}
    }
}

#[test]
fn a_pair_that_may_have_been_paid_is_resent_only_on_request() {
    for name in ["lost", "cut", "silent", "html"] {
        let batch = Batch::of(2);
        let service = Service::start(move |connection| {
            while connection.request() {
                if connection.last().field("vendor_data").as_deref() == Some("p1") {
                    return fault(name, connection);
                }
                connection.send(approved().bytes());
            }
        });
        let tool = || batch.tool(&service).args(["--timeout", "0.5"]);
        let run = tool().arg("--json").run();
        run.exits(10).stderr_has("1 may have been charged: `p1`").stderr_has("decision --journal");
        let summary = run.json();
        for (member, count) in [("maybe_billed", 1), ("credits", 1), ("unknown", 1), ("failed", 0)]
        {
            assert_eq!(summary[member], count, "{name}: {member}");
        }
        assert_eq!(service.requests().len(), 2, "{name}: never repeated within a run");
        let records = batch.records();
        let failed = records.iter().find(|record| record["id"] == "p1").unwrap();
        assert_eq!(failed["error"]["maybe_billed"], true, "{name}");
        let run = tool().arg("--summary").run();
        run.exits(10).stdout_has("unknown pairs: `p1`").stderr_has("--retry-unknown");
        run.stderr_lacks("rerun to resume");
        assert_eq!(service.requests().len(), 2, "{name}: not sent again");
        tool().arg("--retry-unknown").run().exits(10);
        assert_eq!(service.requests().len(), 3, "{name}: sent on purpose");
    }
}

#[test]
fn a_retry_that_was_not_paid_leaves_the_pair_unknown() {
    let batch = Batch::of(1);
    let service = Service::start(|connection| {
        if connection.request() && connection.log_length() > 1 {
            connection.send(Answer::new(400, "{}").bytes());
        }
    });
    batch.run(&service).exits(10);
    batch.tool(&service).arg("--retry-unknown").run().exits(10);
    batch.run(&service).exits(10).stderr_has("1 may have been charged");
    assert_eq!(service.requests().len(), 2);
}

#[test]
fn old_journals_are_still_read() {
    let batch = Batch::of(3);
    let service = answering(|id| if id == "p1" { Answer::new(400, "{}") } else { approved() });
    batch.run(&service).exits(10);
    let mut records = batch.records();
    for record in &mut records {
        record.as_object_mut().unwrap().remove("sent_at");
        if record["id"] == "p2" {
            record["status"] = serde_json::Value::Null;
            record["error"] = serde_json::json!({"kind": "network", "message": "", "hint": null, "http_status": null, "maybe_billed": true});
        }
    }
    let lines: Vec<_> = records.iter().map(serde_json::Value::to_string).collect();
    fs::write(&batch.journal, lines.join("\n") + "\n").unwrap();
    batch.run(&service).exits(10).stderr_has("`p2`");
    let ids: Vec<_> =
        service.requests().iter().skip(3).filter_map(|r| r.field("vendor_data")).collect();
    assert_eq!(ids, ["p1"], "failed pairs are retried, possibly paid ones are not");
}

#[test]
fn a_truncated_line_stays_and_the_next_starts_a_new_one() {
    let batch = Batch::of(3);
    let service = answering(|_| approved());
    batch.run(&service).exits(0);
    let whole = fs::read(&batch.journal).unwrap();
    let ends: Vec<_> = (0..whole.len()).filter(|&i| whole[i] == b'\n').collect();
    let last = ends.len() - 1;
    for cut in [ends[last - 1] + 2, ends[last - 1] + 40, ends[last] - 1, ends[last]] {
        fs::write(&batch.journal, &whole[..cut]).unwrap();
        let before = service.requests().len();
        let is_whole = cut == ends[last];
        batch.run(&service).exits(if is_whole { 0 } else { 10 });
        assert_eq!(service.requests().len(), before, "it was sent before the cut");
        let now = fs::read(&batch.journal).unwrap();
        assert!(now.starts_with(&whole[..cut]), "existing lines are unchanged");
        batch.tool(&service).arg("--retry-unknown").run().exits(0);
        let sent = service.requests().len() - before;
        assert_eq!(sent, usize::from(!is_whole), "only what has no whole line: {cut}");
        let now = fs::read(&batch.journal).unwrap();
        assert!(now.starts_with(&whole[..cut]), "existing lines are unchanged");
        assert_eq!(batch.judged(), ["p0", "p1", "p2"]);
        batch.run(&service).exits(0);
        assert_eq!(service.requests().len(), before + sent);
    }
}

#[test]
fn a_foreign_file_is_refused_and_not_changed() {
    let service = answering(|_| approved());
    for foreign in [
        "hello\n",
        "{}\n",
        "{\"id\":\"x\"}\n",
        "id,user_image\n",
        "[1]",
        "\n",
        "{\"id\":1",
        "\u{0}x",
        "{\"id\":\"a\",\"status\":\"Approved\"}\n{\"id\":\"b",
    ] {
        let batch = Batch::of(1);
        fs::write(&batch.journal, foreign).unwrap();
        batch.run(&service).fails(11).stderr_has("is not a batch journal");
        assert_eq!(fs::read(&batch.journal).unwrap(), foreign.as_bytes());
    }
    let damaged = Batch::of(1);
    damaged.run(&service).exits(0);
    let sent = service.requests().len();
    let journal = fs::read_to_string(&damaged.journal).unwrap() + "garbled\n";
    fs::write(&damaged.journal, &journal).unwrap();
    let run = damaged.run(&service);
    run.fails(11).stderr_has("is damaged on line 3; nothing was sent").stderr_has("charged again");
    assert_eq!(fs::read_to_string(&damaged.journal).unwrap(), journal);
    assert_eq!(service.requests().len(), sent);
    let batch = Batch::of(1);
    fs::create_dir(&batch.journal).unwrap();
    batch.run(&service).fails(11).stderr_has("is a folder");
    assert_eq!(service.requests().len(), sent);
}

#[test]
fn two_runs_never_share_a_journal() {
    let batch = Batch::of(1);
    let journal = fs::File::options().create(true).append(true).open(&batch.journal).unwrap();
    journal.lock().unwrap();
    let service = answering(|_| approved());
    batch.run(&service).fails(11).stderr_has("in use by another run");
    drop(journal);
    batch.run(&service).exits(0);
}

#[test]
fn a_report_can_be_made_while_the_batch_runs() {
    let batch = Batch::of(2);
    let (go, wait) = mpsc::channel::<()>();
    let wait = Mutex::new(wait);
    let service = answering(move |id| {
        if id == "p1" {
            let _ = wait.lock().unwrap().recv();
        }
        approved()
    });
    thread::scope(|scope| {
        let run = scope.spawn(|| batch.tool(&service).args(["--jobs", "1"]).run());
        while service.requests().len() < 2 {
            assert!(!run.is_finished(), "the run ended early");
            thread::sleep(Duration::from_millis(10));
        }
        let page = batch.photos.folder().join("report.html");
        Tool::plain().arg("report").arg(&batch.journal).arg("-o").arg(&page).run().exits(0);
        batch.run(&service).fails(11).stderr_has("in use by another run");
        drop(go);
        run.join().unwrap().exits(0);
    });
}

/// A file size limit simulates a full disk: the write fails halfway.
#[cfg(unix)]
#[test]
fn a_full_disk_ends_the_run_and_names_what_was_paid() {
    let batch = Batch::of(40);
    let service = answering(|_| {
        std::thread::sleep(Duration::from_millis(5));
        approved()
    });
    let run =
        crate::support::Outcome::of(&batch.tool(&service).after("ulimit -f 8").output().unwrap());
    let hint = run.exits(11).stderr.lines().find(|line| line.starts_with("hint: ")).unwrap();
    let paid: Vec<_> = service.requests().iter().filter_map(|r| r.field("vendor_data")).collect();
    assert!(paid.len() < 40, "it stopped at once: {}", paid.len());
    let judged = batch.judged();
    for id in paid {
        let named = hint.contains(&format!("`{id}` (Approved)"));
        assert!(named != judged.contains(&id), "{id} is recorded or named: {hint}");
    }
    // With room again, the next run continues after the truncated line, and doesn't send what may
    // have been paid.
    let before = service.requests().len();
    batch.run(&service).exits(10).stderr_has("may have been charged");
    let all: Vec<_> = service.requests().iter().filter_map(|r| r.field("vendor_data")).collect();
    assert_eq!(all.iter().collect::<std::collections::BTreeSet<_>>().len(), all.len());
    assert!(all.len() > before);
    batch.tool(&service).arg("--retry-unknown").run().exits(0);
    assert_eq!(batch.judged().len(), 40);
}
