//! Asks about one pair after another, within the rate limit.

use std::collections::{HashMap, HashSet};
use std::thread;
use std::time::{Duration, Instant};

use super::answer::{self, Settled};
use crate::api::sessions::Listed;
use crate::api::{Answer, Client};
use crate::batch::journal::{Journal, Key, Record, RecordState};
use crate::batch::lost::{Search, assign};
use crate::batch::pairs::Pairs;
use crate::commands::decision::{FIRST_PAUSE, LONGEST_PAUSE};
use crate::error::{Error, Kind};
use crate::values::session::SessionId;
use crate::verdict::Verdict;

/// The service allows 600 reads a minute.
const SPACE: Duration = Duration::from_millis(100);
/// Gives up after this many failures in a row.
const PATIENCE: u32 = 3;
/// How quickly a stop is noticed.
const NAP: Duration = Duration::from_millis(100);

pub(in crate::commands) struct Settling<'a> {
    client: &'a Client,
    journal: &'a Journal,
    judged_by: String,
    pub(in crate::commands) pairs: Pairs,
    pub(in crate::commands) results: Results,
    failures: u32,
    asked: Option<Instant>,
    is_stopped: Box<dyn Fn() -> bool + 'a>,
}

#[derive(Default)]
pub(in crate::commands) struct Results {
    /// Why a pair was left open, by id.
    pub(in crate::commands) left: HashMap<String, String>,
    pub(in crate::commands) settled: u64,
    /// How many lost answers were found.
    pub(in crate::commands) found: u64,
    pub(in crate::commands) changes: Vec<Change>,
    /// Why pairs could not be asked about: the first reason.
    pub(in crate::commands) problem: Option<Error>,
}

/// A pair that has a verdict now.
pub(in crate::commands) struct Change {
    pub(in crate::commands) key: Key,
    pub(in crate::commands) verdict: Verdict,
    /// How many faces each photo shows.
    pub(in crate::commands) faces: [usize; 2],
}

impl<'a> Settling<'a> {
    /// `judged_by` is the client's name in the journal.
    pub(in crate::commands) fn new(
        pairs: Pairs,
        client: &'a Client,
        journal: &'a Journal,
        judged_by: String,
        is_stopped: impl Fn() -> bool + 'a,
    ) -> Self {
        let (results, is_stopped) = (Results::default(), Box::new(is_stopped));
        Self { client, journal, judged_by, pairs, results, failures: 0, asked: None, is_stopped }
    }

    /// Looks for lost answers once, and polls reviews until all are settled or `wait` is over.
    /// Settles only pairs that are `wanted`.
    pub(in crate::commands) fn work(
        &mut self,
        wait: Option<Duration>,
        wanted: impl Fn(&Record) -> bool,
    ) -> Result<(), Error> {
        self.find_lost(&wanted)?;
        let (started, mut pause) = (Instant::now(), FIRST_PAUSE);
        loop {
            let is_any_left = self.ask_about_reviews(&wanted)?;
            let rest = wait.unwrap_or_default().saturating_sub(started.elapsed());
            if !is_any_left || rest.is_zero() || self.has_given_up() {
                return Ok(());
            }
            self.rest(pause.min(rest));
            pause = pause.mul_f32(1.5).min(LONGEST_PAUSE);
        }
    }

    /// Returns whether there are reviews left that may still be settled.
    fn ask_about_reviews(&mut self, wanted: &impl Fn(&Record) -> bool) -> Result<bool, Error> {
        let mut is_any_left = false;
        for record in self.open(|state| matches!(state, RecordState::Judged(_)), wanted) {
            let id = record.request_id.as_deref().and_then(|id| id.parse::<SessionId>().ok());
            if !answer::is_review_of_the_service(&record) {
                self.leave(&record, "downgraded by --review-below or --one-face");
            } else if let (Some(id), true) = (id, self.is_ours(&record)) {
                if let Some(body) = self.session(&record, &id)? {
                    let settled = answer::of_review(&record, &id, &body);
                    self.results.settled += u64::from(self.take(&record, settled)?);
                }
                is_any_left |= self.results.left.contains_key(&record.id);
            } else if self.is_ours(&record) {
                self.leave(&record, "it has no request id to look up");
            }
        }
        Ok(is_any_left)
    }

