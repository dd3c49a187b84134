//! Prepares a photo for its judge: reads it, makes it fit, strips it, checks it.

#[cfg(feature = "engine")]
pub mod fit;
#[cfg(feature = "engine")]
mod scaling;
pub mod strip;
#[cfg(feature = "engine")]
mod with_engine;
#[cfg(not(feature = "engine"))]
#[path = "without_engine.rs"]
mod with_engine;

use bytes::Bytes;

use crate::cli::options::PrepareOptions;
use crate::error::{Error, Result};
use crate::photo::{Photo, Source};
use with_engine::{Inspection, Unfit};

/// Prepares every photo in the same way.
pub struct Preparation {
    strip: bool,
    inspection: Inspection,
}

/// A photo as it was read.
pub enum Unprepared {
    /// It can be sent.
    Photo(Photo),
    /// It must be made to fit first.
    Unfit(Unfit),
}

/// A photo as its judge gets it.
pub struct Prepared {
    pub photo: Photo,
    pub remarks: Vec<Remark>,
    /// Width and height, if it was encoded again: the judge's boxes belong to it, not to the file.
    pub size: Option<(u32, u32)>,
}

/// Tells the user about a photo that is judged anyway.
pub enum Remark {
    Note(String),
    /// Makes its verdict less reliable.
    Warning(String),
}

/// Both photos, or one error that reports what is wrong with each.
pub fn both<T>(user: Result<T>, reference: Result<T>) -> Result<(T, T)> {
    let flaws = match (user, reference) {
        (Ok(user), Ok(reference)) => return Ok((user, reference)),
        (Err(flaw), Ok(_)) | (Ok(_), Err(flaw)) => vec![flaw.downcast::<Error>()?],
        (Err(first), Err(second)) => {
            let (first, second) = (first.downcast::<Error>()?, second.downcast::<Error>()?);
            if first == second { vec![first] } else { vec![first, second] }
        }
    };
    let message: Vec<_> = flaws.iter().map(Error::message).collect();
    let mut hints: Vec<_> = flaws.iter().filter_map(Error::next_step).collect();
    hints.dedup();
    hints.push("nothing was sent");
    Err(Error::new(flaws[0].kind(), message.join("; ")).hint(hints.join("; ")).into())
}

impl Preparation {
    pub fn new(options: PrepareOptions) -> Self {
        Self { strip: options.strip_metadata, inspection: Inspection::new(options) }
    }

    /// Reads a photo, up to [`Preparation::limit`].
    ///
    /// # Errors
    /// [`crate::error::Kind::Input`], naming the file.
    pub fn read(&self, source: &Source) -> Result<Unprepared, Error> {
        self.admit(source.name(), source.read(self.limit())?)
    }

    /// The maximum size of a photo, in bytes.
    pub fn limit(&self) -> usize {
        self.inspection.limit()
    }

    /// A photo of `bytes`, of which there are more than [`Preparation::limit`] if it is too large.
    ///
    /// # Errors
    /// As [`Preparation::read`].
    pub fn admit(&self, name: String, bytes: Bytes) -> Result<Unprepared, Error> {
        self.inspection.admit(name, bytes)
    }

    /// Whether photos may be decoded, which takes longer than starting a thread.
    pub fn decodes(&self) -> bool {
        self.inspection.decodes()
    }

    pub fn prepare(&self, original: Unprepared, rotate: bool) -> Result<Prepared> {
        let mut prepared = match original {
            Unprepared::Photo(photo) => Prepared { photo, remarks: Vec::new(), size: None },
            Unprepared::Unfit(unfit) => self.inspection.fit(&unfit)?,
        };
        if self.strip {
            prepared.photo = strip::metadata(&prepared.photo)?;
        }
        prepared.remarks.extend(self.inspection.check(&prepared.photo, rotate)?);
        Ok(prepared)
    }
}
