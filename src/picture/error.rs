//! Why a photo could not be decoded, in our own words: what a decoder says is for its authors.

use std::fmt;

use super::decode::{MAX_MEMORY, MAX_PIXELS, MAX_SIDE};
use super::guard::MAX_TIME;

/// Why a photo could not be decoded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Error {
    /// The file is in no format that is decoded.
    NoImage,
    /// The file is damaged; how, where that is known.
    Damaged(Option<&'static str>),
    /// The file may be fine, but there is no decoder for this kind: the kind, in the plural.
    Unsupported(&'static str),
    /// The decoder failed in a way that says nothing of the file.
    Unusual,
    /// The picture would take too much memory.
    TooLarge {
        /// Width and height in pixels as the file says; `None` if they are within the limits
        /// but decoding would still take too much memory.
        size: Option<(u32, u32)>,
    },
    /// The picture took too much time.
    TooSlow,
    /// The system has no thread left to decode it on.
    NoThread,
}

impl Error {
    /// What to do about the photo.
    pub fn advice(self) -> &'static str {
        match self {
            Self::NoImage | Self::Unsupported(_) | Self::Unusual => {
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
            Self::NoImage => write!(f, "not a JPEG, PNG, WebP or TIFF image"),
            Self::Damaged(None) => write!(f, "the file is damaged"),
            Self::Damaged(Some(how)) => write!(f, "the file is damaged: {how}"),
            Self::Unsupported(kind) => write!(f, "{kind} can't be read"),
            Self::Unusual => write!(f, "the file is damaged, or of a kind that can't be read"),
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
            Self::NoThread => write!(f, "the system has no thread left to decode the image"),
        }
    }
}

impl std::error::Error for Error {}
