//! What can go wrong with a photo.

use std::fmt;

use crate::error::{Error, Kind};
use crate::picture;

/// Why a photo could not be judged.
#[derive(Debug)]
pub enum EngineError {
    /// The photo can't be decoded.
    Picture(picture::Error),
    /// A model could not be loaded or run: a bug of ours.
    Model(anyhow::Error),
}

impl From<picture::Error> for EngineError {
    fn from(error: picture::Error) -> Self {
        Self::Picture(error)
    }
}

impl EngineError {
    /// The failure that it is for the photo `name`: a photo that can't be decoded is the caller's,
    /// a model that can't be run is a bug of ours.
    pub fn of_photo(self, name: &str) -> anyhow::Error {
        match self {
            Self::Model(bug) => bug,
            Self::Picture(error) => {
                Error::new(Kind::Input, format!("`{name}`: {error}")).hint(error.advice()).into()
            }
        }
    }
}

impl fmt::Display for EngineError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Picture(error) => error.fmt(f),
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
    pub role: Role,
    pub error: EngineError,
}

impl fmt::Display for CompareError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.role, self.error)
    }
}

impl std::error::Error for CompareError {}
