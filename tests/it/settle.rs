//! `decision --journal`: settles reviews and finds lost answers, free of charge.

use std::sync::{Arc, Mutex};

use serde_json::{Value, json};

use crate::batch::Batch;
use crate::support::{Answer, Outcome, Service, Tool};

/// A session in the service's format.
#[derive(Clone)]
pub(crate) struct Session {
    id: String,
    vendor_data: String,
    created_at: String,
    pub(crate) status: &'static str,
    score: Value,
    /// As the decision shows it.
    metadata: Value,
}

pub(crate) type Sessions = Arc<Mutex<Vec<Session>>>;

/// Judges and remembers; loses the answer for `lost`, and says In Review for `review`.
pub(crate) fn service(
    lost: &'static [&'static str],
    review: &'static [&'static str],
) -> (Service, Sessions) {
    service_with(lost, review, false)
}

fn service_with(
    lost: &'static [&'static str],
    review: &'static [&'static str],
    keeps_metadata: bool,
) -> (Service, Sessions) {
    let sessions = Sessions::default();
    let kept = Arc::clone(&sessions);
    let service = Service::start(move |connection| {
        while connection.request() {
            let request = connection.last().clone();
            if request.method == "GET" {
                connection.send(answer(&request.path, &kept.lock().unwrap()).bytes());
                continue;
            }
            let id = request.field("vendor_data").unwrap_or_default();
            let is_review = review.contains(&id.as_str());
            // Locked until it is stored: two requests at once must not get the same id.
            let mut all = kept.lock().unwrap();
            let session = Session {
                id: format!("session-{}", all.len()),
                vendor_data: id.clone(),
                created_at: format!("{:.6}", jiff::Timestamp::now()),
                status: if is_review { "In Review" } else { "Approved" },
                score: 80.into(),
                metadata: request
                    .field("metadata")
                    .filter(|_| keeps_metadata)
                    .and_then(|text| serde_json::from_str(&text).ok())
                    .unwrap_or_default(),
            };
            all.push(session.clone());
            drop(all);
            if lost.contains(&id.as_str()) {
                return;
            }
            let body = json!({"request_id": session.id, "metadata": session.metadata,
                "face_match": {"status": session.status, "score": 80}});
            connection.send(Answer::new(200, body.to_string()).bytes());
        }
    });
    (service, sessions)
}

fn answer(path: &str, sessions: &[Session]) -> Answer {
    if path.starts_with("/v3/sessions/?") {
        let rows = sessions.iter().map(|s| {
            json!({"session_id": s.id, "vendor_data": s.vendor_data, "created_at": s.created_at,
                "status": s.status, "features": [{"feature": "FACE_MATCH", "status": s.status}]})
        });
        let rows = rows.collect::<Vec<_>>();
        let body = json!({"count": rows.len(), "next": null, "previous": null, "results": rows});
        return Answer::new(200, body.to_string());
    }
    let id = path.trim_start_matches("/v3/session/").trim_end_matches("/decision/");
    match sessions.iter().find(|s| s.id == id) {
        None => Answer::new(404, "{}"),
        Some(s) => {
            let body = json!({"session_id": s.id, "status": s.status, "vendor_data": s.vendor_data,
                "metadata": s.metadata,
                "face_matches": [{"status": s.status, "score": s.score, "warnings": [],
                    "source_image": "https://images.example/secret"}]});
            Answer::new(200, body.to_string())
        }
    }
}

fn settle(batch: &Batch, service: &Service) -> Outcome {
    let tool = Tool::at(service).args(["--retries", "0", "decision", "--journal"]);
    tool.arg(&batch.journal).run()
}

pub(crate) fn paid(service: &Service) -> usize {
    service.requests().iter().filter(|request| request.method == "POST").count()
}

pub(crate) fn set(sessions: &Sessions, vendor_data: &str, change: impl Fn(&mut Session)) {
    let mut sessions = sessions.lock().unwrap();
    sessions.iter_mut().filter(|s| s.vendor_data == vendor_data).for_each(change);
}

