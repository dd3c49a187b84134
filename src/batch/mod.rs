//! The files of a batch: the manifest that it reads and the journal that it writes.

pub mod journal;
pub mod manifest;
pub mod pairing;
pub mod shard;
