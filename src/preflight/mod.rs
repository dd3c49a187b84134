//! Finds photos that the service would refuse, or charge for without giving a useful verdict.

pub mod criteria;
mod findings;

use bytes::Bytes;
use image::RgbImage;

use crate::engine::Portrait;
use crate::engine::{Engine, EngineError, pyramid};
use crate::error::Result;
use crate::photo::{MOST_BYTES, format_name};
use crate::picture::{Budget, Share, decode};

pub use findings::{Finding, Level};

/// How many pixels to decode at the same time, at about 4 bytes each with the engine's copies. A
/// larger picture is decoded by itself.
const PIXELS: u64 = 64_000_000;

/// How the photos would be sent.
#[derive(Clone, Copy, Debug, Default)]
pub struct CheckOptions {
    /// `--rotate`: sideways photos are fine.
    pub rotate: bool,
    /// `--fit`: large photos and other formats are fine.
    pub fit: bool,
}

#[derive(Clone, Debug, Default)]
pub struct Inspection {
    pub name: String,
    /// At most one byte over [`MOST_BYTES`].
    pub bytes: usize,
    /// The format's name, whether or not the service takes it.
    pub format: &'static str,
    pub header: Option<decode::Header>,
    pub seen: Option<Portrait>,
    /// Worst first.
    pub findings: Vec<Finding>,
}

impl Inspection {
    pub fn level(&self) -> Level {
        self.findings.iter().map(|finding| finding.level).max().unwrap_or_default()
    }

    pub fn unreadable(name: String, why: &str, fix: &'static str) -> Self {
        let finding = Finding::fails("unreadable", why, fix);
        Self { name, findings: vec![finding], ..Self::default() }
    }
}

/// Inspects photos within a memory limit; can be shared by any number of threads.
pub struct Inspector {
    engine: Engine,
    memory: Budget,
}

impl Default for Inspector {
    fn default() -> Self {
        Self { engine: Engine::new(), memory: Budget::new(PIXELS) }
    }
}

impl Inspector {
    /// Blocks until there is memory for a picture of this size, engine copies included.
    pub fn reserve(&self, (width, height): (u32, u32)) -> Share {
        self.memory.take(u64::from(width) * u64::from(height))
    }

    /// The height of the largest face in `picture`, which may be rotated.
    pub fn face_height(&self, picture: &RgbImage) -> Result<Option<f32>, EngineError> {
        let (small, halvings) = pyramid::reduce(picture);
        let seen = self.engine.examine(small.into_owned())?;
        let factor = 2_f32.powi(halvings.cast_signed());
        Ok(seen.largest().map(|face| factor * face.height()))
    }

    /// Fails only because of a bug of ours; the photo's problems are findings.
    pub fn inspect(
        &self,
        name: String,
        bytes: &Bytes,
        options: CheckOptions,
    ) -> Result<Inspection> {
        let format = format_name(bytes);
        let mut inspection = Inspection { name, bytes: bytes.len(), format, ..Default::default() };
        if bytes.len() > MOST_BYTES {
            inspection.findings = vec![Finding::fails("bytes", "over 64 MB", "make it smaller")];
            return Ok(inspection);
        }
        match self.look(bytes, options, &mut inspection) {
            Ok(()) => {}
            Err(EngineError::Model(bug)) => return Err(bug),
            Err(EngineError::Picture(e)) => {
                inspection.findings.push(Finding::undecodable(bytes, e));
            }
        }
        let is_damaged = inspection.findings.iter().any(|finding| finding.code == "damaged");
        let is_known = inspection.header.is_some() && !is_damaged;
        inspection.findings.extend(findings::of_file(bytes, is_known, options));
        inspection.findings.sort_by_key(|finding| std::cmp::Reverse(finding.level));
        Ok(inspection)
    }

    fn look(
        &self,
        bytes: &Bytes,
        options: CheckOptions,
        inspection: &mut Inspection,
    ) -> Result<(), EngineError> {
        let header = decode::header(bytes)?;
        inspection.header = Some(header);
        let (mut picture, _share) = decode::stored(bytes, self.reserve(header.size))?;
        let below = picture.opaque.take().filter(|_| !options.fit);
        let below = below.map(|below| decode::turned(below, picture.orientation));
        let seen = self.engine.examine(picture.upright())?;
        inspection.findings.extend(findings::of_picture(&seen, options));
        if let Some(below) = below {
            let below = self.engine.examine(below)?;
            inspection.findings.extend(findings::hidden(&seen, &below));
        }
        inspection.seen = Some(seen);
        Ok(())
    }
}
