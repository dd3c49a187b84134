//! A run: plans it, has each pair judged by a worker, and says how it ended.

mod counts;
mod end;
mod pace;
mod plan;
mod wait;
mod worker;

use std::collections::{HashMap, HashSet};
use std::path::PathBuf;
use std::sync::mpsc::{self, RecvTimeoutError};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use clap::ValueEnum;

pub use counts::{Counts, NAMED, Named, in_words};
pub use end::End;
pub use pace::{Pace, Stop, Ticket, Turn};
pub use plan::{Hashes, Plan};
pub use wait::OpenPair;

use crate::batch::journal::{Journal, Reading, State};
use crate::batch::manifest::Pairs;
use crate::interrupt;
use crate::pair::Mode;
use crate::prepare::{Preparation, Remark};

/// What all workers share.
pub struct Run {
    pub pairs: Mutex<Pairs>,
    pub plan: Plan,
    pub hashes: Hashes,
    pub folder: PathBuf,
    pub preparation: Preparation,
    pub mode: Mode,
    /// Recorded with each verdict, so that verdicts of different judges are never mixed up.
    pub judged_by: String,
    /// `--local`: nothing is paid.
    pub is_local: bool,
    pub pace: Arc<Pace>,
    pub reading: Reading,
    /// What the journal said at the start.
    pub state: State,
    /// `None` in a dry run.
    pub journal: Option<Journal>,
    pub journal_path: PathBuf,
    pub counts: Mutex<Counts>,
    /// The requests that this run has verdicts of.
    pub request_ids: Mutex<HashSet<String>>,
    /// What `--wait` looks up at the end, by the journal's key.
    pub open: Mutex<HashMap<u64, OpenPair>>,
    pub streak: Mutex<Streak>,
    pub retry_unknown: Option<RetryUnknown>,
    pub rejudge: bool,
    pub max_failures: Option<u64>,
    /// `--wait`.
    pub waits: bool,
    /// Whether the service keeps the requests: not with `--no-save`.
    pub is_kept: bool,
    pub exit_zero_on_verdicts: bool,
    /// Tells the user.
    pub say: Box<dyn Fn(&Remark) + Send + Sync>,
}

/// What went wrong lately.
#[derive(Default)]
pub struct Streak {
    failures: u64,
    /// The pages of a gateway that the last pairs got instead of an answer.
    pages: Vec<String>,
}

/// Which pairs to send again although they may have been charged.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum RetryUnknown {
    All,
    Absent,
}

impl Run {
    /// Runs the workers, and one thread that shows the progress. A signal calls `stopping`, and lets
    /// the pairs in progress end.
    pub fn work(
        &self,
        threads: usize,
        interval: Duration,
        show: impl Fn(&Counts, Option<Duration>) + Send,
        stopping: impl FnOnce() + Send + 'static,
    ) {
        let pace = Arc::clone(&self.pace);
        let _grace = interrupt::gracefully(move || {
            pace.stop(Stop::Interrupted);
            stopping();
        });
        let (end, ended) = mpsc::channel::<()>();
        let show = move || {
            while ended.recv_timeout(interval) == Err(RecvTimeoutError::Timeout) {
                let counts = lock(&self.counts).clone();
                show(&counts, self.pace.silence());
            }
        };
        thread::scope(|scope| {
            let spawn = |_| thread::Builder::new().spawn_scoped(scope, || self.take_pairs());
            let workers: Vec<_> = (0..threads).map(spawn).map_while(std::io::Result::ok).collect();
            if workers.len() < threads {
                let some = workers.len().max(1);
                self.note(format!(
                    "this system allows no more threads: working with {some} of {threads}"
                ));
            }
            if workers.is_empty() {
                self.take_pairs();
            }
            // Without a thread for it, there is no progress to see.
            let _ = thread::Builder::new().spawn_scoped(scope, show);
            // A worker's own panic is not a verdict: its pair stays uncounted, and the run incomplete.
            for worker in workers {
                let _ = worker.join();
            }
            drop(end);
        });
    }

    fn note(&self, text: String) {
        (self.say)(&Remark::Note(text));
    }

    fn warn(&self, text: String) {
        (self.say)(&Remark::Warning(text));
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
