//! Shared by the networks that our own code runs: a depthwise layer, and reading files.
//!
//! Channels are side by side, pixel by pixel. The inference library computes depthwise convolutions
//! one number at a time; here a vector holds 4 to 16 channels.

#![allow(
    clippy::inline_always,
    reason = "vector operations are compiled for an instruction set only within the function that enables it"
)]

pub(super) mod activation;
pub(super) mod depthwise;
pub(super) mod onnx;
