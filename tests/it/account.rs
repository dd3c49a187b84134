//! `register` and `verify`: requests, output, and that no secret is shown.

use std::fs;

use didit_face::api::account::api_key;
use didit_face::values::system::System;
use serde_json::{Value, json};

use crate::support::account::{CODE, EMAIL, NEW_KEY, PASSWORD};
use crate::support::message::Request;
use crate::support::{Answer, KEY, Service, Tool};

const REGISTERED: &str = r#"{"message": "Registration successful. Check your email for the verification code.", "email": "ann@mail.example"}"#;

/// The service's own example, which has more secrets than the key.
fn verified() -> String {
    json!({
        "access_token": "token-access-1", "refresh_token": "token-refresh-1", "expires_in": 86400,
        "organization": {"uuid": "o1", "name": "Ann"},
        "application": {"uuid": "a1", "name": "App", "client_id": "c1", "api_key": NEW_KEY},
    })
    .to_string()
}

fn tool(service: &Service) -> Tool {
    Tool::new().env("DIDIT_AUTH_URL", service.base()).args(["--timeout", "10", "--retries", "0"])
}

fn register(service: &Service) -> Tool {
    tool(service).args(["register", EMAIL]).hiding(PASSWORD)
}

fn verify(service: &Service) -> Tool {
    tool(service).args(["verify", EMAIL]).hiding(CODE)
}

fn sent(request: &Request) -> Value {
    assert_eq!(request.header("content-type"), ["application/json"]);
    assert_eq!(
        request.header("x-api-key"),
        Vec::<&str>::new(),
        "account requests must not send the API key"
    );
    serde_json::from_slice(&request.body).unwrap()
}

#[test]
fn registers_and_says_what_to_run_next() {
    for status in [201, 200] {
        let service = Service::always(Answer::new(status, REGISTERED));
        let outcome =
            register(&service).arg("--password-stdin").stdin(format!("{PASSWORD}\n")).run();
        outcome.exits(0).stdout_has("Registered ann@mail.example");
        outcome.stderr_has("didit-face verify ann@mail.example CODE\n");
        let request = service.only_request();
        assert_eq!(request.path, "/v2/programmatic/register/");
        assert_eq!(sent(&request), json!({"email": EMAIL, "password": PASSWORD}));
    }
}

#[test]
fn the_suggested_command_keeps_the_url_and_can_be_copied() {
    let service = Service::always(Answer::new(201, REGISTERED));
    let outcome = Tool::new()
        .args(["register", "o'hara@mail.example", "--auth-url", &service.base()])
        .env("DIDIT_PASSWORD", PASSWORD)
        .hiding(PASSWORD)
        .run();
    let email = System::HERE.quoted("o'hara@mail.example");
    let next = format!("didit-face verify {email} CODE --auth-url {}/", service.base());
    outcome.exits(0).stderr_has(&next);
}

#[test]
fn json_is_the_answer_byte_for_byte() {
    let service = Service::always(Answer::new(201, REGISTERED));
    let outcome = register(&service).env("DIDIT_PASSWORD", PASSWORD).arg("--json").run();
    assert_eq!(outcome.exits(0).stdout, format!("{REGISTERED}\n"));
}

#[test]
fn standard_input_beats_the_variable() {
    let service = Service::always(Answer::new(201, REGISTERED));
    let from_variable = register(&service).env("DIDIT_PASSWORD", "Other1!pass").run();
    from_variable.exits(0);
    let line = format!("{PASSWORD}\r\n");
    let both = register(&service).env("DIDIT_PASSWORD", "Other1!pass").arg("--password-stdin");
    both.stdin(line).run().exits(0);
    let passwords: Vec<_> =
        service.requests().iter().map(|r| sent(r)["password"].clone()).collect();
    assert_eq!(passwords, ["Other1!pass", PASSWORD]);
}

#[test]
fn a_weak_password_is_not_sent_and_every_missing_rule_is_named() {
    let service = Service::always(Answer::new(201, REGISTERED));
    let weak = "weak pw";
    let outcome = register(&service).env("DIDIT_PASSWORD", weak).hiding(weak).run();
    outcome.fails(6);
    for rule in ["DIDIT_PASSWORD", "at least 8", "upper-case", "a digit", "one of !@#"] {
        outcome.stderr_has(rule);
    }
    outcome.stderr_lacks("lower-case");
    for (text, why) in [
        ("one\ntwo", "more than one line"),
        ("", "no password on standard input; nothing was sent\n"),
        (&"x".repeat(5000), "too long"),
    ] {
        let tool = register(&service).arg("--password-stdin").stdin(text);
        tool.run().fails(6).stderr_has(why);
    }
    assert_eq!(service.connections(), 0);
}

#[test]
fn without_a_terminal_there_is_no_prompt() {
    let service = Service::always(Answer::new(201, REGISTERED));
    let outcome = register(&service).stdin("").run();
    outcome.fails(2).stderr_has("DIDIT_PASSWORD").stderr_has("--password-stdin");
    assert_eq!(service.connections(), 0);
}

