//! Guesses age and gender with face-api's network, for information only.

use anyhow::Result;

use super::age::{Age, SIDE};
use super::align::{Chip, to_chip};
use super::pyramid::Pyramid;

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
        (10.0 * f64::from(self.age)).round() / 10.0
    }

    /// The more likely gender, in the service's wording.
    pub fn gender(&self) -> &'static str {
        if self.male >= 0.5 { "male" } else { "female" }
    }
}

/// Guesses age and gender; `None` if the landmarks don't span a face.
pub fn guess(
    network: &Age,
    picture: &Pyramid,
    landmarks: &[[f32; 2]; 5],
) -> Result<Option<Attributes>> {
    let Some(transform) = to_chip(landmarks, SIDE) else { return Ok(None) };
    let [age, male] = network.run(&Chip::draw(picture, &transform, SIDE))?;
    Ok(Some(Attributes { age, male }))
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
