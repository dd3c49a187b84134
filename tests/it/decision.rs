//! `decision` and `match --wait`: a session's status, read once or until it is decided.

use didit_face::api::session::{FaceMatchReport, SessionReport};
use std::time::Duration;

use serde_json::json;

use crate::support::{Answer, Photos, Service, Tool, timed};

const ID: &str = "7cdda24e-311a-46d3-a3bb-e5d9b564ce73";

fn body(status: &str) -> String {
    json!({
        "session_id": ID, "status": status, "vendor_data": "user-1", "created_at": "2026-06-12T01:08:19Z",
        "face_matches": [{
            "node_id": "feature_face_match", "status": "In Review", "score": 42.5,
            "source_image": "https://images.example/secret-1.jpg",
            "target_image": "https://images.example/secret-2.jpg",
            "warnings": [{"risk": "LOW_FACE_MATCH_SIMILARITY"}],
        }],
    })
    .to_string()
}

fn answer(status: &str) -> Answer {
    Answer::new(200, body(status))
}

fn tool(service: &Service) -> Tool {
    Tool::at(service).args(["--retries", "0", "decision", ID])
}

fn in_review() -> Answer {
    let body = json!({"request_id": ID, "face_match": {"status": "In Review", "score": 42.5}});
    Answer::new(200, body.to_string())
}

#[test]
fn each_verdict_has_its_code_and_no_image_is_shown() {
    for (status, code) in [("Approved", 0), ("Declined", 1), ("In Review", 3)] {
        let service = Service::always(answer(status));
        let outcome = tool(&service).run();
        outcome.exits(code).stdout_has(status).stdout_has("score 42.5").stdout_has("user-1");
        let all = format!("{}{}{}", outcome.stdout, outcome.stderr, outcome.details.concat());
        assert!(!all.contains("images.example"), "{outcome:#?}");
        let request = service.only_request();
        assert_eq!(request.path, format!("/v3/session/{ID}/decision/"));
        assert_eq!(request.method, "GET");
        let json = tool(&service).arg("--json").run();
        assert_eq!(json.exits(code).stdout, format!("{}\n", body(status)));
        assert_eq!(tool(&service).arg("-q").run().exits(code).stdout, "");
    }
}

