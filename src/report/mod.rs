//! Turns batch journals into reports, with a module for each format.
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

pub use entry::{Entry, Needs};
pub use format::{Format, Options};
pub use judge::{name as judge_name, unify};
pub use photo_file::located;
pub use status::PairStatus;
pub use table::table;
pub use what_if::WhatIf;

pub struct Report {
    /// In order of first appearance in the journals.
    pub entries: Vec<Entry>,
    /// The journals' paths, as given by the user.
    pub journals: Vec<String>,
    /// In UTC, to the second.
    pub made_at: String,
    /// The folder that relative photo paths start from.
    pub base_dir: PathBuf,
    /// The folder that the report is written to.
    pub folder: PathBuf,
}

impl Report {
    /// Problems first (failed, unknown, in review, declined), then by score and id.
    fn sorted(&self) -> Vec<&Entry> {
        let mut entries: Vec<&Entry> = self.entries.iter().collect();
        entries.sort_by_cached_key(|entry| (entry.status, entry.verdict_score(), &entry.id));
        entries
    }

    fn count(&self, status: PairStatus) -> usize {
        self.entries.iter().filter(|entry| entry.status == status).count()
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
        for entry in self.entries.iter().filter(|entry| entry.status.is_judged()) {
            *judges.entry(&entry.judge).or_default() += 1;
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

    fn extra_columns(&self) -> Vec<&str> {
        let names: BTreeSet<&str> = self
            .entries
            .iter()
            .flat_map(|entry| &entry.extra)
            .map(|(name, _)| name.as_str())
            .collect();
        names.into_iter().collect()
    }
}
