//! Decides before anything is sent what the journal already knows of each row.

use std::collections::HashMap;
use std::fs::{File, Metadata};
use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread;

use super::tally::PairOutcome;
use super::worker::Work;
use crate::batch::journal::{Identity, Known, Naming, Options, Record, Standing, number};
use crate::batch::manifest::{Pair, Pairs};
use crate::error::{Error, Kind};
use crate::photo::{Stamp, version};
use crate::render::batch::{NAMED, in_words};
use crate::values::digest;
use crate::values::text::{QUOTED, count, excerpt};
use crate::verdict::{Score, Status, Threshold};

/// More photos than this are hashed again.
const REMEMBERED: usize = 1 << 16;

#[derive(Default)]
pub(super) struct Plan {
    /// By the row's number: whether the pair needs no more work.
    done: Vec<bool>,
    conflicts: HashMap<String, u64>,
    changed: Vec<String>,
    changes: u64,
    /// Records whose verdict a higher threshold has changed.
    stricter: Vec<Record>,
}

/// What to do with a pair.
pub(super) enum Step {
    Send,
    Skip(PairOutcome),
    /// Its options differ from those it was judged with.
    Refuse(Box<Record>),
}

/// Hashes photos, each once as long as it doesn't change.
#[derive(Default)]
pub(super) struct Hashes(Mutex<HashMap<[i64; 6], String>>);

impl Hashes {
    /// `None` for what is no regular file or can't be read.
    fn of(&self, path: &Path, name: &str, work: &Work) -> Option<String> {
        if work.trust_mtime {
            let stamp = Stamp::of(path)?;
            if let Some(hash) = work.state.hash_of_file(name, stamp.size, &stamp.mtime) {
                return Some(hash.to_owned());
            }
        }
        let metadata = path.metadata().ok().filter(Metadata::is_file)?;
        let key = version(&metadata);
        if let Some(hash) = key.and_then(|key| lock(&self.0).get(&key).cloned()) {
            return Some(hash);
        }
        let hash = digest::hex_of(&[], File::open(path).ok()?).ok()?;
        let (Some(key), mut known) = (key, lock(&self.0)) else { return Some(hash) };
        if known.len() >= REMEMBERED {
            known.clear();
        }
        known.insert(key, hash.clone());
        Some(hash)
    }
}

impl Plan {
    pub(super) fn is_done(&self, pair: &Pair) -> bool {
        usize::try_from(pair.row).is_ok_and(|row| self.done.get(row) == Some(&true))
    }

    /// Looks up all pairs; refuses to go on if options have changed.
    pub(super) fn make(pairs: Pairs, work: &Work) -> Result<Self, Error> {
        let plan = Mutex::new(Self::default());
        if work.state.pairs().next().is_none() {
            return Ok(Self::default());
        }
        let pairs = Mutex::new(pairs);
        let look_up = || {
            loop {
                let pair = match lock(&pairs).next() {
                    None => return Ok(()),
                    Some(pair) => pair?,
                };
                Self::look_up(&plan, &pair, work)?;
            }
        };
        // Hashing many photos is work for all cores; without more threads, one does it.
        thread::scope(|scope| {
            let others = thread::available_parallelism().map_or(1, usize::from).min(8) - 1;
            let spawned: Vec<_> = (0..others)
                .map_while(|_| thread::Builder::new().spawn_scoped(scope, look_up).ok())
                .collect();
            let mut result = look_up();
            for thread in spawned {
                result = result.and(thread.join().unwrap_or(Ok(())));
            }
            result
        })?;
        let plan = plan.into_inner().unwrap_or_else(PoisonError::into_inner);
        plan.refuse_conflicts(work)?;
        Ok(plan)
    }

    fn look_up(plan: &Mutex<Self>, pair: &Pair, work: &Work) -> Result<(), Error> {
        if !work.state.may_know(&pair.id) {
            return Ok(());
        }
        let hash = |i: usize| {
            let photo = &pair.photos[i];
            work.hashes.of(&work.folder.join(photo), photo, work)
        };
        let (Some(user), Some(reference)) = (hash(0), hash(1)) else { return Ok(()) };
        let standing = work.standing(pair, [&user, &reference])?;
        let (other_photos, stricter) = match &standing {
            Standing::OtherPhotos => (true, None),
            Standing::Stricter(record) => (false, Some(stricter(record, pair))),
            _ => (false, None),
        };
        let step = work.step(standing, pair, [&user, &reference]);
        let mut plan = lock(plan);
        plan.changes += u64::from(other_photos);
        if other_photos && plan.changed.len() < NAMED {
            plan.changed.push(excerpt(&pair.id, QUOTED));
        }
        plan.stricter.extend(stricter.flatten());
        match step {
            Step::Send => {}
            Step::Refuse(record) => {
                let difference = difference(&record, &work.options(&pair.options), pair);
                *plan.conflicts.entry(difference).or_default() += 1;
            }
            Step::Skip(outcome) => {
                let row = usize::try_from(pair.row).unwrap_or(usize::MAX);
                if plan.done.len() <= row {
                    plan.done.resize(row + 1, false);
                }
                plan.done[row] = true;
                drop(plan);
                work.tally.begin();
                work.tally.add(pair, outcome);
            }
        }
        Ok(())
    }