#[test]
fn a_review_is_settled_into_the_journal() {
    for (status, code) in [("Approved", 0), ("Declined", 1)] {
        let batch = Batch::of(2);
        let (service, sessions) = service(&[], &["p1"]);
        batch.run(&service).exits(3);
        settle(&batch, &service).exits(3).stdout_has("pair `p1` is In Review: no decision yet");
        set(&sessions, "p1", |s| s.status = status);
        settle(&batch, &service).exits(code).stdout_has("Settled now    1");
        let last = batch.records().pop().unwrap();
        assert_eq!((&last["settled_from"], &last["status"]), (&"In Review".into(), &status.into()));
        assert!(!std::fs::read_to_string(&batch.journal).unwrap().contains("images.example"));
        batch.run(&service).exits(code);
        assert_eq!(paid(&service), 2);
    }
}

#[test]
fn a_lost_answer_is_found_again_instead_of_paid_again() {
    let batch = Batch::of(2);
    let (service, _) = service(&["p1"], &[]);
    batch.run(&service).exits(10);
    settle(&batch, &service).exits(0).stdout_has("Answers found  1");
    assert_eq!(batch.records().pop().unwrap()["settled_from"], "unknown");
    batch.run(&service).exits(0);
    assert_eq!(paid(&service), 2);
}

#[test]
fn an_ambiguous_pair_stays_unknown_and_says_why() {
    let late = "2020-01-01T00:00:00Z";
    let found = |change: &dyn Fn(&Sessions), why: &str| {
        let batch = Batch::of(2);
        let (service, sessions) = service(&["p1"], &[]);
        batch.run(&service).exits(10);
        change(&sessions);
        let before = std::fs::read(&batch.journal).unwrap();
        settle(&batch, &service).exits(10).stdout_has("pair `p1` is unknown: ").stdout_has(why);
        assert_eq!(std::fs::read(&batch.journal).unwrap(), before);
        assert_eq!(paid(&service), 2);
    };
    let p1 = |change: fn(&mut Session)| move |all: &Sessions| set(all, "p1", change);
    found(&|all| set(all, "p1", |s| s.created_at = late.to_owned()), "no record of it yet");
    found(&p1(|s| s.vendor_data = "other".to_owned()), "no record of it yet");
    found(&p1(|s| s.created_at = "soon".to_owned()), "does not say when");
    found(&p1(|s| s.score = 29.into()), "below the threshold");
    found(&p1(|s| s.score = Value::Null), "without a score");
    found(&p1(|s| s.status = "Expired"), "its session is `Expired`");
    let twice = |all: &Sessions| {
        let mut all = all.lock().unwrap();
        let mut other = all.iter().find(|s| s.vendor_data == "p1").unwrap().clone();
        other.id = "another".to_owned();
        all.push(other);
    };
    found(&twice, "2 sessions");
}

#[test]
fn two_lost_pairs_of_one_vendor_data_are_not_told_apart() {
    let batch = Batch::with(
        "id,user_image,ref_image,vendor_data\na,user.jpg,reference.png,v\nb,user.jpg,reference.png,v\n",
    );
    let (service, sessions) = service(&["v"], &[]);
    batch.run(&service).exits(10);
    sessions.lock().unwrap().pop();
    let run = settle(&batch, &service);
    run.exits(10).stdout_has("pair `a` is unknown: ").stdout_has("pair `b` is unknown: ");
}

#[test]
fn a_lost_answer_is_found_by_its_tag_and_a_foreign_session_never_taken() {
    let batch = Batch::of(2);
    let (service, sessions) = service_with(&["p1"], &[], true);
    batch.run(&service).exits(10);
    // Others of the same vendor_data, one of them with a tag of its own.
    let change = |metadata: Value| {
        let mut all = sessions.lock().unwrap();
        let own = all.iter().find(|s| s.vendor_data == "p1").unwrap().clone();
        let id = format!("foreign-{}", all.len());
        all.push(Session { id, score: 99.into(), metadata, ..own });
    };
    change(Value::Null);
    change(json!({"didit_face_request": "7cdda24e-311a-46d3-a3bb-e5d9b564ce73"}));
    settle(&batch, &service).exits(0).stdout_has("Answers found  1");
    let found = batch.records().pop().unwrap();
    assert_eq!((&found["score"], &found["settled_from"]), (&80.into(), &"unknown".into()));
    // Only the foreign ones are left.
    let other = Batch::of(2);
    let (service, sessions) = service_with(&["p1"], &[], true);
    other.run(&service).exits(10);
    let own = |s: &mut Session| s.metadata = Value::Null;
    set(&sessions, "p1", own);
    settle(&other, &service)
        .exits(10)
        .stdout_has("pair `p1` is unknown: the service has no record");
    assert_eq!(paid(&service), 2);
}

