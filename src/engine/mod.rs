//! The built-in engine compares two photos, and answers in the service's JSON format.
//!
//! Each photo is decoded and turned upright, its faces are detected, the largest is aligned to a
//! chip, and the embedder turns the chip into a vector of 128 numbers. The distance between two of
//! these embeddings becomes the score. Nothing is read from disk, and nothing leaves the machine.

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

pub mod align;
pub mod answer;
pub mod attributes;
pub mod detector;
pub mod embedder;
mod error;
pub mod examine;
pub mod gate;
mod layers;
pub mod letterbox;
pub mod measure;
pub mod model;
pub mod pyramid;
pub mod quality;
pub mod rotation;
pub mod sface;
pub mod similarity;
pub mod yunet;

use std::iter::repeat;
use std::thread;

use bytes::Bytes;

pub use attributes::Attributes;
pub use detector::Detection;
pub use embedder::Embedding;
pub use error::{CompareError, EngineError, Role};
pub use quality::Flaw;
pub use rotation::Rotation;

use crate::picture::decode;
use crate::verdict::Score;
use gate::Likeness;
use model::Network;
use pyramid::Pyramid;
use sface::Sface;
use yunet::Yunet;

/// Increased when scores change: 1 was dlib's ResNet, 2 is SFace.
pub const VERSION: &str = "2";

/// The number of faces per photo to guess age and gender for, the largest first.
const MOST_ATTRIBUTES: usize = 10;

/// Cheap to create, and shareable between threads: each model is loaded once, when first needed.
pub struct Engine {
    detector: Yunet,
    embedder: Sface,
    attributes: Network,
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
}

#[derive(Clone, Debug, PartialEq)]
pub struct Face {
    pub detection: Detection,
    /// Only guessed for the largest faces of a photo.
    pub attributes: Option<Attributes>,
}

/// Two photos compared by their largest faces.
#[derive(Clone, Debug, PartialEq)]
pub struct Comparison {
    pub user: Portrait,
    pub reference: Portrait,
    /// The distance between the embeddings, 0 to 2; `None` if a photo shows no face.
    pub distance: Option<f32>,
    pub score: Option<Score>,
}

/// The number of rejected detections after which the gate gives up.
const MOST_LIKENESSES: usize = 4;

/// The detections that remain after the gate.
struct Gated {
    faces: Vec<Detection>,
    embedding: Option<Embedding>,
    is_doubtful: bool,
}

impl Engine {
    pub const fn new() -> Self {
        Self {
            detector: Yunet::unloaded(),
            embedder: Sface::unloaded(),
            attributes: Network::age_gender(),
        }
    }

    /// Compares the largest faces of two photos. The photos are processed in parallel.
    pub fn compare(
        &self,
        user: &Bytes,
        reference: &Bytes,
        rotation: Rotation,
    ) -> Result<Comparison, CompareError> {
        let (user, reference) = thread::scope(|scope| {
            self.load_beside(scope);
            let reference = scope.spawn(|| self.look(reference, rotation, true));
            let user = self.look(user, rotation, true);
            (user, reference.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
        });
        let (user, a) = user.map_err(|error| CompareError { role: Role::User, error })?;
        let (reference, b) =
            reference.map_err(|error| CompareError { role: Role::Reference, error })?;
        let distance = a.zip(b).map(|(a, b)| a.distance(&b));
        let score = distance.and_then(similarity::score);
        Ok(Comparison { user, reference, distance, score })
    }

    /// Detects and describes the faces of one photo.
    pub fn inspect(&self, photo: &Bytes, rotation: Rotation) -> Result<Portrait, EngineError> {
        Ok(self.look(photo, rotation, false)?.0)
    }

    /// Loads missing models on another thread, in order of use, while the photos are decoded.
    /// Errors surface where the model is used.
    fn load_beside<'scope>(&'scope self, scope: &'scope thread::Scope<'scope, '_>) {
        let Self { detector, embedder, attributes } = self;
        if !(detector.is_loaded() && embedder.is_loaded() && attributes.is_loaded()) {
            scope.spawn(move || {
                detector.load()?;
                embedder.load()?;
                attributes.load().map(drop)
            });
        }
    }

    /// Detects and describes the faces of one photo; embeds the largest if it is to be compared.
    fn look(
        &self,
        photo: &Bytes,
        rotation: Rotation,
        is_compared: bool,
    ) -> Result<(Portrait, Option<Embedding>), EngineError> {
        let mut picture = Pyramid::new(decode::upright(photo)?);
        let best_angle = match rotation {
            Rotation::AsIs => 0,
            Rotation::Search => rotation::best_angle(&self.detector, &picture)?,
        };
        if best_angle != 0 {
            picture = Pyramid::new(decode::rotate(picture.full(), best_angle));
        }
        let detections = detector::find_faces(&self.detector, &picture)?;
        let turn = match rotation {
            Rotation::AsIs => rotation::turn(&self.detector, &picture, &detections)?,
            Rotation::Search => 0,
        };
        let Gated { faces, embedding, is_doubtful } =
            self.gated(&picture, detections, is_compared)?;
        let flaws = flaws(&picture, &faces, is_doubtful, turn);
        let guesses = self.guess_attributes(&picture, &faces)?.into_iter().chain(repeat(None));
        let faces = faces.into_iter().zip(guesses);
        let faces = faces.map(|(detection, attributes)| Face { detection, attributes }).collect();
        Ok((Portrait { size: picture.size(), best_angle, faces, flaws }, embedding))
    }

    /// Drops the largest detection until it is a face.
    fn gated(
        &self,
        picture: &Pyramid,
        mut faces: Vec<Detection>,
        is_compared: bool,
    ) -> Result<Gated, EngineError> {
        for _ in 0..MOST_LIKENESSES {
            let Some(face) = faces.first() else { break };
            if !is_compared && gate::is_sure(face.confidence) {
                return Ok(Gated { faces, embedding: None, is_doubtful: false });
            }
            let embedding = Embedding::of(&self.embedder, picture, &face.landmarks)?;
            let likeness = embedding.as_ref().map(|e| gate::judge(e, face.confidence));
            match likeness {
                Some(Likeness::Face | Likeness::Doubtful) => {
                    let is_doubtful = likeness == Some(Likeness::Doubtful);
                    return Ok(Gated { faces, embedding, is_doubtful });
                }
                Some(Likeness::None) | None => drop(faces.remove(0)),
            }
        }
        Ok(Gated { faces: vec![], embedding: None, is_doubtful: false })
    }

    fn guess_attributes(
        &self,
        picture: &Pyramid,
        faces: &[Detection],
    ) -> Result<Vec<Option<Attributes>>, EngineError> {
        let guess =
            |face: &Detection| attributes::guess(&self.attributes, picture, &face.landmarks);
        faces.iter().take(MOST_ATTRIBUTES).map(guess).collect()
    }
}

fn flaws(picture: &Pyramid, faces: &[Detection], is_doubtful: bool, turn: u16) -> Vec<Flaw> {
    let of_picture = [
        (turn != 0).then_some(Flaw::Turned(turn)),
        is_doubtful.then_some(Flaw::Doubtful),
        quality::has_rival(faces, picture.size()).then_some(Flaw::Rival),
    ];
    let of_face = faces.first().and_then(|face| {
        let chip = measure::chip(picture, &face.landmarks)?;
        Some(quality::flaws(face.height(), &chip))
    });
    of_picture.into_iter().flatten().chain(of_face.unwrap_or_default()).collect()
}

impl Default for Engine {
    fn default() -> Self {
        Self::new()
    }
}
