//! What other processes can see of a run, and of its memory when it crashes.

use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::process::{Child, Command, Stdio};

use rustix::process::Signal;

use super::{service, tool};
use crate::support::account::{EMAIL, PASSWORD};
use crate::support::process::{signal, wait_until};
use crate::support::traces::traces;
use crate::support::{KEY, Photos, Service, Tool, names};

/// A user other than root.
const NOBODY: u32 = 65_534;

/// `command`, once its request is sent.
fn started(mut command: Command, service: &Service) -> Child {
    command.stdout(Stdio::null()).stderr(Stdio::null()).stdin(Stdio::piped());
    let mut child = command.spawn().unwrap();
    // For commands that read a password from stdin.
    let mut stdin = child.stdin.take().unwrap();
    let _ = std::io::Write::write_all(&mut stdin, PASSWORD.as_bytes());
    drop(stdin);
    wait_until(|| !service.requests().is_empty());
    child
}

fn is_root() -> bool {
    fs::metadata("/proc/self").unwrap().uid() == 0
}

#[test]
fn a_crash_leaves_no_core_dump() {
    let (service, folder) = (Service::silent(), tempfile::tempdir().unwrap());
    let mut shell = tool(&service).arg("balance").after("ulimit -S -c $(ulimit -H -c)");
    shell.current_dir(folder.path());
    let mut child = started(shell, &service);
    let limits = fs::read_to_string(format!("/proc/{}/limits", child.id())).unwrap();
    let core = limits.lines().find_map(|line| line.strip_prefix("Max core file size"));
    assert_eq!(core.and_then(|line| line.split_whitespace().next()), Some("0"), "{limits}");
    signal(&child, Signal::ABORT);
    let status = child.wait().unwrap();
    assert_eq!((status.signal(), status.core_dumped()), (Some(6), false));
    assert_eq!(names(folder.path()).len(), 0);
}

/// Tests the environment instead of the memory: the kernel protects both alike.
#[test]
fn other_processes_of_the_same_user_cannot_look_inside() {
    let service = Service::silent();
    let as_user = |mut command: Command| {
        // Root may read everything, so as root the test looks as another user.
        if is_root() {
            command.uid(NOBODY).gid(NOBODY);
        }
        command
    };
    let environment = |child: &Child| {
        let mut look = as_user(Command::new("cat"));
        look.arg(format!("/proc/{}/environ", child.id())).output().unwrap()
    };
    let run = as_user(tool(&service).arg("balance").into_command());
    let mut child = started(run, &service);
    let seen = environment(&child);
    assert!(!seen.status.success() && seen.stdout.is_empty(), "{seen:?}");
    child.kill().unwrap();
    child.wait().unwrap();

    let mut sleep = as_user(Command::new("sleep"));
    let mut sleep = sleep.arg("30").env("DIDIT_API_KEY", KEY).spawn().unwrap();
    while traces(&environment(&sleep).stdout, KEY.as_bytes()) == 0 {
        assert!(sleep.try_wait().unwrap().is_none(), "control: other processes can read it");
    }
    sleep.kill().unwrap();
    sleep.wait().unwrap();
}

#[test]
fn no_secret_is_on_a_command_line() {
    let photos = Photos::new();
    let file = photos.add("key", format!("{KEY}\n").as_bytes());
    let with_file = |service: &Service| {
        let tool = tool(service).without("DIDIT_API_KEY").without("DIDIT_PASSWORD");
        tool.env("DIDIT_API_KEY_FILE", &file)
    };
    for arguments in [&["balance"][..], &["register", EMAIL, "--password-stdin"]] {
        let service = Service::silent();
        let mut child = started(with_file(&service).args(arguments).into_command(), &service);
        for place in ["cmdline", "environ"] {
            // As root, the test sees what other users can't.
            let seen = fs::read(format!("/proc/{}/{place}", child.id())).unwrap_or_default();
            for secret in [KEY, PASSWORD] {
                assert_eq!(traces(&seen, secret.as_bytes()), 0, "{secret} in {place}");
            }
        }
        child.kill().unwrap();
        child.wait().unwrap();
    }
}

/// The arguments and the environment of the browser that `top-up --open` starts.
fn given_to_the_browser(prepare: impl Fn(Tool) -> Tool) -> (Vec<String>, Vec<String>) {
    let (service, folder) = (service(), tempfile::tempdir().unwrap());
    let (browser, seen) = (folder.path().join("browser"), folder.path().join("seen"));
    let script = format!(
        "#!/bin/sh\nprintf '%s\\n' \"$@\" > {0}.part\necho == >> {0}.part\nenv >> {0}.part\nmv {0}.part {0}\n",
        seen.display()
    );
    fs::write(&browser, script).unwrap();
    fs::set_permissions(&browser, fs::Permissions::from_mode(0o755)).unwrap();
    let tool = tool(&service).args(["top-up", "50", "--open"]).env("BROWSER", &browser);
    prepare(tool).run().exits(0);
    wait_until(|| seen.exists());
    let seen = fs::read_to_string(seen).unwrap();
    let (arguments, environment) = seen.split_once("==\n").unwrap();
    let lines = |text: &str| text.lines().map(str::to_owned).collect();
    (lines(arguments), lines(environment))
}

#[test]
fn a_browser_gets_only_the_url() {
    let folder = Photos::new();
    let file = folder.add("key", format!("{KEY}\n").as_bytes());
    let (arguments, environment) = given_to_the_browser(|tool| {
        let tool = tool.without("DIDIT_API_KEY").without("DIDIT_PASSWORD");
        tool.env("DIDIT_API_KEY_FILE", &file)
    });
    assert_eq!(arguments, ["https://pay.example/c/1"]);
    assert_eq!(traces(environment.concat().as_bytes(), KEY.as_bytes()), 0);
    // It inherits the user's variables; the script's shell adds its own.
    let (_, environment) = given_to_the_browser(|tool| tool);
    let known = ["PATH", "BROWSER", "DIDIT_", "PWD=", "OLDPWD=", "SHLVL=", "_="];
    for variable in environment {
        assert!(known.iter().any(|name| variable.starts_with(name)), "{variable}");
    }
}
