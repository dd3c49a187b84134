//! The integration tests, in one program.

#[cfg(feature = "engine")]
mod engine;
#[cfg(feature = "engine")]
mod golden;
#[cfg(feature = "engine")]
mod photos;
