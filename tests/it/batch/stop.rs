//! What stops a run early: a refused key, no credits, too many failures, signals.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use super::{Batch, answering, approved};
use crate::support::Answer;

const NO_CREDITS: &str = r#"{"error": "You don't have enough credits to perform this request."}"#;

#[test]
fn a_refused_key_or_no_credits_end_the_run() {
    for (answer, code) in [(Answer::new(401, ""), 4), (Answer::new(403, NO_CREDITS), 5)] {
        let batch = Batch::of(50);
        let service = answering(move |_| answer.clone());
        let run = batch.tool(&service).args(["--jobs", "2"]).run();
        run.fails(code).stderr_has("the run was stopped").stderr_has("rerun to resume");
        assert!(service.requests().len() <= 4, "{}", service.requests().len());
        let run = batch.tool(&service).args(["--jobs", "1", "--summary"]).run();
        run.exits(code).stdout_has("Not started   49").stderr_has("error: ");
        let well = answering(|_| approved());
        batch.run(&well).exits(0);
        assert_eq!(batch.judged().len(), 50);
    }
}

#[test]
fn a_stopped_run_says_how_to_look_up_what_may_have_been_paid() {
    let batch = Batch::of(9);
    let first = AtomicBool::new(true);
    let service = answering(move |_| {
        let is_first = first.swap(false, Ordering::Relaxed);
        Answer::new(if is_first { 500 } else { 401 }, "")
    });
    let run = batch.tool(&service).args(["--jobs", "1"]).run();
    run.fails(4).stderr_has("didit-face decision --journal").stderr_has("--retry-unknown");
    let journal = std::fs::read_to_string(&batch.journal).unwrap();
    let hint =
        r#""hint":"look it up, free of charge: didit-face decision --journal results.jsonl""#;
    assert!(journal.contains(hint), "without the folder: {journal}");
    // The second run has nothing more to pay, but the first pair is still open.
    let run =
        batch.tool(&answering(|_| Answer::new(500, r#"{"detail": "a"}"#))).arg("--json").run();
    run.exits(10).stderr_has(r#""charged":"maybe""#);
}

#[test]
fn the_run_stops_after_max_failures() {
    let batch = Batch::of(50);
    let service = answering(|_| Answer::new(500, ""));
    let run = batch.tool(&service).args(["--jobs", "2", "--max-failures", "3"]).run();
    run.exits(10).stderr_has("stopped by --max-failures");
    assert!((3..=4).contains(&service.requests().len()), "{}", service.requests().len());
}

/// It would make all the rest unknown; an incident's number doesn't make it another page.
#[test]
fn the_same_page_of_a_gateway_to_three_pairs_ends_the_run() {
    let batch = Batch::of(8);
    let count = AtomicUsize::new(0);
    let service = answering(move |_| {
        let ray = count.fetch_add(1, Ordering::Relaxed);
        Answer::new(403, format!("<title>Blocked, ray 7f{ray}</title>"))
    });
    let run = batch.tool(&service).args(["--jobs", "1"]).run();
    run.exits(8).stderr_has("the run was stopped").stderr_has("Blocked, ray 7f2");
    assert_eq!(service.requests().len(), 3);
}

#[cfg(unix)]
mod signals {
    use std::process::Child;
    use std::time::Duration;

    use rustix::process::Signal;

    use super::*;
    use crate::support::process::{ended, signal, start, wait_until};
    use crate::support::{Service, Tool, timed};

    fn started(tool: Tool, service: &Service) -> Child {
        let child = tool.spawn();
        wait_until(|| service.requests().len() >= 3);
        child
    }

    fn slow(time: u64) -> Service {
        answering(move |_| {
            std::thread::sleep(Duration::from_millis(time));
            approved()
        })
    }

    #[test]
    fn running_requests_finish_and_are_recorded() {
        for name in [Signal::INT, Signal::TERM, Signal::HUP] {
            let batch = Batch::of(60);
            let service = slow(150);
            let child = started(batch.tool(&service).args(["--jobs", "2"]), &service);
            signal(&child, name);
            let run = ended(child);
            run.exits(130).stderr_has("error: interrupted").stderr_has("rerun to resume");
            let sent = service.requests().len();
            assert_eq!(batch.judged().len(), sent, "everything that was sent is recorded");
            assert!(sent < 10, "{sent}");
        }
    }

    #[test]
    fn nothing_was_charged_is_said_only_if_no_pair_may_have_been() {
        for is_open in [false, true] {
            let (batch, first) = (Batch::of(9), AtomicBool::new(is_open));
            let service = answering(move |_| {
                if first.swap(false, Ordering::Relaxed) {
                    return Answer::new(500, r#"{"detail": "a"}"#);
                }
                Answer::new(429, "{}").header("Retry-After", "60")
            });
            if is_open {
                // An earlier run leaves a pair unknown.
                batch.tool(&service).args(["--limit", "1"]).run().exits(10);
            }
            let sent = service.requests().len();
            let child = batch.tool(&service).args(["--jobs", "2"]).spawn();
            wait_until(|| service.requests().len() > sent);
            signal(&child, Signal::INT);
            let run = ended(child);
            run.exits(130);
            assert_eq!(run.stderr.contains("nothing was charged"), !is_open, "{run:?}");
        }
    }

    #[test]
    fn a_hangup_that_was_ignored_at_the_start_stays_ignored() {
        let batch = Batch::of(12);
        let service = slow(50);
        let child = start(batch.tool(&service).args(["--jobs", "2"]).under(&["nohup"]));
        wait_until(|| service.requests().len() >= 3);
        signal(&child, Signal::HUP);
        ended(child).exits(0);
        assert_eq!(batch.judged().len(), 12);
    }

    /// The session is lost after a second, and the batch is rerun: each pair is billed once.
    #[test]
    fn a_lost_session_costs_nothing_twice() {
        let batch = Batch::of(12);
        let service = slow(600);
        let child = started(batch.tool(&service), &service);
        signal(&child, Signal::HUP);
        ended(child).exits(130);
        batch.run(&service).exits(0);
        assert_eq!(service.requests().len(), 12);
    }

    #[test]
    fn a_second_ctrl_c_exits_at_once() {
        let batch = Batch::of(60);
        let service = slow(30_000);
        let child = started(batch.tool(&service).args(["--jobs", "3"]), &service);
        signal(&child, Signal::INT);
        // Within a second it would be the same stop; another SIGTERM never is impatience.
        std::thread::sleep(Duration::from_millis(1200));
        signal(&child, Signal::TERM);
        signal(&child, Signal::INT);
        let (run, elapsed) = timed(|| ended(child));
        run.exits(130).stderr_has("3 requests were in progress");
        run.stderr_has("hint: look up lost answers: didit-face decision --journal JOURNAL\n");
        // An answer would take 30 s.
        assert!(elapsed < Duration::from_secs(20), "{elapsed:?}");
    }

    /// As from timeout(1), or a closing terminal.
    #[test]
    fn two_signals_at_once_are_one_stop() {
        for (first, second) in
            [(Signal::TERM, Signal::TERM), (Signal::TERM, Signal::HUP), (Signal::INT, Signal::INT)]
        {
            let batch = Batch::of(60);
            let service = slow(400);
            let child = started(batch.tool(&service).args(["--jobs", "3"]), &service);
            signal(&child, first);
            signal(&child, second);
            ended(child).exits(130);
            assert_eq!(batch.judged().len(), service.requests().len(), "{first:?} {second:?}");
        }
    }

    #[test]
    fn an_interrupt_cuts_waits_short() {
        let batch = Batch::of(60);
        let service = answering(|_| Answer::new(429, "").header("Retry-After", "50"));
        let child = batch.tool(&service).args(["--jobs", "3"]).spawn();
        wait_until(|| !service.requests().is_empty());
        std::thread::sleep(Duration::from_millis(100));
        signal(&child, Signal::INT);
        let (run, elapsed) = timed(|| ended(child));
        run.exits(130);
        // The wait would be 50 s.
        assert!(elapsed < Duration::from_secs(20), "{elapsed:?}");
    }
}
