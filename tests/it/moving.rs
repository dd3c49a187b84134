//! Moving in: `examples/match_faces` behaves like match_faces.py, and the skill runs as written.

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use crate::support::bodies::DECLINED;
use crate::support::{Answer, KEY, Photos, Service};

/// What match_faces.py 1.3.0 prints for [`DECLINED`]: `json.dumps` with an indent of 2, and its line.
const OLD: &str = include_str!("data/match_faces.txt");

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// A folder with `didit-face` and `match_faces`.
fn bin() -> tempfile::TempDir {
    let bin = tempfile::tempdir().unwrap();
    symlink(env!("CARGO_BIN_EXE_didit-face"), bin.path().join("didit-face")).unwrap();
    symlink(root().join("examples/match_faces"), bin.path().join("match_faces")).unwrap();
    bin
}

fn shell(script: &str, folder: &Path, bin: &Path, base: &str) -> Output {
    let path = format!("{}:{}", bin.display(), std::env::var("PATH").unwrap());
    Command::new("sh")
        .args(["-c", script])
        .current_dir(folder)
        .env_clear()
        .env("PATH", path)
        .env("DIDIT_API_KEY", KEY)
        .env("DIDIT_API_URL", base)
        .output()
        .unwrap()
}

/// Runs `match_faces` with `arguments` (`$1` and `$2` are the photos) against `answer`.
fn old(arguments: &str, answer: Answer) -> (Output, Service) {
    let (service, photos, bin) = (Service::always(answer), Photos::new(), bin());
    let script = format!("match_faces {arguments}");
    let quoted = |path: &Path| format!("'{}'", path.display());
    let script = script.replace("$1", &quoted(&photos.user));
    let script = script.replace("$2", &quoted(&photos.reference));
    let output = shell(&script, photos.folder(), bin.path(), &service.base());
    (output, service)
}

#[test]
fn it_prints_what_the_old_script_printed() {
    let (output, service) = old("$1 $2", Answer::new(200, DECLINED));
    assert_eq!((text(&output.stdout), text(&output.stderr)), (OLD.to_owned(), String::new()));
    assert_eq!(output.status.code(), Some(0), "every verdict was 0");
    let request = service.only_request();
    let sent = |name: &str| request.field(name);
    assert_eq!(sent("face_match_score_decline_threshold").as_deref(), Some("30"));
    assert_eq!(sent("rotate_image").as_deref(), Some("false"));
    assert_eq!(sent("vendor_data"), None);
}

#[test]
fn line_ends_of_windows_in_an_answer_change_nothing() {
    let (output, _) = old("$1 $2", Answer::new(200, DECLINED.replace(", ", ",\r\n")));
    assert_eq!(text(&output.stdout), OLD);
}

#[test]
fn it_takes_the_old_options_abbreviated_too() {
    for arguments in [
        "$1 $2 --threshold 50 --rotate --vendor-data 'user 1'",
        "--thresh 50 $1 --rot $2 --vendor='user 1'",
        "--t=50 --r --v 'user 1' -- $1 $2",
    ] {
        let answer = DECLINED.replace("user-123", "user 1");
        let (output, service) = old(arguments, Answer::new(200, answer));
        assert_eq!(output.status.code(), Some(0), "{arguments}: {}", text(&output.stderr));
        let request = service.only_request();
        let sent = |name: &str| request.field(name).unwrap_or_default();
        assert_eq!(sent("face_match_score_decline_threshold"), "50", "{arguments}");
        assert_eq!((sent("rotate_image"), sent("vendor_data")), ("true".into(), "user 1".into()));
    }
}

