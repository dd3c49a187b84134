//! Any journal: continuing it only appends, and no verdict is lost, added or changed.

use std::fs;
use std::io::Write as _;
use std::path::Path;

use didit_face::batch::journal::{self, Ended, Journal, PairState, Reading, Record, State};
use didit_face::report::{Format, Options, Report, Settings};
use didit_face::verdict::Status;

/// Another pair, as the next run writes it.
const NEXT: &str = r#"{"id":"next","user_image":"a.jpg","ref_image":"b.jpg","user_sha256":"a","ref_sha256":"b","threshold":30,"status":"Approved","score":80.5,"request_id":null,"warnings":[],"exit_code":0,"error":null,"attempts":1,"elapsed_ms":1,"finished_at":"","response":null,"options":{"rotate":false,"save":true,"vendor_data":null,"metadata":null,"review_below":null,"judged_by":"fuzz"}}"#;

pub(crate) fn check(bytes: &[u8]) {
    let mut file = tempfile::NamedTempFile::new().expect("a file");
    file.write_all(bytes).expect("written");
    let path = file.path();
    let reading = Reading::default();
    let Ok((journal, state)) = Journal::open(path, reading) else {
        assert!(Journal::peek(path, reading).is_err());
        return assert_eq!(read(path), bytes, "a foreign file is not changed");
    };
    let before = records(bytes).expect("what one reader takes, all take");
    let next: Record = serde_json::from_str(NEXT).expect("a record");
    journal.append(&next).expect("appended");
    drop(journal);
    let now = read(path);
    assert!(now.starts_with(bytes), "existing lines stay");
    let after = records(&now).expect("it can still be read");
    assert_eq!(after.len(), before.len() + 1, "one record per line");
    let continued = Journal::peek(path, reading).expect("it can be continued");
    assert!(is_known(&continued, &next));
    for record in &before {
        judged_as_it_says(record);
        assert!(!is_known(&state, record) || is_known(&continued, record));
    }
    report(&continued);
}

fn read(path: &Path) -> Vec<u8> {
    fs::read(path).expect("a file")
}

fn records(bytes: &[u8]) -> Option<Vec<Record>> {
    let mut records = Vec::new();
    let take = |_, record: Record| {
        records.extend(record.state.is_none().then_some(record));
        Ok(true)
    };
    journal::each(bytes, take).ok().map(|_| records)
}

/// Whether the pair counts as judged: it is not sent again.
fn is_known(state: &State, record: &Record) -> bool {
    let key = state.key(record);
    state.pairs().any(|pair| {
        state.current(pair).is_ok_and(|(current, is)| {
            matches!(is, PairState::Judged(_)) && state.key(&current) == key
        })
    })
}

fn judged_as_it_says(record: &Record) {
    let Some(Ended::Judged(verdict)) = record.ended() else { return };
    assert!(record.error.is_none());
    assert_eq!(record.status.as_deref(), Some(verdict.status().name()));
    let reaches = verdict.score().is_some_and(|score| verdict.threshold().is_reached_by(score));
    assert!(verdict.status() != Status::Approved || reaches);
    // Writing it again changes nothing.
    let line = serde_json::to_vec(record).expect("a line");
    let again = records(&line).expect("a journal");
    assert_eq!(again.len(), 1);
    assert_eq!((again[0].ended(), again[0].identity()), (record.ended(), record.identity()));
}

/// Journal text never becomes a script or ends one; every format accepts any journal.
fn report(state: &State) {
    let settings = Settings { faces: true, ..Settings::default() };
    let report = Report::read(state, settings).expect("read");
    let written = |format: Format| {
        let mut text = Vec::new();
        format.write(&report, &Options::default(), &mut text).expect("a report");
        String::from_utf8(text).expect("text")
    };
    for format in [Format::Csv, Format::Md, Format::Junit, Format::Json, Format::Jsonl] {
        written(format);
    }
    let page = written(Format::Html).to_lowercase();
    for (tag, count) in [("<script", 2), ("</script", 2), ("<img", 0), ("<iframe", 0)] {
        assert_eq!(page.matches(tag).count(), count, "{tag}");
    }
}
