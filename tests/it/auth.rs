//! The key: where it comes from, and what is reported if there is no usable one.

use crate::support::{KEY, Outcome, Photos, Service, Tool};

/// A run without a usable key, which must not touch the service.
fn unsent(build: impl FnOnce(Tool) -> Tool) -> Outcome {
    let service = Service::approving();
    let tool = Tool::at(&service).without("DIDIT_API_KEY").pair(&Photos::new());
    let outcome = build(tool).run();
    assert_eq!(service.connections(), 0);
    outcome
}

#[test]
fn no_key() {
    let outcome = unsent(|tool| tool);
    outcome.fails(4).stderr_has("DIDIT_API_KEY").stderr_has("DIDIT_API_KEY_FILE");
    unsent(|tool| tool.env("DIDIT_API_KEY", "").env("DIDIT_API_KEY_FILE", "")).fails(4);
}

#[test]
fn keys_that_do_not_fit_in_a_header() {
    for blank in [" ", "\t \n"] {
        unsent(|tool| tool.env("DIDIT_API_KEY", blank)).fails(4).stderr_has("empty");
    }
    for key in
        ["half\nhalf", "half\r\nx-evil: 1", "half half", "h\u{7f}lf", "h\u{1b}lf", "hälf", "“half”"]
    {
        let outcome = unsent(|tool| tool.env("DIDIT_API_KEY", key).hiding(key));
        outcome.fails(4).stderr_has("DIDIT_API_KEY").stderr_lacks("half");
    }
}

#[cfg(unix)]
#[test]
fn a_key_that_is_not_utf8() {
    use std::os::unix::ffi::OsStrExt;
    let key = std::ffi::OsStr::from_bytes(b"half\xff");
    unsent(|tool| tool.env("DIDIT_API_KEY", key)).fails(4).stderr_lacks("half");
}

#[test]
fn white_space_around_the_key_is_trimmed() {
    let service = Service::approving();
    let key = format!(" {KEY}\r\n");
    Tool::matching(&service, &Photos::new()).env("DIDIT_API_KEY", key).run().exits(0);
    assert_eq!(service.only_request().header("x-api-key"), [KEY]);
}

#[test]
fn a_key_file_is_read() {
    let service = Service::approving();
    let photos = Photos::new();
    let file = photos.add("key", format!("{KEY}\n").as_bytes());
    let tool = Tool::matching(&service, &photos).without("DIDIT_API_KEY");
    let outcome = tool.env("DIDIT_API_KEY_FILE", file).run();
    outcome.exits(0).details_have("DIDIT_API_KEY_FILE");
    assert_eq!(service.only_request().header("x-api-key"), [KEY]);
}

#[test]
fn an_empty_variable_falls_back_to_the_file() {
    let service = Service::approving();
    let photos = Photos::new();
    let file = photos.add("key", KEY.as_bytes());
    let tool = Tool::matching(&service, &photos).env("DIDIT_API_KEY", "");
    tool.env("DIDIT_API_KEY_FILE", file).run().exits(0);
}

#[cfg(unix)]
#[test]
fn a_key_file_that_others_can_read_gets_a_warning() {
    use std::fs::{Permissions, set_permissions};
    use std::os::unix::fs::PermissionsExt;
    for (mode, is_warned) in [(0o600, false), (0o640, true), (0o604, true)] {
        let service = Service::approving();
        let photos = Photos::new();
        let file = photos.add("key", KEY.as_bytes());
        set_permissions(&file, Permissions::from_mode(mode)).unwrap();
        let tool = Tool::matching(&service, &photos).without("DIDIT_API_KEY");
        let outcome = tool.env("DIDIT_API_KEY_FILE", file).run();
        outcome.exits(0);
        assert_eq!(outcome.stderr.contains("warning: "), is_warned, "{outcome:#?}");
        assert_eq!(outcome.stderr.contains("run: chmod 600 /"), is_warned, "{outcome:#?}");
    }
}

#[test]
fn key_files_without_a_key() {
    let photos = Photos::new();
    for (bytes, why) in [
        (b"".as_slice(), "empty"),
        (b"\n\n", "empty"),
        (b"half\nhalf\n", "more than one line"),
        (b"half\xff", "is not text"),
        ("h".repeat(20_000).as_bytes(), "too long"),
    ] {
        let file = photos.add("key", bytes);
        let outcome = unsent(|tool| tool.env("DIDIT_API_KEY_FILE", &file).hiding("half"));
        outcome.fails(4).stderr_has("DIDIT_API_KEY_FILE").stderr_has(file.to_str().unwrap());
        outcome.stderr_has(why);
    }
    for path in ["/nowhere/key", photos.folder().to_str().unwrap()] {
        let outcome = unsent(|tool| tool.env("DIDIT_API_KEY_FILE", path));
        outcome
            .fails(4)
            .stderr_has("DIDIT_API_KEY_FILE")
            .stderr_has(path)
            .stderr_has("--save FILE");
    }
}

#[test]
fn the_variable_beats_the_file() {
    let service = Service::approving();
    let photos = Photos::new();
    let file = photos.add("key", b"another-key");
    let tool = Tool::matching(&service, &photos).env("DIDIT_API_KEY_FILE", file);
    tool.run().exits(0).details_have("key: from DIDIT_API_KEY\n");
    assert_eq!(service.only_request().header("x-api-key"), [KEY]);
    let unreadable = Tool::matching(&service, &photos).env("DIDIT_API_KEY_FILE", "/nowhere");
    unreadable.run().exits(0);
}

/// As from `DIDIT_API_KEY_FILE=<(pass show didit)`.
#[cfg(unix)]
#[test]
fn a_password_manager_can_hold_the_key() {
    let (service, photos) = (Service::approving(), Photos::new());
    let tool = Tool::matching(&service, &photos).without("DIDIT_API_KEY").arg("--quiet");
    let of = tool.into_command();
    let script = format!("DIDIT_API_KEY_FILE=<(printf '%s\\n' {KEY}) exec \"$@\"");
    let mut shell = std::process::Command::new("bash");
    shell.args(["-c", &script, "bash"]).arg(of.get_program()).args(of.get_args()).env_clear();
    shell.envs(of.get_envs().filter_map(|(name, value)| Some((name, value?))));
    crate::support::Outcome::of(&shell.output().unwrap()).exits(0).stderr_lacks("error");
    assert_eq!(service.only_request().header("x-api-key"), [KEY]);
}
