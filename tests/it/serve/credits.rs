//! Credits: what a verdict costs, topping up, and the sandbox, which bills nothing.

use serde_json::json;

use crate::support::photos::sample;
use crate::support::server::{Server, request_id, same};

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
fn a_missing_face_is_answered_as_the_service_does() {
    let folder = tempfile::tempdir().unwrap();
    let blank = folder.path().join("blank.png");
    image::RgbImage::from_pixel(300, 300, image::Rgb([90, 120, 150])).save(&blank).unwrap();
    let server = Server::start(&["--credits", "2"]);
    let matching = |arguments: &[&str]| {
        let pair = [sample("astronaut.png"), blank.clone()];
        server.tool().arg("match").args(pair).args(arguments).run()
    };
    for (arguments, score) in [(&["--json"][..], json!(null)), (&["--json", "--no-save"], json!(0))]
    {
        let outcome = matching(arguments);
        let answer = outcome.exits(1).json();
        assert_eq!(answer["face_match"]["score"], score);
        let risks = answer["face_match"]["warnings"].as_array().unwrap().iter();
        assert!(risks.map(|warning| &warning["risk"]).any(|risk| risk == "NO_REFERENCE_IMAGE"));
    }
    matching(&[]).fails(5);
    let server = Server::start(&["--sandbox", "--credits", "0"]);
    let pair = [sample("astronaut.png"), blank];
    let outcome = server.tool().arg("match").args(pair).arg("--no-save").run();
    outcome.exits(1).stdout_has("take another photo").stdout_has("no_face");
    outcome.stdout_lacks("different people");
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
