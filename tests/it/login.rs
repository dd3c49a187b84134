//! `login`: from an address and a password to an application's key, without showing secrets.

use std::fs;

use serde_json::{Value, json};

use crate::support::account::{EMAIL, NEW_KEY, PASSWORD};
use crate::support::{Answer, Service, Tool};

const TOKEN: &str = "eyJhbGciOi.token-1";

fn logged_in() -> Value {
    json!({"access_token": TOKEN, "refresh_token": "token-refresh", "expires_in": 86400})
}

fn named(uuid: &str, name: &str) -> Value {
    json!({"uuid": uuid, "name": name})
}

fn application() -> Value {
    json!({"uuid": "a1", "name": "App", "client_id": "c1", "api_key": NEW_KEY})
}

fn service(answers: &[Value]) -> Service {
    Service::answering(answers.iter().map(|body| Answer::new(200, body.to_string())))
}

fn login(service: &Service) -> Tool {
    Tool::new()
        .env("DIDIT_AUTH_URL", service.base())
        .env("DIDIT_PASSWORD", PASSWORD)
        .args(["--timeout", "10", "--retries", "0", "login", EMAIL])
        .hiding(PASSWORD)
}

#[test]
fn only_the_key_is_on_stdout_and_the_token_only_goes_to_the_account_api() {
    let service = service(&[
        logged_in(),
        json!([named("o1", "Ann")]),
        json!([named("a1", "App")]),
        application(),
    ]);
    let outcome = login(&service).env("DIDIT_API_URL", "http://127.0.0.1:9").run();
    assert_eq!(outcome.exits(0).stdout, format!("{NEW_KEY}\n"));
    assert_eq!(outcome.stderr, "", "no hints outside a terminal");
    assert!(!outcome.all().contains("token-"), "{outcome:?}");
    let requests = service.requests();
    let sent: Value = serde_json::from_slice(&requests[0].body).unwrap();
    assert_eq!(sent, json!({"email": EMAIL, "password": PASSWORD}));
    let paths: Vec<_> = requests.iter().map(|r| (r.method.as_str(), r.path.as_str())).collect();
    assert_eq!(
        paths,
        [
            ("POST", "/v2/programmatic/login/"),
            ("GET", "/v2/organizations/me/"),
            ("GET", "/v2/organizations/me/o1/applications/"),
            ("GET", "/v2/organizations/me/o1/applications/a1/"),
        ]
    );
    assert_eq!(requests[0].header("authorization"), Vec::<&str>::new());
    for request in &requests[1..] {
        assert_eq!(request.header("authorization"), [format!("Bearer {TOKEN}")]);
    }
    assert!(
        requests.iter().all(|r| r.header("x-api-key").is_empty()),
        "account requests must not send the API key"
    );
}

#[test]
fn every_step_may_be_an_object_or_an_array() {
    let (org, app) = (named("o1", "Ann"), named("a1", "App"));
    for (orgs, apps, detail) in [
        (org.clone(), app.clone(), application()),
        (json!({"results": [org]}), json!({"count": 1, "results": [app]}), json!([application()])),
        (json!([org]), json!({"applications": [app]}), json!({"application": application()})),
    ] {
        let service = service(&[logged_in(), orgs, apps, detail]);
        assert_eq!(login(&service).run().exits(0).stdout, format!("{NEW_KEY}\n"));
    }
}

#[test]
fn several_applications_need_a_choice() {
    let apps = json!([named("a1", "Shop"), named("a2", "Bank")]);
    let answers = || vec![logged_in(), json!([named("o1", "Ann")]), apps.clone(), application()];
    let open = service(&answers());
    let outcome = login(&open).run();
    outcome.fails(2).stderr_has("`Shop`").stderr_has("`Bank`").stderr_has("--application");
    assert_eq!(open.requests().len(), 3, "no key is asked for");
    for (wanted, uuid) in [("Bank", "a2"), ("Shop", "a1"), ("a2", "a2")] {
        let service = service(&answers());
        login(&service).args(["--application", wanted]).run().exits(0);
        let path = service.requests().pop().unwrap().path;
        assert_eq!(path, format!("/v2/organizations/me/o1/applications/{uuid}/"));
    }
    login(&service(&answers())).args(["--application", "Ban"]).run().fails(2).stderr_has("`Bank`");
    let none = service(&[logged_in(), json!([named("o1", "Ann")]), json!([])]);
    login(&none).run().fails(4).stderr_has("no application");
    let two = json!([named("o1", "Ann"), named("o2", "Bob")]);
    let same_name = [logged_in(), two, json!([named("a1", "App")]), json!([named("b1", "App")])];
    let outcome = login(&service(&same_name)).args(["--application", "App"]).run();
    outcome.fails(2).stderr_has("a1, in `Ann`").stderr_has("b1, in `Bob`");
}

