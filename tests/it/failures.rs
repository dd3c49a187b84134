//! Statuses other than 200: exit codes, and the service's quoted message.

use crate::support::bodies::APPROVED;
use crate::support::{Answer, MAYBE_PAID, Outcome, Photos, Service, Tool};

/// The service answers `answer`, and must be asked once.
fn answered(answer: Answer) -> Outcome {
    let service = Service::always(answer);
    let outcome = Tool::matching(&service, &Photos::new()).args(["--retries", "0"]).run();
    assert_eq!(service.requests().len(), 1);
    outcome
}

const NO_PERMISSION: &str = r#"{"detail": "You do not have permission to perform this action."}"#;
const NO_CREDENTIALS: &str =
    r#"{"detail": "Authentication credentials were not provided or are invalid."}"#;
const NO_CREDITS: &str = r#"{"error": "You don't have enough credits to perform this request. Please top up at https://business.didit.me"}"#;

#[test]
fn each_status_has_its_code_and_quotes_the_service() {
    for (status, body, code, said) in [
        (401, r#"{"detail": "Invalid token"}"#, 4, "Invalid token"),
        (401, "", 4, "DIDIT_API_KEY"),
        (402, "", 5, "credits"),
        (402, r#"{"message": "Payment required"}"#, 5, "Payment required"),
        (403, NO_CREDITS, 5, "You don't have enough credits"),
        (403, NO_CREDITS, 5, "hint: top up"),
        (403, NO_PERMISSION, 4, "You do not have permission"),
        (403, NO_CREDENTIALS, 4, "credentials were not provided"),
        (
            400,
            r#"{"user_image": ["File size should not exceed 5 MB"]}"#,
            6,
            "user_image: File size",
        ),
        (400, r#"{"ref_image": ["No file was submitted."], "x": ["y"]}"#, 6, "x: y"),
        (400, r#"["Amount must be at least $50."]"#, 6, "$50"),
        (400, "", 6, "HTTP 400"),
        (413, "<html><h1>413 Request Entity Too Large</h1></html>", 6, "too large"),
        (404, r#"{"detail": "Not found."}"#, 8, "Not found."),
        (404, "<html>", 8, "DIDIT_API_URL"),
        (405, "", 8, "405"),
        (408, "", 8, "408"),
        (418, "short and stout", 8, "short and stout"),
        (429, r#"{"detail": "Write request rate limit exceeded."}"#, 8, "Write request rate limit"),
        (451, "", 8, "451"),
        (500, "<html>", 8, "HTTP 500"),
        (502, "", 8, "502"),
        (503, "", 8, "503"),
        (504, "", 8, "504"),
        (599, "", 8, "599"),
        (999, "", 8, "999"),
    ] {
        let outcome = answered(Answer::new(status, body));
        outcome.fails(code).stderr_has(said).stderr_lacks("<h").stderr_lacks("tried");
    }
}

#[test]
fn a_verdict_needs_a_200() {
    for status in [201, 202, 203, 206, 226, 299, 400, 403, 500] {
        let outcome = answered(Answer::new(status, APPROVED));
        assert!(matches!(outcome.code, Some(4 | 6 | 8)), "{status}: {outcome:#?}");
        assert_eq!(outcome.stdout, "");
    }
    answered(Answer::new(204, "")).fails(8).stderr_has("204");
}

#[test]
fn an_unexplained_403_may_be_the_key_or_credits() {
    for body in ["", "<html>Forbidden</html>", "{}"] {
        let outcome = answered(Answer::new(403, body));
        outcome.fails(4).stderr_has("credits").stderr_has("key");
    }
}

#[test]
fn quoted_errors_are_escaped_and_cut() {
    let body = r#"{"detail": "a\u001b[31mb\nc\u202e"}"#;
    answered(Answer::new(400, body)).fails(6).stderr_has(r"a\u{1b}[31mb\u{a}c\u{202e}");
    for body in [format!("[{}\"x\"]", "\"y\",".repeat(9999)), "z".repeat(100_000)] {
        let outcome = answered(Answer::new(400, body));
        assert!(outcome.fails(6).stderr.len() < 1000, "{outcome:#?}");
    }
}

#[test]
fn malformed_error_bodies_do_no_harm() {
    let deep = "[".repeat(200_000);
    for body in [b"\xff\xfe\0".as_slice(), deep.as_bytes(), b"null", b"\"\"", b"{\"a\":{\"b\":1}}"]
    {
        answered(Answer::new(400, body)).fails(6);
    }
}

#[test]
fn redirects_are_not_followed() {
    for status in [300, 301, 302, 303, 304, 307, 308] {
        let target = Service::approving();
        let location = format!("{}/v3/face-match/", target.base());
        let outcome = answered(Answer::new(status, APPROVED).header("Location", &location));
        outcome.fails(9).stderr_has("redirect").stderr_has(&status.to_string());
        assert_eq!(target.connections(), 0, "{status}");
    }
}

#[test]
fn a_redirect_within_the_service_is_not_followed_either() {
    for location in ["/v3/face-match", "//127.0.0.1/", "?a=b", ""] {
        answered(Answer::new(308, "").header("Location", location)).fails(9);
    }
}

/// Every row of the service's error table: status, documented body, our exit code, and parts of
/// message and hint.
#[test]
fn the_documented_errors_are_understood() {
    const DELETED: &str =
        r#"{"detail": "The application was deleted.", "code": "application_deleted"}"#;
    const SUSPENDED: &str = r#"{"detail": "Paused.", "code": "contract_billing_suspended"}"#;
    const LIMIT: &str = r#"{"detail": "Write request rate limit exceeded. You can make up to 300 requests per minute."}"#;
    for (status, body, code, said, hint) in [
        (
            400,
            r#"{"ref_image": ["No file was submitted."]}"#,
            6,
            "ref_image: No file was submitted.",
            "nothing was charged",
        ),
        (
            400,
            r#"{"face_match_score_decline_threshold": ["Ensure this value is less than or equal to 100."]}"#,
            6,
            "Ensure this value",
            "fix what",
        ),
        (400, r#"["Amount must be at least $50."]"#, 6, "at least $50", "fix what"),
        (401, r#"{"detail": "Invalid token."}"#, 4, "Invalid token.", "DIDIT_API_KEY"),
        (402, "", 5, "not enough credits", "top up"),
        (403, NO_CREDITS, 5, "enough credits", "top up"),
        (403, NO_PERMISSION, 4, "permission", "grant it the permission"),
        (403, NO_CREDENTIALS, 4, "credentials", "DIDIT_API_KEY"),
        (401, DELETED, 4, "application_deleted", "application was deleted"),
        (403, DELETED, 4, "application_deleted", "application was deleted"),
        (410, DELETED, 4, "application_deleted", "application was deleted"),
        (403, SUSPENDED, 5, "contract_billing_suspended", "business.didit.me"),
        (403, r#"{"code": "api_key_scope_missing"}"#, 4, "scope_missing", "lacks the permission"),
        (403, r#"{"code": "ip_not_allowed"}"#, 4, "ip_not_allowed", "certain addresses"),
        (401, r#"{"code": "api_key_expired"}"#, 4, "api_key_expired", "new key"),
        (401, r#"{"code": "something_else"}"#, 4, "something_else", "DIDIT_API_KEY"),
        (404, r#"{"detail": "Not found."}"#, 8, "Not found.", "--api-url"),
        (413, "<html>413</html>", 6, "too large", "--fit"),
        (429, LIMIT, 8, "up to 300 requests", "300 requests a minute"),
        (503, "upstream connect error", 8, "upstream connect error", MAYBE_PAID),
        (500, "", 8, "HTTP 500", MAYBE_PAID),
        (502, "<html>502</html>", 8, "HTTP 502", MAYBE_PAID),
    ] {
        let outcome = answered(Answer::new(status, body));
        outcome.fails(code).stderr_has(said).stderr_has(hint);
    }
}

#[test]
fn an_unparsable_answer_reveals_nothing_personal() {
    let body = r#"{"request_id": "r1", "vendor_data": "ann-1", "face_match": {"status": "Approved",
        "score": 80, "user_image": {"entities": [{"age": 27.63, "gender": "male"}]}}}"#;
    for status in [206, 302, 500] {
        let outcome = answered(Answer::new(status, body));
        for detail in ["male", "27.63", "Approved", "ann-1"] {
            outcome.stderr_lacks(detail);
        }
    }
}
