//! A batch: its manifest, its journal, a run over both, and what is looked up afterwards.

pub mod journal;
pub mod lookup;
pub mod manifest;
pub mod run;