#[test]
fn refusals_have_plain_messages() {
    for (status, body, code, said) in [
        (
            401,
            r#"{"detail": "Invalid email or password."}"#,
            4,
            "refused the request (HTTP 401): Invalid email or password.",
        ),
        (400, r#"{"detail": "Invalid credentials."}"#, 6, "five failed logins"),
        (403, r#"{"detail": "Account locked."}"#, 4, "five failed logins lock an account"),
        (
            429,
            r#"{"detail": "Locked: too many attempts."}"#,
            4,
            "five failed logins lock an account",
        ),
        (423, "", 4, "five failed logins lock an account"),
        (403, r#"{"detail": "Email is not verified."}"#, 4, "--resend"),
        (500, "", 8, "HTTP 500"),
        (302, "", 9, "redirect"),
    ] {
        let service = Service::always(Answer::new(status, body));
        login(&service).run().fails(code).stderr_has(said);
        assert_eq!(service.requests().len(), 1, "HTTP {status}");
    }
}

#[test]
fn an_incomplete_answer_is_not_trusted() {
    let good =
        [logged_in(), json!([named("o1", "Ann")]), json!([named("a1", "App")]), application()];
    for (step, body) in [
        (0, json!({})),
        (0, json!({"access_token": "a b"})),
        (0, json!([])),
        (1, json!([{"name": "no uuid"}])),
        (1, json!([{"uuid": "../x", "name": "a path"}])),
        (1, json!("text")),
        (2, json!([7])),
        (3, json!({"uuid": "a1"})),
        (3, json!({"api_key": "a b"})),
        (3, json!([{"uuid": "other", "api_key": "k"}])),
    ] {
        let mut answers = good.clone();
        answers[step] = body;
        let service = service(&answers);
        login(&service).run().fails(9);
        assert_eq!(service.requests().len(), step + 1);
    }
    // A token that the service echoes in its error is not shown.
    let echo = json!({"detail": format!("Token {TOKEN} is not valid")}).to_string();
    let service =
        Service::answering([Answer::new(200, logged_in().to_string()), Answer::new(401, echo)]);
    let outcome = login(&service).run();
    outcome.fails(4).stderr_has("Token (token) is not valid");
    assert!(!outcome.all().contains(TOKEN), "{outcome:?}");
}

#[test]
fn save_keeps_the_key_off_the_screen() {
    let answers =
        [logged_in(), json!([named("o1", "Ann")]), json!([named("a1", "App")]), application()];
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("key");
    let outcome = login(&service(&answers)).arg("--save").arg(&file).run();
    assert_eq!(outcome.exits(0).stdout, "");
    outcome.stderr_has("DIDIT_API_KEY_FILE=");
    assert!(!outcome.all().contains(NEW_KEY));
    assert_eq!(fs::read_to_string(&file).unwrap(), format!("{NEW_KEY}\n"));
    let untouched = service(&answers);
    login(&untouched).arg("--save").arg(&file).run().fails(11).stderr_has("--force");
    login(&untouched).args(["--json", "--save"]).arg(folder.path().join("b")).run().exits(2);
    assert_eq!(untouched.connections(), 0);
    let json = login(&service(&answers)).arg("--json").run();
    assert_eq!(json.exits(0).stdout, format!("{}\n", application()));
}

#[test]
fn the_password_is_given_as_in_register() {
    let unasked = Service::always(Answer::new(500, ""));
    let bare = || {
        Tool::new().env("DIDIT_AUTH_URL", unasked.base()).args(["login", EMAIL]).hiding(PASSWORD)
    };
    bare().stdin("").run().fails(2).stderr_has("DIDIT_PASSWORD").stderr_has("--password-stdin");
    bare().arg(PASSWORD).run().fails(2).stderr_has("password");
    bare().arg("--password-stdin").stdin("").run().fails(6);
    assert_eq!(unasked.connections(), 0);
    // An old account's password may not meet today's rules.
    let service = Service::always(Answer::new(401, ""));
    let old = Tool::new().env("DIDIT_AUTH_URL", service.base()).env("DIDIT_PASSWORD", "old one");
    old.args(["login", EMAIL]).hiding("old one").run().fails(4);
}
