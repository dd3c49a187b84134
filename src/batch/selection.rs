//! Selects the pairs of a manifest that a run processes.

use std::collections::BTreeSet;

use super::shard::Shard;

/// All pairs of a shard, or only those with given ids.
#[derive(Clone, Debug, Default)]
pub struct Selection {
    shard: Shard,
    /// `None` for all.
    only: Option<BTreeSet<String>>,
}

impl Selection {
    /// The pairs of `shard` with these ids; all of them without ids.
    pub fn new(shard: Shard, only: &[String]) -> Self {
        let only = (!only.is_empty()).then(|| only.iter().cloned().collect());
        Self { shard, only }
    }

    /// Whether the pair belongs to the shard, named or not.
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
