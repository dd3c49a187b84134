//! The networks and the geometry of didit-face's built-in engine.
//!
//! A picture is turned upright, its faces are detected, the largest is aligned to a chip, and the
//! embedder turns the chip into a vector of 128 numbers. The distance between two of these
//! embeddings becomes the score. Nothing is read from disk, and nothing leaves the machine.
//!
//! A crate of its own, because it needs optimisation even in tests, and the rest doesn't.

// Pixels and network outputs are far below 2^24, and truncation is intended.
#![allow(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    clippy::cast_possible_wrap,
    clippy::many_single_char_names,
    clippy::similar_names
)]
#![allow(
    clippy::inline_always,
    reason = "vector operations are compiled for an instruction set only within the function that enables it"
)]

pub mod age;
pub mod align;
pub mod attributes;
pub mod covered;
pub mod detector;
pub mod embedder;
pub mod gate;
mod layers;
pub mod lazy;
pub mod letterbox;
pub mod measure;
pub mod pyramid;
pub mod quality;
pub mod rotation;
pub mod sface;
pub mod similarity;
pub mod yunet;

use std::iter::repeat;

use anyhow::Result;
use image::RgbImage;

pub use attributes::Attributes;
pub use detector::Detection;
pub use embedder::Embedding;
pub use quality::Flaw;
pub use rotation::{Rotation, rotate};

use age::Age;
use gate::Likeness;
use measure::Measures;
use pyramid::Pyramid;
use sface::Sface;
use yunet::Yunet;

/// Increased when scores change: 1 was dlib's ResNet, 2 was SFace, 3 is SFace in 8-bit integers.
pub const VERSION: &str = "3";

/// The number of faces per photo to guess age and gender for, the largest first.
const MOST_ATTRIBUTES: usize = 10;

/// Cheap to create, and shareable between threads: each model is loaded once, when first needed.
pub struct Networks {
    detector: Yunet,
    embedder: Sface,
    attributes: Age,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Portrait {
    /// Width and height of the upright picture; boxes and landmarks are in its pixels.
    pub size: (u32, u32),
    /// The clockwise rotation (0, 90, 180 or 270 degrees) that was applied to make the face
    /// upright, in addition to the EXIF orientation.
    pub best_angle: u16,
    /// The largest first, which is the one compared.
    pub faces: Vec<Face>,
    /// Reasons why a comparison of the largest face is less reliable.
    pub flaws: Vec<Flaw>,
    /// Of the largest face, like the measures.
    pub embedding: Option<Embedding>,
    pub measures: Option<Measures>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Face {
    pub detection: Detection,
    /// Only guessed for the largest faces of a photo.
    pub attributes: Option<Attributes>,
}

/// The number of rejected detections after which the gate gives up.
const MOST_LIKENESSES: usize = 4;

impl Portrait {
    /// The face that is compared.
    pub fn largest(&self) -> Option<&Detection> {
        self.faces.first().map(|face| &face.detection)
    }

    /// The share of the picture's area that `face` covers, 0 to 1.
    pub fn share(&self, face: &Detection) -> f32 {
        let area = f64::from(self.size.0) * f64::from(self.size.1);
        (f64::from(face.area()) / area) as f32
    }
}

impl Networks {
    pub const fn new() -> Self {
        Self {
            detector: Yunet::unloaded(),
            embedder: Sface::unloaded(),
            attributes: Age::unloaded(),
        }
    }

    pub fn are_loaded(&self) -> bool {
        self.detector.is_loaded() && self.embedder.is_loaded() && self.attributes.is_loaded()
    }

    /// Loads what isn't loaded yet, in order of use.
    pub fn load(&self) -> Result<()> {
        self.detector.load()?;
        self.embedder.load()?;
        self.attributes.load().map(drop)
    }

    /// Detects and describes the faces of one picture.
    pub fn inspect(&self, picture: RgbImage, rotation: Rotation) -> Result<Portrait> {
        let mut picture = Pyramid::new(picture);
        let best_angle = match rotation {
            Rotation::AsIs => 0,
            Rotation::Search => rotation::best_angle(&self.detector, &picture)?,
        };
        if best_angle != 0 {
            picture = Pyramid::new(rotate(picture.full(), best_angle));
        }
        let faces = detector::find_faces(&self.detector, &picture)?;
        let turn = match rotation {
            Rotation::AsIs => rotation::turn(&self.detector, &picture, &faces)?,
            Rotation::Search => 0,
        };
        self.describe(&picture, best_angle, faces, turn)
    }

    /// As [`Self::inspect`], rotating `picture` only if it shows no upright face as it is.
    pub fn examine(&self, picture: RgbImage) -> Result<Portrait> {
        let mut picture = Pyramid::new(picture);
        let mut faces = detector::find_faces(&self.detector, &picture)?;
        let best_angle = rotation::turn(&self.detector, &picture, &faces)?;
        if best_angle != 0 {
            picture = Pyramid::new(rotate(picture.full(), best_angle));
            faces = detector::find_faces(&self.detector, &picture)?;
        }
        self.describe(&picture, best_angle, faces, 0)
    }

    /// Drops the largest detection until it is a face, and describes what remains. `turn` is the
    /// clockwise rotation, in degrees, that the picture still needs.
    fn describe(
        &self,
        picture: &Pyramid,
        best_angle: u16,
        mut faces: Vec<Detection>,
        turn: u16,
    ) -> Result<Portrait> {
        let (mut seen, mut is_doubtful) = (None, false);
        for _ in 0..MOST_LIKENESSES {
            let Some(face) = faces.first() else { break };
            if let Some((embedding, chip)) =
                Embedding::of(&self.embedder, picture, &face.landmarks)?
            {
                let likeness = gate::judge(&embedding, face.confidence);
                if likeness != Likeness::None {
                    is_doubtful = likeness == Likeness::Doubtful;
                    seen = Some((embedding, chip));
                    break;
                }
            }
            faces.remove(0);
        }
        if seen.is_none() {
            faces.clear();
        }
        let attributes = self.guess_attributes(picture, &faces)?;
        let mut flaws: Vec<_> = [
            (turn != 0).then_some(Flaw::Turned(turn)),
            is_doubtful.then_some(Flaw::Doubtful),
            quality::has_rival(&faces, picture.size()).then_some(Flaw::Rival),
        ]
        .into_iter()
        .flatten()
        .collect();
        let (embedding, chip) = seen.unzip();
        let measures = faces.first().zip(embedding.as_ref()).zip(chip.as_ref());
        let measures = measures.and_then(|((face, e), chip)| Measures::of(picture, face, e, chip));
        if let Some(measures) = &measures {
            let age = attributes.first().copied().flatten().map(|guess| guess.age);
            flaws.extend(quality::flaws(measures, age));
        }
        let faces = faces.into_iter().zip(attributes.into_iter().chain(repeat(None)));
        let faces = faces.map(|(detection, attributes)| Face { detection, attributes }).collect();
        Ok(Portrait { size: picture.size(), best_angle, faces, flaws, embedding, measures })
    }

    fn guess_attributes(
        &self,
        picture: &Pyramid,
        faces: &[Detection],
    ) -> Result<Vec<Option<Attributes>>> {
        let guess =
            |face: &Detection| attributes::guess(&self.attributes, picture, &face.landmarks);
        faces.iter().take(MOST_ATTRIBUTES).map(guess).collect()
    }
}

impl Default for Networks {
    fn default() -> Self {
        Self::new()
    }
}
