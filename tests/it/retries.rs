//! Retries: only if nothing can be paid twice, and not before the service allows.

use std::time::{Duration, SystemTime};

use crate::support::bodies::APPROVED;
use crate::support::{Answer, MAYBE_PAID, Outcome, Photos, Service, Tool, timed};

/// The logged waits, in seconds.
fn waits(outcome: &Outcome) -> Vec<f64> {
    let waits = outcome.details.iter().filter_map(|line| line.split("trying again in ").nth(1));
    waits.map(|wait| wait.trim().trim_end_matches(" s").parse().expect("seconds")).collect()
}

fn approved() -> Answer {
    Answer::new(200, APPROVED)
}

fn run(answers: Vec<Answer>, options: &[&str]) -> (Outcome, Duration, usize) {
    let service = Service::answering(answers);
    let tool = Tool::matching(&service, &Photos::new()).args(options);
    let (outcome, elapsed) = timed(|| tool.run());
    (outcome, elapsed, service.requests().len())
}

#[test]
fn a_busy_service_is_retried() {
    let busy = || Answer::new(429, "");
    let (outcome, elapsed, requests) = run(vec![busy(), busy(), approved()], &[]);
    outcome.exits(0).details_have("attempt 3").details_have("HTTP 429: trying again");
    assert_eq!(requests, 3);
    // 0.5 s and 1 s at least.
    assert!(elapsed >= Duration::from_millis(1500), "{elapsed:?}");
}

#[test]
fn every_attempt_sends_the_same() {
    let service = Service::answering([Answer::new(429, ""), approved()]);
    Tool::matching(&service, &Photos::new()).run().exits(0);
    let requests = service.requests();
    assert_eq!(requests[0].parts(), requests[1].parts());
    let [first, second] = [0, 1].map(|i| {
        let headers = requests[i].headers.iter();
        // The boundary is new.
        headers.filter(|(name, _)| name != "content-type").collect::<Vec<_>>()
    });
    assert_eq!(first, second);
}

#[test]
fn it_gives_up_and_says_how_often_it_tried() {
    let answers = (0..9).map(|_| Answer::new(429, "").header("Retry-After", "0")).collect();
    let (outcome, _, requests) = run(answers, &[]);
    outcome.fails(8).stderr_has("tried 3 times").stderr_has("429");
    assert_eq!(requests, 3);
    let answers = (0..9).map(|_| Answer::new(429, "").header("Retry-After", "0")).collect();
    let (outcome, _, requests) = run(answers, &["--retries", "4"]);
    outcome.fails(8).stderr_has("tried 5 times");
    assert_eq!(requests, 5);
}

#[test]
fn retries_0_asks_once() {
    for status in [429, 503] {
        let busy = Answer::new(status, "").header("Retry-After", "5");
        let (outcome, _, requests) = run(vec![busy, approved()], &["--retries", "0"]);
        outcome.fails(8).stderr_lacks("tried");
        assert_eq!((requests, waits(&outcome)), (1, vec![]));
    }
}

#[test]
fn retry_after_is_respected() {
    let limited = Answer::new(429, "").header("Retry-After", "1");
    let (outcome, elapsed, requests) = run(vec![limited, approved()], &[]);
    outcome.exits(0).details_have("< retry-after: 1");
    assert_eq!(requests, 2);
    assert_eq!(waits(&outcome), [1.0]);
    assert!(elapsed >= Duration::from_secs(1), "{elapsed:?}");
}

#[test]
fn retry_after_may_be_a_date() {
    let date = httpdate::fmt_http_date(SystemTime::now() + Duration::from_secs(3));
    let limited = Answer::new(429, "").header("Retry-After", &date);
    let (outcome, elapsed, requests) = run(vec![limited, approved()], &[]);
    outcome.exits(0);
    assert_eq!(requests, 2);
    // A date has no fractions of a second, and time passes before it is read.
    assert!(matches!(waits(&outcome)[..], [1.0..=3.0]), "{outcome:?}");
    assert!(elapsed >= Duration::from_secs(1), "{elapsed:?}");
}

#[test]
fn an_invalid_retry_after_is_ignored() {
    for value in ["soon", "-1", "1.5.2", "99999999999999999999999999"] {
        let limited = Answer::new(429, "").header("Retry-After", value);
        let (outcome, _, requests) = run(vec![limited, approved()], &[]);
        outcome.exits(0);
        assert_eq!(requests, 2);
        assert!(matches!(waits(&outcome)[..], [0.5..=1.0]), "{value}: {outcome:?}");
    }
}

