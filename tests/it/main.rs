//! The integration tests, in one program: a module a topic.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test that fails may panic")]

mod auth;
#[cfg(feature = "engine")]
mod check;
#[cfg(feature = "engine")]
mod engine;
mod failures;
mod faults;
#[cfg(feature = "engine")]
mod golden;
mod input;
mod interrupt;
#[cfg(feature = "engine")]
mod photos;
mod proxies;
mod requests;
mod retries;
mod secrets;
mod settings;
mod streams;
mod support;
mod tls;
mod untrusted;
mod usage;
mod verdicts;
