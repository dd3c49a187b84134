//! One photo looked at for its own sake: which faces, which way up, how well taken.

use image::RgbImage;

use super::attributes::guess;
use super::detector::{Detection, find_faces};
use super::measure::{Measures, chip};
use super::pyramid::Pyramid;
use super::rotation::turn;
use super::{Attributes, Engine, EngineError, Gated, MOST_ATTRIBUTES};
use crate::picture::decode::rotate;

/// What was seen in one photo.
#[derive(Clone, Debug, PartialEq)]
pub struct Examination {
    /// Width and height of the turned picture.
    pub size: (u32, u32),
    /// By how many degrees clockwise it was turned to make its face upright.
    pub best_angle: u16,
    /// The faces, the largest first, in pixels of the turned picture.
    pub faces: Vec<Detection>,
    /// Whether the largest may be no human face.
    pub is_doubtful: bool,
    /// How the largest face was taken.
    pub measures: Option<Measures>,
    /// Age and gender of the faces, as far as they were guessed.
    pub attributes: Vec<Option<Attributes>>,
}

impl Engine {
    /// Looks at `picture`, and turns it only if it shows no upright face as it is. Age and gender
    /// are guessed only if they are asked for.
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
        let guessed = if guesses { MOST_ATTRIBUTES } else { 0 };
        let guess = |face: &Detection| guess(&self.attributes, &picture, &face.landmarks);
        let attributes = faces.iter().take(guessed).map(guess).collect::<Result<_, _>>()?;
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
