//! Answers of the service: only an explicit status that passes every check is a verdict.

use didit_face::api::account;
use didit_face::api::billing::{Balance, CheckoutUrl};
use didit_face::api::session::SessionReport;
use didit_face::exit::Exit;
use didit_face::render::{self, Stream};
use didit_face::values::ids::SessionId;
use didit_face::verdict::answer::AnswerDetails;
use didit_face::verdict::{SessionState, Status, Strictness, Threshold, Verdict};
use serde_json::Value;

const SESSION: &str = "7cdda24e-311a-46d3-a3bb-e5d9b564ce73";

pub(crate) fn check(body: &[u8]) {
    let verdicts =
        ["0", "30", "62.5", "100"].map(|t| face_match(body, t.parse().expect("a threshold")));
    if let [Some(verdict), ..] = verdicts {
        table(&verdict, &AnswerDetails::read(body).expect("what is judged can be shown"));
    }
    session(body, &SESSION.parse().expect("an id"));
    // Answers without a verdict: they are read or refused.
    let _ = (account::api_key(body), Balance::read(body), CheckoutUrl::read(body));
}

fn face_match(body: &[u8], threshold: Threshold) -> Option<Verdict> {
    let verdict = Verdict::read(body, threshold).ok()?;
    let face_match = &value(body)["face_match"];
    assert_eq!(face_match["status"], verdict.status().name());
    let code = match verdict.status() {
        Status::Approved => 0,
        Status::Declined => 1,
        Status::InReview => 3,
    };
    assert_eq!(Exit::from(&verdict).code(), code);
    let score: Option<f64> =
        verdict.score().map(|score| score.to_string().parse().expect("a number"));
    match (&face_match["score"], score) {
        (Value::Null, None) => {}
        (Value::Number(_), None) => {
            let warnings = face_match["warnings"].to_string().to_uppercase();
            assert!(
                warnings.contains("NO_REFERENCE_IMAGE") || warnings.contains("NO_FACE_DETECTED")
            );
            assert_ne!(verdict.status(), Status::Approved);
        }
        (Value::Number(said), Some(read)) => {
            assert!((0.0..=100.0).contains(&read), "{read}");
            let said = said.as_f64().expect("a number");
            assert!((said - read).abs() <= 1e-9, "{said} was read as {read}");
        }
        (said, read) => panic!("{said} was read as {read:?}"),
    }
    approved(verdict, threshold);
    Some(verdict)
}

fn approved(verdict: Verdict, threshold: Threshold) {
    let reaches = |limit: Threshold| verdict.score().is_some_and(|s| limit.is_reached_by(s));
    let is_approved = verdict.status() == Status::Approved;
    assert!(!is_approved || reaches(threshold));
    for limit in ["0", "50", "100"] {
        let limit: Threshold = limit.parse().expect("a threshold");
        let strictness = Strictness { review_below: Some(limit), ..Strictness::default() };
        let stricter = verdict.tightened(strictness, Default::default);
        assert_eq!(stricter.status() == Status::Approved, is_approved && reaches(limit));
        assert_eq!(stricter.downgraded_by().is_some(), is_approved && !reaches(limit));
    }
}

/// Text from outside can't move the cursor or set colours.
fn table(verdict: &Verdict, report: &AnswerDetails) {
    for width in [None, Some(60)] {
        let stream =
            Stream { is_terminal: width.is_some(), is_coloured: false, has_unicode: true, width };
        let text = render::verdict::table(stream, verdict, report, ["a.jpg", "b.jpg"]);
        assert!(!text.contains(|c: char| c.is_control() && c != '\n'), "{text:?}");
    }
}

fn session(body: &[u8], id: &SessionId) {
    let report = SessionReport::read(body);
    let Ok(standing) = SessionState::read(body, id) else { return };
    let answer = value(body);
    assert_eq!(answer["status"], standing.name());
    if let Some(said) = answer["session_id"].as_str() {
        assert!(said.eq_ignore_ascii_case(SESSION), "{said}");
    }
    report.expect("what is decided can be shown");
}

fn value(body: &[u8]) -> Value {
    serde_json::from_slice(body).expect("a verdict comes from JSON that others can read")
}
