//! Messages name what to do next, in words that can be followed.

use didit_face::values::system::System;
use serde_json::json;

use crate::support::bodies::verdict;
use crate::support::{Answer, Outcome, Photos, Service, Tool};

const ID: &str = "7cdda24e-311a-46d3-a3bb-e5d9b564ce73";

fn usage(arguments: &[&str]) -> Outcome {
    let outcome = Tool::new().args(arguments).run();
    outcome.fails(2);
    outcome
}

#[test]
fn a_photo_in_place_of_a_command() {
    let quoted = System::HERE.quoted("my id.jpg");
    let hint = format!("hint: that is a photo: `didit-face match selfie.jpg {quoted} -t 50`\n");
    usage(&["selfie.jpg", "my id.jpg", "-t", "50"]).stderr_has(&hint);
}

#[test]
fn words_of_other_programs() {
    for (word, command) in [("compare", "match"), ("erase", "delete"), ("mach", "match")] {
        usage(&[word, "a", "b"])
            .stderr_has(&format!("hint: did you mean `didit-face {command}`?\n"));
    }
    usage(&["frobnicate", "a"]).stderr_has("hint: see `didit-face --help`\n");
}

#[test]
fn a_key_is_never_an_argument() {
    for arguments in [
        &["match", "--api-key", "K"][..],
        &["match", "--api_key=K"],
        &["match", "--x-api-key", "K"],
        &["match", "-k", "K"],
        &["balance", "--key=K"],
        &["--token", "K"],
    ] {
        let outcome = usage(arguments);
        outcome.stderr_has("hint: a key is never an argument: set DIDIT_API_KEY\n");
        outcome.stderr_lacks("K'").stderr_lacks("--api-url");
    }
}

#[test]
fn only_near_names_are_suggested() {
    for option in ["-o", "--html", "--frames"] {
        let outcome = usage(&["match", "a", "b", option]);
        outcome.stderr_has("hint: see `didit-face match --help`\n").stderr_lacks("-- ");
    }
    usage(&["match", "a", "b", "--treshold", "5"])
        .stderr_has("hint: did you mean `--threshold`?\n");
}

#[test]
fn a_value_that_needs_an_equals_sign() {
    usage(&["decision", "--wait", "60", ID]).stderr_has("hint: write `--wait=60`\n");
    usage(&["match", "--fit", "500KB", "a", "b"]).stderr_has("hint: write `--fit=500KB`\n");
    let outcome = Tool::new().args(["match", "a", "b", "--json", "verdict"]).run();
    outcome.exits(2).stderr_has("write `--json=verdict`");
}

#[test]
fn a_journal_in_place_of_a_request() {
    let photos = Photos::new();
    let journal = photos.add("r.jsonl", b"");
    let journal = journal.file_name().unwrap().to_str().unwrap();
    let mut command = Tool::new().args(["decision", journal]).into_command();
    let outcome = Outcome::of(&command.current_dir(photos.folder()).output().unwrap());
    outcome
        .fails(2)
        .stderr_has("hint: look up a journal's pairs: didit-face decision --journal r.jsonl\n");
    usage(&["decision", "none.jsonl"]).stderr_has("didit-face decision --journal none.jsonl\n");
}

#[test]
fn a_url_in_place_of_a_photo() {
    let photos = Photos::new();
    for url in ["https://example.com/a.jpg", "HTTP://example.com/a.jpg", "s3://a/b.jpg", "data:,a"]
    {
        let outcome = Tool::new().arg("match").arg(url).arg(&photos.reference).run();
        outcome.fails(6).stderr_has(&format!("`{url}` is a URL"));
        outcome.stderr_has("hint: download it first");
        Tool::plain().arg("check").arg(url).run().exits(6).stdout_has("download it first");
    }
    let row = "user_image,ref_image\nhttps://a.example/a.jpg,b.jpg\n";
    manifest(row.as_bytes()).stderr_has("a URL, not a file: `https://a.example/a.jpg`");
}

#[test]
fn a_picture_is_a_png() {
    let outcome = Tool::new().pair(&Photos::new()).args(["--annotate", "x.jpg"]).run();
    outcome.fails(2).stderr_has("hint: name it x.png\n");
}

fn matched(body: String) -> Outcome {
    Tool::matching(&Service::always(Answer::new(200, body)), &Photos::new()).run()
}

#[test]
fn declined_with_two_faces_names_them() {
    let face = |size: u32| json!({"bbox": [0, 0, size, size]});
    let body = json!({"request_id": ID, "face_match": {
        "status": "Declined", "score": 12, "warnings": [{"risk": "LOW_FACE_MATCH_SIMILARITY"}],
        "user_image": {"entities": [face(90), face(80)], "best_angle": 0},
        "ref_image": {"entities": [face(90)], "best_angle": 0},
    }});
    let outcome = matched(body.to_string());
    outcome.exits(1).stdout_has("the larger of 2 faces in the user image was compared");
    outcome.stdout_has("crop the photo").stdout_lacks("another person");
}

#[test]
fn in_review_names_the_next_step_and_nothing_is_said_of_erasing() {
    let with_id = |status: &str| {
        json!({"request_id": ID, "face_match": {"status": status, "score": 60}}).to_string()
    };
    let hint = format!("hint: a person decides: didit-face decision {ID} --wait\n");
    matched(with_id("In Review")).exits(3).stderr_has(&hint);
    matched(with_id("Approved")).exits(0).stderr_lacks("a person decides").stderr_lacks("erase");
    matched(verdict("In Review", &json!(60))).exits(3).stderr_lacks("hint");
}

