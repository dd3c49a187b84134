//! Bytes to pixels: reads headers and decodes pictures, within limits.

// Pixel coordinates are far below 2^24, and truncation is intended.
#![allow(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    clippy::cast_possible_wrap,
    clippy::many_single_char_names,
    clippy::similar_names
)]

pub mod decode;
mod foreign;
mod guard;
mod jpeg;
mod tiff;

use std::fmt;

use decode::{MAX_MEMORY, MAX_PIXELS, MAX_SIDE};
use guard::MAX_TIME;
pub use guard::{Budget, Share};

/// Why a photo can't be decoded, in our own words rather than the decoder's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Error {
    /// Not in a format that we decode.
    NotAnImage,
    /// Damaged, with details if known.
    Damaged(Option<&'static str>),
    /// No decoder supports this kind of image (a plural noun).
    Unsupported(&'static str),
    /// The decoder panicked.
    Unusual,
    TooLarge {
        /// Width and height; `None` if it is decoding that takes too much memory.
        size: Option<(u32, u32)>,
    },
    TooSlow,
    NoThread,
}

impl Error {
    pub fn advice(self) -> &'static str {
        match self {
            Self::NotAnImage | Self::Unsupported(_) | Self::Unusual => {
                "convert it to an ordinary JPEG or PNG"
            }
            Self::Damaged(_) => "take or export it again",
            Self::TooLarge { .. } | Self::TooSlow => "make it smaller",
            Self::NoThread => "try again when the machine is less busy",
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotAnImage => write!(f, "not a JPEG, PNG, WebP or TIFF image"),
            Self::Damaged(None) => write!(f, "the file is damaged"),
            Self::Damaged(Some(how)) => write!(f, "the file is damaged ({how})"),
            Self::Unsupported(kind) => write!(f, "{kind} can't be read"),
            Self::Unusual => write!(f, "the file is damaged, or an unsupported variant"),
            Self::TooLarge { size: Some((width, height)) } => write!(
                f,
                "the image has {width} x {height} pixels; the limit is {} megapixels and {MAX_SIDE} pixels a side",
                MAX_PIXELS / 1_000_000
            ),
            Self::TooLarge { size: None } => write!(
                f,
                "decoding the image takes more than {} MB of memory",
                MAX_MEMORY / 1_000_000
            ),
            Self::TooSlow => {
                write!(f, "decoding the image takes more than {} s", MAX_TIME.as_secs())
            }
            Self::NoThread => write!(f, "the system can't start a thread to decode the image"),
        }
    }
}

impl std::error::Error for Error {}
