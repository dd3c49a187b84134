//! A worker: takes one pair after another, has it judged and records the result.

use std::panic::{self, AssertUnwindSafe};
use std::time::Instant;

use super::counts::Outcome;
use super::pace::{Stop, Ticket, Turn};
use super::plan::Step;
use super::{Run, lock};
use crate::api::FaceMatch;
use crate::batch::journal::{self, Failure, Known, Record};
use crate::batch::manifest::Pair;
use crate::error::{Charge, Error, Kind, Result};
use crate::exit::Exit;
use crate::pair::{self, Judged, Mode};
use crate::photo::Original;
use crate::prepare::{Remark, both};
use crate::values::text::{QUOTED, excerpt, quoted, safe};

/// The same page of a gateway to this many pairs in a row would make all the rest unknown.
const SAME_PAGES: usize = 3;

impl Run {
    pub(super) fn take_pairs(&self) {
        while let Some((pair, ticket)) = self.next() {
            let outcome = self.process(&pair, ticket);
            lock(&self.counts).add(&pair, &outcome);
        }
    }

    fn next(&self) -> Option<(Pair, Ticket<'_>)> {
        let ticket = self.pace.ticket()?;
        let is_left =
            |pair: &Result<Pair, Error>| !pair.as_ref().is_ok_and(|pair| self.plan.is_done(pair));
        match lock(&self.pairs).find(is_left)? {
            Ok(pair) => {
                lock(&self.counts).taken += 1;
                Some((pair, ticket))
            }
            Err(e) => {
                self.pace.stop(Stop::Fatal(e));
                None
            }
        }
    }

    fn process(&self, pair: &Pair, ticket: Ticket<'_>) -> Outcome {
        let mut record = self.record(pair);
        let originals = match guarded(|| self.read(pair, &mut record)) {
            Ok(originals) => originals,
            Err(e) => return self.end_pair(pair, record, Err(e), None),
        };
        // Before checking whether the photos can be sent: what is judged stays judged.
        match self.known(pair, &record) {
            Ok(None) => {}
            Ok(Some(outcome)) => return outcome,
            Err(e) => return self.stopped_by(e),
        }
        let request = match guarded(|| self.request(pair, originals, &mut record)) {
            Ok(request) => request,
            Err(e) => return self.end_pair(pair, record, Err(e), None),
        };
        if matches!(self.mode, Mode::DryRun) {
            ticket.spend();
            return Outcome::WouldSend;
        }
        // From here on everything is in memory, so that a pair is in progress only as long as the
        // service takes.
        let Some(turn) = ticket.enter() else { return Outcome::Untouched };
        if let (Some(journal), true) = (&self.journal, self.mode.is_paid()) {
            record.sent_at = Some(journal::now());
            if let Err(e) = journal.announce(&record) {
                return self.stopped_by(e);
            }
        }
        let started = Instant::now();
        let result = guarded(|| self.judged(&request, pair, &mut record));
        record.elapsed_ms = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
        // After a panic, the pair may have been sent.
        let result = result.map_err(|e| match e.kind() {
            Kind::Internal if self.mode.is_paid() => e.charged(Charge::Maybe),
            _ => e,
        });
        if result.as_ref().is_err_and(Error::is_untagged) {
            record.tag = None;
        }
        self.end_pair(pair, record, result, Some(turn))
    }

    fn stopped_by(&self, e: Error) -> Outcome {
        self.pace.stop(Stop::Fatal(e));
        Outcome::Untouched
    }

    /// The line of a pair, as far as the manifest knows it.
    pub(super) fn record(&self, pair: &Pair) -> Record {
        let [user_image, ref_image] = pair.photos.clone();
        Record {
            id: pair.id.clone(),
            user_image,
            ref_image,
            threshold: journal::number(&pair.options.sent.threshold),
            options: journal::Options::of(&pair.options, &self.judged_by),
            extra: pair.extra.clone(),
            by_row: pair.by_row,
            row: Some(pair.row + 1),
            clock_offset_ms: self.mode.clock_offset_ms(),
            ..Record::default()
        }
    }

    fn read(&self, pair: &Pair, record: &mut Record) -> Result<[Original; 2]> {
        let limit = self.preparation.limit();
        let read = |photo: &String| Ok(Original::read(&self.folder.join(photo), limit)?);
        let [user, reference] = pair.photos.each_ref().map(read);
        let hash = |original: &Result<Original>| original.as_ref().ok()?.sha256.clone();
        (record.user_sha256, record.ref_sha256) = (hash(&user), hash(&reference));
        let (user, reference) = both(user, reference)?;
        record.files = user.stamp.clone().zip(reference.stamp.clone()).map(|(a, b)| [a, b]);
        Ok([user, reference])
    }

    fn request(
        &self,
        pair: &Pair,
        originals: [Original; 2],
        record: &mut Record,
    ) -> Result<FaceMatch> {
        let [user, reference] = originals.map(|original| {
            let photo = self.preparation.admit(original.name, original.bytes)?;
            self.preparation.prepare(photo, pair.options.sent.rotate)
        });
        let say = |remark: &Remark| match remark {
            Remark::Warning(what) => self.warn(format!("{}: {what}", safe(&pair.id))),
            Remark::Note(_) => (self.say)(remark),
        };
        let (request, sizes) = pair::request(user, reference, &pair.options.sent, say)?;
        record.sent_sizes = Some(sizes).filter(|sizes| *sizes != [None, None]);
        record.tag = request.tag.filter(|_| self.mode.is_paid());
        Ok(request)
    }

