//! `serve`: onboarding, verdicts, refusals, rehearsed faults, and shutdown.

mod sessions;

use std::io::Write;
use std::thread;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use serde_json::{Value, json};

use crate::support::Tool;
use crate::support::server::{KEY, Reply, Server, different, request_id, same};

const EMAIL: &str = "ann@mail.example";
const PASSWORD: &str = "MyStr0ng!Pass";

#[test]
fn prints_lines_for_a_shell_and_listens_on_loopback() {
    let mut server = Server::start(&[]);
    let port = server.address().port();
    assert_ne!(port, 0);
    let base = format!("http://127.0.0.1:{port}");
    assert_eq!(
        server.exports,
        format!(
            "export DIDIT_API_URL={base}\nexport DIDIT_AUTH_URL={base}/auth\nexport DIDIT_API_KEY={KEY}"
        )
    );
    server.says("listening on 127.0.0.1");
    assert_eq!(server.json("GET", "/system/healthcheck", "").json(), json!({"status": "ok"}));
    assert_eq!(server.json("GET", "/nothing/", "").status, 404);
    assert_eq!(server.json("GET", "/v3/face-match/", "").status, 405);
    let taken = Tool::plain().args(["serve", "--listen", &format!("127.0.0.1:{port}")]).run();
    taken.fails(2).stderr_has("--listen");
}

#[test]
fn a_wrong_command_line_starts_nothing() {
    for arguments in [
        ["--listen", "nonsense"],
        ["--listen", "127.0.0.1"],
        ["--key", "two words"],
        ["--credits", "-1"],
        ["--rate", "0"],
        ["--review", "60..30"],
        ["--review", "30"],
        ["--latency", "x"],
        ["--fault", "2:503"],
        ["--fault", "0.5:200"],
        ["--fault", "0.5:503-before"],
        ["--deny", "everything"],
    ] {
        Tool::plain().arg("serve").args(arguments).run().fails(2);
    }
}

#[test]
fn from_nothing_to_a_first_verdict() {
    let mut server = Server::start(&[]);
    let tool = || server.tool().without("DIDIT_API_KEY");
    let register = tool().args(["register", EMAIL]).env("DIDIT_PASSWORD", PASSWORD).run();
    register.exits(0).stderr_has("didit-face verify ann@mail.example CODE");
    let mail = server.says("mail: to ann@mail.example");
    let code = mail.trim().rsplit(' ').next().unwrap().to_owned();
    let tool = || server.tool().without("DIDIT_API_KEY");
    tool().args(["verify", EMAIL, "WRONG1"]).run().fails(6).stderr_has("--resend");
    tool().args(["verify", EMAIL, "--resend"]).run().fails(8).stderr_has("1 minute");
    let verified = tool().args(["verify", EMAIL, &code]).run();
    assert_eq!(verified.exits(0).stdout, format!("{KEY}\n"));
    tool().args(["verify", EMAIL, &code]).run().fails(6);
    let again = tool().args(["register", EMAIL]).env("DIDIT_PASSWORD", PASSWORD).run();
    again.fails(6).stderr_has("already");
    let reserved = tool().args(["register", "ann@example.com"]).env("DIDIT_PASSWORD", PASSWORD);
    reserved.run().fails(8).stderr_has("example.com");
    same(tool()).run().fails(4);
    let key = verified.stdout.trim();
    same(tool()).env("DIDIT_API_KEY", key).run().exits(0).stdout_has("Approved");
    different(tool()).env("DIDIT_API_KEY", key).run().exits(1).stdout_has("Declined");
}

#[test]
fn credits_run_out_and_can_be_topped_up() {
    let server = Server::start(&["--credits", "1"]);
    let tool = || server.tool();
    assert_eq!(tool().arg("balance").run().exits(0).row("Balance"), ["1.00 USD"]);
    same(tool()).run().exits(0);
    same(tool()).run().fails(5).stderr_has("top up");
    tool().args(["balance", "--at-least", "1"]).run().fails(5);
    let top_up = tool().args(["top-up", "50"]).run();
    let url = top_up.exits(0).stdout.trim();
    let path = url.strip_prefix(server.base()).unwrap();
    assert!(server.json("GET", path, "").body.contains("no money moves"));
    assert_eq!(server.json("POST", path, "").json()["balance"], "50.0000");
    assert_eq!(server.json("POST", path, "").status, 404, "paid once");
    tool().args(["balance", "--at-least", "50"]).run().exits(0);
}

