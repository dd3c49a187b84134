//! What lasts of a batch: the manifest it is given and the journal it keeps.

pub mod journal;
pub mod lost;
pub mod manifest;
pub mod pairs;
pub mod selection;
pub mod shard;
