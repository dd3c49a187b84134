//! Ctrl-C: exit code 130, and a message about the running request.
#![cfg(unix)]

use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::support::bodies::APPROVED;
use crate::support::{Answer, KEY, Outcome, Photos, Service, Tool};

fn interrupted(mut child: Child, signal: &str) -> Outcome {
    let id = child.id().to_string();
    assert!(Command::new("kill").args([signal, &id]).status().unwrap().success());
    let since = Instant::now();
    while child.try_wait().unwrap().is_none() {
        assert!(since.elapsed() < Duration::from_secs(30), "still running");
        std::thread::sleep(Duration::from_millis(10));
    }
    let output = child.wait_with_output().unwrap();
    Outcome::new(output.status, &output.stdout, &output.stderr, KEY)
}

fn spawn(tool: Tool) -> Child {
    let mut command = tool.into_command();
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
}

fn wait_until(is_so: impl Fn() -> bool) {
    let since = Instant::now();
    while !is_so() {
        assert!(since.elapsed() < Duration::from_secs(30), "still waiting");
        std::thread::sleep(Duration::from_millis(10));
    }
}

#[test]
fn during_a_request() {
    let photos = Photos::new();
    for json in [None, Some("--json")] {
        let service = Service::start(|connection| {
            connection.request();
            connection.hang();
        });
        let child = spawn(Tool::matching(&service, &photos).args(json));
        wait_until(|| service.requests().len() == 1);
        let outcome = interrupted(child, "-INT");
        outcome.exits(130).stderr_has("interrupted").stderr_has("may have been processed");
        assert_eq!(outcome.stdout, "");
        assert_eq!(outcome.stderr.starts_with('{'), json.is_some(), "{outcome:#?}");
    }
}

/// As when a container is stopped, or a session is lost.
#[test]
fn other_signals_do_the_same() {
    let photos = Photos::new();
    for (signal, name) in [("-TERM", "SIGTERM"), ("-HUP", "SIGHUP")] {
        let service = Service::start(|connection| {
            connection.request();
            connection.hang();
        });
        let child = spawn(Tool::matching(&service, &photos));
        wait_until(|| service.requests().len() == 1);
        let outcome = interrupted(child, signal);
        outcome.fails(130).stderr_has(name).stderr_has("may have been processed");
    }
}

#[test]
fn before_anything_was_sent() {
    let service = Service::always(Answer::new(200, APPROVED));
    let photos = Photos::new();
    let pipe = photos.folder().join("pipe");
    assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    let tool = Tool::with_base(&service.base()).arg("match").args([&pipe, &photos.reference]);
    let child = spawn(tool);
    // Opens only once the tool reads, so its handler is in place.
    let _writer = std::fs::File::options().write(true).open(&pipe).unwrap();
    let outcome = interrupted(child, "-INT");
    outcome.fails(130).stderr_has("interrupted").stderr_lacks("may have been");
    assert_eq!(service.connections(), 0);
}

#[test]
fn while_waiting_for_a_decision() {
    let service = Service::always(Answer::new(200, r#"{"status": "In Review"}"#));
    let child = spawn(Tool::with_base(&service.base()).args(["decision", "a1b2", "--wait"]));
    wait_until(|| service.requests().len() == 1);
    let outcome = interrupted(child, "-INT");
    outcome.fails(130).stderr_has("interrupted").stderr_lacks("may have been");
}
