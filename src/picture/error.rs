//! Why a photo could not be decoded.

use std::fmt;

use super::decode::{MAX_MEMORY, MAX_PIXELS, MAX_SIDE, MAX_TIME};

/// Why a photo could not be decoded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Error {
    /// The bytes are not a picture that can be read.
    Undecodable {
        /// The decoder's own words.
        reason: String,
    },
    /// The picture would take too much memory.
    TooLarge {
        /// Width and height in pixels as the file says; `None` if they are within the limits
        /// but decoding would still take too much memory.
        size: Option<(u32, u32)>,
    },
    /// The picture took too much time.
    TooSlow,
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Undecodable { reason } => write!(f, "the picture can't be read: {reason}"),
            Self::TooLarge { size: Some((width, height)) } => write!(
                f,
                "the picture has {width} x {height} pixels; at most {} megapixels and {MAX_SIDE} pixels a side are read",
                MAX_PIXELS / 1_000_000
            ),
            Self::TooLarge { size: None } => write!(
                f,
                "decoding the picture takes more than {} MB of memory",
                MAX_MEMORY / 1_000_000
            ),
            Self::TooSlow => {
                write!(f, "decoding the picture takes more than {} s", MAX_TIME.as_secs())
            }
        }
    }
}

impl std::error::Error for Error {}
