//! `batch`: every pair of a manifest, judged once and recorded in a journal.

mod ending;
mod facts;
mod flow;
mod limit;
mod next_steps;
mod pace;
mod plan;
mod tally;
mod wait;
mod worker;

pub(super) use flow::run;
