//! `batch`: every pair of a manifest, judged once and recorded in a journal.

mod ending;
mod flow;
mod pace;
mod tally;
mod uplink;
mod worker;

pub(super) use flow::run;
