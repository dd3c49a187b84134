//! Turns a face chip into an embedding, a vector whose direction identifies the person.

use anyhow::Result;

use super::align::{Chip, to_embed};
use super::pyramid::Pyramid;
use super::sface::{NUMBERS, SIDE, Sface};

#[derive(Clone, Debug, PartialEq)]
pub struct Embedding {
    /// Not normalised: the norm grows with the likeness to a face.
    pub raw: [f32; NUMBERS],
}

impl Embedding {
    /// The embedding, and the chip that it was computed from; `None` if the landmarks don't span a
    /// face.
    pub fn of(
        network: &Sface,
        picture: &Pyramid,
        landmarks: &[[f32; 2]; 5],
    ) -> Result<Option<(Self, Chip)>> {
        let Some(transform) = to_embed(landmarks) else { return Ok(None) };
        let chip = Chip::draw(picture, &transform, SIDE);
        Ok(Some((Self { raw: network.run(&chip)? }, chip)))
    }

    pub fn norm(&self) -> f32 {
        self.raw.iter().map(|v| v * v).sum::<f32>().sqrt()
    }

    /// The Euclidean distance between the normalised vectors, 0 to 2.
    pub fn distance(&self, other: &Self) -> f32 {
        let (ours, theirs) = (self.norm(), other.norm());
        let pairs = self.raw.iter().zip(&other.raw);
        pairs.map(|(a, b)| (a / ours - b / theirs).powi(2)).sum::<f32>().sqrt()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_direction_counts() {
        let along = |axis: usize, length: f32| {
            let mut raw = [0.0; NUMBERS];
            raw[axis] = length;
            Embedding { raw }
        };
        assert!(along(0, 3.0).distance(&along(0, 9.0)).abs() < 1e-6);
        assert!((along(0, 3.0).distance(&along(1, 9.0)) - 2_f32.sqrt()).abs() < 1e-6);
        assert!((along(2, 3.0).distance(&along(2, -1.0)) - 2.0).abs() < 1e-6);
    }
}
