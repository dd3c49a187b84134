//! Usage errors: exit code 2, with nothing read and nothing sent.

use serde_json::Value;

use crate::support::{Answer, Outcome, Photos, Service, Tool};

/// A run that must not touch the service.
fn unsent(build: impl FnOnce(Tool) -> Tool) -> Outcome {
    let service = Service::approving();
    let outcome = build(Tool::at(&service)).run();
    assert_eq!(service.connections(), 0);
    outcome
}

/// `match` of two good photos with invalid `options`.
fn matching(options: &[&str]) -> Outcome {
    unsent(|tool| tool.pair(&Photos::new()).args(options))
}

#[test]
fn no_command() {
    Tool::plain().run().fails(2).stderr_has("no command given").stderr_has("--help");
    Tool::plain().arg("--json").run().exits(2).stderr_has(r#""message":"no command given""#);
}

#[test]
fn invalid_command_lines() {
    for (arguments, said) in [
        (["mach", "a", "b"].as_slice(), "mach"),
        (&["match"], "USER_IMAGE"),
        (
            &["decision"],
            "no <REQUEST_ID>, --journal <RESULTS.jsonl> or --vendor-data <ID> was given",
        ),
        (&["match", "a.jpg"], "REF_IMAGE"),
        (&["match", "a.jpg", "b.jpg", "c.jpg"], "c.jpg"),
        (&["match", "--no-such-flag", "a.jpg", "b.jpg"], "--no-such-flag"),
        (&["match", "--api-key", "x", "a.jpg", "b.jpg"], "--api-key"),
        (&["--retries", "-1", "match", "a.jpg", "b.jpg"], "must be a whole number, at least 0"),
        (&["--retries", "many", "match", "a.jpg", "b.jpg"], "--retries"),
        (&["batch", "a.csv", "-o", "b", "--jobs", "0"], "must be a whole number from 1 to 512"),
        (&["match", "a.jpg", "b.jpg", "--wait", "5"], "hint: write `--wait=5`"),
        (&["--color", "sometimes", "match", "a.jpg", "b.jpg"], "--color"),
        (&["match", "a.jpg", "b.jpg", "--quiet=maybe"], "--quiet"),
    ] {
        unsent(|tool| tool.args(arguments)).fails(2).stderr_has(said).stderr_has("hint: ");
    }
}

#[test]
fn the_last_of_a_repeated_flag_counts() {
    let service = Service::approving();
    let tool = Tool::matching(&service, &Photos::new());
    tool.args(["-t", "99", "--quiet", "-q", "-t", "62.5"]).run().exits(0);
    let threshold = service.only_request().field("face_match_score_decline_threshold");
    assert_eq!(threshold.as_deref(), Some("62.5"));
}

#[test]
fn a_password_in_a_base_is_not_quoted() {
    let outcome = matching(&["--api-url", "https://me:hunter2@localhost"]);
    outcome.fails(2).stderr_has("--api-url").stderr_has("password").stderr_lacks("hunter2");
}

#[test]
fn the_hint_names_what_was_meant() {
    matching(&["--treshold", "30"]).fails(2).stderr_has("--threshold");
}

#[test]
fn thresholds_outside_0_to_100() {
    for value in [
        "101",
        "100.0000001",
        "-1",
        "-0.1",
        "abc",
        "NaN",
        "inf",
        "1e1",
        "",
        "3,5",
        "+5",
        "5%",
        "1.2.3",
        " 5",
    ] {
        for flag in ["--threshold", "--review-below"] {
            matching(&[flag, value]).fails(2).stderr_has(flag).stderr_has("0 to 100");
        }
    }
}

#[test]
fn metadata_that_is_not_an_object() {
    for value in ["", "x", "1", "[]", "[{}]", "null", "\"{}\"", "{", "{} {}", "{\"a\":1,\"a\":2}"] {
        matching(&["--metadata", value]).fails(2).stderr_has("--metadata").stderr_has("object");
    }
    matching(&["--metadata", "[1]"]).stderr_has("must be a JSON object\n");
    matching(&["--metadata", "{\"a\":}"]).stderr_has("expected value at line 1 column 6");
    matching(&["--metadata", "{\"a\":1,\"a\":2}"]).stderr_has("duplicate key at line 1");
    // Its answer would be unreadable: paid without a verdict.
    for value in [r#"{"a":1e999}"#, r#"{"a":"\ud800"}"#] {
        matching(&["--metadata", value]).fails(2).stderr_has("--metadata").stderr_has("object");
    }
}

const BAD_BASES: &[&str] = &[
    "http://verification.didit.me",
    "http://127.0.0.1@example.org",
    "http://127.0.0.1:80@example.org",
    "http://localhost.example.org",
    "http://127.0.0.1.nip.io",
    "http://example.org\\@127.0.0.1",
    "http://example.org#@127.0.0.1",
    "http://0.0.0.0:1",
    "http://[::]:1",
    "http://192.168.1.1",
    "ftp://127.0.0.1",
    "file:///etc/passwd",
    "verification.didit.me",
    "localhost:8080",
    "https://",
    "https://a b",
    "https://verification.didit.me?key=1",
];

#[test]
fn base_urls_that_must_not_get_the_key() {
    for base in BAD_BASES {
        for flag in ["--api-url", "--auth-url"] {
            matching(&[flag, base]).fails(2).stderr_has(flag);
        }
        for variable in ["DIDIT_API_URL", "DIDIT_AUTH_URL"] {
            let outcome = unsent(|tool| tool.env(variable, base).pair(&Photos::new()));
            outcome.fails(2).stderr_has(variable);
        }
    }
    let bad = "invalid value 'nonsense' for '--api-url <URL>': must start with https://";
    matching(&["--api-url", "nonsense"]).fails(2).stderr_has(bad);
    // A variable may hold a key that was pasted into the wrong one.
    for pasted in ["sk_live_1", "http://a.example/sk_live_1", "https://a.example:sk_live_1/"] {
        let outcome = unsent(|tool| tool.env("DIDIT_API_URL", pasted).pair(&Photos::new()));
        outcome.fails(2).stderr_has("DIDIT_API_URL").stderr_lacks("sk_live");
    }
}

#[test]
fn invalid_times() {
    for value in ["0", "-1", "soon", "", "NaN", "inf", "1e99", "90000", "0.0000000000001", "5s"] {
        for flag in ["--timeout", "--connect-timeout"] {
            let outcome =
                unsent(|_| Tool::new().pair(&Photos::new()).arg(format!("{flag}={value}")));
            let bad = format!("error: invalid value '{value}' for '{flag} <SECONDS>': must be a ");
            outcome.fails(2).stderr_has(&bad).stderr_has("hint: see `didit-face match --help`");
        }
        if !value.is_empty() {
            let outcome = Tool::new().pair(&Photos::new()).env("DIDIT_TIMEOUT", value).run();
            outcome.fails(2).stderr_has("DIDIT_TIMEOUT").stderr_lacks("--timeout");
        }
    }
}

#[test]
fn an_invalid_certificate_file() {
    let photos = Photos::new();
    let rubbish = photos.add("rubbish.pem", b"-----BEGIN CERTIFICATE-----\nAA==\n-----END");
    for path in [rubbish.to_str().unwrap(), photos.user.to_str().unwrap(), "/nowhere.pem", "/"] {
        let base = "https://127.0.0.1:1";
        let tool = || Tool::with_base(base).pair(&photos);
        tool().args(["--cacert", path]).run().fails(2).stderr_has("--cacert").stderr_has(path);
        let by_variable = tool().env("SSL_CERT_FILE", path).run();
        by_variable.fails(2).stderr_has("SSL_CERT_FILE").stderr_has(path);
    }
}

#[cfg(unix)]
#[test]
fn an_endless_certificate_file_is_not_read_whole() {
    let tool = Tool::with_base("https://127.0.0.1:1").pair(&Photos::new());
    tool.args(["--cacert", "/dev/zero"]).run().fails(2).stderr_has("over 10 MB");
}

#[test]
fn with_json_the_error_is_one_line_of_json() {
    for arguments in [
        ["--json", "match", "--threshold", "101", "a.jpg", "b.jpg"],
        ["match", "--json", "--threshold", "101", "a.jpg", "b.jpg"],
        ["match", "--threshold", "101", "a.jpg", "b.jpg", "--json"],
    ] {
        let outcome = unsent(|tool| tool.args(arguments));
        let error = json_error(&outcome, 2);
        assert_eq!(error["kind"], "usage");
        assert!(error["message"].as_str().unwrap().contains("--threshold"), "{error}");
        assert!(error["hint"].is_string() && error["http_status"].is_null(), "{error}");
    }
    let error = json_error(&unsent(|tool| tool.arg("--json")), 2);
    assert_eq!(error["kind"], "usage");
}

#[test]
fn with_json_every_failure_is_one_line_of_json() {
    let photos = Photos::new();
    for (answer, code, kind, status) in [
        (Answer::new(403, r#"{"error": "You don't have enough credits"}"#), 5, "credits", 403),
        (Answer::new(401, ""), 4, "auth", 401),
        (Answer::new(400, r#"{"ref_image": ["Line\none"]}"#), 6, "input", 400),
        (Answer::new(500, ""), 8, "service", 500),
        (Answer::new(200, "no"), 9, "response", 200),
        (Answer::new(302, ""), 9, "response", 302),
    ] {
        let service = Service::always(answer);
        let error = json_error(&Tool::matching(&service, &photos).arg("--json").run(), code);
        assert_eq!((&error["kind"], &error["http_status"]), (&kind.into(), &status.into()));
    }
    let missing = Tool::new().args(["match", "/nowhere", "/nowhere", "--json"]).run();
    assert_eq!(json_error(&missing, 6)["kind"], "input");
    let keyless = Tool::new().without("DIDIT_API_KEY").pair(&photos).arg("--json").run();
    assert_eq!(json_error(&keyless, 4)["kind"], "auth");
    let offline = Tool::with_base("http://127.0.0.1:1").pair(&photos);
    let offline = offline.args(["--json", "--retries", "0"]).run();
    assert_eq!(json_error(&offline, 7)["kind"], "network");
}

/// The only line on stderr, with exactly the members that scripts rely on.
#[track_caller]
fn json_error(outcome: &Outcome, code: i32) -> Value {
    outcome.exits(code);
    assert_eq!((outcome.stdout.as_str(), outcome.stderr.lines().count()), ("", 1), "{outcome:#?}");
    let line: Value = serde_json::from_str(&outcome.stderr).expect("JSON");
    let members: Vec<_> = line["error"].as_object().expect("an object").keys().collect();
    assert_eq!(members, ["charged", "exit_code", "hint", "http_status", "kind", "message"]);
    assert_eq!(line["error"]["exit_code"], code);
    line["error"].clone()
}
