//! Any journal: continuing it only appends, and no verdict is lost, added or changed.

use std::fs;
use std::io::Write as _;
use std::path::Path;

use didit_face::batch::journal::{self, Entry, History, Journal, ReadOptions, Record, RecordState};
use didit_face::report::{Format, Needs, Options, Pairs, Report};
use didit_face::verdict::Status;

/// Another pair, as the next run writes it.
const NEXT: &str = r#"{"id":"next","user_image":"a.jpg","ref_image":"b.jpg","user_sha256":"a","ref_sha256":"b","threshold":30,"status":"Approved","score":80.5,"request_id":null,"warnings":[],"exit_code":0,"error":null,"attempts":1,"elapsed_ms":1,"finished_at":"","response":null,"options":{"rotate":false,"save":true,"vendor_data":null,"metadata":null,"review_below":null,"judged_by":"fuzz"}}"#;

pub(crate) fn check(bytes: &[u8]) {
    let mut file = tempfile::NamedTempFile::new().expect("a file");
    file.write_all(bytes).expect("written");
    let path = file.path();
    let before = records(bytes);
    let Ok((journal, history)) = Journal::open(path, ReadOptions::default()) else {
        assert!(before.is_none() && Journal::peek(path, ReadOptions::default()).is_err());
        return assert_eq!(read(path), bytes, "a foreign file is not changed");
    };
    let before = before.expect("what one reader takes, all take");
    let next: Record = serde_json::from_str(NEXT).expect("a record");
    journal.append(&next).expect("appended");
    drop(journal);
    let now = read(path);
    assert!(now.starts_with(bytes), "existing lines stay");
    let after = records(&now).expect("it can still be read");
    assert_eq!(after.len(), before.len() + 1, "one record per line");
    let continued = Journal::peek(path, ReadOptions::default()).expect("it can be continued");
    assert!(is_known(&continued, &next));
    for record in &before {
        judged_as_it_says(record);
        assert!(!is_known(&history, record) || is_known(&continued, record));
    }
    report(after);
}

fn read(path: &Path) -> Vec<u8> {
    fs::read(path).expect("a file")
}

fn records(bytes: &[u8]) -> Option<Vec<Record>> {
    let mut records = Vec::new();
    let take = |entry| match entry {
        Entry::Ended(record) => records.push(*record),
        Entry::Sent(_) => {}
    };
    journal::each(bytes, take).ok().map(|_| records)
}

/// Whether the pair counts as judged: it is not sent again.
fn is_known(history: &History, record: &Record) -> bool {
    record.key().is_some_and(|key| history.verdict(key).is_some())
}

fn judged_as_it_says(record: &Record) {
    let RecordState::Judged(verdict) = record.state() else { return };
    assert!(record.error.is_none());
    assert_eq!(record.status.as_deref(), Some(verdict.status().name()));
    let reaches = verdict.score().is_some_and(|score| verdict.threshold().is_reached_by(score));
    assert!(verdict.status() != Status::Approved || reaches);
    // Writing it again changes nothing.
    let line = serde_json::to_vec(record).expect("a line");
    let again = records(&line).expect("a journal");
    assert_eq!(again.len(), 1);
    assert_eq!((again[0].state(), again[0].key()), (record.state(), record.key()));
}

/// Journal text never becomes a script or ends one; every format accepts any journal.
fn report(records: Vec<Record>) {
    let mut pairs = Pairs::new(Needs { records: true, faces: true });
    for record in records {
        pairs.add(record);
    }
    let report = Report {
        entries: pairs.filtered(&[]),
        journals: Vec::new(),
        made_at: "now".to_owned(),
        base_dir: "/".into(),
        folder: "/".into(),
    };
    let written = |format: Format| {
        let report = format.write(&report, &Options::default()).expect("a report");
        String::from_utf8(report).expect("text")
    };
    for format in [Format::Csv, Format::Md, Format::Junit, Format::Json, Format::Jsonl] {
        written(format);
    }
    let page = written(Format::Html).to_lowercase();
    for (tag, count) in [("<script", 2), ("</script", 2), ("<img", 0), ("<iframe", 0)] {
        assert_eq!(page.matches(tag).count(), count, "{tag}");
    }
}
