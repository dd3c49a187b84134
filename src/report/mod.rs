//! Turns batch journals into reports, with a module for each format.
//!
//! A first pass keeps a few bytes of each pair; then each is read again and written at once, so that
//! a report takes no more memory than the index of its journals.
//!
//! Text in a journal is untrusted. Each format escapes it in its own way, after
//! [`crate::values::text::safe`] has escaped characters that could hide or reorder text.

mod csv;
mod entry;
mod format;
mod histogram;
mod html;
mod json;
mod judge;
mod junit;
mod markdown;
mod photo_file;
mod remark;
mod status;
mod table;
mod what_if;

use std::cmp::Reverse;
use std::collections::{BTreeSet, HashMap};
use std::path::PathBuf;

pub use entry::Entry;
pub use format::{Format, Options, Parts};
pub use judge::name as judge_name;
pub use photo_file::located;
pub use status::PairStatus;
pub use table::table;
pub use what_if::WhatIf;

use self::judge::Judge;
use crate::batch::journal::{Brief, Lines, PairRef, PairState, State};
use crate::error::{Error, Kind, Result, reason};

/// Above this many pairs, a page has the most of its rows in files beside it, and a table lists only
/// problems.
const MANY: usize = 50_000;

/// What a report says of itself, and how it is made.
#[derive(Default)]
pub struct Settings {
    /// The journals' paths, as given by the user.
    pub journals: Vec<String>,
    /// In UTC, to the second.
    pub made_at: String,
    /// The folder that relative photo paths start from.
    pub base_dir: PathBuf,
    /// The folder that the report is written to.
    pub folder: PathBuf,
    /// The statuses to report; all if empty.
    pub only: Vec<PairStatus>,
    /// Problems first, then by score; else as in the manifest.
    pub problems_first: bool,
    /// Whether entries have the details of their faces.
    pub faces: bool,
    /// Whether a run is still writing a journal.
    pub is_running: bool,
}

pub struct Report<'a> {
    state: &'a State,
    pub settings: Settings,
    rows: Vec<Row>,
    judges: Vec<Judge>,
    thresholds: HashMap<String, usize>,
    /// The manifest's additional columns.
    extra: BTreeSet<String>,
    elapsed_ms: u64,
}

/// A pair, in brief.
#[derive(Clone, Copy)]
struct Row {
    pair: PairRef,
    /// In the manifest; the greatest if unknown.
    number: u32,
    /// Negative without one.
    score: f32,
    judge: u32,
    status: PairStatus,
}

impl<'a> Report<'a> {
    pub fn read(state: &'a State, settings: Settings) -> Result<Self, Error> {
        let mut report = Self {
            state,
            settings,
            rows: Vec::new(),
            judges: Vec::new(),
            thresholds: HashMap::new(),
            extra: BTreeSet::new(),
            elapsed_ms: 0,
        };
        let (mut lines, mut judges) = (Lines::new(state), HashMap::new());
        for pair in state.pairs() {
            let (place, is) = state.counting(pair).map_err(|e| unread(&e))?;
            let text = lines.text(place).map_err(|e| unread(&e))?;
            let record: Brief<'_> = serde_json::from_slice(text).map_err(|e| unread(&e.into()))?;
            let judge = Judge::of(&record);
            let judge = *judges.entry(judge).or_insert_with_key(|judge| {
                report.judges.push(judge.clone());
                report.judges.len() - 1
            });
            let status = PairStatus::from(is);
            if !report.settings.only.is_empty() && !report.settings.only.contains(&status) {
                continue;
            }
            report.judges[judge].judged += usize::from(status.is_judged());
            let score = match is {
                PairState::Judged(known) => known.score,
                _ => None,
            };
            let number = record.row.and_then(|row| u32::try_from(row).ok()).unwrap_or(u32::MAX);
            let (score, judge) = (score.unwrap_or(-1.0), u32::try_from(judge).unwrap_or(u32::MAX));
            report.rows.push(Row { pair, number, score, judge, status });
            report.elapsed_ms += record.elapsed_ms;
            let threshold = record.threshold.get();
            match report.thresholds.get_mut(threshold) {
                Some(count) => *count += 1,
                None => drop(report.thresholds.insert(threshold.to_owned(), 1)),
            }
            for name in record.extra.into_keys() {
                if !report.extra.contains(&*name) {
                    report.extra.insert(name.into_owned());
                }
            }
        }
        judge::unify(&mut report.judges);
        report.sort();
        Ok(report)
    }

    fn sort(&mut self) {
        let by_problem = self.settings.problems_first;
        self.rows.sort_unstable_by(|a, b| {
            let problems = || a.status.cmp(&b.status).then(a.score.total_cmp(&b.score));
            let first = if by_problem { problems() } else { std::cmp::Ordering::Equal };
            first.then(a.number.cmp(&b.number)).then(a.pair.cmp(&b.pair))
        });
    }

    pub fn len(&self) -> usize {
        self.rows.len()
    }

    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// Reads the pairs, one by one.
    pub fn entries(&self) -> impl Iterator<Item = Result<Entry, Error>> {
        let mut lines = Lines::new(self.state);
        self.rows.iter().map(move |row| Entry::read(self, *row, &mut lines).map_err(|e| unread(&e)))
    }

    fn count(&self, status: PairStatus) -> usize {
        self.rows.iter().filter(|row| row.status == status).count()
    }

    /// Pairs without an approval.
    fn problems(&self) -> usize {
        self.len() - self.count(PairStatus::Approved)
    }

    /// `24 declined, 46 approved`: problems first.
    pub fn counts(&self) -> String {
        let counts = PairStatus::ALL.map(|status| (self.count(status), status.name()));
        let counts: Vec<_> = counts
            .iter()
            .filter(|(count, _)| *count > 0)
            .map(|(count, name)| format!("{count} {}", name.to_lowercase()))
            .collect();
        counts.join(", ")
    }

    /// The judges and their numbers of pairs, largest first.
    fn judges(&self) -> Vec<(&str, usize)> {
        let mut judges: HashMap<&str, usize> = HashMap::new();
        for judge in self.judges.iter().filter(|judge| judge.judged > 0) {
            *judges.entry(&judge.name).or_default() += judge.judged;
        }
        let mut judges: Vec<_> = judges.into_iter().collect();
        judges.sort_by_key(|(name, pairs)| (Reverse(*pairs), *name));
        judges
    }

    /// `Judged by verification.didit.me`; if there are several judges, with the count of each.
    fn judged_by(&self, show: impl Fn(&str) -> String) -> String {
        let judges = self.judges();
        match judges.as_slice() {
            [] => "No pair has a verdict".to_owned(),
            [(name, _)] => format!("Judged by {}", show(name)),
            several => {
                let named = several.iter().map(|(name, pairs)| format!("{} ({pairs})", show(name)));
                format!("Judged by {}", named.collect::<Vec<_>>().join(", "))
            }
        }
    }
}

fn unread(e: &std::io::Error) -> Error {
    Error::new(Kind::Input, format!("a journal can't be read again: {}", reason(e)))
}
