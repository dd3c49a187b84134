//! Needs the built-in engine: decodes, inspects and draws photos.

pub(super) mod annotate;
pub(super) mod check;
pub(super) mod faces;
mod file_name;
mod judged_photo;
mod parallel;
pub(super) mod pictures;
mod preview;
pub(super) mod turned;
