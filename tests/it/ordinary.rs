//! The ordinary case: each command makes one request and exits with 0.

use mockito::{Matcher, Mock, Server, ServerGuard};

use crate::support::bodies::APPROVED;
use crate::support::{KEY, Outcome, Photos, Tool};

/// The expected request, made once, with the key.
fn asked(server: &mut ServerGuard, method: &str, path: &str) -> Mock {
    server.mock(method, path).match_header("x-api-key", KEY).expect(1)
}

fn run(server: &ServerGuard, arguments: &[&str]) -> Outcome {
    Tool::with_base(&server.url()).args(arguments).run()
}

#[test]
fn a_match_is_one_form() {
    let mut server = Server::new();
    let form = Matcher::Regex("^multipart/form-data; boundary=.+".to_owned());
    let fields = ["user_image", "ref_image", "face_match_score_decline_threshold", "rotate_image"];
    let names = fields.map(|name| Matcher::Regex(format!("name=\"{name}\"")));
    let mock = asked(&mut server, "POST", "/v3/face-match/")
        .match_header("content-type", form)
        .match_body(Matcher::AllOf(names.to_vec()))
        .with_body(APPROVED)
        .create();
    Tool::with_base(&server.url()).pair(&Photos::new()).run().exits(0).stdout_has("Approved");
    mock.assert();
}

#[test]
fn a_balance_is_looked_up() {
    let mut server = Server::new();
    let mock = asked(&mut server, "GET", "/v3/billing/balance/")
        .with_body(r#"{"balance": "1234.5600", "auto_refill_enabled": false}"#)
        .create();
    run(&server, &["balance"]).exits(0).stdout_has("1234.56");
    mock.assert();
}

#[test]
fn a_top_up_asks_for_its_amount() {
    let mut server = Server::new();
    let mock = asked(&mut server, "POST", "/v3/billing/top-up/")
        .match_body(Matcher::JsonString(
            r#"{"amount_in_dollars": 50, "success_url": "https://business.didit.me",
                "cancel_url": "https://business.didit.me"}"#
                .to_owned(),
        ))
        .with_body(
            r#"{"checkout_session_id": "cs_1", "checkout_session_url": "https://pay.example/1"}"#,
        )
        .create();
    assert_eq!(run(&server, &["top-up", "50"]).exits(0).stdout, "https://pay.example/1\n");
    mock.assert();
}

#[test]
fn a_decision_is_looked_up_by_its_id() {
    let mut server = Server::new();
    let id = "7cdda24e-311a-46d3-a3bb-e5d9b564ce73";
    let body = format!(r#"{{"session_id": "{id}", "status": "Approved"}}"#);
    let mock =
        asked(&mut server, "GET", &format!("/v3/session/{id}/decision/")).with_body(body).create();
    run(&server, &["decision", id]).exits(0).stdout_has("Approved");
    mock.assert();
}
