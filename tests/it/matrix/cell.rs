//! One command and one fault.

use std::fs;
use std::time::Duration;

use serde_json::Value;

use super::commands::{COMMANDS, Command, JOURNAL, Secret};
use super::faults::{Fault, Peer};
use super::stage::{Scenery, Stage};
use crate::support::message::Request;
use crate::support::traces::{count, traces};
use crate::support::{KEY, Outcome, Photos, Service, timed};

/// The longest that a cell may take.
const PATIENCE: Duration = Duration::from_secs(10);
/// The address space of a cell in kilobytes: less than any bomb.
#[cfg(target_os = "linux")]
const MEMORY: u32 = 500_000;
/// What two sockets buffer of an unread answer.
const BUFFERED: usize = 16 * 1024 * 1024;
/// The words that say that a request may have been processed, and paid.
const MAY_BE_DONE: [&str; 6] = [
    "may have been processed",
    "costs a credit",
    "the code may be used up",
    "may already be registered",
    "may be verified",
    "may be on its way",
];

/// A command's outcome; for `batch`, that of its only pair.
struct End {
    code: u64,
    message: String,
    hint: Option<String>,
    may_be_done: bool,
}

/// Runs the command, checks everything visible, and returns its cell for the table.
pub(super) fn check(stage: &Stage, fault: &Fault, command: &Command) -> String {
    let (photos, scenery) = (Photos::new(), stage.set(fault, command));
    let tool = command.at(&scenery.base(), &photos);
    let tool = scenery.environment.iter().fold(tool, |tool, (name, value)| tool.env(name, value));
    #[cfg(target_os = "linux")]
    let tool = tool.within(MEMORY);
    let (outcome, elapsed) = timed(|| tool.run());
    assert!(elapsed < PATIENCE, "{elapsed:?}: {outcome:#?}");
    let (own, end) = match command.name {
        "batch" => of_batch(&outcome, &photos),
        _ => (outcome.code.unwrap(), of_output(&outcome)),
    };
    if own == 0 {
        assert_eq!(fault.says, "", "{outcome:#?}");
    } else {
        without_notes(&outcome).fails(own);
        is_helpful(&end, fault, &scenery);
    }
    let requests = outcome.details.iter().filter(|line| line.starts_with("> ")).count();
    is_kept_secret(command, &outcome, &scenery);
    is_sent(command, &fault.peer, &scenery, requests);
    let open = if end.may_be_done { "?" } else { "" };
    let place = COMMANDS.iter().position(|other| other.name == command.name).unwrap();
    let (expected, seen) = (fault.expected[place], format!("{}{open}/{requests}", end.code));
    assert_eq!(seen, expected, "{outcome:#?}");
    if i32::try_from(end.code) == Ok(own) {
        format!("{own}{open} / {requests}")
    } else {
        format!("{own} ({}{open}) / {requests}", end.code)
    }
}

fn of_output(outcome: &Outcome) -> End {
    let line = |label| outcome.stderr.lines().find_map(|line| line.strip_prefix(label));
    End {
        code: outcome.code.unwrap().try_into().unwrap(),
        message: line("error: ").unwrap_or_default().to_owned(),
        hint: line("hint: ").map(str::to_owned),
        may_be_done: MAY_BE_DONE.iter().any(|words| outcome.stderr.contains(words)),
    }
}

/// The run's exit code, and the record of its only pair.
fn of_batch(outcome: &Outcome, photos: &Photos) -> (i32, End) {
    let journal = fs::read_to_string(photos.folder().join(JOURNAL)).unwrap();
    let record: Value = serde_json::from_str(journal.lines().last().unwrap()).unwrap();
    let (code, error) = (record["exit_code"].as_u64().unwrap(), &record["error"]);
    // What every other pair would meet ends the run with its code.
    let own = outcome.code.unwrap();
    assert!(own == 10 || u64::try_from(own) == Ok(code), "{outcome:#?}");
    let end = End {
        code,
        message: error["message"].as_str().unwrap_or_default().to_owned(),
        hint: error["hint"].as_str().map(str::to_owned),
        may_be_done: error["charged"] == "maybe",
    };
    (own, end)
}