#[test]
fn a_request_that_may_have_been_paid_is_not_repeated() {
    for status in [500, 501, 502, 504, 520, 408, 425, 400, 401, 403] {
        let limited = Answer::new(status, "").header("Retry-After", "0");
        let (outcome, _, requests) = run(vec![limited, approved()], &["--retries", "5"]);
        assert!(matches!(outcome.code, Some(4 | 6 | 8)), "{outcome:#?}");
        assert_eq!(requests, 1, "{status}");
    }
    // Every 503 too: a cache gives one even after its backend took the request.
    for answer in [
        Answer::new(503, "<title>503 Backend fetch failed</title>").header("Retry-After", "0"),
        Answer::new(503, r#"{"detail": "Later."}"#).header("Retry-After", "0"),
        Answer::new(503, "upstream connect error"),
        Answer::new(503, "").header("Retry-After", "soon"),
    ] {
        let (outcome, _, requests) = run(vec![answer, approved()], &["--retries", "5"]);
        outcome.fails(8).stderr_has(MAYBE_PAID).stderr_lacks("nothing was charged");
        assert_eq!(requests, 1);
    }
    let (outcome, _, requests) = run(vec![Answer::new(200, "{}"), approved()], &[]);
    outcome.fails(9);
    assert_eq!(requests, 1);
}

#[test]
fn nothing_was_charged_is_said_only_if_certain() {
    for status in [400, 401, 402, 403, 413, 429] {
        let answer = Answer::new(status, r#"{"detail": "No."}"#);
        let (outcome, ..) = run(vec![answer], &["--retries", "0"]);
        outcome.stderr_has("nothing was charged").stderr_lacks(MAYBE_PAID);
    }
    for status in [400, 401, 407, 411, 413, 414, 429, 431] {
        let answer = Answer::new(status, "<title>No</title>");
        let (outcome, ..) = run(vec![answer], &["--retries", "0"]);
        outcome.stderr_has("nothing was charged").stderr_lacks(MAYBE_PAID);
    }
    for (status, body) in [(402, "<p>"), (403, "<p>"), (403, ""), (403, "{}"), (403, "[]")] {
        let (outcome, ..) = run(vec![Answer::new(status, body)], &["--retries", "0"]);
        outcome.stderr_has(MAYBE_PAID).stderr_lacks("nothing was charged");
    }
    for status in [204, 302, 404, 408, 409, 418, 422, 500, 501, 502, 503, 504, 520] {
        let (outcome, ..) = run(vec![Answer::new(status, "")], &["--retries", "0"]);
        outcome.stderr_has(MAYBE_PAID).stderr_lacks("nothing was charged");
        outcome.stderr_has("look for it in the Didit Business Console before you send it again");
        let (outcome, ..) = run(vec![Answer::new(status, "")], &["--retries", "0", "--no-save"]);
        outcome.stderr_has(MAYBE_PAID).stderr_has("with --no-save the service keeps nothing");
        outcome.stderr_lacks("Business Console");
    }
    let later = Answer::new(503, "").header("Retry-After", "5");
    let (outcome, ..) = run(vec![later], &["--retries", "0", "--json"]);
    outcome.exits(8).stderr_has(MAYBE_PAID).stderr_has(r#""charged":"maybe""#);
}

#[test]
fn an_unreadable_paid_answer_gets_a_hint_to_look_it_up() {
    let odd = || Answer::new(200, r#"{"request_id": "r-1", "face_match": {}}"#);
    let (outcome, ..) = run(vec![odd()], &[]);
    outcome.fails(9).stderr_has("`didit-face decision r-1`");
    let (outcome, ..) = run(vec![odd()], &["--no-save"]);
    outcome.fails(9).stderr_lacks("didit-face decision").stderr_has("nothing to look up");
}

#[test]
fn a_lost_connection_after_a_busy_answer_is_not_repeated() {
    let service = Service::start(|connection| {
        // The next attempt, on whichever connection, gets no answer.
        while connection.request() && connection.log_length() == 1 {
            connection.send(Answer::new(429, "").header("Retry-After", "0").bytes());
        }
    });
    let outcome = Tool::matching(&service, &Photos::new()).args(["--retries", "5"]).run();
    outcome.fails(7).stderr_has(MAYBE_PAID).stderr_has("tried 2 times");
    assert_eq!(service.requests().len(), 2);
}

#[test]
fn rate_limit_headers_are_shown() {
    let limited = Answer::new(429, r#"{"detail": "Write request rate limit exceeded."}"#)
        .header("Retry-After", "0")
        .header("X-RateLimit-Limit", "300")
        .header("X-RateLimit-Remaining", "0\u{9b}31m");
    let (outcome, _, _) = run(vec![limited, approved()], &[]);
    outcome.exits(0).details_have("< x-ratelimit-limit: 300");
    assert!(!outcome.details.concat().contains('\u{9b}'));
}

#[test]
fn a_date_is_read_by_the_clock_that_wrote_it() {
    let hour = Duration::from_hours(1);
    for now in [SystemTime::now() - hour, SystemTime::now() + hour] {
        let at = |time| httpdate::fmt_http_date(time);
        let limited = Answer::new(429, "").header("Date", &at(now));
        let limited = limited.header("Retry-After", &at(now + Duration::from_secs(1)));
        let (outcome, ..) = run(vec![limited, approved()], &[]);
        outcome.exits(0);
        assert_eq!(waits(&outcome), [1.0]);
    }
}
