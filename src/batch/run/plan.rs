//! Decides before anything is sent what the journal already knows of each row.

use std::collections::HashMap;
use std::fs::{File, Metadata};
use std::sync::{Mutex, PoisonError};
use std::thread;

use super::counts::{NAMED, Outcome, in_words};
use super::{RetryUnknown, Run, lock};
use crate::batch::journal::{Ended, Known, Naming, Record, Standing, now, number};
use crate::batch::manifest::{Pair, Pairs};
use crate::error::{Error, Kind, reason};
use crate::photo::{Stamp, version};
use crate::values::digest;
use crate::values::text::{QUOTED, count, excerpt};
use crate::verdict::{Claim, Risks, Status, Threshold, Verdict};

/// More photos than this are hashed again.
const REMEMBERED: usize = 1 << 16;

#[derive(Default)]
pub struct Plan {
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
    Skip(Outcome),
    /// Its options differ from those it was judged with.
    Refuse(Box<Record>),
}

/// The SHA-256 of photos, each made once as long as the photo doesn't change.
#[derive(Default)]
pub struct Hashes(Mutex<HashMap<[i64; 6], String>>);

impl Run {
    /// `None` for what is no regular file or can't be read.
    fn hash(&self, name: &str) -> Option<String> {
        let path = &self.folder.join(name);
        if self.reading.trust_mtime {
            let stamp = Stamp::of(path)?;
            if let Some(hash) = self.state.hash_of_file(name, stamp.size, &stamp.mtime) {
                return Some(hash.to_owned());
            }
        }
        let metadata = path.metadata().ok().filter(Metadata::is_file)?;
        let key = version(&metadata);
        if let Some(hash) = key.and_then(|key| lock(&self.hashes.0).get(&key).cloned()) {
            return Some(hash);
        }
        let hash = digest::hex_of(&[], File::open(path).ok()?).ok()?;
        let (Some(key), mut known) = (key, lock(&self.hashes.0)) else { return Some(hash) };
        if known.len() >= REMEMBERED {
            known.clear();
        }
        known.insert(key, hash.clone());
        Some(hash)
    }

