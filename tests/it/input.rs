//! Unusable photos: exit code 6, before anything is sent.

use std::path::Path;

use didit_face::photo::{Original, Stamp};
use didit_face::values::digest;

use crate::support::photos::{JPEG, LIMIT, PNG, WEBP, padded};
use crate::support::{Outcome, Photos, Service, Tool};

/// `match` of the two paths, which must fail before it connects.
fn unsent(user: &Path, reference: &Path) -> Outcome {
    let service = Service::approving();
    let outcome = Tool::at(&service).arg("match").args([user, reference]).run();
    assert_eq!(service.connections(), 0);
    outcome
}

/// Refused as either photo, with its name.
#[track_caller]
fn refused(path: &Path, why: &str) {
    let photos = Photos::new();
    for outcome in [unsent(path, &photos.reference), unsent(&photos.user, path)] {
        outcome.fails(6).stderr_has(why).stderr_has(&path.display().to_string());
    }
}

#[test]
fn missing() {
    refused(Path::new("/nowhere/selfie.jpg"), "no such file");
}

#[test]
fn both_missing_photos_are_named_at_once() {
    let outcome = unsent(Path::new("/nowhere/selfie.jpg"), Path::new("/nowhere/card.jpg"));
    outcome
        .fails(6)
        .stderr_has("`/nowhere/selfie.jpg` can't be read: no such file; `/nowhere/card.jpg` can't");
    let twice = unsent(Path::new("/nowhere/x.jpg"), Path::new("/nowhere/x.jpg"));
    assert_eq!(twice.fails(6).stderr.matches("/nowhere/x.jpg").count(), 1);
}

#[test]
fn a_directory() {
    let photos = Photos::new();
    refused(photos.folder(), "folder");
}

#[cfg(unix)]
#[test]
fn a_device_or_a_socket() {
    refused(Path::new("/dev/zero"), "device");
    refused(Path::new("/dev/null"), "device");
    let photos = Photos::new();
    let socket = photos.folder().join("socket");
    let _listener = std::os::unix::net::UnixListener::bind(&socket).unwrap();
    refused(&socket, "socket");
}

#[cfg(unix)]
#[test]
fn unreadable() {
    use std::fs::{self, Permissions};
    use std::os::unix::fs::PermissionsExt;
    let photos = Photos::new();
    fs::set_permissions(&photos.user, Permissions::from_mode(0o000)).unwrap();
    // Root can read it anyway.
    if fs::read(&photos.user).is_err() {
        refused(&photos.user, "permission denied");
    }
}

#[test]
fn empty() {
    let photos = Photos::new();
    refused(&photos.add("empty.jpg", b""), "is empty");
}

#[test]
fn up_to_five_mib() {
    let service = Service::approving();
    let photos = Photos::of(&padded(JPEG, LIMIT), &padded(PNG, LIMIT));
    Tool::matching(&service, &photos).run().exits(0);
    let parts = service.only_request().parts();
    assert_eq!([parts[0].bytes.len(), parts[1].bytes.len()], [LIMIT, LIMIT]);
}

#[test]
fn over_five_mib() {
    let photos = Photos::new();
    refused(&photos.add("large.jpg", &padded(JPEG, LIMIT + 1)), "5 MB");
}

#[cfg(unix)]
#[test]
fn a_huge_file_is_not_read_to_its_end() {
    let photos = Photos::new();
    let path = photos.add("sparse.jpg", JPEG);
    std::fs::File::options().write(true).open(&path).unwrap().set_len(1 << 40).unwrap();
    refused(&path, "5 MB");
}

#[test]
fn other_formats_are_named() {
    let photos = Photos::new();
    for (bytes, named) in [
        (b"GIF89a".as_slice(), "a GIF"),
        (b"\0\0\0\x18ftypheic\0\0\0\0", "an HEIC"),
        (b"\0\0\0\x18ftypmif1\0\0\0\0", "an HEIC"),
        (b"\0\0\0\x18ftypavif\0\0\0\0", "an AVIF"),
        (b"BM\x36\x10\0\0", "a BMP"),
        (b"%PDF-1.7", "a PDF"),
        (b"<svg xmlns=\"http://www.w3.org/2000/svg\"/>", "SVG"),
        (b"<!doctype html>", "HTML"),
        (b"just text", "not an image"),
        (b"RIFF\x24\0\0\0WAVEfmt ", "not an image"),
        (b"\xff\xd8", "not an image"),
        (b"\0", "not an image"),
    ] {
        refused(&photos.add("named-as-if.jpg", bytes), named);
    }
}

