//! `serve`: how it starts, and the way from no account to a first verdict.

mod connections;
mod credits;
mod decisions;
mod forms;
mod limits;
mod real_clients;
mod sessions;

use didit_face::server::Fault;
use serde_json::json;

use crate::support::Tool;
use crate::support::account::{EMAIL, PASSWORD};
use crate::support::server::{KEY, Server, different, same};

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
        let outcome = Tool::plain().arg("serve").args(arguments).run();
        outcome.fails(2).stderr_has("error: invalid value ").stderr_has("hint: ");
        outcome.stderr_has(&format!("for '{} <", arguments[0])).stderr_lacks("two words");
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

#[test]
fn a_fault_is_a_share_and_a_failure() {
    for good in ["0.05:503", "1:429", "0:503-after", "0.5:drop", "1:drop-after"] {
        assert!(good.parse::<Fault>().is_ok(), "{good}");
    }
    let ends = ["1:200-after", "1:503-before", "1:-after", "1:dropped"];
    let shares = ["", "0.05", "2:503", "-1:503", "NaN:503", "0.5:200", "0.5:99", "0.5:600"];
    for bad in shares.into_iter().chain(ends) {
        assert!(bad.parse::<Fault>().is_err(), "{bad}");
    }
}
