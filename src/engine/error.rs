//! Errors of the built-in engine.

use std::fmt;

use crate::error::{Error, Kind};
use crate::picture;

#[derive(Debug)]
pub enum EngineError {
    Picture(picture::Error),
    /// A model could not be loaded or run, which is a bug of ours.
    Model(anyhow::Error),
}

impl From<picture::Error> for EngineError {
    fn from(error: picture::Error) -> Self {
        Self::Picture(error)
    }
}

impl From<anyhow::Error> for EngineError {
    fn from(error: anyhow::Error) -> Self {
        Self::Model(error)
    }
}

impl EngineError {
    /// The error to report: the user's if the photo `name` can't be decoded, ours if a model is
    /// broken.
    pub fn of_photo(self, name: &str) -> anyhow::Error {
        match self {
            Self::Model(bug) => bug,
            Self::Picture(error) => {
                Error::new(Kind::Input, format!("`{name}`: {error}")).hint(error.advice()).into()
            }
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    User,
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

/// An error in one of two compared photos; if both are bad, the one in the user image.
#[derive(Debug)]
pub struct CompareError {
    pub role: Role,
    pub error: EngineError,
}
