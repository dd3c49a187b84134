//! Examines a single photo: its faces, orientation and quality.

use image::RgbImage;

use super::detector::{Detection, find_faces};
use super::measure::{Measures, chip};
use super::pyramid::Pyramid;
use super::rotation::turn;
use super::{Attributes, Engine, EngineError, Gated};
use crate::picture::decode::rotate;

#[derive(Clone, Debug, PartialEq)]
pub struct Examination {
    /// Width and height of the rotated picture.
    pub size: (u32, u32),
    /// The clockwise rotation, in degrees, that makes the face upright.
    pub best_angle: u16,
    /// The largest first, in pixels of the rotated picture.
    pub faces: Vec<Detection>,
    /// Whether the largest may not be a human face.
    pub is_doubtful: bool,
    /// Of the largest face.
    pub measures: Option<Measures>,
    /// Of the largest faces, if requested.
    pub attributes: Vec<Option<Attributes>>,
}

impl Examination {
    /// The share of the picture's area that `face` covers, 0 to 1.
    pub fn share(&self, face: &Detection) -> f32 {
        let area = f64::from(self.size.0) * f64::from(self.size.1);
        (f64::from(face.area()) / area) as f32
    }
}

impl Engine {
    /// Examines `picture`, rotating it only if it shows no upright face as it is. Age and gender
    /// are guessed only if `guesses` is set.
    pub fn examine(&self, picture: RgbImage, guesses: bool) -> Result<Examination, EngineError> {
        let mut picture = Pyramid::new(picture);
        let mut faces = find_faces(&self.detector, &picture)?;
        let angle = turn(&self.detector, &picture, &faces)?;
        if angle != 0 {
            picture = Pyramid::new(rotate(picture.full(), angle));
            faces = find_faces(&self.detector, &picture)?;
        }
        let Gated { faces, is_doubtful, .. } = self.gated(&picture, faces, false)?;
        let measures = faces.first().and_then(|face| {
            Some(Measures::of(&face.landmarks, &chip(&picture, &face.landmarks)?))
        });
        let attributes =
            if guesses { self.guess_attributes(&picture, &faces)? } else { Vec::new() };
        Ok(Examination {
            size: picture.size(),
            best_angle: angle,
            faces,
            is_doubtful,
            measures,
            attributes,
        })
    }
}