#[test]
fn either_photo_may_come_from_stdin() {
    let photos = Photos::new();
    let piped = padded(WEBP, 100_000);
    for (at, arguments) in [
        (0, ["-".as_ref(), photos.reference.as_os_str()]),
        (1, [photos.user.as_os_str(), "-".as_ref()]),
    ] {
        let service = Service::approving();
        let tool = Tool::at(&service).arg("match").args(arguments);
        let outcome = tool.stdin(piped.clone()).run();
        outcome.exits(0).stdout_has("standard input");
        let part = service.only_request().parts().remove(at);
        assert!(part.bytes == piped);
        assert_eq!(part.content_type.as_deref(), Some("image/webp"));
    }
}

#[test]
fn both_from_stdin() {
    let service = Service::approving();
    let tool = Tool::at(&service).args(["match", "-", "-"]).stdin(JPEG);
    tool.run().fails(2).stderr_has("`-`");
    assert_eq!(service.connections(), 0);
}

#[test]
fn a_missing_file_is_reported_before_stdin_is_read() {
    let open_end = std::process::Stdio::piped();
    let tool = Tool::new().args(["match", "-", "missing.jpg"]);
    let child = tool.into_command().stdin(open_end).stderr(std::process::Stdio::piped()).spawn();
    let mut child = child.unwrap();
    let _held_open = child.stdin.take();
    let output = child.wait_with_output().unwrap();
    Outcome::of(&output).fails(6).stderr_has("missing.jpg");
}

#[test]
fn stdin_without_a_photo() {
    let photos = Photos::new();
    let run =
        |bytes: Vec<u8>| Tool::new().args(["match", "-"]).arg(&photos.reference).stdin(bytes).run();
    run(Vec::new()).fails(6).stderr_has("error: standard input is empty\n");
    run(b"text".to_vec()).fails(6).stderr_has("standard input");
    run(padded(JPEG, LIMIT + 1)).fails(6).stderr_has("5 MB");
}

#[cfg(unix)]
#[test]
fn endless_stdin() {
    let photos = Photos::new();
    let tool = Tool::new().args(["match", "-"]).arg(&photos.reference);
    let endless = std::fs::File::open("/dev/zero").unwrap();
    let output = tool.into_command().stdin(endless).output().unwrap();
    Outcome::of(&output).fails(6).stderr_has("5 MB");
}

#[test]
fn stdin_is_only_read_if_asked_for() {
    let service = Service::approving();
    Tool::matching(&service, &Photos::new()).stdin("no photo").run().exits(0);
}

#[cfg(unix)]
#[test]
fn a_named_pipe_is_read() {
    let photos = Photos::new();
    let pipe = photos.folder().join("pipe");
    assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    let bytes = padded(JPEG, 200_000);
    let (path, written) = (pipe.clone(), bytes.clone());
    let writer = std::thread::spawn(move || std::fs::write(path, written));
    let service = Service::approving();
    let tool = Tool::at(&service).arg("match");
    tool.args([&pipe, &photos.reference]).run().exits(0);
    writer.join().unwrap().unwrap();
    assert!(service.only_request().parts()[0].bytes == bytes);
}

#[test]
fn a_file_over_the_limit_is_hashed_whole_and_kept_in_part() {
    let photos = Photos::new();
    let content = b"0123456789".repeat(100_000);
    let path = photos.add("large", &content);
    for limit in [9, 999_999, 1_000_000, 2_000_000] {
        let original = Original::read(&path, limit).unwrap();
        assert_eq!(original.sha256.as_deref(), Some(digest::hex(&content).as_str()));
        assert_eq!(original.bytes.len(), content.len().min(limit + 1));
        assert_eq!(original.stamp, Stamp::of(&path));
    }
}
