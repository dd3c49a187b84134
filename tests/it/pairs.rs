//! `pairs`: a manifest from two folders; `report --what-if`: a threshold from labelled photos.

use std::fs;
use std::path::Path;

use serde_json::json;
use tempfile::TempDir;

use crate::support::bodies::verdict;
use crate::support::photos::{JPEG, PNG};
use crate::support::schema::conforms;
use crate::support::{Answer, Outcome, Service, Tool};

fn folders(files: &[&str]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for name in ["selfies", "cards"] {
        fs::create_dir(folder.path().join(name)).unwrap();
    }
    for file in files {
        let bytes = match file.rsplit_once('.') {
            Some((_, "txt")) => b"text",
            Some((_, "png")) => PNG,
            _ => JPEG,
        };
        fs::write(folder.path().join(file), bytes).unwrap();
    }
    folder
}

fn run(tool: Tool, folder: &Path) -> Outcome {
    Outcome::of(&tool.into_command().current_dir(folder).output().unwrap())
}

fn pairs(folder: &TempDir, options: &[&str]) -> Outcome {
    run(Tool::plain().args(["pairs", "selfies", "cards"]).args(options), folder.path())
}

const UNEVEN: [&str; 9] = [
    "selfies/10.jpg",
    "cards/10.png",
    "selfies/2, b.jpg",
    "cards/2, b.jpg",
    "selfies/lone.jpg",
    "cards/twice.jpg",
    "cards/twice.png",
    "selfies/twice.jpg",
    "cards/notes.txt",
];

#[test]
fn photos_are_paired_by_name() {
    let folder = folders(&UNEVEN[..4]);
    let manifest = "id,user_image,ref_image\n10,selfies/10.jpg,cards/10.png\n\
                    \"2, b\",\"selfies/2, b.jpg\",\"cards/2, b.jpg\"\n";
    assert_eq!(pairs(&folder, &[]).exits(0).stdout, manifest);
    fs::write(folder.path().join("pairs.csv"), manifest).unwrap();
    let service = Service::approving();
    let tool = Tool::at(&service).args(["batch", "pairs.csv", "-o", "r.jsonl", "--dry-run"]);
    run(tool, folder.path()).exits(0).stdout_has("2 of 2 pairs");
    assert_eq!(service.connections(), 0);
}

#[test]
fn photos_without_a_partner_are_named() {
    let folder = folders(&UNEVEN);
    let outcome = pairs(&folder, &[]);
    outcome.fails(6).stderr_has("4 photos can't be paired: ");
    outcome.stderr_has("`selfies/lone.jpg` has no partner in `cards`");
    outcome.stderr_has("`cards/twice.png` is not the only one of its name");
    outcome.stderr_has("--skip-unmatched").stderr_lacks("notes.txt");
    let outcome = pairs(&folder, &["--skip-unmatched"]);
    outcome.exits(0).stderr_has("note: left out: `selfies/lone.jpg` has no partner in `cards`");
    assert_eq!(outcome.stdout.lines().count(), 3);
    let value = pairs(&folder, &["--skip-unmatched", "--json"]).exits(0).json();
    conforms("pairs", &value);
    assert_eq!(
        (value["pairs"].as_array().unwrap().len(), value["unmatched"].as_array().unwrap().len()),
        (2, 4)
    );
}

#[test]
fn folders_that_give_no_pair() {
    pairs(&folders(&[]), &[]).fails(6).stderr_has("no photo in `selfies` has the name of one");
    let folder = folders(&[]);
    let outcome = run(Tool::plain().args(["pairs", "selfies", "none"]), folder.path());
    outcome.fails(6).stderr_has("can't read the folder `none`: no such folder");
    run(Tool::plain().args(["pairs", "cards", "./cards"]), folder.path()).fails(2);
}

/// From two folders to a threshold: free, and it only informs.
#[test]
fn thresholds_are_chosen_from_recorded_scores() {
    let folder = folders(&["selfies/a.jpg", "cards/a.jpg"]);
    let row = |id: &str, expect: &str| format!("{id},selfies/a.jpg,cards/a.jpg,{expect}\n");
    let rows =
        [("a", "approved"), ("b", "approved"), ("c", "declined"), ("d", "declined"), ("e", "")];
    let rows: String = rows.iter().map(|(id, expect)| row(id, expect)).collect();
    let manifest = folder.path().join("pairs.csv");
    fs::write(&manifest, format!("id,user_image,ref_image,expect\n{rows}")).unwrap();
    let scores = [json!(90), json!(45.5), json!(50), json!(20), json!(null)];
    let answer = |score: &serde_json::Value| {
        let is_high = score.as_f64().is_some_and(|score| score >= 30.0);
        Answer::new(200, verdict(if is_high { "Approved" } else { "Declined" }, score))
    };
    let service = Service::answering(scores.iter().map(answer));
    let tool = Tool::at(&service).args(["batch", "pairs.csv", "-o", "r.jsonl", "--jobs", "1"]);
    run(tool, folder.path()).exits(1);

    let what_if = |options: &[&str]| {
        let tool = Tool::plain().args(["report", "r.jsonl", "--what-if", "60,45.5,20"]);
        run(tool.args(options), folder.path())
    };
    let outcome = what_if(&["--json"]);
    let value = outcome.exits(0).json();
    conforms("what-if", &value);
    let rows: Vec<_> = value["thresholds"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| {
            ["threshold", "approved", "declined", "false_accepts", "false_rejects"]
                .map(|key| row[key].as_f64().unwrap())
        })
        .collect();
    assert_eq!(
        rows,
        [[20.0, 4.0, 1.0, 2.0, 0.0], [45.5, 3.0, 2.0, 1.0, 0.0], [60.0, 1.0, 4.0, 0.0, 1.0]]
    );
    let outcome = what_if(&[]);
    outcome.exits(0).stdout_has("1 of 2 (50.0%)").stdout_has("5 of 5 pairs with a verdict");
    assert_eq!(service.requests().len(), 5, "nothing more is sent");
    what_if(&["-o", "x.html"]).fails(2);
}
