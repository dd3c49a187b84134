//! A photo made ready to be sent: read, made to fit, stripped, checked.

#[cfg(feature = "engine")]
pub mod fit;
#[cfg(feature = "engine")]
mod scaling;
pub mod strip;

use bytes::Bytes;

use crate::cli::options::PrepareOptions;
use crate::error::{Error, Result};
use crate::photo::{LIMIT, Photo, Source};
#[cfg(feature = "engine")]
use crate::values::size::PhotoSize;

/// What is done with every photo before it goes to its judge.
pub struct Preparation {
    strip: bool,
    #[cfg(feature = "engine")]
    fit: Option<PhotoSize>,
    #[cfg(feature = "engine")]
    check: bool,
    #[cfg(feature = "engine")]
    inspector: crate::preflight::Inspector,
}

/// A photo as it was read.
pub enum Unprepared {
    /// It can be sent.
    Photo(Photo),
    /// It can be sent when it has been made to fit.
    #[cfg(feature = "engine")]
    Unfit {
        /// The name that a person knows it by.
        name: String,
        bytes: Bytes,
    },
}

impl Unprepared {
    pub fn bytes(&self) -> Bytes {
        match self {
            Self::Photo(photo) => photo.bytes(),
            #[cfg(feature = "engine")]
            Self::Unfit { bytes, .. } => bytes.clone(),
        }
    }
}

/// A photo as it goes to its judge.
pub struct Prepared {
    pub photo: Photo,
    /// What the reader should know of it.
    pub remarks: Vec<Remark>,
    /// Its width and height, if it was encoded again: the judge's boxes belong to it, not to the file.
    pub size: Option<(u32, u32)>,
}

/// What the user should know about a photo that is judged anyway.
pub enum Remark {
    Note(String),
    /// What makes its verdict worth less.
    Warning(String),
}

/// Both photos, or what is wrong with each: all faults are reported at once.
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
    /// Takes photos in as `options` say.
    pub fn new(options: PrepareOptions) -> Self {
        Self {
            strip: options.strip_metadata,
            #[cfg(feature = "engine")]
            fit: options.fit,
            #[cfg(feature = "engine")]
            check: options.check,
            #[cfg(feature = "engine")]
            inspector: crate::preflight::Inspector::new(crate::preflight::CheckOptions::default()),
        }
    }

    /// Reads a photo, bounded.
    ///
    /// # Errors
    /// [`crate::error::Kind::Input`], naming the file.
    pub fn read(&self, source: &Source) -> Result<Unprepared, Error> {
        self.admit(source.name(), source.read(self.limit())?)
    }

    /// The most bytes that are read of a photo.
    pub fn limit(&self) -> usize {
        #[cfg(feature = "engine")]
        if self.fit.is_some() {
            return fit::MOST_BYTES;
        }
        LIMIT
    }

    /// A photo of `bytes`, which are more than [`Preparation::limit`] if there were more.
    ///
    /// # Errors
    /// As [`Preparation::read`].
    pub fn admit(&self, name: String, bytes: Bytes) -> Result<Unprepared, Error> {
        #[cfg(feature = "engine")]
        if let Some(limit) = self.fit {
            return self.admit_any(name, bytes, limit);
        }
        Photo::new(name, bytes).map(Unprepared::Photo)
    }

    /// The photo as it goes to its judge.
    pub fn prepare(&self, original: Unprepared, rotate: bool) -> Result<Prepared> {
        #[cfg_attr(not(feature = "engine"), expect(unused_mut, reason = "nothing to say"))]
        let (mut remarks, mut size) = (Vec::new(), None);
        #[cfg_attr(
            not(feature = "engine"),
            expect(clippy::infallible_destructuring_match, reason = "there is no --fit")
        )]
        let photo = match original {
            Unprepared::Photo(photo) => photo,
            #[cfg(feature = "engine")]
            Unprepared::Unfit { name, bytes } => {
                let fitted =
                    fit::fit(&self.inspector, &name, &bytes, self.fit.unwrap_or_default())?;
                remarks.push(Remark::Note(fitted.summary));
                size = fitted.size;
                fitted.photo
            }
        };
        let photo = if self.strip { strip::metadata(&photo)? } else { photo };
        #[cfg(feature = "engine")]
        if self.check {
            remarks.extend(self.preflight(&photo, rotate)?);
        }
        #[cfg(not(feature = "engine"))]
        let _ = rotate;
        Ok(Prepared { photo, remarks, size })
    }
}

#[cfg(feature = "engine")]
impl Preparation {
    fn admit_any(&self, name: String, bytes: Bytes, limit: PhotoSize) -> Result<Unprepared, Error> {
        use crate::photo::{Format, is_decodable};

        match Photo::new(name.clone(), bytes.clone()) {
            // Its metadata can only be left out by making a JPEG of it.
            Ok(photo) if self.strip && photo.format() == Format::Tiff => {}
            Ok(photo) if photo.size() <= limit.bytes() => return Ok(Unprepared::Photo(photo)),
            Err(e) if !is_decodable(&bytes) => return Err(e),
            Ok(_) | Err(_) => {}
        }
        Ok(Unprepared::Unfit { name, bytes })
    }

    /// The warnings about a photo; an error if it is unusable.
    fn preflight(&self, photo: &Photo, rotate: bool) -> Result<Vec<Remark>> {
        use crate::error::Kind;
        use crate::preflight::{CheckOptions, Level};

        let terms = CheckOptions { rotate, fit: self.fit.is_some(), guesses: false };
        let name = photo.name();
        let report = self.inspector.report_on(name.to_owned(), &photo.bytes(), terms)?;
        let (fails, warns): (Vec<_>, Vec<_>) =
            report.findings.iter().partition(|finding| finding.level == Level::Fails);
        if fails.is_empty() {
            let warning = |text: String| Remark::Warning(format!("{name}: {text}"));
            return Ok(warns.iter().map(|finding| warning(finding.in_words())).collect());
        }
        let what: Vec<_> = fails.iter().map(|finding| finding.what.as_str()).collect();
        let advice: Vec<_> = fails.iter().map(|finding| finding.advice).collect();
        let message = format!("`{name}` is unusable: {}", what.join("; "));
        Err(Error::new(Kind::Input, message).hint(advice.join("; ")).into())
    }
}
