//! The integration tests in one program, with a module per topic.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test that fails may panic")]

mod about;
mod account;
mod annotate;
mod architecture;
mod auth;
mod batch;
mod billing;
mod check;
mod checked_pictures;
mod corpus;
mod decision;
mod decoding;
mod delete;
mod docs;
mod engine;
mod failures;
mod faults;
mod fit;
mod generate;
mod golden;
mod help;
#[cfg(target_os = "linux")]
mod hostile;
mod input;
mod interrupt;
mod kinds;
mod login;
mod matrix;
mod messages;
#[cfg(unix)]
mod moving;
mod ordinary;
mod orientation;
mod pairs;
mod photos;
#[cfg(unix)]
mod preview;
mod privacy;
mod proxies;
#[cfg(unix)]
mod rehearsal;
mod report;
mod report_pictures;
mod requests;
mod retries;
mod schemas;
mod secrets;
#[cfg(unix)]
mod serve;
mod settings;
mod settle;
mod streams;
mod support;
mod system;
mod tls;
mod untrusted;
mod uploads;
mod usage;
mod values;
mod verdict_rules;
mod verdicts;