#[test]
fn no_other_status_is_a_verdict() {
    for status in ["Not Started", "In Progress", "Awaiting User", "Resubmitted"] {
        let outcome = tool(&Service::always(answer(status))).run();
        outcome.fails(9).stderr_has(status).stderr_has("--wait");
    }
    for status in ["Expired", "Kyc Expired", "Abandoned"] {
        for wait in [None, Some("--wait")] {
            tool(&Service::always(answer(status))).args(wait).run().fails(9).stderr_has(status);
        }
    }
    for status in ["approved", "APPROVED", "Approved\u{0}", "", "Fine"] {
        tool(&Service::always(answer(status))).run().fails(9);
    }
    for body in [
        String::new(),
        "Approved".to_owned(),
        r#"["Approved"]"#.to_owned(),
        r#"{"status": "Declined", "status": "Approved"}"#.to_owned(),
        r#"{"session_id": "another", "status": "Approved"}"#.to_owned(),
        r#"{"face_match": {"status": "Approved", "score": 99}}"#.to_owned(),
        r#"{"status": "Approved", "face_matches": [{"score": 1e999}]}"#.to_owned(),
    ] {
        let service = Service::always(Answer::new(200, body));
        tool(&service).run().fails(9);
        tool(&service).arg("--json").run().exits(9);
    }
    let deep = format!("{}{}", "[".repeat(1000), "]".repeat(1000));
    let body_of = format!(r#"{{"session_id": "{ID}", "status": "Approved", "x": {deep}}}"#);
    for json in [None, Some("--json")] {
        let outcome = tool(&Service::always(Answer::new(200, &body_of))).args(json).run();
        assert_eq!(outcome.exits(9).stdout, "", "with --json too");
    }
    for status in [201, 202, 206] {
        let outcome = tool(&Service::always(Answer::new(status, body("Approved")))).run();
        outcome.fails(8);
    }
}

/// The service's own shape, with members that the tool ignores.
fn documented(status: &str) -> String {
    json!({
        "session_id": ID, "session_kind": "user", "session_number": 43762,
        "session_url": format!("https://verify.example/session/{ID}"), "status": status,
        "environment": "live", "workflow_id": ID, "features": ["FACE_MATCH"],
        "vendor_data": "user-1", "metadata": {"account_id": "ABC123"}, "expected_details": null,
        "contact_details": null, "callback": null, "id_verifications": null, "liveness_checks": null,
        "face_matches": [{
            "node_id": "feature_face_match", "status": status, "score": 98.7,
            "source_image_session_id": null, "source_image": null, "target_image": null,
            "warnings": [],
        }],
        "reviews": [], "created_at": "2026-06-12T01:08:19.859116+00:00",
    })
    .to_string()
}

#[test]
fn every_documented_status_is_known_in_a_body_of_the_documented_shape() {
    for (status, code) in [
        ("Not Started", 9),
        ("In Progress", 9),
        ("Awaiting User", 9),
        ("In Review", 3),
        ("Approved", 0),
        ("Declined", 1),
        ("Resubmitted", 9),
        ("Expired", 9),
        ("Kyc Expired", 9),
        ("Abandoned", 9),
    ] {
        let service = Service::always(Answer::new(200, documented(status)));
        let outcome = tool(&service).run();
        match code {
            9 => outcome.fails(9).stderr_has(&format!("`{status}`")),
            _ => outcome.exits(code).stdout_has(status).stdout_has("score 98.7"),
        };
        let json = tool(&service).arg("--json").run();
        assert_eq!(
            json.exits(code).stdout,
            if code == 9 { String::new() } else { documented(status) + "\n" }
        );
    }
    let no_matches = documented("Approved").replace("face_matches", "other");
    tool(&Service::always(Answer::new(200, no_matches))).run().exits(0);
}

#[test]
fn failures_have_their_codes() {
    for (status, code) in
        [(400, 6), (401, 4), (402, 5), (403, 4), (404, 8), (429, 8), (500, 8), (503, 8), (302, 9)]
    {
        let service = Service::always(Answer::new(status, r#"{"detail": "Not found."}"#));
        tool(&service).run().fails(code);
        assert_eq!(service.requests().len(), 1);
    }
    let service = Service::always(Answer::new(404, r#"{"detail": "Not found."}"#));
    tool(&service).run().fails(8).stderr_has("--no-save");
    tool(&service).without("DIDIT_API_KEY").run().fails(4);
}

#[test]
fn an_id_cannot_change_the_path() {
    let service = Service::always(answer("Approved"));
    let base = || Tool::at(&service).args(["--retries", "0", "decision"]);
    for id in ["", ".", "..", "../billing", "a/b", "a\\b", "a b", "a\nb"] {
        base().arg(id).run().fails(2);
    }
    assert_eq!(service.connections(), 0);
    for (id, segment) in [("a?x=1", "a%3Fx%3D1"), ("a#b", "a%23b"), ("%2e%2e", "%252e%252e")] {
        // The answer is about a different session, and so can't be trusted.
        base().arg(id).run().fails(9);
        let path = service.requests().pop().unwrap().path;
        assert_eq!(path, format!("/v3/session/{segment}/decision/"));
    }
}

#[test]
fn wait_asks_until_there_is_a_decision() {
    for (status, code) in [("Approved", 0), ("Declined", 1)] {
        let busy = Answer::new(429, "").header("Retry-After", "0");
        let service =
            Service::answering([answer("In Review"), busy, answer("In Progress"), answer(status)]);
        let (outcome, took) = timed(|| tool(&service).arg("--wait").run());
        outcome.exits(code).stdout_has(status);
        assert_eq!(outcome.stderr, "", "no spinner without a terminal");
        assert_eq!(service.requests().len(), 4);
        // 2 s, 3 s and 4.5 s.
        assert!(took >= Duration::from_millis(9_500), "{took:?}");
    }
}

#[test]
fn wait_ends_at_its_limit() {
    let reviewed = Service::always(answer("In Review"));
    let (outcome, took) = timed(|| tool(&reviewed).arg("--wait=3").run());
    outcome.exits(3).stdout_has("In Review");
    assert!(took >= Duration::from_secs(3), "{took:?}");
    assert!((2..=3).contains(&reviewed.requests().len()), "{}", reviewed.requests().len());
    let going_on = Service::always(answer("In Progress"));
    let outcome = tool(&going_on).arg("--wait=0.5").run();
    outcome.fails(9).stderr_has("In Progress").stderr_has("after 0.5 s");
    let busy = Answer::new(429, "").header("Retry-After", "300");
    let service = Service::answering([answer("In Review"), busy]);
    let (outcome, took) = timed(|| tool(&service).arg("--wait=60").run());
    outcome.exits(3);
    assert!(took < Duration::from_secs(20), "it waits although it must not ask again: {took:?}");
    assert_eq!(service.requests().len(), 2);
    for bad in ["--wait=0", "--wait=-1", "--wait=x", "--wait=100000"] {
        tool(&reviewed).arg(bad).run().fails(2);
    }
}

#[test]
fn wait_gives_up_after_several_failures() {
    let wait = |service: &Service, retries: &str| {
        Tool::at(service).args(["--retries", retries, "decision", ID, "--wait=60"]).run()
    };
    let service = Service::answering([Answer::new(503, ""), answer("Approved")]);
    wait(&service, "1").exits(0);
    let service = Service::always(Answer::new(502, ""));
    wait(&service, "1").fails(8);
    assert_eq!(service.requests().len(), 2);
    for (status, code) in [(500, 8), (401, 4), (404, 8)] {
        let service = Service::always(Answer::new(status, ""));
        wait(&service, "5").fails(code);
        assert_eq!(service.requests().len(), 1);
    }
}

#[test]
fn match_waits_for_the_review() {
    let photos = Photos::new();
    for (status, code) in [("Approved", 0), ("Declined", 1)] {
        for json in [false, true] {
            let service = Service::answering([in_review(), answer(status)]);
            let tool = Tool::matching(&service, &photos).arg("--wait");
            let outcome = tool.args(json.then_some("--json")).run();
            outcome.exits(code).stderr_has(&format!("waiting for the decision on {ID}"));
            if json {
                let both = outcome.json();
                assert_eq!(both["match"]["request_id"], ID);
                assert_eq!(both["decision"]["status"], status);
                assert!(outcome.stdout.contains(&body(status)), "byte for byte");
            } else {
                outcome.stdout_has(status).stdout_has("by manual review").stdout_has("score 42.5");
            }
            let paths: Vec<_> = service.requests().into_iter().map(|r| r.path).collect();
            assert_eq!(
                paths,
                ["/v3/face-match/".to_owned(), format!("/v3/session/{ID}/decision/")]
            );
        }
    }
}

#[test]
fn with_wait_and_json_there_is_always_one_object() {
    for (status, code) in [("Approved", 0), ("Declined", 1)] {
        let body = json!({"request_id": ID, "face_match": {"status": status, "score": 42.5}});
        let service = Service::always(Answer::new(200, format!("{body}\n")));
        let outcome = Tool::matching(&service, &Photos::new()).args(["--wait", "--json"]).run();
        let both = outcome.exits(code).json();
        assert_eq!(both, json!({"match": body, "decision": null}));
    }
    let nameless = json!({"face_match": {"status": "In Review", "score": 42.5}});
    let service = Service::always(Answer::new(200, nameless.to_string()));
    let outcome = Tool::matching(&service, &Photos::new()).args(["--wait", "--json"]).run();
    let both = outcome.exits(3).json();
    assert_eq!(both, json!({"match": nameless, "decision": null}));
}

#[test]
fn a_sandbox_decision_is_labelled() {
    let sandbox = body("Approved").replacen('{', r#"{"environment": "sandbox", "#, 1);
    let service = Service::always(Answer::new(200, &sandbox));
    assert!(tool(&service).run().exits(0).row("Sandbox")[0].contains("not a real verdict"));
    let json = tool(&service).arg("--json").run();
    assert_eq!(json.exits(0).stdout, format!("{sandbox}\n"));
    json.stderr_has("sandbox");
    // Neither is a sandbox's review.
    let service = Service::answering([in_review(), Answer::new(200, &sandbox)]);
    let outcome = Tool::matching(&service, &Photos::new()).arg("--wait").run();
    outcome.exits(0).stdout_has("sandbox");
}

#[test]
fn match_that_times_out_says_how_to_ask_again() {
    let photos = Photos::new();
    for (last, code) in [(answer("Expired"), 9), (Answer::new(500, ""), 8)] {
        let service = Service::answering([in_review(), last]);
        let outcome = Tool::matching(&service, &photos).arg("--wait=5").run();
        outcome.exits(code).stderr_has(&format!("didit-face decision {ID} --wait"));
    }
    let still = || answer("In Review");
    let service = Service::answering([in_review(), still(), still(), still()]);
    Tool::matching(&service, &photos).arg("--wait=1").run().exits(3);
}

#[test]
fn match_waits_only_for_the_services_own_reviews() {
    let photos = Photos::new();
    let approved = json!({"request_id": ID, "face_match": {"status": "Approved", "score": 42.5}});
    let service = Service::answering([Answer::new(200, approved.to_string())]);
    let held_back = Tool::matching(&service, &photos).args(["--wait", "--review-below", "60"]);
    held_back.run().exits(3);
    assert_eq!(service.requests().len(), 1, "the service has no review to wait for");

    let service = Service::answering([in_review(), answer("Approved")]);
    let stricter = Tool::matching(&service, &photos).args(["--wait", "--review-below", "60"]);
    stricter.run().exits(3);

    let nameless = json!({"face_match": {"status": "In Review", "score": 42.5}}).to_string();
    let service = Service::answering([Answer::new(200, nameless)]);
    Tool::matching(&service, &photos).arg("--wait").run().exits(3).stderr_has("no request id");

    let service = Service::always(in_review());
    Tool::matching(&service, &photos).args(["--wait", "--no-save"]).run().fails(2);
    assert_eq!(service.connections(), 0);
}

#[test]
fn odd_types_are_left_out_and_image_urls_never_read() {
    let body = br#"{"session_id": "a", "status": "Approved", "vendor_data": 5, "face_matches": [
        {"node_id": "f", "status": "Approved", "score": 87.5, "source_image": "https://secret.example/1",
         "target_image": "https://secret.example/2", "warnings": [{"risk": "LOW"}, 7]}, null]}"#;
    let report = SessionReport::read(body).unwrap();
    assert!(!format!("{report:?}").contains("secret.example"));
    assert_eq!(report.vendor_data, None);
    assert_eq!(report.face_matches[0].score.as_deref(), Some("87.5"));
    assert_eq!(report.face_matches[0].warnings, ["LOW", "unnamed warning"]);
    assert_eq!(report.face_matches[1], FaceMatchReport::default());
    assert_eq!(
        SessionReport::read(br#"{"face_matches": null}"#).unwrap(),
        SessionReport::default()
    );
}
