//! Repetition: only where nothing can be paid twice, and no sooner than the service wishes.

use std::time::{Duration, SystemTime};

use crate::support::bodies::APPROVED;
use crate::support::{Answer, Outcome, Photos, Service, Tool, timed};

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
fn a_busy_service_is_asked_again() {
    let busy = || Answer::new(503, "");
    let (outcome, elapsed, requests) = run(vec![busy(), busy(), approved()], &[]);
    outcome.exits(0).details_have("attempt 3").details_have("HTTP 503: trying again");
    assert_eq!(requests, 3);
    // 0.5 s and 1 s at least.
    assert!(elapsed >= Duration::from_millis(1500), "{elapsed:?}");
}

#[test]
fn every_attempt_sends_the_same() {
    let service = Service::answering([Answer::new(503, ""), approved()]);
    Tool::matching(&service, &Photos::new()).run().exits(0);
    let requests = service.requests();
    assert_eq!(requests[0].body, requests[1].body);
    assert_eq!(requests[0].headers, requests[1].headers);
}

#[test]
fn it_gives_up_and_says_how_often_it_tried() {
    for status in [429, 503] {
        let answers = (0..9).map(|_| Answer::new(status, "").header("Retry-After", "0")).collect();
        let (outcome, _, requests) = run(answers, &[]);
        outcome.fails(8).stderr_has("tried 3 times").stderr_has(&status.to_string());
        assert_eq!(requests, 3);
    }
    let answers = (0..9).map(|_| Answer::new(429, "").header("Retry-After", "0")).collect();
    let (outcome, _, requests) = run(answers, &["--retries", "4"]);
    outcome.fails(8).stderr_has("tried 5 times");
    assert_eq!(requests, 5);
}

#[test]
fn retries_0_asks_once() {
    for status in [429, 503] {
        let (outcome, elapsed, requests) =
            run(vec![Answer::new(status, ""), approved()], &["--retries", "0"]);
        outcome.fails(8).stderr_lacks("tried");
        assert_eq!(requests, 1);
        assert!(elapsed < Duration::from_secs(1), "{elapsed:?}");
    }
}

#[test]
fn retry_after_is_heeded() {
    let limited = Answer::new(429, "").header("Retry-After", "1");
    let (outcome, elapsed, requests) = run(vec![limited, approved()], &[]);
    outcome.exits(0).details_have("< retry-after: 1");
    assert_eq!(requests, 2);
    assert!((Duration::from_secs(1)..Duration::from_secs(2)).contains(&elapsed), "{elapsed:?}");
}

#[test]
fn retry_after_may_be_a_date() {
    let date = httpdate::fmt_http_date(SystemTime::now() + Duration::from_secs(3));
    let limited = Answer::new(503, "").header("Retry-After", &date);
    let (outcome, elapsed, requests) = run(vec![limited, approved()], &[]);
    outcome.exits(0);
    assert_eq!(requests, 2);
    // A date has no fractions of a second, and the clock ran on until it was read.
    assert!((Duration::from_secs(1)..Duration::from_secs(4)).contains(&elapsed), "{elapsed:?}");
}

#[test]
fn a_retry_after_that_makes_no_sense_is_passed_over() {
    for value in ["soon", "-1", "1.5.2", "99999999999999999999999999"] {
        let limited = Answer::new(429, "").header("Retry-After", value);
        let (outcome, elapsed, requests) = run(vec![limited, approved()], &[]);
        outcome.exits(0);
        assert_eq!(requests, 2);
        assert!(elapsed < Duration::from_secs(2), "{value}: {elapsed:?}");
    }
}

#[test]
fn what_may_have_been_paid_is_not_repeated() {
    for status in [500, 501, 502, 504, 520, 408, 425, 400, 401, 403] {
        let limited = Answer::new(status, "").header("Retry-After", "0");
        let (outcome, _, requests) = run(vec![limited, approved()], &["--retries", "5"]);
        assert!(matches!(outcome.code, Some(4 | 6 | 8)), "{outcome:#?}");
        assert_eq!(requests, 1, "{status}");
    }
    let (outcome, _, requests) = run(vec![Answer::new(200, "{}"), approved()], &[]);
    outcome.fails(9);
    assert_eq!(requests, 1);
}

#[test]
fn a_lost_connection_after_a_busy_answer_is_not_repeated() {
    let service = Service::start(|connection| {
        connection.request();
        connection.send(Answer::new(503, "").header("Retry-After", "0").bytes());
        // The next attempt may come on the same connection, and gets no answer.
        connection.request();
    });
    let outcome = Tool::matching(&service, &Photos::new()).args(["--retries", "5"]).run();
    outcome.fails(7).stderr_has("may have been processed").stderr_has("tried 2 times");
    assert_eq!(service.requests().len(), 2);
}

#[test]
fn the_limits_of_the_rate_are_shown() {
    let limited = Answer::new(429, r#"{"detail": "Write request rate limit exceeded."}"#)
        .header("Retry-After", "0")
        .header("X-RateLimit-Limit", "300")
        .header("X-RateLimit-Remaining", "0\u{9b}31m");
    let (outcome, _, _) = run(vec![limited, approved()], &[]);
    outcome.exits(0).details_have("< x-ratelimit-limit: 300");
    assert!(!outcome.details.concat().contains('\u{9b}'));
}