/// Killed after the first line: the request may never have left.
#[test]
fn without_an_end_only_the_tag_tells() {
    for keeps_metadata in [false, true] {
        let batch = Batch::of(1);
        let (service, sessions) = service_with(&["p0"], &[], keeps_metadata);
        batch.run(&service).exits(10);
        let journal = std::fs::read_to_string(&batch.journal).unwrap();
        let sent = journal.lines().find(|line| line.contains(r#""state":"sent""#)).unwrap();
        std::fs::write(&batch.journal, format!("{sent}\n")).unwrap();
        set(&sessions, "p0", |session| session.score = 99.into());
        let outcome = settle(&batch, &service);
        if keeps_metadata {
            outcome.exits(0).stdout_has("Answers found  1");
        } else {
            outcome.exits(10).stdout_has("lacks the request's tag");
        }
    }
}

#[test]
fn without_vendor_data_the_tag_finds_the_answer() {
    let batch = Batch::with("id,user_image,ref_image\na,user.jpg,reference.png\n");
    let (service, _) = service_with(&[""], &[], true);
    batch.run(&service).exits(10);
    settle(&batch, &service).exits(0).stdout_has("Answers found  1");
    assert_eq!(paid(&service), 1);
}

#[test]
fn what_the_service_has_no_record_of_is_absent_and_may_be_sent_again() {
    let batch = Batch::of(2);
    let (service, sessions) = service_with(&["p1"], &[], true);
    batch.run(&service).exits(10);
    sessions.lock().unwrap().retain(|s| s.vendor_data != "p1");
    settle(&batch, &service)
        .exits(10)
        .stdout_has("Absent         0")
        .stdout_has("no record of it yet");
    batch.tool(&service).arg("--retry-unknown=absent").run().exits(10);
    assert_eq!(paid(&service), 2, "not absent yet");
    // An hour later.
    let today = jiff::Timestamp::now().strftime("%F").to_string();
    let text = std::fs::read_to_string(&batch.journal).unwrap().replace(&today, "2020-01-01");
    std::fs::write(&batch.journal, text).unwrap();
    settle(&batch, &service).exits(10).stdout_has("Absent         1");
    let lines = std::fs::read_to_string(&batch.journal).unwrap();
    settle(&batch, &service).exits(10).stdout_has("Absent         1");
    assert_eq!(std::fs::read_to_string(&batch.journal).unwrap(), lines, "it is marked once");
    batch.run(&service).exits(10);
    assert_eq!(paid(&service), 2);
    batch.tool(&service).arg("--retry-unknown=absent").run().exits(10);
    assert_eq!(paid(&service), 3);
}

#[test]
fn a_journal_that_is_missing_or_locked_is_left_alone() {
    let batch = Batch::of(1);
    let (service, _) = service(&[], &[]);
    settle(&batch, &service).fails(6).stderr_has("no such file");
    assert!(!batch.journal.exists());
    std::fs::write(&batch.journal, "hello\n").unwrap();
    let run = settle(&batch, &service);
    run.fails(6).stderr_has("is not a batch journal").stderr_has("name a file that `batch` wrote");
    std::fs::remove_file(&batch.journal).unwrap();
    batch.run(&service).exits(0);
    let journal = std::fs::File::options().append(true).open(&batch.journal).unwrap();
    journal.lock().unwrap();
    settle(&batch, &service).fails(11).stderr_has("in use by another run");
}
