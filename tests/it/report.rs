//! `report`: merging, formats, and what is never overwritten. tests/browser tests the page itself.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::support::{Outcome, Tool, names};

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
    let machine = folder.path().canonicalize().unwrap().display().to_string();
    assert!(!page.contains(&machine), "the page names a folder of this machine");
}

#[test]
fn files_are_only_overwritten_with_force() {
    let folder = tempfile::tempdir().unwrap();
    let journals = [("one.jsonl", line("a", Some("Approved"), 90, 1))];
    fs::write(folder.path().join("report.html"), "mine").unwrap();
    let (run, page) = report(folder.path(), &journals, &[]);
    run.fails(11).stderr_has("already exists").stderr_has("--force");
    assert_eq!(fs::read_to_string(&page).unwrap(), "mine");
    let (run, page) = report(folder.path(), &journals, &["--force"]);
    run.exits(0);
    assert!(fs::read_to_string(&page).unwrap().starts_with("<!DOCTYPE html>"));
    assert_eq!(names(folder.path()).len(), 2, "no other file is left");
}

#[cfg(unix)]
#[test]
fn only_the_owner_can_read_the_page() {
    let folder = tempfile::tempdir().unwrap();
    let (run, page) =
        report(folder.path(), &[("one.jsonl", line("a", Some("Approved"), 90, 1))], &[]);
    run.exits(0);
    assert_eq!(crate::support::process::mode(page), 0o600);
}

/// A browser reads a page of 10 MB as one piece, and a terminal shows no 50,000 lines.
#[test]
fn above_50_000_pairs_a_page_has_parts_and_a_table_only_problems() {
    let status = |n: usize| if n.is_multiple_of(5000) { None } else { Some("Approved") };
    let journal: String =
        (0..60_001).map(|n| line(&format!("pair-{n}"), status(n), 90, 1)).collect();
    let folder = tempfile::tempdir().unwrap();
    let (run, page) = report(folder.path(), &[("one.jsonl", journal)], &[]);
    run.exits(0).stderr_has("60001 pairs");
    let page = fs::read_to_string(page).unwrap();
    let part = |n: u32| fs::read_to_string(folder.path().join(format!("report-pairs/{n}.js")));
    let parts: Vec<_> = (1..).map_while(|n| part(n).ok()).collect();
    assert!(page.len() < 6_000_000 && !parts.is_empty() && page.contains("\"report-pairs\""));
    let rows = page.split("id=\"data\">").nth(1).unwrap().to_owned() + &parts.concat();
    for n in [0, 5000, 60_000] {
        assert!(page.contains(&format!("[\"pair-{n}\"")), "problems come first");
    }
    assert_eq!(rows.matches("[\"pair-").count(), 60_001);
    let table = Tool::plain().arg("report").arg(folder.path().join("one.jsonl")).run();
    table
        .exits(0)
        .stdout_has("pair-60000")
        .stdout_has("and 59988 approved")
        .stdout_lacks("pair-1 ");
    // A smaller report in its place leaves none of the parts.
    report(folder.path(), &[("one.jsonl", line("a", None, 0, 1))], &["--force"]).0.exits(0);
    assert!(part(1).is_err());
}

#[test]
fn a_file_that_is_not_a_journal_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let journals = [("one.jsonl", line("a", Some("Approved"), 90, 1) + "{}\n")];
    let (run, page) = report(folder.path(), &journals, &[]);
    run.fails(6).stderr_has("is damaged on line 2");
    assert!(!page.exists());
    let missing = Tool::plain().args(["report", "nowhere.jsonl", "-o", "x.html"]).run();
    missing.fails(6).stderr_has("nowhere.jsonl");
    let good = folder.path().join("good.jsonl");
    fs::write(&good, line("a", Some("Approved"), 90, 1)).unwrap();
    let nowhere = Tool::plain().arg("report").arg(&good).args(["-o", "/nowhere/x.html"]).run();
    nowhere.stderr_has("`/nowhere").stderr_has("no such folder");
}