#[test]
fn a_refusal_costs_no_credit() {
    let server = Server::start(&["--credits", "1"]);
    assert_eq!(form(&server, &[file("user_image", "a.jpg", JPEG)]).status, 400);
    assert_eq!(form(&server, &both(JPEG)).status, 400, "not decodable");
    same(server.tool()).run().exits(0);
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
    running.join().unwrap().exits(0).stdout_has("by a review");
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

#[test]
fn a_key_is_needed_and_must_be_the_right_one() {
    let server = Server::start(&[]);
    same(server.tool())
        .env("DIDIT_API_KEY", "another")
        .run()
        .fails(4)
        .stderr_has("Invalid API key");
    for path in ["/v3/billing/balance/", "/v3/session/a/decision/"] {
        let request = format!("GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
        let reply = server.exchange(request.as_bytes());
        assert_eq!(reply.status, 403);
        assert!(reply.json()["detail"].as_str().unwrap().contains("credentials"));
    }
}

const JPEG: &[u8] = b"\xff\xd8\xff\xe0\0\x10JFIF\0 and no picture";

fn file(name: &str, file_name: &str, bytes: &[u8]) -> Vec<u8> {
    let head = format!("Content-Disposition: form-data; name=\"{name}\"; filename=\"{file_name}\"");
    [head.as_bytes(), b"\r\n\r\n", bytes].concat()
}

fn text(name: &str, value: &str) -> Vec<u8> {
    format!("Content-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}").into_bytes()
}

fn both(bytes: &[u8]) -> Vec<Vec<u8>> {
    vec![file("user_image", "a.jpg", bytes), file("ref_image", "b.jpeg", bytes)]
}

fn form(server: &Server, parts: &[Vec<u8>]) -> Reply {
    let mut body = Vec::new();
    for part in parts {
        body.extend_from_slice(b"--line\r\n");
        body.extend_from_slice(part);
        body.extend_from_slice(b"\r\n");
    }
    body.extend_from_slice(b"--line--\r\n");
    server.face_match("multipart/form-data; boundary=line", &body)
}

#[test]
fn form_errors_are_in_the_services_words() {
    let server = Server::start(&[]);
    let with = |extra: Vec<u8>| {
        let mut parts = both(JPEG);
        parts.push(extra);
        parts
    };
    let threshold = "face_match_score_decline_threshold";
    let large = vec![0xff; 5 * 1024 * 1024 + 1];
    for (parts, field, said) in [
        (vec![file("user_image", "a.jpg", JPEG)], "ref_image", "No file was submitted."),
        (vec![file("ref_image", "a.jpg", JPEG)], "user_image", "No file was submitted."),
        (vec![], "user_image", "No file was submitted."),
        (vec![text("user_image", "x")], "user_image", "The submitted data was not a file."),
        (vec![file("user_image", "a.jpg", b"")], "user_image", "The submitted file is empty."),
        (vec![file("user_image", "a.gif", JPEG)], "user_image", "is not allowed."),
        (vec![file("user_image", "a", JPEG)], "user_image", "is not allowed."),
        (vec![file("user_image", "a.jpg", b"GIF89a")], "user_image", "Upload a valid image."),
        (
            vec![file("user_image", "a.jpg", &large)],
            "user_image",
            "File size should not exceed 5 MB",
        ),
        (both(JPEG), "user_image", "Upload a valid image."),
        (
            with(text(threshold, "101")),
            threshold,
            "Ensure this value is less than or equal to 100.",
        ),
        (
            with(text(threshold, "-1")),
            threshold,
            "Ensure this value is greater than or equal to 0.",
        ),
        (with(text(threshold, "x")), threshold, "A valid number is required."),
        (with(text("rotate_image", "perhaps")), "rotate_image", "Must be a valid boolean."),
        (with(text("save_api_request", "2")), "save_api_request", "Must be a valid boolean."),
        (with(text("metadata", "[1]")), "metadata", "Value must be a valid JSON object."),
        (with(text("vendor_data", &"x".repeat(2000))), "vendor_data", "no more than 1024"),
    ] {
        let reply = form(&server, &parts);
        let said_so = reply.json()[field][0].as_str().is_some_and(|text| text.contains(said));
        assert!(reply.status == 400 && said_so, "{field}, {said}: {reply:?}");
    }
    let all = form(&server, &[text(threshold, "x"), text("rotate_image", "x")]).json();
    assert_eq!(all.as_object().unwrap().len(), 4, "all at once: {all}");
    assert_eq!(server.face_match("application/json", b"{}").status, 415);
    assert_eq!(server.face_match("multipart/form-data", b"").status, 400);
    let huge = file("user_image", "a.jpg", &vec![0xff; 33 * 1024 * 1024]);
    assert_eq!(form(&server, &[huge]).status, 413);
}

#[test]
fn billing_refuses_like_the_service() {
    let server = Server::start(&[]);
    let top_up = |body: &str| server.json("POST", "/v3/billing/top-up/", body);
    let small = top_up(r#"{"amount_in_dollars": 49}"#);
    assert_eq!((small.status, small.json()), (400, json!(["Amount must be at least $50."])));
    for body in
        ["{}", r#"{"amount_in_dollars": []}"#, r#"{"amount_in_dollars": "x"}"#, "[]", "", "{"]
    {
        assert_eq!(top_up(body).status, 400, "{body}");
    }
    let large = format!(r#"{{"amount_in_dollars": 50, "x": "{}"}}"#, "x".repeat(70_000));
    assert_eq!(top_up(&large).status, 413);
}

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
fn a_missing_face_is_answered_as_the_service_does() {
    let folder = tempfile::tempdir().unwrap();
    let blank = folder.path().join("blank.png");
    image::RgbImage::from_pixel(300, 300, image::Rgb([90, 120, 150])).save(&blank).unwrap();
    let server = Server::start(&["--credits", "2"]);
    let matching = |arguments: &[&str]| {
        let pair = [crate::support::server::sample("astronaut.png"), blank.clone()];
        server.tool().arg("match").args(pair).args(arguments).run()
    };
    for (arguments, score) in [(&["--json"][..], json!(null)), (&["--json", "--no-save"], json!(0))]
    {
        let outcome = matching(arguments);
        let answer: Value = serde_json::from_str(&outcome.exits(1).stdout).unwrap();
        assert_eq!(answer["face_match"]["score"], score);
        let risks = answer["face_match"]["warnings"].as_array().unwrap().iter();
        assert!(risks.map(|warning| &warning["risk"]).any(|risk| risk == "NO_REFERENCE_IMAGE"));
    }
    matching(&[]).fails(5);
    let server = Server::start(&["--sandbox", "--credits", "0"]);
    let pair = [crate::support::server::sample("astronaut.png"), blank.clone()];
    let outcome = server.tool().arg("match").args(pair).arg("--no-save").run();
    outcome.exits(1).stdout_has("take another photo").stdout_has("no_face");
    assert!(!outcome.stdout.contains("different people"), "{outcome:#?}");
}

#[test]
fn a_sandbox_bills_nothing_and_says_what_it_is() {
    let server = Server::start(&["--sandbox", "--credits", "0"]);
    let outcome = same(server.tool()).arg("--json").run();
    outcome.exits(0).stderr_has("sandbox");
    let id = request_id(&outcome);
    server.tool().args(["decision", &id]).run().exits(0).stdout_has("sandbox");
    let decision = server.tool().args(["decision", &id, "--json"]).run();
    decision.exits(0).stdout_has(r#""environment":"sandbox""#).stderr_has("sandbox");
}

#[test]
fn it_stops_cleanly_after_running_requests() {
    for (signal, code) in [("-TERM", 0), ("-INT", 130)] {
        let mut server = Server::start(&["--latency", "1000", "-v"]);
        let balance = server.tool().arg("balance");
        let running = thread::spawn(move || balance.run());
        thread::sleep(Duration::from_millis(500));
        server.signal(signal);
        running.join().unwrap().exits(0);
        assert_eq!(server.ended().code(), Some(code));
    }
    let mut idle = Server::start(&[]);
    let _open = idle.connect();
    idle.signal("-TERM");
    assert_eq!(idle.ended().code(), Some(0), "an idle connection holds nothing up");
}

#[test]
fn a_slow_client_is_dropped() {
    let server = Server::start(&[]);
    let mut slow = server.connect();
    slow.write_all(b"POST /v3/face-match/ HTTP/1.1\r\nHost:").unwrap();
    let start = Instant::now();
    let reply = Reply::read(&mut slow);
    assert!(start.elapsed() < Duration::from_secs(20), "{reply:?}");
    assert!(server.is_well());
}

#[test]
fn many_connections_at_once_lose_nothing() {
    let server = Server::start(&["--rate", "100000"]);
    let server = &server;
    thread::scope(|scope| {
        for _ in 0..32 {
            scope.spawn(move || {
                for _ in 0..8 {
                    assert_eq!(form(server, &both(JPEG)).status, 400);
                    let balance = server.json("GET", "/v3/billing/balance/", "");
                    assert_eq!(balance.json()["balance"], Value::from("1000.0000"));
                }
            });
        }
    });
}
