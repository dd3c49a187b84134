//! Examines a single photo: its faces, orientation and quality.

use anyhow::Result;

use image::RgbImage;

use super::detector::{Detection, find_faces};
use super::measure::Measures;
use super::pyramid::Pyramid;
use super::rotation::turn;
use super::{Attributes, Flaw, Networks, Seen};
use crate::rotation::rotate;

#[derive(Clone, Debug, PartialEq)]
pub struct Examination {
    /// Width and height of the rotated picture.
    pub size: (u32, u32),
    /// The clockwise rotation, in degrees, that makes the face upright.
    pub best_angle: u16,
    /// The largest first, in pixels of the rotated picture.
    pub faces: Vec<Detection>,
    /// Reasons why a comparison of the largest is less reliable; the rotation is applied.
    pub flaws: Vec<Flaw>,
    /// Of the largest face.
    pub measures: Option<Measures>,
    /// Of the largest faces.
    pub attributes: Vec<Option<Attributes>>,
}

impl Examination {
    /// The share of the picture's area that `face` covers, 0 to 1.
    pub fn share(&self, face: &Detection) -> f32 {
        let area = f64::from(self.size.0) * f64::from(self.size.1);
        (f64::from(face.area()) / area) as f32
    }
}

impl Networks {
    /// Examines `picture`, rotating it only if it shows no upright face as it is.
    pub fn examine(&self, picture: RgbImage) -> Result<Examination> {
        let mut picture = Pyramid::new(picture);
        let mut faces = find_faces(&self.detector, &picture)?;
        let best_angle = turn(&self.detector, &picture, &faces)?;
        if best_angle != 0 {
            picture = Pyramid::new(rotate(picture.full(), best_angle));
            faces = find_faces(&self.detector, &picture)?;
        }
        let Seen { faces, attributes, measures, flaws, .. } = self.see(&picture, faces, 0)?;
        let size = picture.size();
        Ok(Examination { size, best_angle, faces, flaws, measures, attributes })
    }
}
