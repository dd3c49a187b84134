//! Decisions on saved requests: their format, and reviews.

use std::thread;

use serde_json::json;

use crate::support::server::{Server, different, request_id, same};

#[test]
fn a_decision_has_the_documented_types() {
    let server = Server::start(&[]);
    let id = request_id(different(server.tool()).arg("--json").run().exits(1));
    let body = server.json("GET", &format!("/v3/session/{id}/decision/"), "").json();
    for name in ["session_id", "session_kind", "status", "environment", "created_at"] {
        assert!(body[name].is_string(), "{name}: {body}");
    }
    assert!(body["session_number"].is_u64() && body["features"][0].is_string());
    assert_eq!((&body["environment"], &body["vendor_data"]), (&json!("live"), &json!(null)));
    let compared = &body["face_matches"][0];
    for name in ["node_id", "status", "source_image", "target_image"] {
        assert!(compared[name].is_string(), "{name}: {body}");
    }
    assert!(compared["score"].is_number());
    for name in ["risk", "log_type", "short_description", "long_description"] {
        assert!(compared["warnings"][0][name].is_string(), "{name}: {body}");
    }
    let image = compared["source_image"].as_str().unwrap().strip_prefix(server.base()).unwrap();
    assert_eq!(server.json("GET", image, "").status, 404, "no photo is kept");
}

#[test]
fn a_review_is_settled_by_hand() {
    let server = Server::start(&["--review", "0..100"]);
    let tool = || server.tool();
    let review = same(tool()).arg("--json").run();
    let id = request_id(review.exits(3));
    tool().args(["decision", &id]).run().exits(3).stdout_has("In Review");
    tool().args(["decision", &id, "--wait=1"]).run().exits(3);
    let local = format!("/_local/session/{id}/");
    for (status, code) in [("Declined", 1), ("Approved", 0), ("In Progress", 9), ("Expired", 9)] {
        let body = json!({"status": status}).to_string();
        let settled = server.json("POST", &local, &body).json();
        assert_eq!(settled["status"], status);
        assert_eq!(settled["face_matches"][0]["status"], "In Review", "the comparison's own");
        tool().args(["decision", &id]).run().exits(code);
    }
    assert_eq!(server.json("POST", &local, r#"{"status": "Fine"}"#).status, 400);
    assert_eq!(server.json("POST", &local, "no JSON").status, 400);
    let other = "/_local/session/other/";
    assert_eq!(server.json("POST", other, r#"{"status": "Approved"}"#).status, 404);
}

#[test]
fn a_match_waits_for_the_review() {
    let mut server = Server::start(&["--review", "0..100", "-v"]);
    let matching = same(server.tool()).args(["--wait=20", "-v"]);
    let running = thread::spawn(move || matching.run());
    let line = server.says("GET /v3/session/");
    let id = line.split('/').nth(3).unwrap();
    let approve = r#"{"status": "Approved"}"#;
    assert_eq!(server.json("POST", &format!("/_local/session/{id}/"), approve).status, 200);
    running.join().unwrap().exits(0).stdout_has("by manual review");
}

#[test]
fn unsaved_requests_are_not_found() {
    let server = Server::start(&[]);
    let saved = same(server.tool()).args(["--json", "--vendor-data", "user-1"]).run();
    let id = request_id(saved.exits(0));
    server.tool().args(["decision", &id]).run().exits(0).stdout_has("user-1");
    let unsaved = same(server.tool()).args(["--json", "--no-save"]).run();
    let id = request_id(unsaved.exits(0));
    server.tool().args(["decision", &id]).run().fails(8).stderr_has("--no-save");
}
