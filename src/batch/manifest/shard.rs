//! Which pairs of a manifest a run processes: those of its shard, or only some by name.

use std::collections::BTreeSet;
use std::str::FromStr;

use crate::values::digest;

/// Part `index` of `count`, by a hash of the pair's id, so that machines agree without talking to
/// each other.
///
/// The hash is the first eight bytes of the id's SHA-256 as a big-endian number, modulo `count`.
/// Part `count` is part 0, so that users may count from 0 or from 1. The hash must never change, or
/// a continued run would judge different pairs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shard {
    index: u64,
    count: u64,
}

impl Shard {
    pub fn holds(self, id: &str) -> bool {
        self.count == 1 || digest::number(id.as_bytes()) % self.count == self.index
    }
}

impl Default for Shard {
    fn default() -> Self {
        Self { index: 0, count: 1 }
    }
}

impl FromStr for Shard {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        const WANTED: &str =
            "must be I/N with I from 0 to N-1, or from 1 to N, such as 1/4, 2/4, 3/4 and 4/4";
        let number = |text: &str| {
            let is_plain = text.bytes().all(|b| b.is_ascii_digit());
            text.parse::<u64>().ok().filter(|_| is_plain).ok_or(WANTED)
        };
        let (index, count) = text.split_once('/').ok_or(WANTED)?;
        let (index, count) = (number(index)?, number(count)?);
        if count == 0 || index > count {
            Err(WANTED)
        } else {
            Ok(Self { index: index % count, count })
        }
    }
}

/// All pairs of a shard, or only those with given ids.
#[derive(Clone, Debug, Default)]
pub struct Selection {
    shard: Shard,
    /// The values of `--only`, until they are resolved.
    values: Vec<String>,
    /// `None` for all.
    only: Option<BTreeSet<String>>,
}

impl Selection {
    /// The pairs of `shard` that the values of `--only` name; all of them without values.
    pub fn new(shard: Shard, values: &[String]) -> Self {
        let mut selection = Self { shard, values: values.to_vec(), only: None };
        selection.resolve(|_| false);
        selection
    }

    /// Whether a value may be one id with a comma, or several ids.
    pub fn is_ambiguous(&self) -> bool {
        self.values.iter().any(|value| value.contains(','))
    }

    /// A value is an id that there is, or a list of ids, as a CSV file has them.
    pub fn resolve(&mut self, is_id: impl Fn(&str) -> bool) {
        let ids = self.values.iter().flat_map(|value| match value.trim() {
            whole if is_id(whole) => vec![whole.to_owned()],
            list => listed(list),
        });
        self.only = Some(ids.collect()).filter(|_| !self.values.is_empty());
    }

    pub fn shard_holds(&self, id: &str) -> bool {
        self.shard.holds(id)
    }

    /// Whether the pair belongs to the run.
    pub fn holds(&self, id: &str) -> bool {
        self.shard.holds(id) && self.only.as_ref().is_none_or(|only| only.contains(id))
    }

    pub fn named(&self) -> impl Iterator<Item = &str> {
        self.only.iter().flatten().map(String::as_str)
    }
}

fn listed(list: &str) -> Vec<String> {
    let mut reader = csv::ReaderBuilder::new();
    let reader = reader.has_headers(false).trim(csv::Trim::All).from_reader(list.as_bytes());
    let ids = reader.into_records().filter_map(Result::ok);
    ids.flat_map(|ids| ids.iter().map(str::to_owned).collect::<Vec<_>>()).collect()
}
