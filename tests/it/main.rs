//! The integration tests in one program, with a module per topic.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test that fails may panic")]

mod about;
mod account;
#[cfg(feature = "engine")]
mod annotate;
mod architecture;
mod auth;
mod batch;
mod billing;
#[cfg(feature = "engine")]
mod check;
#[cfg(feature = "engine")]
mod checked_pictures;
mod corpus;
mod decision;
#[cfg(feature = "engine")]
mod decoding;
mod delete;
mod docs;
#[cfg(feature = "engine")]
mod engine;
mod failures;
mod faults;
#[cfg(feature = "engine")]
mod fit;
#[cfg(feature = "engine")]
mod golden;
mod help;
#[cfg(all(feature = "engine", target_os = "linux"))]
mod hostile;
mod input;
mod interrupt;
#[cfg(feature = "engine")]
mod kinds;
mod login;
mod matrix;
mod messages;
#[cfg(unix)]
mod moving;
mod ordinary;
mod pairs;
#[cfg(feature = "engine")]
mod orientation;
#[cfg(feature = "engine")]
mod photos;
#[cfg(all(feature = "engine", unix))]
mod preview;
mod privacy;
mod proxies;
#[cfg(unix)]
mod rehearsal;
mod report;
#[cfg(feature = "engine")]
mod report_pictures;
mod requests;
mod retries;
mod schemas;
mod secrets;
#[cfg(all(feature = "serve", unix))]
mod serve;
mod settings;
mod settle;
mod streams;
mod support;
mod tls;
mod untrusted;
mod uploads;
mod usage;
mod verdicts;
