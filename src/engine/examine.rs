//! One photo looked at for its own sake: which faces, which way up, how well taken.

use image::RgbImage;

use super::attributes::guess;
use super::detector::{Detection, find_faces};
use super::measure::{Measures, chip, roll};
use super::pyramid::Pyramid;
use super::rotation::best_angle;
use super::{Attributes, Engine, EngineError, MOST_ATTRIBUTES};
use crate::picture::decode::rotate;

/// A face tilted by less than this is nearest to upright as it is.
const UPRIGHT: f32 = 45.0;
/// The detector draws upright landmarks on faces that lie on their side too, but with less
/// confidence: at most 0.86 on the samples, against 0.94 upright.
const SURELY_UPRIGHT: f32 = 0.9;

/// What was seen in one photo.
#[derive(Clone, Debug, PartialEq)]
pub struct Examination {
    /// Width and height of the turned picture.
    pub size: (u32, u32),
    /// By how many degrees clockwise it was turned to make its face upright.
    pub best_angle: u16,
    /// The faces, the largest first, in pixels of the turned picture.
    pub faces: Vec<Detection>,
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
        let mut angle = 0;
        if !faces.first().is_some_and(is_upright) {
            angle = best_angle(&self.detector, &picture)?;
        }
        if angle != 0 {
            picture = Pyramid::new(rotate(picture.full(), angle));
            faces = find_faces(&self.detector, &picture)?;
        }
        let measures = faces.first().and_then(|face| {
            Some(Measures::of(&face.landmarks, &chip(&picture, &face.landmarks)?))
        });
        let guessed = if guesses { MOST_ATTRIBUTES } else { 0 };
        let guess = |face: &Detection| guess(&self.attributes, &picture, &face.landmarks);
        let attributes = faces.iter().take(guessed).map(guess).collect::<Result<_, _>>()?;
        Ok(Examination { size: picture.size(), best_angle: angle, faces, measures, attributes })
    }
}

fn is_upright(face: &Detection) -> bool {
    face.confidence >= SURELY_UPRIGHT && roll(&face.landmarks).abs() < UPRIGHT
}