#[test]
fn a_name_cannot_end_its_script() {
    let folder = tempfile::tempdir().unwrap();
    let hostile = line("</script><script>alert(1)</script>", Some("Approved"), 90, 1);
    let (run, page) = report(folder.path(), &[("<one>.jsonl", hostile)], &[]);
    run.exits(0);
    let page = fs::read_to_string(page).unwrap();
    assert_eq!(page.matches("<script").count(), 2);
    assert!(!page.contains("alert(1)</script>") && !page.contains("<one>"));
}

/// One pair of each kind, and one barely approved.
fn mixed() -> String {
    line("fine", Some("Approved"), 90, 1)
        + &line("close", Some("Approved"), 31, 2)
        + &line("=1+1", Some("Declined"), 10, 3)
        + &line("open", Some("In Review"), 40, 4)
        + &line("lost", None, 0, 5).replace("\"maybe_billed\":false", "\"maybe_billed\":true")
        + &line("bad", None, 0, 6)
}

/// `report` of [`mixed`] on standard output.
fn printed(options: &[&str]) -> String {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("one.jsonl"), mixed()).unwrap();
    let run = Tool::plain().arg("report").arg(folder.path().join("one.jsonl")).args(options).run();
    run.exits(0);
    assert_eq!(run.stderr, "");
    run.stdout
}

#[test]
fn the_table_sorts_by_problem_then_by_score() {
    let table = printed(&[]);
    let ids: Vec<_> =
        table.lines().skip(1).take(6).map(|line| line.split_whitespace().next()).collect();
    assert_eq!(ids, ["bad", "lost", "open", "=1+1", "close", "fine"].map(Some));
    assert!(
        table.contains("\n6 pairs: 1 failed, 1 unknown, 1 in review, 1 declined, 2 approved\n")
    );
    assert!(table.ends_with("Judged by x, threshold 30\n"), "{table}");
    assert!(table.contains("network: lost"), "{table}");
}

#[test]
fn only_filters_by_status() {
    for (only, ids) in [
        ("declined", vec!["=1+1"]),
        ("failed,unknown", vec!["lost", "bad"]),
        ("approved", vec!["fine", "close"]),
        ("review", vec!["open"]),
    ] {
        let lines = printed(&["--only", only, "--format", "jsonl"]);
        let found: Vec<_> = lines
            .lines()
            .map(|line| {
                serde_json::from_str::<Value>(line).unwrap()["id"].as_str().unwrap().to_owned()
            })
            .collect();
        assert_eq!(found, ids, "{only}");
    }
    let wrong = Tool::plain().args(["report", "x.jsonl", "--only", "declinded"]).run();
    wrong.fails(2).stderr_has("approved");
}

#[test]
fn the_extension_selects_the_format_and_an_unknown_one_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let journal = folder.path().join("one.jsonl");
    fs::write(&journal, mixed()).unwrap();
    let run = |file: &str, options: &[&str]| {
        let tool =
            Tool::plain().arg("report").arg(&journal).arg("-o").arg(folder.path().join(file));
        tool.args(options).run()
    };
    for (file, beginning) in [
        ("r.html", "<!DOCTYPE html>"),
        ("r.CSV", "\"id\",\"vendor_data\",\"verdict\""),
        ("r.md", "## Face match: 6 pairs"),
        ("r.xml", "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites "),
        ("r.json", "[{\"id\":\"fine\""),
        ("r.jsonl", "{\"id\":\"fine\""),
    ] {
        run(file, &[]).exits(0).stderr_has("6 pairs in");
        let text = fs::read_to_string(folder.path().join(file)).unwrap();
        assert!(text.starts_with(beginning), "{file}: {text:.80}");
    }
    for file in ["r.pdf", "r", "r.txt"] {
        run(file, &[]).fails(2).stderr_has("extension").stderr_has("--format");
        assert!(!folder.path().join(file).exists());
    }
    run("r.txt", &["--format", "csv"]).exits(0);
    run("r.html", &["--excel", "--force"]).fails(2).stderr_has("--excel");
}