    /// Looks up all pairs, refuses to go on if options have changed, says what is sent again, and
    /// records what a higher threshold has changed.
    pub fn plan(&mut self, pairs: Pairs) -> Result<(), Error> {
        if self.state.pairs().next().is_none() {
            return Ok(());
        }
        let (pairs, plan) = (Mutex::new(pairs), Mutex::new(Plan::default()));
        let look_up = || {
            loop {
                let pair = match lock(&pairs).next() {
                    None => return Ok(()),
                    Some(pair) => pair?,
                };
                self.look_up_row(&plan, &pair)?;
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
        self.plan = plan.into_inner().unwrap_or_else(PoisonError::into_inner);
        self.refuse_conflicts()?;
        let Plan { changes, changed, .. } = &self.plan;
        if *changes > 0 {
            let ids = in_words(changed, *changes);
            let (is, has) = if *changes == 1 { ("is", "its") } else { ("are", "their") };
            self.note(format!(
                "{ids} {is} sent again: {has} photos have changed since the pair was judged"
            ));
            lock(&self.counts).changed = *changes;
        }
        let stricter = std::mem::take(&mut self.plan.stricter);
        let journal = self.journal.iter();
        journal
            .flat_map(|journal| stricter.iter().map(|r| journal.append(r)))
            .try_for_each(|line| line.map(drop))
    }

    fn look_up_row(&self, plan: &Mutex<Plan>, pair: &Pair) -> Result<(), Error> {
        if !self.state.may_know(&pair.id) {
            return Ok(());
        }
        let [user_sha256, ref_sha256] = pair.photos.each_ref().map(|photo| self.hash(photo));
        if user_sha256.is_none() || ref_sha256.is_none() {
            return Ok(());
        }
        let record = Record { user_sha256, ref_sha256, ..self.record(pair) };
        let standing = self.standing(pair, &record)?;
        let mut new = lock(plan);
        match &standing {
            Standing::OtherPhotos => {
                new.changes += 1;
                if new.changed.len() < NAMED {
                    new.changed.push(excerpt(&pair.id, QUOTED));
                }
            }
            Standing::Stricter(known) => {
                new.stricter.extend(stricter(known, pair.options.sent.threshold));
            }
            _ => {}
        }
        match self.step(standing, pair, &record) {
            Step::Send => {}
            Step::Refuse(old) => *new.conflicts.entry(difference(&old, &record)).or_default() += 1,
            Step::Skip(outcome) => {
                let row = usize::try_from(pair.row).unwrap_or(usize::MAX);
                if new.done.len() <= row {
                    new.done.resize(row + 1, false);
                }
                new.done[row] = true;
                drop(new);
                let mut counts = lock(&self.counts);
                counts.taken += 1;
                counts.add(pair, &outcome);
            }
        }
        Ok(())
    }

    fn refuse_conflicts(&self) -> Result<(), Error> {
        let conflicts = &self.plan.conflicts;
        if conflicts.is_empty() {
            return Ok(());
        }
        let mut named: Vec<_> = conflicts.iter().collect();
        named.sort_by(|a, b| b.1.cmp(a.1).then(a.0.cmp(b.0)));
        let named: Vec<_> = named.iter().take(3).map(|(what, _)| what.as_str()).collect();
        let message = format!(
            "{} already judged with other options ({}) would be sent {}again; nothing was sent",
            count(conflicts.values().sum(), "pair"),
            named.join("; "),
            if self.is_local { "" } else { "and charged " },
        );
        Err(Error::new(Kind::Usage, message).hint(
            "use the old options to continue, or --rejudge to judge these pairs again with the new ones",
        ))
    }

    /// What the journal says of a pair, by its photos and options.
    pub(super) fn standing(&self, pair: &Pair, record: &Record) -> Result<Standing, Error> {
        let id = (self.reading.naming == Naming::Ids).then_some(pair.id.as_str());
        let (threshold, options) = (pair.options.sent.threshold, &record.options);
        self.state.standing(id, record.photos(), threshold, options).map_err(|e| {
            let what = format!("the journal can't be read again: {}", reason(&e));
            Error::new(Kind::Output, what)
        })
    }

    pub(super) fn step(&self, standing: Standing, pair: &Pair, record: &Record) -> Step {
        let outcome = match standing {
            Standing::New | Standing::OtherPhotos => return Step::Send,
            Standing::Judged(known) => Outcome::JudgedBefore(known),
            Standing::Unknown { is_absent } => match self.retry_unknown {
                Some(RetryUnknown::All) => return Step::Send,
                Some(RetryUnknown::Absent) if is_absent => return Step::Send,
                _ => Outcome::Unknown,
            },
            Standing::Stricter(known) => {
                let new = stricter(&known, pair.options.sent.threshold);
                match new.as_ref().unwrap_or(&known).ended() {
                    Some(Ended::Judged(verdict)) => {
                        let verdict = verdict.tightened(self.reading.strictness, || known.seen());
                        Outcome::JudgedBefore(Known::from(&verdict))
                    }
                    _ => return Step::Refuse(known),
                }
            }
            Standing::OtherOptions(_) if self.rejudge => return Step::Send,
            Standing::OtherOptions(known) => return Step::Refuse(known),
        };
        self.note_open(pair, record, &outcome);
        Step::Skip(outcome)
    }
}

impl Plan {
    pub(super) fn is_done(&self, pair: &Pair) -> bool {
        usize::try_from(pair.row).is_ok_and(|row| self.done.get(row) == Some(&true))
    }
}

/// The line of a verdict that a higher threshold changes.
fn stricter(record: &Record, threshold: Threshold) -> Option<Record> {
    let Some(Ended::Judged(old)) = record.ended() else { return None };
    let is_reached = old.score().is_some_and(|score| threshold.is_reached_by(score));
    if is_reached || old.status() == Status::Declined {
        return None;
    }
    let claim = Claim {
        status: Status::Declined,
        score: old.score(),
        risks: Risks::of(&record.warnings),
        is_sandbox: old.is_sandbox(),
    };
    let line = Record {
        threshold: number(&threshold),
        finished_at: now(),
        decided_by: Some("threshold".to_owned()),
        ..record.clone()
    };
    Some(line.with_verdict(&Verdict::checked(claim, threshold).ok()?))
}

/// How the options differ, in the words of the command line.
fn difference(old: &Record, new: &Record) -> String {
    let text = |text: &Option<String>| match text {
        Some(text) => format!("`{}`", excerpt(text, QUOTED)),
        None => "none".to_owned(),
    };
    let words = |record: &Record| {
        let options = &record.options;
        [
            ("--threshold", record.threshold().map(|t| t.to_string()).unwrap_or_default()),
            ("--rotate", options.rotate.to_string()),
            ("--no-save", (!options.save).to_string()),
            ("--vendor-data", text(&options.vendor_data)),
            ("--metadata", text(&options.metadata)),
        ]
    };
    let changed = words(old).into_iter().zip(words(new)).filter(|(old, new)| old != new);
    let named: Vec<_> =
        changed.map(|((name, old), (_, new))| format!("{name}: {old}, now {new}")).collect();
    named.join(", ")
}
