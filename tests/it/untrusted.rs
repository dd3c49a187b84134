//! Answers that can't be trusted: exit code 9, and nothing on stdout.

use crate::support::bodies::APPROVED;
use crate::support::{Answer, Outcome, Photos, Service, Tool};

const MIB: usize = 1024 * 1024;

fn answered(body: impl AsRef<[u8]>, options: &[&str]) -> Outcome {
    let service = Service::answering([Answer::new(200, body)]);
    let outcome = Tool::matching(&service, &Photos::new()).args(options).run();
    assert_eq!(service.requests().len(), 1);
    outcome
}

/// As a table, with --quiet and with --json: never a verdict.
#[track_caller]
fn refused(body: impl AsRef<[u8]>) {
    let body = body.as_ref();
    let shown = String::from_utf8_lossy(&body[..body.len().min(200)]).into_owned();
    let outcome = answered(body, &[]);
    assert_eq!(outcome.code, Some(9), "{shown}: {outcome:#?}");
    outcome.fails(9);
    let outcome = answered(body, &["--json"]);
    assert_eq!((outcome.code, outcome.stdout.as_str()), (Some(9), ""), "{shown}: {outcome:#?}");
}

fn with_face_match(members: &str) -> String {
    format!(r#"{{"request_id": "r", "face_match": {{{members}}}}}"#)
}

#[test]
fn not_json() {
    for body in [
        "",
        " \n",
        "Approved",
        "<html><body>Approved</body></html>",
        "null",
        "true",
        r#""Approved""#,
        "80",
        r#"{"face_match": {"status": "Approved", "score": 80"#,
        r#"{"face_match": {"status": "Approved", "score": 80}"#,
        r#"{"face_match": {"status": "Approved", "score": 80}} x"#,
        r#"{"face_match": {"status": "Approved", "score": 80}}{}"#,
        r#"{"face_match": {"status": "Approved", "score": 80},}"#,
        "{'face_match': {'status': 'Approved', 'score': 80}}",
        "\u{feff}{\"face_match\": {\"status\": \"Approved\", \"score\": 80}}",
        "{\"face_match\": {\"status\": \"Approved\", \"score\": 80}}\0",
    ] {
        refused(body);
    }
}

#[test]
fn not_utf8() {
    refused(b"{\"face_match\": {\"status\": \"Approved\", \"score\": 80, \"x\": \"\xff\xfe\"}}");
    refused(b"{\"\xc3\": 1, \"face_match\": {\"status\": \"Approved\", \"score\": 80}}");
    let utf16: Vec<u8> = APPROVED.encode_utf16().flat_map(u16::to_le_bytes).collect();
    refused(utf16);
}

#[test]
fn another_shape() {
    for body in [
        "{}",
        "[]",
        r#"[{"face_match": {"status": "Approved", "score": 80}}]"#,
        r#"{"status": "Approved", "score": 80}"#,
        r#"{"face_match": null}"#,
        r#"{"face_match": {}}"#,
        r#"{"face_match": "Approved"}"#,
        r#"{"face_match": ["Approved", 99]}"#,
        r#"{"face_match": [{"status": "Approved", "score": 99}]}"#,
        r#"{"Face_Match": {"status": "Approved", "score": 99}}"#,
        r#"{"face_match ": {"status": "Approved", "score": 99}}"#,
        r#"{"data": {"face_match": {"status": "Approved", "score": 99}}}"#,
    ] {
        refused(body);
    }
}

#[test]
fn another_status() {
    for status in [
        r#""approved""#,
        r#""APPROVED""#,
        r#""APPROVED ""#,
        r#""Approved ""#,
        r#"" Approved""#,
        r#""Approved\u0000""#,
        r#""Approved\n""#,
        "\"\u{410}pproved\"",
        r#""Expired""#,
        r#""Kyc Expired""#,
        r#""In Progress""#,
        r#""InReview""#,
        r#""in review""#,
        r#""""#,
        "null",
        "true",
        "0",
        r#"["Approved"]"#,
        r#"{"Approved": true}"#,
    ] {
        refused(with_face_match(&format!(r#""status": {status}, "score": 99"#)));
    }
    refused(with_face_match(r#""score": 99"#));
}

#[test]
fn an_invalid_score() {
    for score in [
        r#""80""#,
        "true",
        "[80]",
        "{}",
        "-1",
        "-0.0000001",
        "100.01",
        "101",
        "1e3",
        "1e400",
        "1e-400",
        "100.00000000000000000000000000001",
        "29.999999999999999999999999999999999999",
        "0.8e99999999999999999999",
        "NaN",
        "Infinity",
        "+80",
        "080",
        "80.",
        ".8",
        "8_0",
        "0x50",
    ] {
        for status in ["Approved", "Declined", "In Review"] {
            refused(with_face_match(&format!(r#""status": "{status}", "score": {score}"#)));
        }
    }
}

#[test]
fn an_approval_without_a_score() {
    refused(with_face_match(r#""status": "Approved""#));
    refused(with_face_match(r#""status": "Approved", "score": null"#));
}

#[test]
fn an_approval_below_the_threshold_that_was_sent() {
    for (score, threshold) in [
        ("29", "30"),
        ("29.999999999999999999999999", "30"),
        ("0", "1.5"),
        ("99.99", "100"),
        ("62.4999", "62.5"),
        ("2.9999e1", "30"),
    ] {
        let body = with_face_match(&format!(r#""status": "Approved", "score": {score}"#));
        let outcome = answered(&body, &["-t", threshold]);
        outcome.fails(9).stderr_has("below the threshold").stderr_has(threshold);
    }
}

#[test]
fn a_duplicate_key() {
    for body in [
        r#"{"face_match": {"status": "Declined", "score": 1}, "face_match": {"status": "Approved", "score": 99}}"#,
        r#"{"face_match": {"status": "Approved", "score": 99}, "f\u0061ce_match": null}"#,
        r#"{"face_match": {"status": "Declined", "score": 99, "status": "Approved"}}"#,
        r#"{"face_match": {"status": "Approved", "score": 99, "st\u0061tus": "Approved"}}"#,
        r#"{"face_match": {"status": "Approved", "score": 1, "score": 99}}"#,
        r#"{"face_match": {"status": "Approved", "score": 99, "s\u0063ore": 1}}"#,
        r#"{"face_match": {"status": "Approved", "score": 99, "x": 1, "x": 2}}"#,
    ] {
        refused(body);
    }
}

#[test]
fn endless_nesting() {
    let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    refused(&deep);
    refused(format!(r#"{{"face_match": {deep}}}"#));
    refused(with_face_match(&format!(r#""status": {deep}, "score": 80"#)));
    refused(with_face_match(&format!(r#""status": "Approved", "score": {deep}"#)));
    refused(with_face_match(&format!(r#""status": "Approved", "score": 80, "x": {deep}"#)));
    refused("{\"face_match\":".repeat(100_000));
}

#[test]
fn text_that_other_readers_refuse() {
    for odd in [r#""\ud800""#, "1e999"] {
        refused(with_face_match(&format!(r#""status": "Approved", "score": 80, "x": {odd}"#)));
    }
}

#[test]
fn the_error_says_that_it_may_have_cost_a_credit() {
    answered("{}", &[]).fails(9).stderr_has("hint: ").stderr_has("credit");
    let error = answered("{}", &["--json"]).stderr;
    assert!(error.contains(r#""http_status":200"#), "{error}");
}

/// An answer of `size` bytes that would be Approved.
fn approval_of(size: usize) -> Vec<u8> {
    let mut body = APPROVED.as_bytes().to_vec();
    body.resize(size, b' ');
    body
}

#[test]
fn an_answer_up_to_the_cap_is_read() {
    let body = approval_of(MIB);
    let outcome = answered(&body, &["--json"]);
    assert_eq!(outcome.exits(0).stdout.len(), MIB + 1, "with a line end");
}

#[test]
fn an_answer_over_the_cap_is_refused() {
    refused(approval_of(MIB + 1));
    answered(approval_of(MIB + 1), &[]).stderr_has("1 MiB");
}

#[test]
fn an_endless_answer_is_not_read() {
    for head in [
        "HTTP/1.1 200 OK\r\nContent-Length: 1000000000\r\n\r\n".to_owned(),
        "HTTP/1.1 200 OK\r\n\r\n".to_owned(),
        // One endless chunk, to avoid framing each 64 KiB.
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3b9aca00\r\n".to_owned(),
        "HTTP/1.1 500 X\r\nContent-Length: 1000000000\r\n\r\n".to_owned(),
    ] {
        let start = format!("{head}{APPROVED}");
        let service = Service::start(move |connection| {
            if connection.request() && connection.send(&start) {
                connection.push(1_000_000_000 - APPROVED.len());
            }
        });
        let outcome = Tool::matching(&service, &Photos::new()).run();
        outcome.fails(if head.contains("500") { 8 } else { 9 });
        // What the sockets buffer counts as pushed too.
        assert!(service.pushed() < 16 * MIB, "{}", service.pushed());
        assert_eq!(service.requests().len(), 1);
    }
}

#[test]
fn an_endless_head_is_not_read() {
    let service = Service::start(|connection| {
        if connection.request() && connection.send("HTTP/1.1 200 OK\r\nx-long: ") {
            connection.push(1_000_000_000);
        }
    });
    let outcome = Tool::matching(&service, &Photos::new()).run();
    assert!(matches!(outcome.code, Some(7 | 9)), "{outcome:#?}");
    outcome.fails(outcome.code.unwrap());
    assert!(service.pushed() < 16 * MIB, "{}", service.pushed());
}

#[test]
fn chunks_are_put_together() {
    let (a, b) = APPROVED.split_at(100);
    let chunks = format!("{:x}\r\n{a}\r\n{:x}\r\n{b}\r\n0\r\n\r\n", a.len(), b.len());
    let answer = format!("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n{chunks}");
    let service = Service::start(move |connection| {
        connection.request();
        connection.send(&answer);
    });
    let outcome = Tool::matching(&service, &Photos::new()).arg("--json").run();
    assert_eq!(outcome.exits(0).stdout, format!("{APPROVED}\n"));
}
