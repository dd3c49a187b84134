//! The rate limit, rehearsed faults and permissions.

use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use serde_json::json;

use super::forms::{JPEG, both, form};
use crate::support::server::{Server, request_id, same};

#[test]
fn the_rate_is_limited_with_all_four_headers() {
    let server = Server::start(&["--rate", "2"]);
    let names = ["retry-after", "x-ratelimit-limit", "x-ratelimit-remaining", "x-ratelimit-reset"];
    for _ in 0..2 {
        let reply = form(&server, &both(JPEG));
        assert_eq!(reply.status, 400);
        assert!(names.iter().all(|name| reply.header(name).is_none()), "{reply:?}");
    }
    let refused = form(&server, &both(JPEG));
    assert_eq!(refused.status, 429);
    let detail = "Write request rate limit exceeded. You can make up to 2 requests per minute.";
    assert_eq!(refused.json(), json!({"detail": detail}));
    let number = |name: &str| refused.header(name).unwrap().parse::<u64>().unwrap();
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs();
    assert!((55..=60).contains(&number("retry-after")));
    assert_eq!((number("x-ratelimit-limit"), number("x-ratelimit-remaining")), (2, 0));
    assert!((now + 50..=now + 62).contains(&number("x-ratelimit-reset")));
    same(server.tool()).run().fails(8).stderr_has("too many requests");
    for _ in 0..4 {
        server.tool().arg("balance").run().exits(0);
    }
    server.tool().arg("balance").run().fails(8).stderr_has("Read request");
}

#[test]
fn faults_and_latency_can_be_rehearsed() {
    for (fault, code) in [("1:503", 8), ("1:500", 8), ("1:402", 5), ("1:401", 4), ("1:429", 8)] {
        let server = Server::start(&["--fault", fault]);
        same(server.tool()).run().fails(code);
        assert!(server.is_well(), "the health check has no faults");
    }
    let server = Server::start(&["--fault", "0:503", "--latency", "700"]);
    let start = Instant::now();
    server.tool().arg("balance").run().exits(0);
    assert!(start.elapsed() >= Duration::from_millis(700));
    let hasty = server.tool().args(["balance", "--timeout", "0.2"]).run();
    hasty.fails(7);
}

#[test]
fn a_late_fault_loses_the_answer_of_a_paid_request() {
    for (fault, code, says) in [("1:503-after", 8, "HTTP 503"), ("1:drop-after", 7, "lost")] {
        let server = Server::start(&["--fault", fault, "--credits", "1"]);
        for _ in 0..2 {
            same(server.tool()).args(["--vendor-data", "ann"]).run().fails(code).stderr_has(says);
        }
        let list = server.json("GET", "/_local/sessions/", "").json();
        assert_eq!(list["count"], 1, "the only credit paid for one of them");
        assert_eq!(list["results"][0]["vendor_data"], "ann");
        let reply = server.json("GET", "/v3/sessions/", "");
        assert!(matches!(reply.status, 503 | 0) && reply.body.is_empty(), "{reply:?}");
        assert_eq!(reply.header("retry-after"), None);
    }
    let server = Server::start(&["--fault", "1:503"]);
    assert_eq!(form(&server, &both(JPEG)).header("retry-after"), Some("1"));
    let server = Server::start(&["--fault", "1:drop"]);
    assert_eq!(form(&server, &both(JPEG)).head, "");
}

#[test]
fn a_key_may_lack_permissions() {
    let denied = |permissions: &str| Server::start(&["--deny", permissions]);
    let server = denied("match,sessions,billing");
    same(server.tool()).run().fails(4).stderr_has("permission");
    for (method, path) in [
        ("GET", "/v3/sessions/"),
        ("GET", "/v3/session/a/decision/"),
        ("GET", "/v3/billing/balance/"),
    ] {
        let reply = server.json(method, path, "");
        assert_eq!(reply.status, 403, "{path}");
        assert!(reply.json()["detail"].as_str().unwrap().contains("permission"));
    }
    let server = denied("delete");
    let id = request_id(same(server.tool()).arg("--json").run().exits(0));
    server.tool().args(["delete", &id, "--yes"]).run().fails(4).stderr_has("permission");
    let server = denied("media");
    let id = request_id(same(server.tool()).arg("--json").run().exits(0));
    let body = server.json("GET", &format!("/v3/session/{id}/decision/"), "").json();
    let images = ["source_image", "target_image"].map(|image| &body["face_matches"][0][image]);
    assert_eq!(images, [&json!(null), &json!(null)]);
    server.tool().args(["decision", &id]).run().exits(0);
}
