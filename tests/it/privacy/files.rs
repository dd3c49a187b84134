//! Files are private despite the umask, and no others are written.
#![cfg(unix)]

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::process::Command;

use tempfile::TempDir;

use super::{service, tool};
use crate::support::account::{CODE, EMAIL};
use crate::support::process::{mode, wait_until};
use crate::support::{Photos, Service, Tool, names};

/// Runs it with a umask of 0.
fn run_open_to_all(tool: Tool) {
    let output = tool.after("umask 000").output().unwrap();
    assert!(output.status.success(), "{output:?}");
}

#[track_caller]
fn are_empty<const N: usize>(folders: [&TempDir; N]) {
    for folder in &folders {
        assert_eq!(names(folder.path()), Vec::<String>::new());
    }
}

#[test]
fn every_file_is_private() {
    let (service, photos) = (service(), Photos::new());
    let path = |name: &str| photos.folder().join(name);
    photos.add("pairs.csv", b"user_image,ref_image\nselfie.jpg,id card.png\n");
    let tool = || tool(&service);
    let written = |name: &str, tool: Tool| {
        run_open_to_all(tool.arg(path(name)));
        assert_eq!(mode(path(name)), 0o600, "{name}");
    };
    written("key", tool().args(["verify", EMAIL, CODE, "--save"]));
    written("key from login", tool().args(["login", EMAIL, "--save"]));
    let batch = tool().arg("batch").arg(path("pairs.csv"));
    written("journal", batch.arg("--base-dir").arg(photos.folder()).arg("-o"));
    written("report.html", tool().arg("report").arg(path("journal")).arg("-o"));
    {
        let photo = photos.add("photo.jpg", &crate::photos::sample("grace_hopper.jpg"));
        written("picture", tool().arg("match").args([&photo, &photo]).arg("--annotate"));
    }
    // The control: the umask has its effect.
    let made = path("made");
    let mut shell = Command::new("sh");
    shell.args(["-c", "umask 000; : > \"$0\""]).arg(&made);
    assert!(shell.status().unwrap().success());
    assert_eq!(mode(&made), 0o666);
}

#[test]
fn replaced_files_are_private_too() {
    let (service, folder) = (service(), tempfile::tempdir().unwrap());
    let key = folder.path().join("key");
    fs::write(&key, "old").unwrap();
    fs::set_permissions(&key, fs::Permissions::from_mode(0o666)).unwrap();
    let save = tool(&service).args(["verify", EMAIL, CODE, "--force", "--save"]).arg(&key);
    run_open_to_all(save);
    assert_eq!(mode(&key), 0o600);
}

/// The file is only made after the answer, so a killed run leaves none.
#[test]
fn a_run_killed_while_it_waits_leaves_no_file() {
    let service = Service::silent();
    let (folder, temporary) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let key = folder.path().join("key");
    let run = tool(&service).env("TMPDIR", temporary.path());
    let mut child = run.args(["verify", EMAIL, CODE, "--save"]).arg(&key).spawn();
    wait_until(|| !service.requests().is_empty());
    are_empty([&folder, &temporary]);
    child.kill().unwrap();
    child.wait().unwrap();
    are_empty([&folder, &temporary]);
}

/// A manifest from a pipe is read twice, from an unnamed file.
#[cfg(target_os = "linux")]
#[test]
fn a_manifest_from_a_pipe_leaves_no_file() {
    use std::io::Write;
    use std::process::Stdio;

    let service = Service::silent();
    let (photos, temporary) = (Photos::new(), tempfile::tempdir().unwrap());
    let run = tool(&service).env("TMPDIR", temporary.path()).args(["batch", "-", "-o"]);
    let run = run.arg(photos.folder().join("journal")).arg("--base-dir").arg(photos.folder());
    let (reader, mut writer) = std::io::pipe().unwrap();
    let mut run = run.into_command();
    run.stdin(reader).stdout(Stdio::null()).stderr(Stdio::null());
    let mut child = run.spawn().unwrap();
    writer.write_all(b"user_image,ref_image\nselfie.jpg,id card.png\n").unwrap();
    drop(writer);
    wait_until(|| !service.requests().is_empty());
    are_empty([&temporary]);
    child.kill().unwrap();
    child.wait().unwrap();
}
