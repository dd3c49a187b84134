//! All commands at every verbosity: no secret and no photo in their output and files, except as a
//! result.

use std::fs;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use super::{LINK, TOKENS, service, tool};
use crate::photos::{astronaut, jpeg};
use crate::support::account::{CODE, EMAIL, NEW_KEY, PASSWORD};
use crate::support::traces::traces;
use crate::support::{KEY, Outcome, Photos, Service, Tool, names};

/// In the comment of each photo.
const MARKER: &[u8] = b"photo-marker-7c1d9e04b2";
const MODES: [&[&str]; 5] = [&[], &["-q"], &["-v"], &["--json"], &["-v", "--json"]];

/// A command; files are relative to its folder.
struct Case {
    arguments: &'static [&'static str],
    /// What it may print without and with `--json`, and write into a file.
    results: [&'static [&'static str]; 3],
}

const fn case(arguments: &'static [&'static str]) -> Case {
    Case { arguments, results: [&[], &[], &[]] }
}

const SEEN: [&[&str]; 3] = [&[NEW_KEY], &[NEW_KEY, TOKENS[0], TOKENS[1]], &[NEW_KEY]];
const PAIR: [&str; 2] = ["selfie.jpg", "id card.png"];

/// Every command. What begins with a dot is a file in the folder, and so is [`PAIR`].
const CASES: [Case; 25] = [
    case(&["match", "selfie.jpg", "id card.png"]),
    case(&["match", "selfie.jpg", "id card.png", "--check", "--fit"]),
    case(&["match", "selfie.jpg", "id card.png", "--dry-run"]),
    case(&["match", "selfie.jpg", "id card.png", "--local"]),
    case(&["match", "selfie.jpg", "id card.png", "--annotate", "./picture.png"]),
    case(&["match", "selfie.jpg", "./none.jpg"]),
    case(&["batch", "./pairs.csv", "-o", "./new.jsonl", "--base-dir", "./"]),
    case(&["batch", "./pairs.csv", "-o", "./new.jsonl", "--base-dir", "./", "--local"]),
    case(&["batch", "./pairs.csv", "-o", "./new.jsonl", "--base-dir", "./", "--dry-run"]),
    case(&["report", "./old.jsonl", "-o", "./report.html", "--base-dir", "./"]),
    case(&[
        "report",
        "./old.jsonl",
        "-o",
        "./report.html",
        "--base-dir",
        "./",
        "--embed-thumbnails",
    ]),
    case(&["check", "selfie.jpg", "id card.png"]),
    Case { arguments: &["decision", "request-1"], results: [&[], &[LINK], &[]] },
    Case { arguments: &["decision", "request-1", "--wait"], results: [&[], &[LINK], &[]] },
    case(&["register", EMAIL]),
    case(&["register", EMAIL, "--password-stdin"]),
    case(&["register", EMAIL, PASSWORD]),
    case(&["verify", EMAIL, "--resend"]),
    Case { arguments: &["verify", EMAIL, CODE], results: SEEN },
    Case { arguments: &["verify", EMAIL, CODE, "--save", "./key"], results: SEEN },
    case(&["balance"]),
    case(&["balance", "--at-least", "1000"]),
    case(&["top-up", "50"]),
    case(&["completions", "bash"]),
    case(&["man"]),
];

/// A photo with the marker in a comment before its pixels (ISO/IEC 10918-1, B.2.4.5).
fn marked() -> Vec<u8> {
    let photo = jpeg(&astronaut(), 90);
    let length = u16::try_from(MARKER.len() + 2).unwrap().to_be_bytes();
    [&photo[..2], &[0xff, 0xfe], &length, MARKER, &photo[2..]].concat()
}

#[test]
fn secrets_are_neither_shown_nor_left_behind() {
    let (service, photo) = (service(), marked());
    // Some of the pixels, compressed as they are.
    let pixels = &photo[photo.len() - 400..photo.len() - 360];
    let secrets: Vec<&[u8]> = [KEY, PASSWORD, CODE, NEW_KEY, LINK, TOKENS[0], TOKENS[1]]
        .into_iter()
        .map(str::as_bytes)
        .chain([MARKER, pixels])
        .collect();
    let runs: Vec<_> = CASES.iter().flat_map(|case| MODES.map(|mode| (case, mode))).collect();
    let (next, failures) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
    let work = || {
        while let Some((case, mode)) = runs.get(next.fetch_add(1, Ordering::Relaxed)) {
            let found = leaks(&service, &photo, case, mode, &secrets);
            failures.lock().unwrap().extend(found);
        }
    };
    thread::scope(|scope| (0..4).for_each(|_| _ = scope.spawn(work)));
    let failures = failures.into_inner().unwrap();
    assert!(failures.is_empty(), "{failures:#?}");
}

