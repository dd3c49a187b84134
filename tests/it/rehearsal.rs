//! From registration to erasure: a script against `serve`, and the same commands against a stub
//! that answers with the service's published examples.

use std::path::Path;
use std::process::Command;

use serde_json::{Value, json};

use crate::support::account::{CODE, EMAIL, NEW_KEY, PASSWORD};
use crate::support::bodies::DECLINED;
use crate::support::{Answer, Photos, Service, Tool};

const ID: &str = "7cdda24e-311a-46d3-a3bb-e5d9b564ce73";

#[test]
fn the_script_runs_from_registration_to_erasure() {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/rehearsal.sh");
    let run = Command::new("bash")
        .arg(script)
        .env_clear()
        .env("PATH", std::env::var_os("PATH").unwrap())
        .env("DIDIT_FACE", env!("CARGO_BIN_EXE_didit-face"))
        .output()
        .expect("bash");
    let (out, err) = (String::from_utf8_lossy(&run.stdout), String::from_utf8_lossy(&run.stderr));
    assert!(run.status.success(), "{out}\n{err}");
    for line in ["  erased", "not found", "## Done"] {
        assert!(out.contains(line), "no {line:?} in {out}\n{err}");
    }
}

fn published() -> Vec<Answer> {
    let ok = |body: Value| Answer::new(200, body.to_string());
    let application = json!({"uuid": "a1", "name": "App", "client_id": "c1", "api_key": NEW_KEY});
    let decision = json!({
        "session_id": ID, "session_kind": "user", "session_number": 43762, "status": "Declined",
        "environment": "live", "features": ["FACE_MATCH"], "vendor_data": "user-123",
        "face_matches": [{
            "node_id": "feature_face_match", "status": "Declined", "score": 24.87,
            "source_image": "https://images.example/1", "target_image": "https://images.example/2",
            "warnings": [],
        }],
        "created_at": "2026-06-12T01:08:19.859116+00:00",
    });
    vec![
        Answer::new(
            201,
            json!({"message": "Registration successful. Check your email for the verification code.", "email": EMAIL}).to_string(),
        ),
        ok(json!({
            "access_token": "token-1", "refresh_token": "token-2", "expires_in": 86400,
            "organization": {"uuid": "o1", "name": "Ann"}, "application": application,
        })),
        ok(json!({"access_token": "token-3", "refresh_token": "token-4", "expires_in": 86400})),
        ok(json!({"uuid": "o1", "name": "Ann"})),
        ok(json!([{"uuid": "a1", "name": "App"}])),
        ok(application),
        ok(json!({
            "balance": "1234.5600", "auto_refill_enabled": true, "auto_refill_amount": "500.00",
            "auto_refill_threshold": "100.00",
        })),
        Answer::new(200, DECLINED),
        ok(decision),
        Answer::new(204, ""),
        Answer::new(404, r#"{"detail": "Not found."}"#),
        Answer::new(404, r#"{"detail": "Not found."}"#),
    ]
}

#[test]
fn the_same_commands_work_with_the_published_examples() {
    let service = Service::answering(published());
    let tool = || {
        Tool::plain()
            .env("DIDIT_API_URL", service.base())
            .env("DIDIT_AUTH_URL", service.base())
            .env("DIDIT_PASSWORD", PASSWORD)
            .env("DIDIT_API_KEY", NEW_KEY)
            .args(["--retries", "0"])
    };
    tool().args(["register", EMAIL]).run().exits(0);
    let verified = tool().args(["verify", EMAIL, CODE]).hiding(CODE).run();
    assert_eq!(verified.exits(0).stdout, format!("{NEW_KEY}\n"));
    let logged_in = tool().args(["login", EMAIL]).hiding("token-").run();
    assert_eq!(logged_in.exits(0).stdout, verified.stdout);
    tool().args(["balance", "--at-least", "1234.56"]).run().exits(0);
    let photos = Photos::new();
    let matched = tool().pair(&photos).run();
    matched.exits(1).stdout_has("low_similarity").stdout_has(ID);
    tool().args(["decision", ID]).run().exits(1).stdout_has("score 24.87");
    tool().args(["delete", ID, "--yes"]).run().exits(0).stdout_has("erased");
    tool().args(["delete", ID, "--yes"]).run().exits(0).stdout_has("not found");
    tool().args(["decision", ID]).run().fails(8);
    assert_eq!(service.requests().len(), published().len());
}
