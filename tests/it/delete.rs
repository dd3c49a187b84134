//! `delete`: requests, confirmation, and what counts as done.

use crate::support::schema::conforms;
#[cfg(unix)]
use crate::support::server::{Server, request_id, same};
use crate::support::{Answer, Outcome, Photos, Service, Tool};

const IDS: [&str; 3] = [
    "7cdda24e-311a-46d3-a3bb-e5d9b564ce73",
    "11111111-2222-3333-4444-555555555555",
    "a1b2c3d4-1111-4111-8111-a1b2c3d40001",
];

fn delete(service: &Service, arguments: &[&str]) -> Outcome {
    Tool::at(service).args(["--retries", "0", "delete"]).args(arguments).run()
}

#[test]
fn erases_with_one_request_each() {
    for answer in [Answer::new(204, ""), Answer::new(200, r#"{"deleted": true}"#)] {
        let service = Service::always(answer);
        let outcome = delete(&service, &[IDS[0], IDS[1], IDS[0], "--yes"]);
        outcome.exits(0).stdout_has(&format!("{}  erased", IDS[0]));
        assert_eq!(outcome.stdout.lines().count(), 2, "a duplicate id is sent once");
        let requests: Vec<_> =
            service.requests().into_iter().map(|r| format!("{} {}", r.method, r.path)).collect();
        assert_eq!(requests, [0, 1].map(|n| format!("DELETE /v3/session/{}/delete/", IDS[n])));
        assert!(service.requests().iter().all(|r| r.header("x-api-key").len() == 1));
        let body = br#"{"retain_face_embeddings":false}"#;
        assert!(service.requests().iter().all(|r| r.body == body));
    }
}

#[test]
fn sessions_already_gone_count_as_done() {
    let service = Service::always(Answer::new(404, r#"{"detail": "Not found."}"#));
    delete(&service, &[IDS[0], "--yes"]).exits(0).stdout_has("not found");
    let service = Service::answering([Answer::new(204, ""), Answer::new(404, "")]);
    let json = delete(&service, &[IDS[0], IDS[1], "-y", "--json"]);
    let results = json.exits(0).json();
    assert_eq!(
        results[0],
        serde_json::json!({"schema": 1, "request_id": IDS[0], "result": "erased"})
    );
    assert_eq!(results[1]["result"], "not_there");
}

#[test]
fn without_a_terminal_it_needs_yes() {
    let service = Service::always(Answer::new(204, ""));
    delete(&service, &[IDS[0]]).fails(2).stderr_has("--yes");
    Tool::plain().args(["delete", IDS[0]]).run().fails(2);
    Tool::plain().args(["delete", "--yes"]).run().fails(2).stderr_has("REQUEST_ID");
    for id in
        ["", "..", "a/b", "a b", "null", "request-1", "{7cdda24e-311a-46d3-a3bb-e5d9b564ce73}"]
    {
        delete(&service, &[id, "--yes"]).fails(2);
    }
    assert_eq!(service.connections(), 0);
    Tool::plain().args(["delete", IDS[0], "--yes"]).run().fails(4).stderr_has("didit-face login");
}

#[test]
fn a_filed_report_keeps_its_sessions() {
    let filed = r#"{"detail": "x", "code": "in_filed_report"}"#;
    let service = Service::always(Answer::new(409, filed));
    delete(&service, &[IDS[0], "--yes"]).fails(8).stderr_has("report").stderr_has("HTTP 409");
    let service = Service::always(Answer::new(409, "{}"));
    delete(&service, &[IDS[0], "--yes"]).fails(8).stderr_has("HTTP 409");
}

#[test]
fn one_failure_does_not_stop_the_others() {
    let filed = Answer::new(409, r#"{"code": "in_filed_report"}"#);
    let service = Service::answering([Answer::new(204, ""), filed.clone(), Answer::new(204, "")]);
    let outcome = delete(&service, &[IDS[0], IDS[1], IDS[2], "--yes"]);
    outcome.exits(8).stderr_has(IDS[1]).stderr_has("1 of 3 not erased");
    assert!(outcome.stdout.contains(IDS[0]) && outcome.stdout.contains(IDS[2]), "{outcome:#?}");
    assert_eq!(service.requests().len(), 3);
    let service = Service::answering([Answer::new(204, ""), filed]);
    let json = delete(&service, &[IDS[0], IDS[1], "--yes", "--json"]);
    json.exits(8).stderr_has(r#""exit_code":8"#).stderr_has("1 of 2 not erased");
    assert_eq!(json.stdout, "");
}

#[test]
fn failures_have_their_codes_and_nothing_is_sent_twice() {
    for (status, code) in [(401, 4), (403, 4), (429, 8), (500, 8), (503, 8), (302, 9)] {
        let service = Service::always(Answer::new(status, ""));
        let outcome = delete(&service, &[IDS[0], IDS[1], "--yes"]);
        assert_eq!(outcome.exits(code).stdout, "");
        assert_eq!(service.requests().len(), if code == 4 { 1 } else { 2 }, "HTTP {status}");
    }
    let service = Service::losing();
    let lost = delete(&service, &[IDS[0], "--yes"]);
    lost.fails(7).stderr_has("run the same command again");
}

#[cfg(unix)]
#[test]
fn a_stand_in_erases_and_keeps_like_the_service() {
    let server = Server::start(&[]);
    let matched = || request_id(same(server.tool()).arg("--json").run().exits(0));
    let (erased, filed) = (matched(), matched());
    let report = r#"{"in_filed_report": true}"#;
    assert_eq!(server.json("POST", &format!("/_local/session/{filed}/"), report).status, 200);
    let delete = |id: &str| server.tool().args(["delete", id, "--yes"]).run();
    delete(&erased).exits(0).stdout_has("erased");
    server.tool().args(["decision", &erased]).run().fails(8);
    delete(&erased).exits(0).stdout_has("not found");
    delete(&filed).fails(8).stderr_has("report");
    server.tool().args(["decision", &filed]).run().exits(0);
    assert_eq!(server.json("GET", "/v3/sessions/", "").json()["count"], 1);
}

#[test]
fn a_template_that_is_kept_is_a_failure() {
    let answer = |outcome: &str| {
        format!(
            r#"{{"face_retention_outcome": {outcome}, "biometric_template_uuid": "t-1", "biometric_template_expires_at": "2027-01-01"}}"#
        )
    };
    for outcome in [r#""deleted""#, r#""ineligible_no_vendor_user""#] {
        let service = Service::always(Answer::new(200, answer(outcome)));
        delete(&service, &[IDS[0], "--yes"]).exits(0).stdout_has("erased");
    }
    for outcome in [r#""retained""#, r#""retain_until_user_deleted""#, "null", "5"] {
        let service = Service::always(Answer::new(200, answer(outcome)));
        let outcome = delete(&service, &[IDS[0], "--yes"]);
        outcome.fails(8).stderr_has("keeps a template").stderr_has("t-1").stderr_has("2027-01-01");
    }
    let service = Service::always(Answer::new(200, r#"{"face_retention_outcome": null}"#));
    delete(&service, &[IDS[0], "--yes"]).fails(8).stderr_has("keeps a template");
    let service = Service::always(Answer::new(200, "<title>Welcome</title>"));
    delete(&service, &[IDS[0], "--yes"]).fails(9);
    let service = Service::always(Answer::new(404, "<title>Not here</title>"));
    delete(&service, &[IDS[0], "--yes"]).fails(8).stderr_has("Not here");
}

/// A journal whose pair `a` is Declined and `b` Approved, and what a run of `delete` says.
#[test]
fn a_journals_requests_are_erased_once_and_that_is_recorded() {
    let photos = Photos::new();
    let row = |id: &str| format!("{id},{},{}\n", photos.user.display(), photos.reference.display());
    let manifest = format!("id,user_image,ref_image\n{}{}", row("a"), row("b"));
    let manifest = photos.add("pairs.csv", manifest.as_bytes());
    let journal = photos.folder().join("results.jsonl");
    let answer = |id: &str, status: &str, score: u8| {
        let face_match = serde_json::json!({"status": status, "score": score});
        Answer::new(
            200,
            serde_json::json!({"request_id": id, "face_match": face_match}).to_string(),
        )
    };
    let gone = Answer::new(204, "");
    let service = Service::answering([
        answer(IDS[0], "Declined", 10),
        answer(IDS[1], "Approved", 90),
        gone.clone(),
        gone,
    ]);
    let run = |arguments: &[&str]| {
        Tool::at(&service).args(arguments).arg("--journal").arg(&journal).run()
    };
    let batch =
        Tool::at(&service).args(["batch", "--jobs", "1"]).arg(&manifest).arg("-o").arg(&journal);
    batch.run().exits(1);

    run(&["delete"]).fails(2).stderr_has("--yes");
    let one = run(&["delete", "--yes", "--only", "declined", "--json"]);
    conforms("delete", &one.exits(0).json());
    one.stdout_has(IDS[0]).stdout_lacks(IDS[1]);
    run(&["delete", "--yes"]).exits(0).stdout_has(IDS[1]).stdout_lacks(IDS[0]);
    run(&["delete", "--yes"]).exits(0).stderr_has("nothing to erase");
    let erased = service.requests().into_iter().filter(|r| r.method == "DELETE").count();
    assert_eq!(erased, 2);
    let lines = std::fs::read_to_string(&journal).unwrap();
    assert_eq!(lines.matches(r#""state":"deleted""#).count(), 2, "{lines}");
    for line in lines.lines() {
        conforms("journal", &serde_json::from_str(line).unwrap());
    }
    let again =
        Tool::at(&service).args(["batch", "--jobs", "1"]).arg(&manifest).arg("-o").arg(&journal);
    again.run().exits(1);
    assert_eq!(service.requests().len(), 4, "an erased pair stays judged");
}