/// Without what `batch` reports about the whole run.
fn without_notes(outcome: &Outcome) -> Outcome {
    let is_note = |line: &&str| line.starts_with("note: ");
    let rest = outcome.stderr.split_inclusive('\n').filter(|line| !is_note(line)).collect();
    Outcome { stderr: rest, details: Vec::new(), stdout: outcome.stdout.clone(), ..*outcome }
}

/// It says what happened, where, and what to do.
#[track_caller]
fn is_helpful(end: &End, fault: &Fault, scenery: &Scenery) {
    let End { message, hint, .. } = end;
    assert!(message.contains(fault.says), "no {:?} in {message:?}", fault.says);
    assert!(hint.as_ref().is_some_and(|hint| !hint.is_empty()), "no next step: {message}");
    let is_named = message.contains(&scenery.authority) || message.contains("the service's answer");
    assert!(is_named, "whose fault is it? {message:?}");
}

/// No secret in the output, in any form.
#[track_caller]
fn is_kept_secret(command: &Command, outcome: &Outcome, scenery: &Scenery) {
    let Outcome { stdout, stderr, details, .. } = outcome;
    let shown = [stdout.as_str(), stderr.as_str(), &details.concat()].concat();
    for secret in command.others().into_iter().chain([command.own()]) {
        assert_eq!(traces(shown.as_bytes(), secret.as_bytes()), 0, "{secret}: {outcome:#?}");
    }
    assert_eq!(scenery.elsewhere.connections(), 0, "{outcome:#?}");
}

/// Checks the number of requests, each with its secret in its place.
#[track_caller]
fn is_sent(command: &Command, peer: &Peer, scenery: &Scenery, requests: usize) {
    let Some(service) = &scenery.service else { return };
    let (heard, own) = (service.heard(), command.own().as_bytes());
    for other in command.others() {
        assert_eq!(traces(&heard, other.as_bytes()), 0, "{other} was sent");
    }
    let whole = service.requests();
    let is_gzip = |request: &Request| request.header("accept-encoding") == ["gzip"];
    assert!(whole.iter().all(|r| r.method == "CONNECT" || is_gzip(r)), "{whole:?}");
    match peer {
        Peer::Proxy(_) => {
            assert!(whole.iter().all(|request| request.method == "CONNECT"), "{whole:?}");
            // One more asks for the status of a refused tunnel.
            assert!(whole.len() == requests || whole.len() == requests + 1, "{whole:?}");
            assert_eq!(traces(&heard, own), 0);
        }
        Peer::Distrusted(_) | Peer::Clear(_) | Peer::SlowClear(_) => {
            assert_eq!((service.connections(), whole.len()), (requests, 0));
            assert_eq!(traces(&heard, own), 0, "it was sent");
        }
        Peer::Deaf(_) => {
            assert_eq!((service.connections(), whole.len()), (requests, 0));
            assert_eq!(traces(&heard, own), in_its_place(command, service), "it is elsewhere too");
        }
        _ => {
            assert_eq!(whole.len(), requests);
            assert_eq!(in_its_place(command, service), requests, "{whole:?}");
            assert_eq!(traces(&heard, own), requests, "it is elsewhere too");
        }
    }
    assert!(service.pushed() < BUFFERED, "{}", service.pushed());
}

/// How many times the secret is in its place.
fn in_its_place(command: &Command, service: &Service) -> usize {
    let place = match command.secret {
        Secret::Key => format!("\r\nx-api-key: {KEY}\r\n"),
        Secret::InBody(secret) => format!(":\"{secret}\""),
    };
    count(&service.heard(), place.as_bytes())
}