    /// Looks for all lost requests, wanted or not: a session may belong to either.
    fn find_lost(&mut self, wanted: &impl Fn(&Record) -> bool) -> Result<(), Error> {
        let (mut records, mut searches, mut unsure) = (Vec::new(), Vec::new(), HashSet::new());
        let lost = self.open(|state| *state == RecordState::Unknown, &|_| true);
        let outdated = self.pairs.outdated().to_vec();
        for record in lost.into_iter().chain(outdated) {
            if !self.is_ours(&record) {
                continue;
            }
            match Search::of(&record) {
                Err(why) => self.leave(&record, why),
                Ok(search) => match self.list(&record, &search)? {
                    Some(listed) => {
                        records.push(record);
                        searches.push((search, listed));
                    }
                    None => drop(unsure.insert(search.vendor_data)),
                },
            }
        }
        let found = assign(&searches, &self.pairs);
        for ((record, (search, _)), found) in records.iter().zip(&searches).zip(found) {
            match found {
                Err(why) => self.leave(record, &why),
                Ok(_) if unsure.contains(&search.vendor_data) => {
                    self.leave(record, "could not look up another pair with the same vendor_data");
                }
                Ok(id) if wanted(record) && self.pairs.is_current(record) => {
                    if let Some(body) = self.session(record, &id)? {
                        let settled = answer::of_lost(record, &id, &body);
                        self.results.found += u64::from(self.take(record, settled)?);
                    }
                }
                Ok(_) => {}
            }
        }
        Ok(())
    }

    fn open(
        &self,
        is_meant: impl Fn(&RecordState) -> bool,
        wanted: &impl Fn(&Record) -> bool,
    ) -> Vec<Record> {
        let meant = self.pairs.iter().filter(|pair| is_meant(&pair.state));
        let open = meant.filter_map(|pair| pair.open.as_deref());
        open.filter(|record| wanted(record)).cloned().collect()
    }

    /// Whether the pair was sent to this service; if not, says so.
    fn is_ours(&mut self, record: &Record) -> bool {
        let judged_by = &record.options.judged_by;
        let is_ours = *judged_by == self.judged_by;
        if !is_ours {
            let why = format!("it was sent to {judged_by}: ask there with --api-url");
            self.leave(record, &why);
        }
        is_ours
    }

    fn list(&mut self, record: &Record, search: &Search) -> Result<Option<Vec<Listed>>, Error> {
        self.ask(record, |client| client.sessions(&search.vendor_data, search.window))
    }

    fn session(&mut self, record: &Record, id: &SessionId) -> Result<Option<Vec<u8>>, Error> {
        self.ask(record, |client| match client.session(id)? {
            Answer { status: 200, body, .. } => Ok(body),
            answer => Err(client.session_error(&answer)),
        })
    }

    /// A failure leaves the pair open; a refused key ends the run.
    fn ask<T>(
        &mut self,
        record: &Record,
        ask: impl FnOnce(&Client) -> Result<T, Error>,
    ) -> Result<Option<T>, Error> {
        if self.has_given_up() {
            self.leave(record, "skipped after several failures");
            return Ok(None);
        }
        self.keep_distance();
        let error = match ask(self.client) {
            Ok(answer) => {
                self.failures = 0;
                return Ok(Some(answer));
            }
            Err(error) => error,
        };
        if matches!(error.kind(), Kind::Auth | Kind::Credits) {
            return Err(error);
        }
        self.leave(record, error.message());
        // A problem with this pair, such as a deleted session, doesn't affect others.
        if error.status() != Some(404) {
            self.failures += 1;
            self.results.problem.get_or_insert(error);
        }
        Ok(None)
    }

    fn has_given_up(&self) -> bool {
        self.failures >= PATIENCE || (self.is_stopped)()
    }

    fn rest(&self, pause: Duration) {
        let end = Instant::now() + pause;
        while !(self.is_stopped)() && Instant::now() < end {
            thread::sleep(NAP.min(end.saturating_duration_since(Instant::now())));
        }
    }

    fn keep_distance(&mut self) {
        if let Some(asked) = self.asked {
            thread::sleep(SPACE.saturating_sub(asked.elapsed()));
        }
        self.asked = Some(Instant::now());
    }

    /// Writes the settled record to disk, or notes why the pair is left open.
    fn take(&mut self, record: &Record, settled: Settled) -> Result<bool, Error> {
        let (line, verdict) = match settled {
            Ok(settled) => settled,
            Err(why) => {
                self.leave(record, &why);
                return Ok(false);
            }
        };
        let written = self.journal.append(&line)?;
        self.journal.bring_to_disk(written)?;
        self.results.left.remove(&record.id);
        let faces = line.faces();
        self.results.changes.extend(line.key().map(|key| Change { key, verdict, faces }));
        self.pairs.add(line);
        Ok(true)
    }

    fn leave(&mut self, record: &Record, why: &str) {
        self.results.left.insert(record.id.clone(), why.to_owned());
    }
}
