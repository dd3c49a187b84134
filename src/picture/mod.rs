//! Reads headers and decodes pictures, within limits.

// Pixel coordinates are far below 2^24, and truncation is intended.
#![allow(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    clippy::cast_possible_wrap,
    clippy::many_single_char_names,
    clippy::similar_names
)]

pub mod budget;
pub mod decode;
mod error;
mod guard;
pub mod header;
mod heic;
mod jpeg;
mod jpeg2000;
mod tiff;

pub use error::Error;
