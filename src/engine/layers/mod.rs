//! Code shared by the networks that we run ourselves: a depthwise layer, and reading ONNX files.
//!
//! Maps are stored with interleaved channels, so that a vector holds 4 to 16 channels; rten
//! computes depthwise convolutions one number at a time.

pub(super) mod activation;
pub(super) mod depthwise;
pub(super) mod onnx;
