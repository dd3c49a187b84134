//! `decision --journal`, and the end of `batch --wait`: looks up reviews and requests whose answer was
//! lost, free of charge, and appends the results to the journal.

mod answer;
mod lost;
mod settlement;

use std::collections::{HashMap, HashSet};
use std::thread;
use std::time::{Duration, Instant};

use self::answer::Settled;
use self::lost::{Candidate, Finding, Search};
pub use self::settlement::Settlement;
use crate::api::{Answer, Client};
use crate::batch::journal::{Journal, Mark, Marked, PairState, Record, State};
use crate::error::{Error, Kind, reason};
use crate::values::ids::RequestTag;
use crate::values::ids::SessionId;
use crate::verdict::{Seen, Status, Verdict};

/// Between two questions about the same review.
pub const FIRST_PAUSE: Duration = Duration::from_secs(2);
pub const LONGEST_PAUSE: Duration = Duration::from_secs(15);
/// The service allows 600 reads a minute.
const SPACE: Duration = Duration::from_millis(100);
/// Gives up after this many failures in a row.
const PATIENCE: u32 = 3;
const ERASED: &str = "its session was erased at the service";
const ABSENT: &str =
    "the service has no record of it: `batch --retry-unknown=absent` sends it again";
/// How quickly a stop is noticed.
const NAP: Duration = Duration::from_millis(100);

pub struct Lookup<'a> {
    client: &'a Client,
    journal: &'a Journal,
    judged_by: String,
    state: &'a State,
    pub results: Results,
    /// Reviews that this lookup has settled.
    settled: HashSet<u64>,
    /// The decisions on sessions that may be a lost request's, by id.
    decisions: HashMap<String, Decision>,
    failures: u32,
    asked: Option<Instant>,
    is_stopped: Box<dyn Fn() -> bool + 'a>,
}

#[derive(Default)]
pub struct Results {
    /// Why a pair was left open, by its key.
    pub left: HashMap<u64, String>,
    pub settled: u64,
    /// How many lost answers were found.
    pub found: u64,
    pub changes: Vec<Change>,
    /// Why pairs could not be asked about: the first reason.
    pub problem: Option<Error>,
}

/// A pair that has a verdict now.
pub struct Change {
    pub key: u64,
    pub verdict: Verdict,
    /// What the answer says about the photos.
    pub seen: Seen,
}

type Decision = (Option<RequestTag>, Vec<u8>);

/// A lost request, and the sessions that may be its own.
struct Lost {
    record: Record,
    is_absent: bool,
    search: Search,
    candidates: Vec<Candidate>,
}

impl<'a> Lookup<'a> {
    /// `judged_by` is the client's name in the journal.
    pub fn new(
        state: &'a State,
        client: &'a Client,
        journal: &'a Journal,
        judged_by: String,
        is_stopped: impl Fn() -> bool + 'a,
    ) -> Self {
        Self {
            client,
            journal,
            judged_by,
            state,
            results: Results::default(),
            settled: HashSet::new(),
            decisions: HashMap::new(),
            failures: 0,
            asked: None,
            is_stopped: Box::new(is_stopped),
        }
    }