    /// The outcome of an earlier run, if the photos have become known ones since the plan was made.
    fn known(&self, pair: &Pair, record: &Record) -> Result<Option<Outcome>, Error> {
        if !self.state.may_know(&pair.id)
            || record.user_sha256.is_none()
            || record.ref_sha256.is_none()
        {
            return Ok(None);
        }
        match self.step(self.standing(pair, record)?, pair, record) {
            Step::Send => Ok(None),
            Step::Skip(outcome) => Ok(Some(outcome)),
            Step::Refuse(_) => {
                let id = excerpt(&pair.id, QUOTED);
                let what = format!("the photos of pair `{id}` were changed during the run");
                Err(Error::new(Kind::Input, what))
            }
        }
    }

    /// The verdict on the pair, if the answer can be trusted to be on it.
    fn judged(&self, request: &FaceMatch, pair: &Pair, record: &mut Record) -> Result<Judged> {
        let answer = self.mode.ask(request)?;
        (record.attempts, record.tag) = (answer.attempts, answer.tag);
        record.response = journal::response(&answer.body);
        let judged = answer.judged(pair.options.sent.threshold)?;
        if let Some(id) = judged.details.request_id.as_ref().map(|id| id.to_ascii_lowercase()) {
            let is_another =
                self.state.knows_request(&id) || !lock(&self.request_ids).insert(id.clone());
            if is_another && !judged.is_proven && self.mode.is_paid() {
                let what =
                    format!("the answer is another pair's: its request id `{id}` was given before");
                return Err(Error::new(Kind::Response, what)
                    .http_status(200)
                    .charged(Charge::Maybe)
                    .hint("something on the way answers for the service, such as a cache")
                    .into());
            }
        }
        let is_same_file = record.user_sha256.is_some() && record.user_sha256 == record.ref_sha256;
        Ok(judged.tightened(pair.options.strictness(), is_same_file))
    }

    fn end_pair(
        &self,
        pair: &Pair,
        record: Record,
        result: Result<Judged, Error>,
        turn: Option<Turn<'_>>,
    ) -> Outcome {
        let finished_at = journal::now();
        let record = Record { finished_at, clock_offset_ms: self.mode.clock_offset_ms(), ..record };
        let record = match &result {
            Ok(Judged { verdict, details, warnings, .. }) => {
                lock(&self.streak).pages.clear();
                let (request_id, warnings) = (details.request_id.clone(), warnings.clone());
                Record { request_id, warnings, ..record }.with_verdict(verdict)
            }
            Err(e) => {
                self.stop_after(e);
                let mut failure = Failure::from(e);
                if e.charge() == Charge::Maybe && self.is_kept {
                    // Without the folder, which a report would show to others.
                    let journal = self.journal_path.file_name().unwrap_or_default();
                    let journal = quoted(&journal.to_string_lossy()).into_owned();
                    let command = format!("didit-face decision --journal {journal}");
                    failure.hint = Some(format!("look it up, free of charge: {command}"));
                }
                Record {
                    exit_code: Exit::from(e.kind()).code(),
                    error: Some(failure),
                    attempts: e.tries().max(record.attempts),
                    ..record
                }
            }
        };
        // The same bad photo is recorded once, however often the run is continued.
        let journal = self.journal.as_ref().filter(|_| !self.state.has_refusal(&record));
        let is_recorded = journal.map_or(Ok(()), |journal| {
            let line = journal.append(&record)?;
            // The line outlives a killed process, so the next pair can go out meanwhile.
            drop(turn);
            journal.bring_to_disk(line)
        });
        if let Err(e) = is_recorded {
            self.pace.stop(Stop::Fatal(e));
            let is_charged = result.map_or_else(|e| e.charge() != Charge::No, |_| true);
            let is_paid = self.mode.is_paid() && is_charged;
            return Outcome::Unrecorded { is_paid, status: record.status };
        }
        let attempts = record.attempts;
        let outcome = match result {
            Ok(judged) => Outcome::Judged { verdict: Known::from(&judged.verdict), attempts },
            Err(error) => Outcome::Failed { error, attempts },
        };
        self.note_open(pair, &record, &outcome);
        outcome
    }

    /// Must run before the failed pair's turn ends and another pair takes it.
    fn stop_after(&self, e: &Error) {
        let mut streak = lock(&self.streak);
        streak.failures += 1;
        if e.is_final() {
            self.pace.stop(Stop::Fatal(e.clone()));
        } else if self.max_failures.is_some_and(|limit| streak.failures >= limit) {
            self.pace.stop(Stop::Failures);
        }
        if let Some(page) = e.page() {
            // Without what numbers each incident.
            let words = page.split_whitespace().filter(|word| !word.contains(char::is_numeric));
            let page: String = words.collect();
            streak.pages.retain(|known| *known == page);
            streak.pages.push(page);
            if streak.pages.len() >= SAME_PAGES {
                self.pace.stop(Stop::Fatal(e.clone()));
            }
        } else if e.tries() > 0 {
            streak.pages.clear();
        }
    }
}

/// Turns a panic into an error: the pair failed, and the run continues.
fn guarded<T>(work: impl FnOnce() -> Result<T>) -> Result<T, Error> {
    match panic::catch_unwind(AssertUnwindSafe(work)) {
        Ok(result) => result.map_err(Error::of),
        Err(_) => Err(Error::internal("a panic")),
    }
}
