//! `report`: what is merged, what is never overwritten. tests/browser looks at the page itself.

use std::fs;
use std::path::{Path, PathBuf};

use crate::support::{Outcome, Tool};

fn line(id: &str, status: Option<&str>, score: u32, time: u32) -> String {
    let (code, error) = match status {
        Some("Approved") => (0, "null"),
        Some("Declined") => (1, "null"),
        Some(_) => (3, "null"),
        None => (
            7,
            r#"{"kind":"network","message":"lost","hint":null,"http_status":null,"maybe_billed":false}"#,
        ),
    };
    let status = status.map_or("null".to_owned(), |status| format!("\"{status}\""));
    format!(
        r#"{{"id":"{id}","user_image":"u.jpg","ref_image":"r.jpg","user_sha256":null,"ref_sha256":null,"threshold":30,"status":{status},"score":{score},"request_id":null,"warnings":[],"exit_code":{code},"error":{error},"attempts":1,"elapsed_ms":1,"finished_at":"2026-01-01T00:00:{time:02}.000000Z","response":null,"extra":{{}},"options":{{"rotate":false,"save":true,"vendor_data":null,"metadata":null,"review_below":null,"judged_by":"x"}}}}"#
    ) + "\n"
}

fn report(folder: &Path, journals: &[(&str, String)], options: &[&str]) -> (Outcome, PathBuf) {
    let page = folder.join("report.html");
    let mut tool = Tool::plain().arg("report");
    for (name, text) in journals {
        fs::write(folder.join(name), text).unwrap();
        tool = tool.arg(folder.join(name));
    }
    (tool.arg("-o").arg(&page).args(options).run(), page)
}

#[test]
fn shards_are_merged_by_id_and_the_latest_verdict_counts() {
    let folder = tempfile::tempdir().unwrap();
    let one = line("a", None, 0, 1) + &line("a", Some("Approved"), 90, 2) + &line("a", None, 0, 9);
    let two = line("b", Some("Declined"), 10, 9)
        + &line("b", Some("In Review"), 40, 3)
        + &line("c", None, 0, 1);
    let journals = [("one.jsonl", one), ("two.jsonl", two + "{\"id\":\"d\",\"us")];
    let (run, page) = report(folder.path(), &journals, &[]);
    run.exits(0).stderr_has("3 pairs");
    let page = fs::read_to_string(page).unwrap();
    for count in ["approved\">1<", "declined\">1<", "review\">0<", "failed\">1<"] {
        assert!(page.contains(count), "{count}");
    }
    for outside in ["http:", "https:", "src=", "@import", "url("] {
        assert!(!page.contains(outside), "the page needs {outside}");
    }
}

#[test]
fn nothing_is_overwritten_unless_told_to() {
    let folder = tempfile::tempdir().unwrap();
    let journals = [("one.jsonl", line("a", Some("Approved"), 90, 1))];
    fs::write(folder.path().join("report.html"), "mine").unwrap();
    let (run, page) = report(folder.path(), &journals, &[]);
    run.fails(11).stderr_has("already exists").stderr_has("--force");
    assert_eq!(fs::read_to_string(&page).unwrap(), "mine");
    let (run, page) = report(folder.path(), &journals, &["--force"]);
    run.exits(0);
    assert!(fs::read_to_string(&page).unwrap().starts_with("<!DOCTYPE html>"));
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 2, "nothing is left beside it");
}

#[cfg(unix)]
#[test]
fn only_the_owner_can_read_the_page() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let (run, page) =
        report(folder.path(), &[("one.jsonl", line("a", Some("Approved"), 90, 1))], &[]);
    run.exits(0);
    assert_eq!(fs::metadata(page).unwrap().permissions().mode() & 0o777, 0o600);
}

#[test]
fn what_is_no_journal_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let journals = [("one.jsonl", line("a", Some("Approved"), 90, 1) + "{}\n")];
    let (run, page) = report(folder.path(), &journals, &[]);
    run.fails(6).stderr_has("line 2 is not a record");
    assert!(!page.exists());
    let missing = Tool::plain().args(["report", "nowhere.jsonl", "-o", "x.html"]).run();
    missing.fails(6).stderr_has("nowhere.jsonl");
}

#[test]
fn a_name_can_not_end_its_script() {
    let folder = tempfile::tempdir().unwrap();
    let hostile = line("</script><script>alert(1)</script>", Some("Approved"), 90, 1);
    let (run, page) = report(folder.path(), &[("<one>.jsonl", hostile)], &[]);
    run.exits(0);
    let page = fs::read_to_string(page).unwrap();
    assert_eq!(page.matches("<script").count(), 2);
    assert!(!page.contains("alert(1)</script>") && !page.contains("<one>"));
}
