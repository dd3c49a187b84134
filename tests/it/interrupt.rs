//! Ctrl-C: exit code 130, and a message about the running request.
#![cfg(unix)]

use std::process::{Child, Command};

use rustix::process::Signal;

use crate::support::process::{ended, signal, wait_until};
use crate::support::{Answer, MAYBE_PAID, Outcome, Photos, Service, Tool};

fn interrupted(child: Child, name: Signal) -> Outcome {
    signal(&child, name);
    ended(child)
}

#[test]
fn during_a_request() {
    let photos = Photos::new();
    for json in [None, Some("--json")] {
        let service = Service::silent();
        let child = Tool::matching(&service, &photos).args(json).spawn();
        wait_until(|| service.requests().len() == 1);
        let outcome = interrupted(child, Signal::INT);
        outcome.exits(130).stderr_has("interrupted").stderr_has(MAYBE_PAID);
        assert_eq!(outcome.stdout, "");
        assert_eq!(outcome.stderr.starts_with('{'), json.is_some(), "{outcome:#?}");
    }
}

/// As when a container is stopped, or a session is lost.
#[test]
fn other_signals_do_the_same() {
    let photos = Photos::new();
    for (signal, name) in [(Signal::TERM, "SIGTERM"), (Signal::HUP, "SIGHUP")] {
        let service = Service::silent();
        let child = Tool::matching(&service, &photos).args(["--vendor-data", "user-7"]).spawn();
        wait_until(|| service.requests().len() == 1);
        let outcome = interrupted(child, signal);
        outcome.fails(130).stderr_has(name).stderr_has(MAYBE_PAID);
        outcome.stderr_has("didit-face decision --vendor-data user-7\n");
    }
}

#[test]
fn before_anything_was_sent() {
    let service = Service::approving();
    let photos = Photos::new();
    let pipe = photos.folder().join("pipe");
    assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    let tool = Tool::at(&service).arg("match").args([&pipe, &photos.reference]);
    let child = tool.spawn();
    // Opens only once the tool reads, so its handler is in place.
    let _writer = std::fs::File::options().write(true).open(&pipe).unwrap();
    let outcome = interrupted(child, Signal::INT);
    outcome.fails(130).stderr_has("interrupted").stderr_lacks("may have been");
    assert_eq!(service.connections(), 0);
}

#[test]
fn while_waiting_for_a_decision() {
    let service = Service::always(Answer::new(200, r#"{"status": "In Review"}"#));
    let child = Tool::at(&service).args(["decision", "a1b2", "--wait"]).spawn();
    wait_until(|| service.requests().len() == 1);
    let outcome = interrupted(child, Signal::INT);
    outcome.fails(130).stderr_has("interrupted").stderr_lacks("may have been");
}

/// The verdict is paid: it is shown, with the command that asks again.
#[test]
fn while_waiting_for_a_review() {
    let id = "7cdda24e-311a-46d3-a3bb-e5d9b564ce73";
    let matched = format!(
        r#"{{"request_id": "{id}", "face_match": {{"status": "In Review", "score": 60}}}}"#
    );
    for (option, shown, hangs) in [
        ("--wait", "In Review", false),
        ("--json", r#""decision": null}"#, true),
        ("--json=verdict", r#""verdict":"In Review""#, false),
        ("--json=verdict", r#""exit_code":130"#, true),
    ] {
        let matched = matched.clone();
        let service = Service::start(move |connection| {
            while connection.request() {
                let answer = match connection.last().method.as_str() {
                    "POST" => Answer::new(200, &matched),
                    _ if hangs => return connection.hang(),
                    _ => Answer::new(200, r#"{"status": "In Review"}"#),
                };
                connection.send(answer.bytes());
            }
        });
        let photos = Photos::new();
        let child = Tool::matching(&service, &photos).args(["--wait", option]).spawn();
        wait_until(|| service.requests().len() == 2);
        let outcome = interrupted(child, Signal::INT);
        outcome
            .exits(130)
            .stdout_has(shown)
            .stderr_has(&format!("didit-face decision {id} --wait"));
        assert!(
            outcome.stdout.ends_with('\n') && outcome.stdout.matches(id).count() == 1,
            "{outcome:#?}"
        );
    }
}