#[test]
fn credits_name_a_command_that_runs() {
    let answer = || Answer::new(403, r#"{"error": "You don't have enough credits"}"#);
    let outcome = Tool::matching(&Service::always(answer()), &Photos::new()).run();
    outcome.fails(5).stderr_has("`didit-face top-up 50`");
}

#[test]
fn a_verified_account_logs_in() {
    let answer = Answer::new(400, r#"{"detail": "This email is already verified."}"#);
    let service = Service::always(answer);
    let tool = Tool::new().env("DIDIT_AUTH_URL", service.base());
    let outcome = tool.args(["verify", "you@company.com", "--resend"]).run();
    outcome.stderr_has("you have an account: didit-face login you@company.com --save FILE");
}

#[test]
fn each_hint_has_its_own_line() {
    let outcome = Tool::plain().pair(&Photos::new()).run();
    outcome.fails(4).stderr_has("\nhint: or try it without a key: --local\n");
}

#[test]
fn nothing_prompts_without_a_terminal_or_with_no_input() {
    for options in [&[][..], &["--no-input"]] {
        let outcome = Tool::new().args(["delete", ID]).args(options).run();
        outcome.fails(2).stderr_has("hint: add --yes");
        let outcome = Tool::new().args(["register", "you@company.com"]).args(options).run();
        outcome.fails(2).stderr_has("--password-stdin");
    }
}

fn manifest(bytes: &[u8]) -> Outcome {
    let photos = Photos::new();
    let (manifest, journal) = (photos.add("pairs.csv", bytes), photos.folder().join("r.jsonl"));
    Tool::new().arg("batch").arg(manifest).arg("-o").arg(journal).run()
}

#[test]
fn what_is_no_manifest_is_called_what_it_is() {
    manifest(b"PK\x03\x04\x14\0")
        .fails(6)
        .stderr_has("is an Excel workbook: save it as CSV UTF-8\n");
    for nothing in [&b""[..], b"\xef\xbb\xbf", b"\r\n \n"] {
        manifest(nothing).fails(6).stderr_has("pairs.csv` is empty\n");
    }
    let outcome = manifest(b"selfie,id_photo\na.jpg,b.jpg\n");
    outcome
        .fails(6)
        .stderr_has("has the columns `selfie`, `id_photo`; wanted `user_image` and `ref_image`");
}

/// As while a run waits for an answer.
#[cfg(unix)]
#[test]
fn a_report_during_a_run_says_in_progress() {
    use crate::support::process::{ended, signal, wait_until};

    let photos = Photos::new();
    let rows =
        format!("user_image,ref_image\n{},{}\n", photos.user.display(), photos.reference.display());
    let (manifest, journal) =
        (photos.add("pairs.csv", rows.as_bytes()), photos.folder().join("r.jsonl"));
    let service = Service::silent();
    let batch = Tool::at(&service).arg("batch").arg(&manifest).arg("-o").arg(&journal).spawn();
    wait_until(|| service.requests().len() == 1);
    let report = || Tool::plain().args(["report", "--format", "csv"]).arg(&journal).run();
    report().exits(0).stdout_has("in progress: sent, waiting for its answer");
    let busy = Tool::at(&service).args(["decision", "--journal"]).arg(&journal).run();
    busy.fails(11).stderr_has("hint: wait for that run to finish, or stop it\n");
    signal(&batch, rustix::process::Signal::KILL);
    ended(batch);
    report().exits(0).stdout_lacks("in progress").stdout_has("before its answer was recorded");
}

#[test]
fn a_saved_key_is_named_by_its_whole_path() {
    use crate::support::account::{CODE, EMAIL, NEW_KEY};

    let service = Service::always(Answer::new(200, format!(r#"{{"api_key": "{NEW_KEY}"}}"#)));
    let folder = tempfile::tempdir().unwrap();
    let tool = Tool::plain().env("DIDIT_AUTH_URL", service.base());
    let mut command = tool.args(["verify", EMAIL, CODE, "--save", "key"]).into_command();
    let outcome = Outcome::of(&command.current_dir(folder.path()).output().unwrap());
    let folder = folder.path().to_owned();
    let folder = if cfg!(unix) { folder.canonicalize().unwrap() } else { folder };
    let path = folder.join("key").display().to_string();
    for how in System::HERE.set_variable("DIDIT_API_KEY_FILE", &path) {
        outcome.exits(0).stderr_has(&format!("{how}\n"));
    }
}

#[cfg(windows)]
#[test]
fn names_that_windows_reserves_are_refused_before_anything_is_sent() {
    use crate::support::account::{CODE, EMAIL};

    let service = Service::always(Answer::new(400, ""));
    let photos = Photos::new();
    for name in ["my:key?.txt", "nul.txt", "COM1"] {
        let file = photos.folder().join(name);
        let tool = Tool::at(&service).env("DIDIT_AUTH_URL", service.base());
        tool.args(["verify", EMAIL, CODE, "--save"]).arg(&file).run().fails(11);
        Tool::matching(&service, &photos)
            .arg("--annotate")
            .arg(format!("{name}.png"))
            .run()
            .fails(11);
    }
    let rows = "user_image,ref_image\nselfie.jpg,id card.png\n";
    let manifest = photos.add("pairs.csv", rows.as_bytes());
    for name in ["NUL", "COM1"] {
        let run = Tool::at(&service).arg("batch").arg(&manifest).args(["-o", name]).run();
        run.exits(11).stderr_has("is not a regular file");
    }
    assert_eq!(service.connections(), 0);
}
