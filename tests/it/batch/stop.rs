//! What stops a run early: a refused key, no credits, too many failures, signals.

use super::{Batch, answering, approved};
use crate::support::Answer;

const NO_CREDITS: &str = r#"{"error": "You don't have enough credits to perform this request."}"#;

#[test]
fn a_refused_key_or_no_credits_end_the_run() {
    for (answer, code) in [(Answer::new(401, ""), 4), (Answer::new(403, NO_CREDITS), 5)] {
        let batch = Batch::of(50);
        let service = answering(move |_| answer.clone());
        let run = batch.tool(&service).args(["--jobs", "2"]).run();
        run.fails(code).stderr_has("the run was stopped").stderr_has("run the same command again");
        assert!(service.requests().len() <= 4, "{}", service.requests().len());
        let well = answering(|_| approved());
        batch.run(&well).exits(0);
        assert_eq!(batch.judged().len(), 50);
    }
}

#[test]
fn the_run_stops_after_max_failures() {
    let batch = Batch::of(50);
    let service = answering(|_| Answer::new(500, ""));
    let run = batch.tool(&service).args(["--jobs", "2", "--max-failures", "3"]).run();
    run.exits(10).stderr_has("stopped by --max-failures");
    assert!((3..=4).contains(&service.requests().len()), "{}", service.requests().len());
}

#[cfg(unix)]
mod signals {
    use std::process::{Child, Stdio};
    use std::time::Duration;

    use super::*;
    use crate::support::{KEY, Outcome, Service, Tool};

    fn start(tool: Tool, service: &Service) -> Child {
        let mut command = tool.into_command();
        let child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        while service.requests().len() < 3 {
            std::thread::sleep(Duration::from_millis(5));
        }
        child
    }

    fn send(child: &Child, signal: &str) {
        let id = child.id().to_string();
        assert!(std::process::Command::new("kill").args([signal, &id]).status().unwrap().success());
    }

    fn end(child: Child) -> Outcome {
        let output = child.wait_with_output().unwrap();
        Outcome::new(output.status, &output.stdout, &output.stderr, KEY)
    }

    fn slow(time: u64) -> Service {
        answering(move |_| {
            std::thread::sleep(Duration::from_millis(time));
            approved()
        })
    }

    #[test]
    fn running_requests_finish_and_are_recorded() {
        for signal in ["-INT", "-TERM", "-HUP"] {
            let batch = Batch::of(60);
            let service = slow(150);
            let child = start(batch.tool(&service).args(["--jobs", "2"]), &service);
            send(&child, signal);
            let run = end(child);
            run.exits(130)
                .stderr_has("error: interrupted")
                .stderr_has("run the same command again");
            let sent = service.requests().len();
            assert_eq!(batch.judged().len(), sent, "all that was sent is recorded");
            assert!(sent < 10, "{sent}");
        }
    }

    #[test]
    fn a_hangup_that_was_ignored_at_the_start_stays_ignored() {
        let batch = Batch::of(12);
        let service = slow(50);
        let tool = batch.tool(&service).args(["--jobs", "2"]).into_command();
        let mut nohup = std::process::Command::new("nohup");
        nohup.env_clear().envs(tool.get_envs().filter_map(|(name, value)| Some((name, value?))));
        nohup.arg(tool.get_program()).args(tool.get_args());
        nohup.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let child = nohup.spawn().unwrap();
        while service.requests().len() < 3 {
            std::thread::sleep(Duration::from_millis(5));
        }
        send(&child, "-HUP");
        end(child).exits(0);
        assert_eq!(batch.judged().len(), 12);
    }

    /// The session is lost after a second, and the batch is rerun: each pair is billed once.
    #[test]
    fn a_lost_session_costs_nothing_twice() {
        let batch = Batch::of(12);
        let service = slow(600);
        let child = start(batch.tool(&service), &service);
        send(&child, "-HUP");
        end(child).exits(130);
        batch.run(&service).exits(0);
        assert_eq!(service.requests().len(), 12);
    }

    #[test]
    fn a_second_ctrl_c_exits_at_once() {
        let batch = Batch::of(60);
        let service = slow(10_000);
        let child = start(batch.tool(&service).args(["--jobs", "3"]), &service);
        send(&child, "-INT");
        std::thread::sleep(Duration::from_millis(200));
        send(&child, "-INT");
        let (run, elapsed) = crate::support::timed(|| end(child));
        run.exits(130).stderr_has("3 requests were under way");
        assert!(elapsed < Duration::from_secs(3), "{elapsed:?}");
    }

    #[test]
    fn an_interrupt_cuts_waits_short() {
        let batch = Batch::of(60);
        let service = answering(|_| Answer::new(503, "").header("Retry-After", "50"));
        let child = start(batch.tool(&service).args(["--jobs", "3"]), &service);
        std::thread::sleep(Duration::from_millis(100));
        send(&child, "-INT");
        let (run, elapsed) = crate::support::timed(|| end(child));
        run.exits(130);
        // The wait would be 50 s.
        assert!(elapsed < Duration::from_secs(20), "{elapsed:?}");
    }
}
