//! Compares two photos of a face, with Didit's Face Match API or on this machine.
//!
//! The library exists for the `didit-face` binary, its benchmarks and its tests.

pub mod error;
pub mod json;
pub mod text;
pub mod verdict;

#[cfg(feature = "engine")]
pub mod engine;