#[test]
fn a_password_on_the_command_line_is_refused_and_not_quoted() {
    let service = Service::always(Answer::new(201, REGISTERED));
    let flag = format!("--password={PASSWORD}");
    for arguments in
        [vec![PASSWORD], vec![&flag], vec!["--password", PASSWORD], vec![PASSWORD, "x"]]
    {
        register(&service).args(arguments).run().fails(2);
    }
    assert_eq!(service.connections(), 0);
}

#[test]
fn an_invalid_address_is_a_usage_error() {
    for email in ["ann", "ann@", "ann@mail", "a b@mail.example", "a@b@mail.example", ""] {
        Tool::new().args(["register", email]).env("DIDIT_PASSWORD", PASSWORD).run().fails(2);
        Tool::new().args(["verify", email, CODE]).hiding(CODE).run().fails(2);
    }
}

#[test]
fn refusals_have_plain_messages_and_exit_codes() {
    for (status, body, code, said) in [
        (400, r#"{"email": ["Already registered."]}"#, 6, "--resend"),
        (400, r#"{"password": ["Too common."]}"#, 6, "password: Too common."),
        (413, "", 6, "HTTP 413"),
        (401, "", 4, "HTTP 401"),
        (403, r#"{"detail": "No."}"#, 4, "No."),
        (404, "<html>", 8, "--auth-url"),
        (409, r#"{"message": "User exists"}"#, 8, "--resend"),
        (429, r#"{"detail": "Slow down."}"#, 8, "Slow down."),
        (500, "", 8, "example.com"),
        (503, "", 8, "HTTP 503"),
        (302, "", 9, "redirect"),
    ] {
        let service = Service::always(Answer::new(status, body));
        let outcome = register(&service).env("DIDIT_PASSWORD", PASSWORD).run();
        outcome.fails(code).stderr_has(said);
        assert_eq!(service.requests().len(), 1, "HTTP {status}");
    }
}

#[test]
fn only_the_key_is_on_stdout_wherever_the_answer_has_it() {
    for body in [verified(), json!({"api_key": NEW_KEY}).to_string()] {
        for code in [vec![CODE], vec!["A3K-9F2"], vec![" A3K 9F2 "], vec!["A3K", "9F2"]] {
            let service = Service::always(Answer::new(200, &body));
            let outcome = verify(&service).args(code).run();
            assert_eq!(outcome.exits(0).stdout, format!("{NEW_KEY}\n"));
            assert_eq!(outcome.stderr, "", "no hints outside a terminal");
            assert!(!outcome.all().contains("token-"), "{outcome:?}");
            let request = service.only_request();
            assert_eq!(request.path, "/v2/programmatic/verify-email/");
            assert_eq!(sent(&request), json!({"email": EMAIL, "code": CODE}));
        }
    }
}

#[test]
fn verify_prints_the_whole_answer_with_json() {
    let service = Service::always(Answer::new(200, verified()));
    let outcome = verify(&service).args([CODE, "--json"]).run();
    assert_eq!(outcome.exits(0).stdout, format!("{}\n", verified()));
    assert!(!format!("{}{}", outcome.stderr, outcome.details.concat()).contains("token-"));
}

#[test]
fn an_invalid_code_is_a_usage_error_and_not_quoted() {
    let service = Service::always(Answer::new(200, verified()));
    for code in ["A3K9F", "A3K9F2X", "", "A3K9F!", "A3K9Fä"] {
        let secret = if code.is_empty() { KEY } else { code };
        verify(&service).arg(code).hiding(secret).run().fails(2).stderr_has("code");
    }
    verify(&service).run().fails(2);
    verify(&service).args([CODE, "--resend"]).run().fails(2);
    assert_eq!(service.connections(), 0);
}

#[test]
fn a_refused_code_hints_at_resend() {
    for (status, code) in [(400, 6), (401, 4), (403, 4), (404, 8), (410, 8)] {
        let service = Service::always(Answer::new(status, r#"{"detail": "Invalid code."}"#));
        let outcome = verify(&service).arg(CODE).run();
        outcome.fails(code).stderr_has("Invalid code.");
        outcome.stderr_has("didit-face verify ann@mail.example --resend");
    }
    for (status, code) in [(429, 8), (500, 8), (302, 9)] {
        let service = Service::always(Answer::new(status, ""));
        verify(&service).arg(CODE).run().fails(code);
    }
    let service = Service::losing();
    verify(&service).arg(CODE).run().fails(7).stderr_has("--resend");
}

#[test]
fn an_answer_without_a_usable_key_is_not_trusted() {
    for body in [
        "",
        "{}",
        "[]",
        r#"{"api_key": 1}"#,
        r#"{"api_key": "a b"}"#,
        r#"{"api_key": "\u001b]0;x"}"#,
    ] {
        let service = Service::always(Answer::new(200, body));
        verify(&service).arg(CODE).run().fails(9).stderr_has("Business Console");
    }
}

#[test]
fn save_writes_the_key_to_a_private_file() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("key");
    let service = Service::always(Answer::new(200, verified()));
    let save = || verify(&service).args([CODE, "--save"]).arg(&file);
    let outcome = save().run();
    assert_eq!(outcome.exits(0).stdout, "");
    // Absolute: it must work in any folder.
    for how in System::HERE.set_variable("DIDIT_API_KEY_FILE", &file.display().to_string()) {
        outcome.stderr_has(&format!("{how}\n"));
    }
    assert!(!outcome.all().contains(NEW_KEY), "{outcome:#?}");
    assert_eq!(fs::read_to_string(&file).unwrap(), format!("{NEW_KEY}\n"));
    #[cfg(unix)]
    assert_eq!(crate::support::process::mode(&file), 0o600);
    fs::write(&file, "another").unwrap();
    let (requests, refused) = (service.requests().len(), save().run());
    refused.fails(11).stderr_has("--force");
    assert_eq!(service.requests().len(), requests, "the code was not used up");
    assert_eq!(fs::read_to_string(&file).unwrap(), "another");
    save().arg("--force").run().exits(0);
    assert_eq!(fs::read_to_string(&file).unwrap(), format!("{NEW_KEY}\n"));
}

#[test]
fn json_shows_the_key_so_it_conflicts_with_save() {
    let folder = tempfile::tempdir().unwrap();
    let service = Service::always(Answer::new(200, verified()));
    let file = folder.path().join("key");
    let outcome = verify(&service).args([CODE, "--json", "--save"]).arg(&file).run();
    assert_eq!(outcome.exits(2).stdout, "");
    assert_eq!((service.connections(), file.exists()), (0, false));
}

#[test]
fn an_hour_of_rate_limit_is_reported_not_waited_for() {
    let busy =
        Answer::new(429, r#"{"detail": "Too many requests."}"#).header("Retry-After", "3600");
    for arguments in [["register", EMAIL, "-v"], ["verify", EMAIL, "--resend"]] {
        let service = Service::always(busy.clone());
        let tool = Tool::new().env("DIDIT_AUTH_URL", service.base());
        let outcome = tool.args(arguments).env("DIDIT_PASSWORD", PASSWORD).hiding(PASSWORD).run();
        outcome.fails(8).stderr_has("Too many requests.").stderr_has("asks to wait 1 hour");
        assert_eq!(service.requests().len(), 1);
    }
}

#[test]
fn a_key_that_cannot_be_saved_uses_up_no_code() {
    let folder = tempfile::tempdir().unwrap();
    let service = Service::always(Answer::new(400, ""));
    let long = folder.path().join("k".repeat(300));
    for file in [folder.path().join("none/key"), folder.path().to_owned(), long] {
        verify(&service).args([CODE, "--save"]).arg(file).run().fails(11);
    }
    assert_eq!(service.connections(), 0);
    verify(&service).args([CODE, "--save"]).arg(folder.path().join("key")).run().fails(6);
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0, "nothing is left behind");
    verify(&service).args([CODE, "--force"]).run().fails(2);
}

#[test]
fn resend_mails_another_code() {
    let service = Service::always(Answer::new(200, r#"{"message": "Sent."}"#));
    let resend = || tool(&service).args(["verify", EMAIL, "--resend"]).hiding(PASSWORD);
    resend().run().exits(0).stdout_has("A new code").stderr_has("didit-face verify ann@");
    resend().env("DIDIT_PASSWORD", PASSWORD).run().exits(0);
    resend().arg("--password-stdin").stdin(PASSWORD).run().exits(0);
    let requests = service.requests();
    assert!(requests.iter().all(|r| r.path == "/v2/programmatic/resend-otp/"));
    let with = json!({"email": EMAIL, "password": PASSWORD});
    let bodies: Vec<_> = requests.iter().map(sent).collect();
    assert_eq!(bodies, [json!({"email": EMAIL}), with.clone(), with]);
    let service = Service::always(Answer::new(429, r#"{"detail": "Too soon."}"#));
    let tool = tool(&service).args(["verify", EMAIL, "--resend"]);
    tool.run().fails(8).stderr_has("Too soon.").stderr_has("a minute");
}

#[test]
fn the_key_is_found_at_the_top_or_in_the_application() {
    for body in [
        r#"{"api_key": "k1"}"#,
        r#"{"application": {"api_key": "k1"}, "access_token": "t"}"#,
        r#"{"api_key": null, "application": {"api_key": "k1"}}"#,
        r#"{"api_key": "k1", "application": {"api_key": "other"}}"#,
    ] {
        assert_eq!(api_key(body.as_bytes()).unwrap().reveal(), "k1", "{body}");
    }
}

#[test]
fn an_answer_without_a_valid_key_is_refused() {
    for body in [
        "",
        "{}",
        "[]",
        r#"{"api_key": 5}"#,
        r#"{"api_key": ""}"#,
        r#"{"api_key": "a b"}"#,
        r#"{"api_key": "a\nb"}"#,
        r#"{"api_key": "\u001b[31m"}"#,
        r#"{"api_key": "a", "api_key": "b"}"#,
        r#"{"application": []}"#,
    ] {
        let error = api_key(body.as_bytes()).unwrap_err();
        assert_eq!(error.kind(), didit_face::error::Kind::Response, "{body}");
    }
}