#[test]
fn it_fails_with_the_old_codes() {
    let fine = || Answer::new(200, DECLINED);
    for (arguments, code, said) in [
        ("$1", 2, "the following arguments are required: ref_image"),
        ("$1 $2 $2", 2, "unrecognized arguments: "),
        ("$1 $2 --fast", 2, "unrecognized arguments: --fast"),
        ("$1 $2 --threshold 5.5", 2, "argument --threshold: invalid int value: '5.5'"),
        ("$1 $2 --threshold", 2, "argument --threshold: expected one argument"),
        ("$1 $2 --vendor-data --rotate", 2, "argument --vendor-data: expected one argument"),
        (r"$1 'a\tb.jpg'", 1, "Error: Reference image not found: a\\tb.jpg\n"),
        ("$1 none.jpg", 1, "Error: Reference image not found: none.jpg\n"),
        ("none.jpg $2", 1, "Error: User image not found: none.jpg\n"),
    ] {
        let (output, service) = old(arguments, fine());
        assert_eq!(output.status.code(), Some(code), "{arguments}: {}", text(&output.stderr));
        assert!(text(&output.stderr).contains(said), "{arguments}: {}", text(&output.stderr));
        assert_eq!((output.stdout.len(), service.connections()), (0, 0));
    }
    let (output, _) =
        old("$1 $2", Answer::new(403, r#"{"error": "You don't have enough credits"}"#));
    assert_eq!((output.status.code(), output.stdout.len()), (Some(1), 0));
    assert!(text(&output.stderr).starts_with("Error 403: "), "{}", text(&output.stderr));
    // The old script would have believed it.
    let odd = DECLINED.replace("Declined", "Approved");
    let (output, _) = old("$1 $2", Answer::new(200, odd));
    assert_eq!((output.status.code(), output.stdout.len()), (Some(1), 0));
}

/// The block below `<!-- the move, STEP -->`, without the fence.
fn block(step: &str) -> String {
    let page = fs::read_to_string(root().join("docs/from-match_faces.md")).unwrap();
    let rest = page.split(&format!("<!-- the move, {step} -->\n```")).nth(1).unwrap().to_owned();
    rest.split_once('\n').unwrap().1.split("```").next().unwrap().to_owned()
}

/// The page's script with the old program (its recorded output), after the first step, and after the
/// second.
#[test]
fn a_script_moves_as_the_page_says() {
    let (service, bin) = (Service::always(Answer::new(200, DECLINED)), bin());
    let folder = tempfile::tempdir().unwrap();
    for name in ["selfies/1001.jpg", "cards/1001.png", "selfies/1002.jpg", "cards/1002.png"] {
        fs::create_dir_all(folder.path().join(name).parent().unwrap()).unwrap();
        fs::copy(Photos::new().user, folder.path().join(name)).unwrap();
    }
    let recorded = root().join("tests/it/data/match_faces.txt");
    let python = bin.path().join("python");
    fs::write(&python, format!("#!/bin/sh\ncat '{}'\n", recorded.display())).unwrap();
    fs::set_permissions(&python, fs::Permissions::from_mode(0o755)).unwrap();

    let diff = block("before");
    let side = |skipped: char| -> String {
        let lines = diff.lines().filter(|line| !line.starts_with(skipped));
        lines.flat_map(|line| [&line[1..], "\n"]).collect()
    };
    let run = |script: &str| {
        let output = shell(script, folder.path(), bin.path(), &service.base());
        assert!(output.status.success(), "{script}{}", text(&output.stderr));
        text(&output.stdout)
    };
    let before = run(&side('+'));
    assert_eq!(before.lines().next(), Some("1001 --- Result: Declined | Score: 24.87/100 ---"));
    assert_eq!(service.connections(), 0, "before, didit-face is not asked");
    assert_eq!(run(&side('-')), before);
    assert_eq!(run(&format!("set -e\n{}", block("after"))), "1001 Declined\n1002 Declined\n");
}

const SKILL: &str = "skills/didit-face-match/SKILL.md";

fn skill() -> (String, String) {
    let page = fs::read_to_string(root().join(SKILL)).unwrap();
    let (head, body) = page.strip_prefix("---\n").unwrap().split_once("\n---\n").unwrap();
    (head.to_owned(), body.to_owned())
}

#[test]
fn the_skill_has_the_form_that_agents_read() {
    let (head, body) = skill();
    let name = Path::new(SKILL).parent().unwrap().file_name().unwrap().to_str().unwrap();
    assert!(head.starts_with(&format!("name: {name}\n")), "the name is the folder's");
    let description = head.split("description: >-\n").nth(1).unwrap();
    let lines = description.lines().take_while(|line| line.starts_with("  "));
    let description = lines.map(str::trim).collect::<Vec<_>>().join(" ");
    assert!((1..=1024).contains(&description.len()) && !description.contains(['<', '>']));
    let metadata = head.lines().find_map(|line| line.strip_prefix("metadata: ")).unwrap();
    let metadata: serde_json::Value = serde_json::from_str(metadata).unwrap();
    assert_eq!(metadata["openclaw"]["requires"]["bins"][0], "didit-face");
    assert!(body.lines().count() < 500);
}

/// Every command of the skill against `serve`, as written, without a terminal.
#[test]
fn every_command_of_the_skill_runs() {
    let bin = bin();
    let folder = tempfile::tempdir().unwrap();
    let copy = |sample: &str, name: &str| {
        let file: PathBuf = folder.path().join(name);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::copy(root().join("assets/samples").join(sample), file).unwrap();
    };
    for (user, card) in [("selfie.jpg", "id_photo.jpg"), ("selfies/1.jpg", "cards/1.jpg")] {
        copy("astronaut.png", user);
        copy("astronaut_id_card.jpg", card);
    }
    let (_, body) = skill();
    let blocks = body.split("```sh\n").skip(1).map(|rest| rest.split("```").next().unwrap());
    let commands: Vec<_> = blocks.flat_map(str::lines).collect();
    let server = crate::support::server::Server::start(&[]);
    let before = "set -e\n\
        didit-face match selfie.jpg id_photo.jpg --vendor-data user-123 --json=verdict >first\n\
        request_id=$(sed 's/.*\"request_id\":\"\\([^\"]*\\)\".*/\\1/' first)\n";
    let script = format!("{}\n{before}{}\n", server.exports, commands.join("\n"));
    let output = shell(&script, folder.path(), bin.path(), server.base());
    let said = format!("{}\n{}", text(&output.stdout), text(&output.stderr));
    assert!(output.status.success(), "{script}\n{said}");
    assert!(commands.len() >= 11, "{commands:?}");
    // The options that the text names, `--threshold 50` and the like.
    let spans = body.split('`').skip(1).step_by(2).filter(|span| span.starts_with("--"));
    let mut count = 0;
    for option in spans {
        let words = format!("didit-face match selfie.jpg id_photo.jpg {option}");
        let words: Vec<_> = words.split(' ').map(Into::into).collect();
        let parsed = didit_face::cli::Cli::parse_arguments(&words);
        assert!(parsed.is_ok(), "{option}: {}", parsed.unwrap_err());
        count += 1;
    }
    assert!(count >= 6, "{count}");
    assert!(!text(&output.stderr).contains("error"), "{said}");
}
