//! The rate, and the pause that the service asks for.

use std::sync::Mutex;
use std::thread;
use std::time::{Duration, Instant};

use didit_face::api::Gate as _;
use didit_face::batch::run::{Pace, Stop, Ticket, Turn};

use super::{Batch, answering, approved};
use crate::support::{Answer, Outcome, Service, timed};

#[test]
fn all_workers_share_the_rate() {
    let batch = Batch::of(10);
    let service = answering(|_| approved());
    let (run, elapsed) = timed(|| batch.tool_at(1200, &service).run());
    run.exits(0);
    assert!(elapsed >= Duration::from_millis(9 * 50), "10 requests 50 ms apart: {elapsed:?}");
}

/// When each request arrived at a service that answers the third with `third`.
fn times_around(third: Answer) -> Vec<Instant> {
    static TIMES: Mutex<Vec<Instant>> = Mutex::new(Vec::new());
    TIMES.lock().unwrap().clear();
    let batch = Batch::of(8);
    let service = Service::start(move |connection| {
        while connection.request() {
            let number = {
                let mut times = TIMES.lock().unwrap();
                times.push(Instant::now());
                times.len()
            };
            let answer = if number == 3 { third.clone() } else { approved() };
            connection.send(answer.bytes());
        }
    });
    batch.tool_at(3000, &service).args(["--jobs", "4"]).run().exits(0);
    TIMES.lock().unwrap().clone()
}

#[test]
fn a_429_or_a_used_up_allowance_pauses_all_workers() {
    let limited = Answer::new(429, "{}").header("Retry-After", "1");
    let used_up = approved().header("X-RateLimit-Remaining", "0").header("Retry-After", "1");
    let long_past = Answer::new(429, "{}").header("X-RateLimit-Reset", "1000");
    for (third, requests) in [(limited, 9), (used_up, 8), (long_past, 9)] {
        let times = times_around(third);
        assert_eq!(times.len(), requests);
        let pause = Duration::from_millis(900);
        let early = times.iter().skip(3).filter(|&&time| time - times[2] < pause).count();
        // Requests already sent at that moment don't count.
        assert!(early <= 3, "{early} requests in the pause");
    }
}

#[test]
fn retries_are_counted() {
    let batch = Batch::of(1);
    let service = Service::answering([Answer::new(429, "").header("Retry-After", "0"), approved()]);
    let run = batch.tool(&service).arg("--json").run();
    run.exits(0);
    let summary = run.json();
    assert_eq!((&summary["retries"], &summary["credits"]), (&1.into(), &1.into()));
    assert_eq!(batch.records()[0]["attempts"], 2);
}

#[test]
fn a_pause_that_the_service_asks_for_costs_no_attempt() {
    static SEEN: Mutex<usize> = Mutex::new(0);
    let batch = Batch::of(4);
    let service = answering(|_| {
        let mut seen = SEEN.lock().unwrap();
        *seen += 1;
        if *seen > 3 { approved() } else { Answer::new(429, "").header("Retry-After", "1") }
    });
    let (run, elapsed) = timed(|| batch.tool(&service).args(["--retries", "0"]).run());
    run.exits(0);
    assert!(elapsed >= Duration::from_secs(1), "{elapsed:?}");
}

fn enter(pace: &Pace) -> Option<Turn<'_>> {
    pace.ticket()?.enter()
}

#[test]
fn never_more_pairs_under_way_than_jobs() {
    let (pace, under_way) = (Pace::new(1_000_000, 3, None), Mutex::new((0, 0)));
    thread::scope(|scope| {
        for _ in 0..12 {
            scope.spawn(|| {
                let turn = enter(&pace);
                {
                    let mut count = under_way.lock().unwrap();
                    count.0 += 1;
                    count.1 = count.0.max(count.1);
                }
                thread::sleep(Duration::from_millis(5));
                under_way.lock().unwrap().0 -= 1;
                drop(turn);
            });
        }
    });
    assert_eq!(under_way.lock().unwrap().1, 3);
}

#[test]
fn the_longer_pause_counts() {
    let pace = Pace::new(1_000_000, 3, None);
    pace.pause(Duration::from_millis(80));
    pace.pause(Duration::from_millis(1));
    let start = Instant::now();
    assert!(enter(&pace).is_some());
    assert!(start.elapsed().as_millis() >= 80);
    assert_eq!(pace.silence(), None);
}

#[test]
fn a_stop_wakes_waiting_workers() {
    let pace = Pace::new(1, 2, None);
    let turn = enter(&pace);
    assert!(turn.is_some());
    thread::scope(|scope| {
        let waits = scope.spawn(|| pace.wait(Duration::from_mins(1)));
        let for_the_rate = scope.spawn(|| enter(&pace).is_some());
        let for_a_job = scope.spawn(|| enter(&pace).is_some());
        thread::sleep(Duration::from_millis(20));
        pace.stop(Stop::Interrupted);
        pace.stop(Stop::Failures);
        let admitted = [waits, for_the_rate, for_a_job].map(|thread| thread.join().unwrap());
        assert_eq!(admitted, [false; 3]);
    });
    assert!(matches!(pace.stopped(), Some(Stop::Interrupted)));
}

#[test]
fn an_unspent_ticket_goes_to_the_next_pair() {
    let pace = Pace::new(1_000_000, 9, Some(2));
    let (first, second) = (pace.ticket().unwrap(), pace.ticket().unwrap());
    thread::scope(|scope| {
        let third = scope.spawn(|| pace.ticket().map(Ticket::spend));
        let fourth = scope.spawn(|| pace.ticket().map(Ticket::spend));
        second.spend();
        drop(first);
        let given = [third, fourth].map(|worker| worker.join().unwrap().is_some());
        assert!(given[0] != given[1], "one was left");
    });
    assert!(pace.is_limit_reached() && pace.ticket().is_none());
    assert!(!Pace::new(1, 1, None).is_limit_reached());
}

/// Root has no such limit, so there the runs are those of another account, one after the other.
#[cfg(target_os = "linux")]
#[test]
fn with_few_threads_a_run_is_slower_or_says_so() {
    use std::fs::{Permissions, copy, metadata, set_permissions};
    use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};

    let batch = Batch::of(24);
    let program = batch.photos.folder().join("didit-face");
    copy(env!("CARGO_BIN_EXE_didit-face"), &program).unwrap();
    set_permissions(batch.photos.folder(), Permissions::from_mode(0o777)).unwrap();
    let account: &[&str] = match metadata("/proc/self").unwrap().uid() {
        0 => &["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"],
        _ => &[],
    };
    let copied = ["sh", "-c", "shift; exec \"$0\" \"$@\"", program.to_str().unwrap()];
    let (service, mut paid) = (answering(|_| approved()), 0);
    for limit in [1, 2, 3, 4, 6, 8, 12] {
        let limit = format!("--nproc={limit}");
        let wrapped = [account, &["prlimit", &limit, "--core=0"], &copied].concat();
        let run = batch.tool(&service).args(["--jobs", "8"]).under(&wrapped).output().unwrap();
        let run = Outcome::of(&run);
        let is_named = run.stderr.contains("threads") && run.code != Some(70);
        assert!(run.code == Some(0) || is_named, "{limit}: {run:?}");
        let sent = service.requests().len();
        assert_eq!(sent - paid, batch.judged().len(), "{limit}: what was paid is recorded");
        std::fs::remove_file(&batch.journal).unwrap();
        paid = sent;
    }
}