    /// Looks for lost answers once, and polls reviews until all are settled or `wait` is over.
    /// Settles only pairs whose keys are `wanted`.
    pub fn work(
        &mut self,
        wait: Option<Duration>,
        wanted: impl Fn(u64) -> bool,
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
    fn ask_about_reviews(&mut self, wanted: &impl Fn(u64) -> bool) -> Result<bool, Error> {
        let mut is_any_left = false;
        for pair in self.state.pairs() {
            let (record, state) = self.state.current(pair).map_err(|e| unread(&e))?;
            let is_review =
                matches!(state, PairState::Judged(known) if known.status == Status::InReview);
            let key = self.state.key(&record);
            if !is_review || !wanted(key) || self.settled.contains(&key) {
                continue;
            }
            let id = record.request_id.as_deref().and_then(|id| id.parse::<SessionId>().ok());
            if !answer::is_review_of_the_service(&record) {
                self.leave(&record, "In Review because of an option of the batch");
            } else if self.state.is_deleted(&record) {
                self.leave(&record, ERASED);
            } else if let (Some(id), true) = (id, self.is_ours(&record)) {
                if let Some(body) = self.session(&record, &id)? {
                    let settled = answer::of_review(&record, &id, &body);
                    self.results.settled += u64::from(self.take(&record, settled)?);
                }
                is_any_left |= self.results.left.get(&key).is_some_and(|why| why != ERASED);
            } else if self.is_ours(&record) {
                self.leave(&record, "it has no request id to look up");
            }
        }
        Ok(is_any_left)
    }

    /// Looks for all lost requests, wanted or not: a session may belong to either.
    fn find_lost(&mut self, wanted: &impl Fn(u64) -> bool) -> Result<(), Error> {
        let (mut all, mut unsure) = (Vec::<Lost>::new(), HashSet::new());
        for pair in self.state.pairs() {
            for (record, is_absent) in self.state.unknown(pair).map_err(|e| unread(&e))? {
                if !self.is_ours(&record) {
                    continue;
                }
                match Search::of(&record, self.state, self.clock()) {
                    Err(why) => self.leave(&record, why),
                    Ok(search) => match self.candidates(&record, &search)? {
                        Some(candidates) => {
                            // By now the service has told its time.
                            let search =
                                Search::of(&record, self.state, self.clock()).unwrap_or(search);
                            all.push(Lost { record, is_absent, search, candidates });
                        }
                        None => drop(unsure.insert(search.vendor_data)),
                    },
                }
            }
        }
        let echoes = self.state.echoes_tags()
            || all.iter().flat_map(|lost| &lost.candidates).any(|c| c.tag.is_some());
        for (place, lost) in all.iter().enumerate() {
            let key = self.state.key(&lost.record);
            let vendor_data = lost.search.vendor_data.clone().unwrap_or_default();
            let is_shared = |id: &SessionId| {
                let mut others = all.iter().enumerate().filter(|(other, _)| *other != place);
                self.state.has_nameless(&vendor_data)
                    || others.any(|(_, other)| other.candidates.iter().any(|c| c.session.id == *id))
            };
            match lost.search.find(&lost.candidates, echoes, is_shared) {
                Finding::Unclear(why) => self.leave(&lost.record, &why),
                Finding::Nothing => self.nothing(lost, wanted(key))?,
                Finding::Found(_)
                    if lost.record.tag.is_none() && unsure.contains(&lost.search.vendor_data) =>
                {
                    self.leave(
                        &lost.record,
                        "could not look up another pair with the same vendor_data",
                    );
                }
                Finding::Found(id) if wanted(key) => {
                    if let Some((tag, body)) = self.decision(&lost.record, &id)? {
                        let is_proven = tag.is_some() && tag == lost.record.tag;
                        let settled = answer::of_lost(&lost.record, &id, &body, is_proven);
                        self.results.found += u64::from(self.take(&lost.record, settled)?);
                    }
                }
                Finding::Found(_) => {}
            }
        }
        Ok(())
    }

    /// The service has no session that can be the request's.
    fn nothing(&mut self, lost: &Lost, is_wanted: bool) -> Result<(), Error> {
        if !lost.search.is_over(self.clock()) {
            self.leave(
                &lost.record,
                "the service has no record of it yet: ask again in a few minutes",
            );
            return Ok(());
        }
        if is_wanted && !lost.is_absent {
            self.journal.record(&Marked(Mark::Absent, &lost.record))?;
        }
        self.leave(&lost.record, ABSENT);
        Ok(())
    }

    /// The sessions that may be the request's, or `None` if that can't be found out.
    fn candidates(
        &mut self,
        record: &Record,
        search: &Search,
    ) -> Result<Option<Vec<Candidate>>, Error> {
        // The first answer tells the service's time, by which the list must be asked for.
        let before = self.client.clock_offset();
        let list = |lookup: &mut Self, search: &Search| {
            let vendor_data = search.vendor_data.as_deref();
            lookup.ask(record, |client| client.sessions(vendor_data, search.window))
        };
        let Some(mut listed) = list(self, search)? else { return Ok(None) };
        if before.is_none()
            && let Ok(search) = Search::of(record, self.state, self.clock())
        {
            let Some(again) = list(self, &search)? else { return Ok(None) };
            listed = again;
        }
        listed.retain(|session| !self.state.knows_request(&session.id.to_string()));
        let mut candidates = Vec::new();
        for session in listed {
            let Some((tag, _)) = self.decision(record, &session.id)? else { return Ok(None) };
            candidates.push(Candidate { session, tag });
        }
        Ok(Some(candidates))
    }

    /// The session's tag and its decision, asked for once.
    fn decision(&mut self, record: &Record, id: &SessionId) -> Result<Option<Decision>, Error> {
        let name = id.to_string();
        if !self.decisions.contains_key(&name) {
            let Some(body) = self.session(record, id)? else { return Ok(None) };
            self.decisions.insert(name.clone(), (answer::tag(&body), body));
        }
        Ok(self.decisions.get(&name).cloned())
    }

    /// The service's clock minus ours, in milliseconds.
    fn clock(&self) -> i64 {
        let offset = self.client.clock_offset().map(|offset| offset.as_millis());
        offset.and_then(|offset| i64::try_from(offset).ok()).unwrap_or(0)
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
        // A problem with this pair doesn't affect others.
        if error.status() == Some(404) {
            self.leave(record, ERASED);
        } else {
            self.leave(record, error.message());
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
        self.journal.record(&line)?;
        let (key, seen) = (self.state.key(record), line.seen());
        self.results.left.remove(&key);
        self.settled.insert(key);
        self.results.changes.push(Change { key, verdict, seen });
        Ok(true)
    }

    fn leave(&mut self, record: &Record, why: &str) {
        self.results.left.insert(self.state.key(record), why.to_owned());
    }
}

fn unread(e: &std::io::Error) -> Error {
    Error::new(Kind::Output, format!("the journal can't be read again: {}", reason(e)))
}
