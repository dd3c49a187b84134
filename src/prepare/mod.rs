//! Prepares a photo for its judge: reads it, makes it fit, strips it, checks it.

pub mod fit;
mod options;
mod scaling;
pub mod strip;

use bytes::Bytes;

use crate::error::{Error, Kind, Result};
use crate::photo::{Format, LIMIT, MOST_BYTES, Photo, Source, ambiguous, is_decodable};
use crate::preflight::{CheckOptions, Inspector, Level};
use crate::values::quantity::PhotoSize;
use fit::fit;

pub use options::PrepareOptions;

pub struct Preparation {
    options: PrepareOptions,
    inspector: Inspector,
}

/// A photo as it was read.
pub enum Unprepared {
    /// It can be sent.
    Photo(Photo),
    /// It must be made to fit first.
    Unfit { name: String, bytes: Bytes, limit: PhotoSize },
}

impl Unprepared {
    pub fn bytes(&self) -> Bytes {
        match self {
            Self::Photo(photo) => photo.bytes(),
            Self::Unfit { bytes, .. } => bytes.clone(),
        }
    }
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
    let message = format!("{}; nothing was sent", message.join("; "));
    let mut hints: Vec<_> =
        flaws.iter().filter_map(Error::next_step).flat_map(str::lines).collect();
    hints.dedup();
    Err(Error::new(flaws[0].kind(), message).hints(hints).into())
}

impl Preparation {
    pub fn new(options: PrepareOptions) -> Self {
        Self { options, inspector: Inspector::default() }
    }

    /// Reads a photo, up to [`Preparation::limit`].
    pub fn read(&self, source: &Source) -> Result<Unprepared, Error> {
        self.admit(source.name(), source.read(self.limit())?)
    }

    pub fn limit(&self) -> usize {
        if self.options.fit.is_some() { MOST_BYTES } else { LIMIT }
    }

    /// A photo of `bytes`, of which there are more than [`Preparation::limit`] if it is too large.
    pub fn admit(&self, name: String, bytes: Bytes) -> Result<Unprepared, Error> {
        let Some(limit) = self.options.fit else {
            return Photo::new(name, bytes).map(Unprepared::Photo);
        };
        match Photo::new(name.clone(), bytes.clone()) {
            // Only a conversion to JPEG removes a TIFF's metadata.
            Ok(photo) if self.options.strip_metadata && photo.format() == Format::Tiff => {}
            Ok(photo)
                if photo.size() <= limit.bytes()
                    && ambiguous::reason(&bytes).is_none()
                    && !ambiguous::may_hide(&bytes) =>
            {
                return Ok(Unprepared::Photo(photo));
            }
            Err(e) if !is_decodable(&bytes) => return Err(e),
            Ok(_) | Err(_) => {}
        }
        Ok(Unprepared::Unfit { name, bytes, limit })
    }

    /// Whether photos may be decoded, which takes longer than starting a thread.
    pub fn decodes(&self) -> bool {
        self.options.fit.is_some() || self.options.check
    }

    pub fn prepare(&self, original: Unprepared, rotate: bool) -> Result<Prepared> {
        let mut prepared = match original {
            Unprepared::Photo(photo) => Prepared { photo, remarks: Vec::new(), size: None },
            Unprepared::Unfit { name, bytes, limit } => fit(&self.inspector, &name, &bytes, limit)?,
        };
        if self.options.strip_metadata {
            prepared.photo = strip::metadata(&prepared.photo)?;
        }
        if self.options.check {
            let fits = self.options.fit.is_some();
            prepared.remarks.extend(check(&self.inspector, &prepared.photo, rotate, fits)?);
        }
        Ok(prepared)
    }
}

/// `--check`: the warnings about `photo`; an error if it is unusable.
fn check(inspector: &Inspector, photo: &Photo, rotate: bool, fit: bool) -> Result<Vec<Remark>> {
    let options = CheckOptions { rotate, fit };
    let name = photo.name();
    let inspection = inspector.inspect(name.to_owned(), &photo.bytes(), options)?;
    let (fails, warns): (Vec<_>, Vec<_>) =
        inspection.findings.iter().partition(|finding| finding.level == Level::Fails);
    if fails.is_empty() {
        let warning = |text: String| Remark::Warning(format!("{name}: {text}"));
        return Ok(warns.iter().map(|finding| warning(finding.in_words())).collect());
    }
    // With its advice, which would name no photo in a hint for both.
    let what: Vec<_> = fails.iter().map(|finding| finding.in_words()).collect();
    let message = format!("`{name}` is unusable: {}", what.join("; "));
    Err(Error::new(Kind::Input, message).into())
}