/// A journal that Windows wrote, reported here: the page must not show whatever has the same name.
#[cfg(unix)]
#[test]
fn a_page_links_only_the_photo_that_was_judged() {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("photos")).unwrap();
    fs::write(folder.path().join("photos/a.png"), "judged").unwrap();
    fs::write(folder.path().join("a.png"), "someone else").unwrap();
    // Of "judged".
    let sha256 = "b5cbb993bb195e1de4cff093de498c5f99152da036e1bef9e725a9a6a383e577";
    for (name, shown) in [
        (r"C:\\a\\photos\\a.png", r#"["a.png",0]"#),
        (r"\\\\server\\photos\\a.png", r#"["a.png",0]"#),
        (r".\\photos\\a.png", r#"[".\\photos\\a.png","./photos/a.png"]"#),
        ("/a/photos/a.png", r#"["a.png",0]"#),
        ("a.png", r#"["a.png",1]"#),
        (r"photos\\a.png", r#"["photos\\a.png","./photos/a.png"]"#),
        ("photos/a.png", r#""photos/a.png""#),
    ] {
        let journal = line("a", Some("Approved"), 90, 1).replace("u.jpg", name);
        let journal =
            journal.replace("\"user_sha256\":null", &format!("\"user_sha256\":\"{sha256}\""));
        let base = folder.path().to_str().unwrap();
        let (run, page) =
            report(folder.path(), &[("j.jsonl", journal)], &["--force", "--base-dir", base]);
        run.exits(0);
        let page = fs::read_to_string(page).unwrap();
        assert!(page.contains(&format!("\"30\",{shown},[\"r.jpg\",2]")), "{name}: {page}");
    }
}

#[test]
fn pairs_come_in_the_manifests_order_for_programs() {
    let folder = tempfile::tempdir().unwrap();
    let row = |id: &str, row: u32, time: u32| {
        let extra = format!("\"extra\":{{}},\"row\":{row}");
        line(id, Some("Approved"), 90, time).replace("\"extra\":{}", &extra)
    };
    // As they ended, with several at a time.
    let journal = row("third", 3, 1) + &row("first", 1, 2) + &row("second", 2, 3);
    fs::write(folder.path().join("one.jsonl"), journal).unwrap();
    for format in ["csv", "json", "jsonl", "junit"] {
        let tool = Tool::plain().arg("report").arg(folder.path().join("one.jsonl"));
        let text = tool.args(["--format", format]).run().exits(0).stdout.clone();
        let places = ["first", "second", "third"].map(|id| text.find(&format!("\"{id}\"")));
        assert!(places.is_sorted() && places[0].is_some(), "{format}: {text}");
    }
}

#[test]
fn a_dash_is_standard_output() {
    let array: Value = serde_json::from_str(&printed(&["-o", "-", "--format", "json"])).unwrap();
    assert_eq!(array.as_array().unwrap().len(), 6);
    assert_eq!(printed(&["--json"]), printed(&["-o", "-", "--format", "json"]));
    assert!(printed(&["-o", "-"]).contains("6 pairs: "), "a table");
}

#[test]
fn a_report_never_replaces_a_journal() {
    let folder = tempfile::tempdir().unwrap();
    let journal = folder.path().join("one.jsonl");
    fs::write(&journal, mixed()).unwrap();
    let run =
        Tool::plain().arg("report").arg(&journal).arg("-o").arg(&journal).arg("--force").run();
    run.fails(11).stderr_has("which is read");
    assert_eq!(fs::read_to_string(&journal).unwrap(), mixed());
}

#[test]
fn csv_cells_are_never_formulas() {
    let text = printed(&["--format", "csv"]);
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    assert_eq!(
        reader.headers().unwrap().iter().collect::<Vec<_>>(),
        [
            "id",
            "vendor_data",
            "verdict",
            "reason",
            "score",
            "threshold",
            "judged_by",
            "warnings",
            "error",
            "request_id",
            "user_image",
            "ref_image",
            "user_sha256",
            "ref_sha256",
            "elapsed_ms",
            "finished_at"
        ]
    );
    let rows: Vec<_> = reader.records().map(Result::unwrap).collect();
    assert_eq!((&rows[2][0], &rows[2][2], &rows[2][4]), ("'=1+1", "Declined", "10"));
    assert_eq!((&rows[4][2], &rows[4][8]), ("Unknown", "network: lost"));
    let marked = printed(&["--format", "csv", "--excel"]);
    assert_eq!(marked.strip_prefix('\u{feff}'), Some(text.as_str()));
}

#[test]
fn formulas_become_text_wherever_a_cell_can_start() {
    let cells = [
        ("=1+1", "'=1+1"),
        ("+49 30", "'+49 30"),
        ("-2", "'-2"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("＝1", "'＝1"),
        ("\t=1", r"\u{9}=1"),
        ("\r\n=2", r"\u{d}\u{a}=2"),
        ("a;=1", "a;'=1"),
        ("a\",=1", "a\",'=1"),
        ("a-b=c@d", "a-b=c@d"),
        ("30", "30"),
    ];
    let folder = tempfile::tempdir().unwrap();
    let journal = cells.map(|(cell, _)| {
        let id = serde_json::to_string(cell).unwrap();
        line("ID", Some("Approved"), 90, 1).replace("\"ID\"", &id)
    });
    fs::write(folder.path().join("one.jsonl"), journal.concat()).unwrap();
    let tool = Tool::plain().arg("report").arg(folder.path().join("one.jsonl"));
    let text = tool.args(["--format", "csv"]).run().exits(0).stdout.clone();
    let mut rows = csv::Reader::from_reader(text.as_bytes());
    let found: Vec<_> = rows.records().map(|row| row.unwrap()[0].to_owned()).collect();
    assert_eq!(found, cells.map(|(_, wanted)| wanted));
}

/// polars, `ClickHouse`, LibreOffice and Python's `QUOTE_NONNUMERIC` infer types from quotes.
#[test]
fn csv_quotes_text_columns_and_never_number_columns() {
    let folder = tempfile::tempdir().unwrap();
    let journal = line("007", Some("Approved"), 95, 1).replace("{}", r#"{"n\"o":"01"}"#)
        + &line("008", None, 0, 1).replace("\"threshold\":30", "\"threshold\":\"=1\"");
    fs::write(folder.path().join("one.jsonl"), journal).unwrap();
    let tool = Tool::plain().arg("report").arg(folder.path().join("one.jsonl"));
    let text = tool.args(["--format", "csv"]).run().exits(0).stdout.clone();
    let rows: Vec<_> = text.split_terminator("\r\n").collect();
    assert!(
        rows[0].starts_with(r#""id","vendor_data","n""o","verdict","reason","score","#),
        "{text}"
    );
    let wanted = r#""007","","01","Approved","",95,30,"x","","","","u.jpg","r.jpg","","",1,"2026"#;
    assert!(rows[1].starts_with(wanted), "{text}");
    assert!(rows[2].starts_with(r#""008","","","Failed","",,,"#), "{text}");
}

#[test]
fn junit_has_a_case_for_each_pair() {
    let xml = printed(&["--format", "junit"]);
    assert!(xml.contains("tests=\"6\" failures=\"3\" errors=\"0\""), "{xml}");
    assert!(xml.contains("skipped=\"1\""), "{xml}");
    for case in [
        "<failure type=\"Declined\" message=\"Declined, score 10, threshold 30; probably another person\">verdict: Declined\n",
        "<failure type=\"Failed\" message=\"network: lost\">verdict: Failed\n",
        "<failure type=\"Unknown\" message=\"network: lost\">verdict: Unknown\n",
        "<skipped type=\"In Review\" message=\"In Review, score 40, threshold 30\"/>",
    ] {
        assert_eq!(xml.matches(case).count(), 1, "{case} in {xml}");
    }
    assert_eq!(xml.matches("<testcase ").count(), 6);
    assert_eq!(
        xml.matches("<testcase classname=\"didit-face\" name=\"fine\" time=\"0.001\"/>").count(),
        1
    );
    assert!(!xml.contains("system-out"), "{xml}");
}

/// GitLab ignores a file of 30 MB, so nothing is escaped without need.
#[test]
fn junit_escapes_only_what_xml_requires() {
    let folder = tempfile::tempdir().unwrap();
    let odd = line("a'<b>&c ]]>", Some("Declined"), 10, 1).replace("u.jpg", "it's > ]]> & <.jpg");
    fs::write(folder.path().join("one.jsonl"), odd).unwrap();
    let tool = Tool::plain().arg("report").arg(folder.path().join("one.jsonl"));
    let run = tool.args(["--format", "junit"]).run();
    run.exits(0).stdout_has("name=\"a'&lt;b>&amp;c ]]>\"");
    run.stdout_has("user image: it's > ]]&gt; &amp; &lt;.jpg\n");
}

#[test]
fn a_job_summary_stays_short() {
    let journal: String =
        (0..2000).map(|i| line(&format!("p|{i}"), Some("Declined"), 10, 1)).collect();
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("one.jsonl"), journal).unwrap();
    let tool = Tool::plain().arg("report").arg(folder.path().join("one.jsonl"));
    let run = tool.args(["--format", "md"]).run();
    run.exits(0)
        .stdout_has("| 0 | 0 | 0 | 2000 | 0 |")
        .stdout_has("and 1950 more")
        .stdout_has(r"| `p\|0` |");
    assert!(run.stdout.len() < 10_000, "{}", run.stdout.len());
}

#[test]
fn a_job_summary_holds_no_markup() {
    let folder = tempfile::tempdir().unwrap();
    let ids = ["`x` ``", "![x](https://a.example)"];
    let journal = ids.map(|id| line(id, Some("Declined"), 10, 1)).concat();
    fs::write(folder.path().join("one.jsonl"), journal).unwrap();
    let tool = Tool::plain().arg("report").arg(folder.path().join("one.jsonl"));
    tool.args(["--format", "md"])
        .run()
        .exits(0)
        .stdout_has("| ``` `x` `` ``` |")
        .stdout_has("| `![x](https://a.example)` |");
}

#[test]
fn judges_are_never_mixed_silently() {
    let folder = tempfile::tempdir().unwrap();
    let local = line("local", Some("Approved"), 90, 1)
        .replace("\"judged_by\":\"x\"", "\"judged_by\":\"built-in engine\"")
        .replace(
            "\"response\":null",
            r#""response":{"engine":{"name":"built-in","version":"9.9"}}"#,
        );
    let service = line("far", Some("Declined"), 9, 1)
        .replace("\"judged_by\":\"x\"", "\"judged_by\":\"https://verification.didit.me/\"");
    let sandbox = line("sand", Some("Approved"), 91, 1)
        .replace("\"judged_by\":\"x\"", "\"judged_by\":\"https://verification.didit.me/\"")
        .replace("\"response\":null", r#""response":null,"environment":"sandbox""#);
    let stand_in = local
        .replace("local", "stand-in")
        .replace("\"judged_by\":\"built-in engine\"", "\"judged_by\":\"http://127.0.0.1:87/\"");
    let journal = local + &service + &sandbox + &stand_in;
    fs::write(folder.path().join("one.jsonl"), journal).unwrap();
    let run = |format: &str| {
        let tool = Tool::plain().arg("report").arg(folder.path().join("one.jsonl"));
        let run = tool.args(["--format", format]).run();
        run.exits(0);
        run.stdout
    };
    let all = "built-in engine 9.9 (1), built-in engine 9.9 at 127.0.0.1:87 (1), sandbox of verification.didit.me (1), verification.didit.me (1)";
    assert!(run("html").contains(&format!("Judged by {all}")));
    assert!(run("md").contains("Judged by `built-in engine 9.9` (1), `built-in engine"));
    let csv = run("csv");
    for judge in [
        "\"built-in engine 9.9\"",
        "\"sandbox of verification.didit.me\"",
        "\"verification.didit.me\"",
    ] {
        assert_eq!(csv.matches(judge).count(), 1, "{judge} in {csv}");
    }
}

/// The service answers 0 if it compared and saved nothing.
#[test]
fn a_zero_without_a_face_is_not_a_score() {
    let folder = tempfile::tempdir().unwrap();
    let faceless = line("blank", Some("Declined"), 0, 1)
        .replace("\"warnings\":[]", r#""warnings":[{"risk":"NO_REFERENCE_IMAGE"}]"#);
    fs::write(folder.path().join("one.jsonl"), faceless + &line("zero", Some("Declined"), 0, 1))
        .unwrap();
    let tool = Tool::plain().arg("report").arg(folder.path().join("one.jsonl"));
    let run = tool.args(["--format", "csv"]).run();
    run.exits(0);
    run.stdout_has("\"blank\",\"\",\"Declined\",\"no_face\",,30,");
    run.stdout_has("no score: there was no face to compare");
    run.stdout_has("\"zero\",\"\",\"Declined\",\"low_similarity\",0,30,");
}