    fn refuse_conflicts(&self, work: &Work) -> Result<(), Error> {
        if self.conflicts.is_empty() {
            return Ok(());
        }
        let pairs: u64 = self.conflicts.values().sum();
        let mut named: Vec<_> = self.conflicts.iter().collect();
        named.sort_by(|a, b| b.1.cmp(a.1).then(a.0.cmp(b.0)));
        let named: Vec<_> = named.iter().take(3).map(|(what, _)| what.as_str()).collect();
        let message = format!(
            "{} already judged with other options ({}) would be sent {}again",
            count(pairs, "pair"),
            named.join("; "),
            if work.is_paid_run { "and charged " } else { "" },
        );
        Err(Error::new(Kind::Usage, message).hint(
            "nothing was sent; use the old options to continue, or --rejudge to judge these pairs again with the new ones",
        ))
    }

    /// Says what is sent again, and records what a higher threshold has changed.
    pub(super) fn begin(&mut self, work: &Work) -> Result<(), Error> {
        if self.changes > 0 {
            let ids = in_words(&self.changed, self.changes);
            let (is, has) = if self.changes == 1 { ("is", "its") } else { ("are", "their") };
            work.tally.note(&format!(
                "{ids} {is} sent again: {has} photos have changed since the pair was judged"
            ));
            work.tally.counts().changed = self.changes;
        }
        for record in self.stricter.drain(..) {
            if let Some(journal) = &work.journal {
                journal.append(&record)?;
            }
        }
        Ok(())
    }
}

impl Work {
    pub(super) fn standing(&self, pair: &Pair, photos: [&str; 2]) -> Result<Standing, Error> {
        let id = (self.naming == Naming::Ids).then_some(pair.id.as_str());
        let (threshold, options) = (pair.options.sent.threshold, self.options(&pair.options));
        self.state.standing(id, photos, threshold, &options).map_err(|e| {
            let what = format!("the journal can't be read again: {}", crate::error::reason(&e));
            Error::new(Kind::Output, what)
        })
    }

    pub(super) fn step(&self, standing: Standing, pair: &Pair, photos: [&str; 2]) -> Step {
        let outcome = match standing {
            Standing::New | Standing::OtherPhotos => return Step::Send,
            Standing::Judged(known) => PairOutcome::JudgedBefore(known),
            Standing::Unknown { is_absent } => {
                if self.retry_unknown.sends(is_absent) {
                    return Step::Send;
                }
                PairOutcome::Unknown
            }
            Standing::Stricter(record) => PairOutcome::JudgedBefore(judged_stricter(&record, pair)),
            Standing::OtherOptions(_) if self.rejudge => return Step::Send,
            Standing::OtherOptions(record) => return Step::Refuse(record),
        };
        if self.open.is_some() {
            let identity = Identity::new(photos, None, &self.options(&pair.options));
            self.note_open(pair, identity, &outcome);
        }
        Step::Skip(outcome)
    }
}

/// The verdict under the row's higher threshold.
fn judged_stricter(record: &Record, pair: &Pair) -> Known {
    let score = score(record);
    let is_reached = score.is_some_and(|score| pair.options.sent.threshold.is_reached_by(score));
    let status = record.status.as_deref().and_then(Status::from_name).unwrap_or(Status::Declined);
    let objection = pair.options.strictness().objection(score, || record.seen());
    let is_downgraded = status == Status::Approved && is_reached && objection.is_some();
    Known {
        status: match status {
            _ if !is_reached => Status::Declined,
            _ if is_downgraded => Status::InReview,
            status => status,
        },
        is_downgraded,
        score: score.and_then(|score| f32::try_from(score.value()).ok()),
    }
}

/// The line of a verdict that the row's higher threshold changes.
fn stricter(record: &Record, pair: &Pair) -> Option<Record> {
    let is_reached =
        score(record).is_some_and(|score| pair.options.sent.threshold.is_reached_by(score));
    let is_declined = record.status.as_deref() == Some(Status::Declined.name());
    (!is_reached && !is_declined).then(|| Record {
        threshold: number(&pair.options.sent.threshold),
        status: Some(Status::Declined.name().to_owned()),
        exit_code: crate::exit::Exit::Declined.code(),
        reason: Some("low_similarity".to_owned()),
        finished_at: crate::batch::journal::now(),
        decided_by: Some("threshold".to_owned()),
        ..record.clone()
    })
}

fn score(record: &Record) -> Option<Score> {
    Score::from_json(record.score.as_ref()?.get())
}

/// How the options differ, in the words of the command line.
fn difference(record: &Record, new: &Options, pair: &Pair) -> String {
    let old = &record.options;
    let text = |text: &Option<String>| {
        text.as_deref()
            .map_or_else(|| "none".to_owned(), |text| format!("`{}`", excerpt(text, QUOTED)))
    };
    let threshold = pair.options.sent.threshold;
    let all = [
        (
            "--threshold",
            record.threshold().as_ref().map(Threshold::to_string).unwrap_or_default(),
            threshold.to_string(),
        ),
        ("--rotate", old.rotate.to_string(), new.rotate.to_string()),
        ("--no-save", (!old.save).to_string(), (!new.save).to_string()),
        ("--vendor-data", text(&old.vendor_data), text(&new.vendor_data)),
        ("--metadata", text(&old.metadata), text(&new.metadata)),
    ];
    let changed = all.iter().filter(|(_, old, new)| old != new);
    let named: Vec<_> =
        changed.map(|(name, old, new)| format!("{name}: {old}, now {new}")).collect();
    named.join(", ")
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
