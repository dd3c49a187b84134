//! stdout and stderr: closed, full, coloured or not.

use std::io::{BufRead, BufReader};
use std::process::Stdio;

use crate::support::bodies::{APPROVED, DECLINED};
use crate::support::{Answer, Outcome, Photos, Service, Tool};

const ESC: char = '\u{1b}';

fn answering(body: &str) -> Service {
    Service::always(Answer::new(200, body))
}

fn judged(build: impl FnOnce(Tool) -> Tool) -> Outcome {
    build(Tool::matching(&answering(APPROVED), &Photos::new())).run()
}

#[test]
fn a_closed_pipe_keeps_the_exit_code() {
    for (body, code) in [(APPROVED, 0), (DECLINED, 1)] {
        for json in [None, Some("--json")] {
            let service = answering(body);
            let photos = Photos::new();
            let mut command = Tool::matching(&service, &photos).args(json).into_command();
            let (reader, writer) = std::io::pipe().unwrap();
            drop(reader);
            let output = command.stdout(writer).stderr(Stdio::piped()).output().unwrap();
            let outcome = Outcome::of(&output);
            outcome.exits(code);
            assert_eq!(outcome.stderr, "");
        }
    }
}

#[test]
fn a_closed_stderr_keeps_the_exit_code() {
    let service = answering(DECLINED);
    let photos = Photos::new();
    let mut command = Tool::matching(&service, &photos).into_command();
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    assert_eq!(command.stdout(Stdio::null()).stderr(writer).status().unwrap().code(), Some(1));
}

#[test]
fn a_reader_may_take_only_one_line() {
    let service = answering(APPROVED);
    let photos = Photos::new();
    let mut command = Tool::matching(&service, &photos).into_command();
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    assert!(line.starts_with("Approved"), "{line}");
    assert_eq!(child.wait().unwrap().code(), Some(0));
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_an_error() {
    use std::fs::File;

    for options in [&[][..], &["--json"]] {
        let service = answering(APPROVED);
        let photos = Photos::new();
        let mut command = Tool::matching(&service, &photos).args(options).into_command();
        let full = File::options().write(true).open("/dev/full").unwrap();
        let output = command.stdout(full).stderr(Stdio::piped()).output().unwrap();
        let outcome = Outcome::of(&output);
        outcome.exits(11).stderr_has("standard output");
    }
    let full = File::options().write(true).open("/dev/full").unwrap();
    let mut command = Tool::plain().arg("--help").into_command();
    assert_eq!(command.stdout(full).stderr(Stdio::null()).status().unwrap().code(), Some(11));
}

#[test]
fn a_pipe_gets_no_colours() {
    let outcome = judged(|tool| tool.env("TERM", "xterm-256color"));
    assert!(!outcome.exits(0).stdout.contains(ESC), "{outcome:#?}");
    let failure = Tool::new().args(["match", "/nowhere", "/nowhere"]).run();
    assert!(!failure.fails(6).stderr.contains(ESC));
}

#[test]
fn the_colour_flag_beats_the_variables() {
    for (flag, variables, is_coloured) in [
        (Some("always"), &[][..], true),
        (Some("always"), &[("NO_COLOR", "1"), ("TERM", "dumb")], true),
        (Some("never"), &[("CLICOLOR_FORCE", "1")], false),
        (Some("auto"), &[], false),
        (Some("auto"), &[("CLICOLOR_FORCE", "1")], true),
        (None, &[("CLICOLOR_FORCE", "1")], true),
        (None, &[("CLICOLOR_FORCE", "0")], false),
        (None, &[("FORCE_COLOR", "1")], true),
        (None, &[("FORCE_COLOR", "0")], false),
        (None, &[("FORCE_COLOR", "1"), ("NO_COLOR", "1")], false),
        (None, &[("CLICOLOR_FORCE", "")], false),
        (None, &[("CLICOLOR_FORCE", "1"), ("NO_COLOR", "1")], false),
        (None, &[("CLICOLOR_FORCE", "1"), ("NO_COLOR", "")], true),
    ] {
        let set = |tool: Tool| {
            let tool = variables.iter().fold(tool, |tool, (name, value)| tool.env(name, value));
            tool.args(flag.map(|when| format!("--color={when}")))
        };
        let outcome = judged(set);
        assert_eq!(outcome.exits(0).stdout.contains(ESC), is_coloured, "{flag:?} {variables:?}");
        let failure = set(Tool::new()).args(["match", "/nowhere", "/nowhere"]).run();
        assert_eq!(failure.exits(6).stderr.contains(ESC), is_coloured, "{flag:?} {variables:?}");
    }
}

#[test]
fn json_is_never_coloured() {
    let outcome = judged(|tool| tool.args(["--json", "--color", "always"]));
    assert_eq!(outcome.exits(0).stdout, format!("{APPROVED}\n"));
    let tool = Tool::new().args(["match", "/nowhere", "/nowhere", "--json", "--color=always"]);
    let failure = tool.run();
    assert!(!failure.exits(6).stderr.contains(ESC));
}

#[test]
fn the_colours_only_repeat_what_the_words_say() {
    let plain = judged(|tool| tool);
    let coloured = judged(|tool| tool.args(["--color", "always"]));
    for word in plain.stdout.lines().next().unwrap().split_whitespace() {
        coloured.stdout_has(word);
    }
}

#[test]
fn help_and_version_are_results() {
    for (arguments, said) in [
        (["--help"].as_slice(), "Exit codes:"),
        (&["-h"], "Exit codes:"),
        (&["help", "match"], "--threshold"),
        (&["match", "--help"], "--threshold"),
        (&["--version"], env!("CARGO_PKG_VERSION")),
        (&["-V"], env!("CARGO_PKG_VERSION")),
        (&["completions", "bash"], "didit-face"),
        (&["man"], ".TH \"didit-face\""),
    ] {
        let outcome = Tool::plain().args(arguments).run();
        outcome.exits(0).stdout_has(said);
        assert_eq!(outcome.stderr, "", "{arguments:?}");
        assert!(!outcome.stdout.contains(ESC), "{arguments:?}");
    }
}

#[test]
fn quiet_keeps_the_error_and_drops_the_hint() {
    let outcome = Tool::new().without("DIDIT_API_KEY").pair(&Photos::new()).arg("-q").run();
    outcome.fails(4).stderr_lacks("hint: ");
}
