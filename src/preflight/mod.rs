//! Finds what the service would refuse, or charge for without a useful verdict, before sending.

pub mod criteria;
mod findings;

use bytes::Bytes;
use image::RgbImage;

use crate::engine::detector::Detection;
use crate::engine::examine::Examination;
use crate::engine::measure::Measures;
use crate::engine::{Attributes, Engine, EngineError, pyramid};
use crate::error::Result;
use crate::photo::{LIMIT, format_name};
use crate::picture::budget::{Budget, Share};
use crate::picture::{decode, header};

pub use findings::{Finding, Level};

/// The most that is read of a file: photos of the largest cameras are half as long.
pub const MOST_BYTES: usize = 64 * 1024 * 1024;

/// Pixels that may be decoded at once: with the engine's copies some 4 bytes each. A picture
/// with more waits until it is alone.
const PIXELS: u64 = 64_000_000;

/// How the photos would be sent.
#[derive(Clone, Copy, Debug, Default)]
pub struct CheckOptions {
    /// With `--rotate`: sideways photos are fine.
    pub rotate: bool,
    /// With `--fit`: neither is one that is too large, or in another format.
    pub fit: bool,
    /// Whether age and gender are of interest.
    pub guesses: bool,
}

/// What is known of a photo.
#[derive(Clone, Debug)]
pub struct Inspection {
    /// The name that a person knows it by.
    pub name: String,
    /// Its length; at most one byte over [`MOST_BYTES`].
    pub bytes: usize,
    /// Its format, if it is one that the service takes, and else what it seems to be.
    pub format: &'static str,
    /// Width and height as stored, and the EXIF orientation.
    pub header: Option<header::Header>,
    pub seen: Option<Seen>,
    /// What is to be said of it, the worst first; nothing if it is fine.
    pub findings: Vec<Finding>,
}

#[derive(Clone, Debug)]
pub struct Seen {
    /// The faces, the largest first, in pixels of the upright picture.
    pub faces: Vec<Detection>,
    /// Age and gender of the faces, as far as they were guessed.
    pub attributes: Vec<Option<Attributes>>,
    /// By how many degrees clockwise to turn it.
    pub angle: u16,
    /// The largest face.
    pub largest: Option<Largest>,
}

/// The largest face of a photo.
#[derive(Clone, Copy, Debug)]
pub struct Largest {
    /// Left, top, right, bottom, in pixels of the upright picture.
    pub bbox: [f32; 4],
    /// Its height in pixels.
    pub height: f32,
    /// The part of the picture's area that it takes.
    pub share: f32,
    /// 0 to 1.
    pub confidence: f32,
    pub measures: Option<Measures>,
}

impl Inspection {
    /// The worst that is to be said.
    pub fn level(&self) -> Level {
        self.findings.iter().map(|finding| finding.level).max().unwrap_or_default()
    }

    /// A report on a file that could not be read.
    pub fn unreadable(name: String, why: &str) -> Self {
        let findings = vec![Finding::unreadable(why)];
        Self { name, bytes: 0, format: "", header: None, seen: None, findings }
    }
}

/// Inspects photos, on any number of threads, in bounded memory.
pub struct Inspector {
    engine: Engine,
    terms: CheckOptions,
    memory: Budget,
}

impl Inspector {
    /// An inspector of photos that would be sent on these terms.
    pub fn new(terms: CheckOptions) -> Self {
        Self { engine: Engine::new(), terms, memory: Budget::new(PIXELS) }
    }

    /// Inspects the photo `name`.
    ///
    /// # Errors
    /// Only what is a bug of ours; whatever is wrong with the photo stands in the report.
    pub fn report(&self, name: String, bytes: &Bytes) -> Result<Inspection> {
        self.report_on(name, bytes, self.terms)
    }

    /// Waits until there is memory for a picture of this size and what is made of it.
    pub fn reserve(&self, (width, height): (u32, u32)) -> Share {
        self.memory.take(u64::from(width) * u64::from(height))
    }

    /// The height of the largest face in `picture`, which may lie on its side.
    pub fn face_height(&self, picture: &RgbImage) -> Result<Option<f32>, EngineError> {
        let (small, halvings) = pyramid::reduce(picture);
        let seen = self.engine.examine(small.into_owned(), false)?;
        let factor = 2_f32.powi(halvings.cast_signed());
        Ok(seen.faces.first().map(|face| factor * face.height()))
    }

    /// Inspects the photo `name` on terms of its own.
    ///
    /// # Errors
    /// As [`Inspector::report`].
    pub fn report_on(
        &self,
        name: String,
        bytes: &Bytes,
        terms: CheckOptions,
    ) -> Result<Inspection> {
        let format = format_name(bytes);
        let mut report = Inspection {
            name,
            bytes: bytes.len(),
            format,
            header: None,
            seen: None,
            findings: vec![],
        };
        if bytes.len() > MOST_BYTES {
            report.findings = vec![Finding::far_too_long()];
            return Ok(report);
        }
        match self.look(bytes, terms, &mut report) {
            Ok(()) => {}
            Err(EngineError::Model(bug)) => return Err(bug),
            Err(EngineError::Picture(damaged)) => {
                report.findings.push(Finding::undecodable(bytes, &damaged));
            }
        }
        let is_known = report.header.is_some();
        report.findings.extend(findings::of_file(bytes, is_known, LIMIT, terms));
        report.findings.sort_by_key(|finding| std::cmp::Reverse(finding.level));
        Ok(report)
    }

    fn look(
        &self,
        bytes: &Bytes,
        terms: CheckOptions,
        report: &mut Inspection,
    ) -> Result<(), EngineError> {
        let header = header::read(bytes)?;
        report.header = Some(header);
        let (picture, _share) = decode::upright_with(bytes, self.reserve(header.size))?;
        let seen = self.engine.examine(picture, terms.guesses)?;
        report.findings.extend(findings::of_picture(&seen, terms));
        report.seen = Some(Seen::from(&seen));
        Ok(())
    }
}

impl From<&Examination> for Seen {
    fn from(seen: &Examination) -> Self {
        let area = f64::from(seen.size.0) * f64::from(seen.size.1);
        let largest = seen.faces.first().map(|face| Largest {
            bbox: face.bbox,
            height: face.height(),
            share: to_f32(f64::from(face.area()) / area),
            confidence: face.confidence,
            measures: seen.measures,
        });
        Self {
            faces: seen.faces.clone(),
            attributes: seen.attributes.clone(),
            angle: seen.best_angle,
            largest,
        }
    }
}

#[allow(clippy::cast_possible_truncation, reason = "for people: a few digits are enough")]
fn to_f32(value: f64) -> f32 {
    value as f32
}
