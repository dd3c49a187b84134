//! What can go wrong with a photo.

use std::fmt;

use super::decode::{MAX_MEMORY, MAX_PIXELS, MAX_SIDE, MAX_TIME};

/// Why a photo could not be judged.
#[derive(Debug)]
pub enum EngineError {
    /// The bytes are no picture that can be read.
    Undecodable {
        /// The decoder's own words.
        reason: String,
    },
    /// The picture would take too much memory.
    TooLarge {
        /// Width and height in pixels as the file says; `None` if they are within the limits
        /// and decoding would take too much memory all the same.
        size: Option<(u32, u32)>,
    },
    /// The picture took too much time.
    TooSlow,
    /// A model could not be loaded or run: a bug of ours.
    Model(anyhow::Error),
}

impl fmt::Display for EngineError {
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
            Self::Model(error) => write!(f, "the built-in engine failed: {error:#}"),
        }
    }
}

impl std::error::Error for EngineError {}

/// One of the two photos of a comparison.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// The photo of the user.
    User,
    /// The photo to compare it with.
    Reference,
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::User => "user image",
            Self::Reference => "reference image",
        })
    }
}

/// Why two photos could not be compared; if both are at fault, the user's is named.
#[derive(Debug)]
pub struct CompareError {
    /// Which photo.
    pub role: Role,
    /// What is wrong with it.
    pub error: EngineError,
}

impl fmt::Display for CompareError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.role, self.error)
    }
}

impl std::error::Error for CompareError {}
