//! Files are private despite the umask, and no others are written.
#![cfg(unix)]

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use super::{CODE, EMAIL, service, tool};
use crate::support::{Photos, Service, Tool};

/// The tool in a shell with a umask of 0.
fn open_to_all(tool: Tool) -> Command {
    let tool = tool.into_command();
    let mut shell = Command::new("sh");
    shell.env_clear().envs(tool.get_envs().filter_map(|(name, value)| Some((name, value?))));
    shell.args(["-c", "umask 000; exec \"$0\" \"$@\""]).arg(tool.get_program());
    shell.args(tool.get_args());
    shell
}

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o777
}

#[test]
fn every_file_is_private() {
    let (service, photos) = (service(), Photos::new());
    let path = |name: &str| photos.folder().join(name);
    photos.add("pairs.csv", b"user_image,ref_image\nselfie.jpg,id card.png\n");
    let tool = || tool(&service);
    let written = |name: &str, tool: Tool| {
        let output = open_to_all(tool.arg(path(name))).output().unwrap();
        assert!(output.status.success(), "{output:?}");
        assert_eq!(mode(&path(name)), 0o600, "{name}");
    };
    written("key", tool().args(["verify", EMAIL, CODE, "--save"]));
    let batch = tool().arg("batch").arg(path("pairs.csv"));
    written("journal", batch.arg("--base-dir").arg(photos.folder()).arg("-o"));
    written("report.html", tool().arg("report").arg(path("journal")).arg("-o"));
    #[cfg(feature = "engine")]
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
    assert!(open_to_all(save).output().unwrap().status.success());
    assert_eq!(mode(&key), 0o600);
}

/// The file is only made after the answer, so a killed run leaves none.
#[test]
fn a_run_killed_while_it_waits_leaves_no_file() {
    let service = Service::start(|connection| {
        if connection.request() {
            connection.hang();
        }
    });
    let (folder, temporary) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let key = folder.path().join("key");
    let run = tool(&service).env("TMPDIR", temporary.path());
    let mut run = run.args(["verify", EMAIL, CODE, "--save"]).arg(&key).into_command();
    let mut child = run.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    while service.requests().is_empty() {
        std::thread::sleep(Duration::from_millis(5));
    }
    for folder in [folder.path(), temporary.path()] {
        assert_eq!(fs::read_dir(folder).unwrap().count(), 0, "while it waits");
    }
    child.kill().unwrap();
    child.wait().unwrap();
    for folder in [folder.path(), temporary.path()] {
        assert_eq!(fs::read_dir(folder).unwrap().count(), 0, "after it was killed");
    }
}

/// A manifest from a pipe is read twice, from an unnamed file.
#[cfg(target_os = "linux")]
#[test]
fn a_manifest_from_a_pipe_leaves_no_file() {
    let service = Service::start(|connection| {
        if connection.request() {
            connection.hang();
        }
    });
    let (photos, temporary) = (Photos::new(), tempfile::tempdir().unwrap());
    photos.add("pairs.csv", b"user_image,ref_image\nselfie.jpg,id card.png\n");
    let run = tool(&service).env("TMPDIR", temporary.path()).args(["batch", "-", "-o"]);
    let run = run.arg(photos.folder().join("journal")).arg("--base-dir").arg(photos.folder());
    let manifest = fs::File::open(photos.folder().join("pairs.csv")).unwrap();
    let mut pipe = Command::new("cat").stdin(manifest).stdout(Stdio::piped()).spawn().unwrap();
    let mut run = run.into_command();
    run.stdin(pipe.stdout.take().unwrap()).stdout(Stdio::null()).stderr(Stdio::null());
    let mut child = run.spawn().unwrap();
    pipe.wait().unwrap();
    while service.requests().is_empty() {
        std::thread::sleep(Duration::from_millis(5));
    }
    assert_eq!(fs::read_dir(temporary.path()).unwrap().count(), 0);
    child.kill().unwrap();
    child.wait().unwrap();
}
