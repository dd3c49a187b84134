//! Which session statuses become a verdict.

use super::*;
use crate::error::Kind;
use crate::verdict::{Strictness, Threshold, Verdict};

fn read(body: &str) -> Result<SessionState, Error> {
    SessionState::read(body.as_bytes(), &"a1b2".parse().unwrap())
}

#[test]
fn every_status_of_the_service_has_its_place() {
    for status in ["Approved", "Declined", "In Review"] {
        let state = read(&format!(r#"{{"session_id": "A1B2", "status": "{status}"}}"#));
        assert!(matches!(state, Ok(SessionState::Decided(d)) if d.status().name() == status));
    }
    for status in SessionState::PENDING.into_iter().chain(SessionState::CLOSED) {
        let state = read(&format!(r#"{{"status": "{status}"}}"#)).unwrap();
        assert!(!matches!(state, SessionState::Decided(_)) && state.name() == status);
    }
}

#[test]
fn nothing_else_becomes_a_verdict() {
    for body in [
        "",
        "null",
        r#"["Approved"]"#,
        r#""Approved""#,
        "{}",
        r#"{"status": null}"#,
        r#"{"status": true}"#,
        r#"{"status": ["Approved"]}"#,
        r#"{"status": "approved"}"#,
        r#"{"status": "Approved "}"#,
        r#"{"status": "Approved\u0000"}"#,
        r#"{"status": "Declined", "status": "Approved"}"#,
        r#"{"session_id": "other", "status": "Approved"}"#,
        r#"{"session_id": 1, "status": "Approved"}"#,
        r#"{"status": "Approved"} x"#,
        r#"{"status": "Approved""#,
        r#"{"face_match": {"status": "Approved"}}"#,
    ] {
        assert_eq!(read(body).unwrap_err().kind(), Kind::Response, "{body}");
    }
}

#[test]
fn only_a_review_can_be_settled() {
    let verdict = |status: &str| {
        let body = format!(r#"{{"face_match": {{"status": "{status}", "score": 50}}}}"#);
        Verdict::read(body.as_bytes(), Threshold::default()).unwrap()
    };
    let approved = Decision { status: Status::Approved, is_sandbox: false };
    assert_eq!(verdict("In Review").settle(approved).status(), Status::Approved);
    assert_eq!(verdict("Declined").settle(approved).status(), Status::Declined);
    let strictness = Strictness { review_below: "60".parse().ok(), one_face: false };
    assert_eq!(
        verdict("In Review").settle(approved).tightened(strictness, || [1, 1]).status(),
        Status::InReview
    );
}