/// Every leaked secret after one run.
fn leaks(
    service: &Service,
    photo: &[u8],
    case: &Case,
    mode: &[&str],
    secrets: &[&[u8]],
) -> Vec<String> {
    let (photos, temporary) = (Photos::of(photo, photo), tempfile::tempdir().unwrap());
    let folder = photos.folder();
    prepare(service, &photos);
    let before: Vec<_> = names(folder);
    let in_folder = |argument: &&str| match argument.strip_prefix("./") {
        Some(name) => folder.join(name).into_os_string(),
        None if PAIR.contains(argument) => folder.join(argument).into_os_string(),
        None => argument.into(),
    };
    let tool = tool(service).env("TMPDIR", temporary.path()).stdin(format!("{PASSWORD}\n"));
    // Here the key may be the result.
    let run = tool.hiding("\u{0}").args(mode).args(case.arguments.iter().map(in_folder)).run();
    let is_json = mode.contains(&"--json");
    let mut found = Vec::new();
    let mut look = |place: &str, bytes: &[u8], allowed: &[&str]| {
        for secret in secrets.iter().filter(|s| !allowed.iter().any(|a| a.as_bytes() == **s)) {
            if traces(bytes, secret) > 0 {
                let secret = String::from_utf8_lossy(secret);
                found.push(format!("{secret:?} in {place} of {:?} {mode:?}", case.arguments));
            }
        }
    };
    let [plain, json, files] = case.results;
    look("stdout", run.stdout.as_bytes(), if is_json { json } else { plain });
    look("stderr", [run.stderr.as_str(), &run.details.concat()].concat().as_bytes(), &[]);
    for name in names(folder).iter().filter(|name| !before.contains(name)) {
        look(name, &fs::read(folder.join(name)).unwrap(), files);
    }
    assert_eq!(names(temporary.path()), Vec::<String>::new(), "{:?}", case.arguments);
    exits_as_expected(&run, case, is_json);
    found
}

/// A manifest, and the journal of a finished run.
fn prepare(service: &Service, photos: &Photos) {
    let manifest = photos.add("pairs.csv", b"user_image,ref_image\nselfie.jpg,id card.png\n");
    let journal = photos.folder().join("old.jsonl");
    let tool: Tool = tool(service).arg("batch").arg(manifest).arg("-o").arg(journal);
    tool.arg("--base-dir").arg(photos.folder()).run().exits(0);
}

/// A run that failed early would prove nothing.
#[track_caller]
fn exits_as_expected(run: &Outcome, case: &Case, is_json: bool) {
    let expected: &[i32] = match case.arguments {
        ["register", _, PASSWORD] => &[2],
        ["match", _, "./none.jpg"] => &[6],
        ["balance", "--at-least", _] => &[5],
        ["verify", _, _, "--save", _] if is_json => &[2],
        _ => &[0],
    };
    assert!(
        run.code.is_some_and(|code| expected.contains(&code)),
        "{:?}: {run:#?}",
        case.arguments
    );
}

#[cfg(unix)]
#[test]
fn serve_logs_nothing_that_it_receives() {
    use crate::support::server;

    // --json only changes how it prints its address.
    for mode in &MODES[..3] {
        let mut server = server::Server::start(mode);
        let photo = marked();
        let photos = Photos::of(&photo, &photo);
        server.tool().pair(&photos).run().exits(0);
        let register = server.tool().args(["register", EMAIL]).env("DIDIT_PASSWORD", PASSWORD);
        register.run().exits(0);
        let mut said = server.says(EMAIL);
        // Only the emailed code has to be shown.
        assert!(said.contains("code"), "{said}");
        server.tool().args(["verify", EMAIL, "000000"]).run();
        server.signal(rustix::process::Signal::TERM);
        server.ended();
        said += &server.last_words();
        let pixels = &photo[photo.len() - 400..photo.len() - 360];
        for secret in [PASSWORD.as_bytes(), server::KEY.as_bytes(), MARKER, pixels] {
            assert_eq!(traces(said.as_bytes(), secret), 0, "{mode:?}: {said}");
        }
    }
}
