//! Guesses age and gender with face-api's network, for information only.

use rten_tensor::prelude::*;

use super::EngineError;
use super::align::{draw_chip, to_chip};
use super::model::Network;
use super::pyramid::Pyramid;
use crate::values::json::rounded;

const CHIP_SIDE: usize = 112;

#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Attributes {
    /// In years, with a mean error of about five.
    pub age: f32,
    /// The probability of male, 0 to 1.
    pub male: f32,
}

impl Attributes {
    /// The age as it is shown everywhere, rounded once.
    pub fn years(&self) -> f64 {
        rounded(self.age, 1)
    }

    /// The more likely gender, in the service's wording.
    pub fn gender(&self) -> &'static str {
        if self.male >= 0.5 { "male" } else { "female" }
    }
}

/// Guesses age and gender; `None` if the landmarks don't span a face.
pub fn guess(
    network: &Network,
    picture: &Pyramid,
    landmarks: &[[f32; 2]; 5],
) -> Result<Option<Attributes>, EngineError> {
    let Some(transform) = to_chip(landmarks, CHIP_SIDE) else { return Ok(None) };
    let chip = draw_chip(picture, &transform, CHIP_SIDE);
    // The gender output is (male, female).
    let [age, gender] = network.run(&chip.view())?;
    Ok(age.first().zip(gender.first()).map(|(&age, &male)| Attributes { age, male }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ages_are_rounded_once() {
        // To two decimals first, it would be 21.45, which f64 holds as a little less.
        let attributes = Attributes { age: 21.4512, male: 0.0 };
        assert_eq!(format!("{:.1}", attributes.years()), "21.5");
    }
}
