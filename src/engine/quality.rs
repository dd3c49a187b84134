//! Flaws that make a comparison less reliable.

use std::fmt;

use rten_tensor::Tensor;
use rten_tensor::prelude::*;

use super::Detection;

/// Minimum face height, in pixels, without a warning. Smaller faces are upscaled about twofold for
/// the chip, so that three quarters of its pixels are interpolated; downscaling a photo to this
/// size moved its embedding by 0.2-0.3.
pub const MIN_FACE_HEIGHT: f32 = 70.0;

/// Minimum [`sharpness`] of a chip without a warning. A face blurred this much has a distance of
/// about 0.3 to itself, half of that to another person (the three sample photos with Gaussian blur,
/// at 0.0070-0.0088; the originals have 0.13-0.7).
pub const MIN_SHARPNESS: f32 = 0.008;

/// Minimum [`colour`] of a chip without a warning. Greyscale photos have 0, or slightly more in a
/// colour JPEG; the sample photos have 34-93. A photo and its greyscale copy are 0.2 apart.
pub const MIN_COLOUR: f32 = 3.0;

/// At this height or above, relative to the largest face, a few pixels decide which face is compared.
/// 19794-5: one person per portrait.
pub const RIVAL: f32 = 0.75;

/// At this height or above, relative to the largest face, a more central face is a rival.
pub const CENTRAL_RIVAL: f32 = 0.5;

#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Flaw {
    /// The face is better if the photo is rotated clockwise by this many degrees.
    Turned(u16),
    /// Possibly not a human face.
    Doubtful,
    /// Another face is nearly as large, or more central.
    Rival,
    /// The face's height in pixels.
    SmallFace(f32),
    Blurred,
    NoColour,
}

impl fmt::Display for Flaw {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Turned(angle) => {
                write!(f, "the face needs rotating clockwise by {angle} degrees: use --rotate")
            }
            Self::Doubtful => {
                f.write_str("what looks like a face may be a drawing, a statue or an animal")
            }
            Self::Rival => {
                f.write_str("another face is nearly as large as the one compared, or more central")
            }
            Self::SmallFace(height) => write!(
                f,
                "the face is only {height:.0} pixels high (should be at least {MIN_FACE_HEIGHT:.0})"
            ),
            Self::Blurred => f.write_str("the face is blurred"),
            Self::NoColour => f.write_str("the face has no colour"),
        }
    }
}

impl Flaw {
    /// The warning's `risk` and title.
    pub fn risk(&self) -> (&'static str, &'static str) {
        match self {
            Self::Turned(_) => ("FACE_TURNED", "Photo turned"),
            Self::Doubtful => ("LOW_FACE_CONFIDENCE", "May not be a human face"),
            Self::Rival => ("SEVERAL_FACES", "Several faces"),
            Self::SmallFace(_) | Self::Blurred | Self::NoColour => {
                ("LOW_IMAGE_QUALITY", "Low image quality")
            }
        }
    }
}

/// Whether a face other than the first (the largest) may be the one to compare.
pub fn has_rival(faces: &[Detection], (width, height): (u32, u32)) -> bool {
    let Some((first, others)) = faces.split_first() else { return false };
    let off_centre = |face: &Detection| {
        let [left, top, right, bottom] = face.bbox;
        (left + right - width as f32).hypot(top + bottom - height as f32)
    };
    others.iter().any(|other| {
        let share = other.height() / first.height();
        share >= RIVAL || (share >= CENTRAL_RIVAL && off_centre(other) < off_centre(first))
    })
}

pub fn flaws(face_height: f32, chip: &Tensor<f32>) -> Vec<Flaw> {
    [
        (face_height < MIN_FACE_HEIGHT).then_some(Flaw::SmallFace(face_height)),
        (sharpness(chip) < MIN_SHARPNESS).then_some(Flaw::Blurred),
        (colour(chip) < MIN_COLOUR).then_some(Flaw::NoColour),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// The mean squared Laplacian divided by the variance of the grey values, which makes it
/// independent of contrast and brightness.
pub fn sharpness(chip: &Tensor<f32>) -> f32 {
    let luma = luma(chip);
    let side = luma.len().isqrt();
    // Only the middle: no background, and no black from outside the photo.
    let inner = side / 4..side - side / 4;
    let (mut sum, mut square, mut laplacian) = (0.0, 0.0, 0.0);
    for row in inner.clone() {
        for at in inner.clone().map(|column| row * side + column) {
            let around = luma[at - 1] + luma[at + 1] + luma[at - side] + luma[at + side];
            sum += luma[at];
            square += luma[at] * luma[at];
            laplacian += (around - 4.0 * luma[at]).powi(2);
        }
    }
    let count = (inner.len() * inner.len()) as f32;
    let variance = square / count - (sum / count).powi(2);
    if variance > 0.0 { laplacian / count / variance } else { 0.0 }
}

/// The mean difference between the strongest and the weakest channel, 0 to 255.
pub fn colour(chip: &Tensor<f32>) -> f32 {
    let Some([r, g, b]) = planes(chip) else { return 0.0 };
    let spread = |((r, g), b): ((&f32, &f32), &f32)| r.max(*g).max(*b) - r.min(*g).min(*b);
    r.iter().zip(g).zip(b).map(spread).sum::<f32>() / r.len() as f32
}

/// The grey values of a square chip (ITU-R BT.601).
pub(super) fn luma(chip: &Tensor<f32>) -> Vec<f32> {
    let Some([r, g, b]) = planes(chip) else { return Vec::new() };
    r.iter().zip(g).zip(b).map(|((r, g), b)| 0.299 * r + 0.587 * g + 0.114 * b).collect()
}

fn planes(chip: &Tensor<f32>) -> Option<[&[f32]; 3]> {
    let values = chip.len() / 3;
    let all = chip.data()?;
    Some([&all[..values], &all[values..2 * values], &all[2 * values..]])
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A chip with vertical stripes of two colours.
    fn stripes(width: usize, [one, other]: [[f32; 3]; 2]) -> Tensor<f32> {
        Tensor::from_fn(&[1, 3, 40, 40], |at: &[usize]| {
            if (at[3] / width).is_multiple_of(2) { one[at[1]] } else { other[at[1]] }
        })
    }

    #[test]
    fn fine_detail_is_sharper_at_any_contrast() {
        let chip = |width, low, high| stripes(width, [[low; 3], [high; 3]]);
        assert!(sharpness(&chip(1, 0.0, 255.0)) > sharpness(&chip(4, 0.0, 255.0)));
        let (strong, weak) = (sharpness(&chip(4, 0.0, 250.0)), sharpness(&chip(4, 100.0, 150.0)));
        assert!((strong - weak).abs() < 1e-3);
        assert!(sharpness(&chip(1, 9.0, 9.0)).abs() < 1e-6);
    }

    #[test]
    fn colour_is_the_spread_of_the_channels() {
        assert!((colour(&stripes(1, [[10.0, 20.0, 40.0], [5.0; 3]])) - 15.0).abs() < 1e-3);
    }

    #[test]
    fn a_rival_is_nearly_as_large_or_more_central() {
        let face = |left: f32, height: f32| Detection {
            confidence: 0.9,
            bbox: [left, 100.0, left + height, 100.0 + height],
            landmarks: [[0.0; 2]; 5],
        };
        let rivals = |second| has_rival(&[face(0.0, 100.0), second], (400, 300));
        assert!(rivals(face(300.0, 80.0)) && rivals(face(180.0, 55.0)));
        assert!(!rivals(face(330.0, 55.0)) && !rivals(face(180.0, 40.0)));
        assert!(!has_rival(&[face(0.0, 100.0)], (400, 300)) && !has_rival(&[], (400, 300)));
    }

    #[test]
    fn each_flaw_is_named() {
        let grey = stripes(20, [[100.0; 3], [101.0; 3]]);
        let named: Vec<_> = flaws(69.0, &grey).iter().map(ToString::to_string).collect();
        assert_eq!(named.len(), 2, "{named:?}");
        assert_eq!(named[0], "the face is only 69 pixels high (should be at least 70)");
        assert_eq!(named[1], "the face has no colour");
        let flat = stripes(1, [[100.0, 50.0, 30.0]; 2]);
        assert_eq!(flaws(70.0, &flat), [Flaw::Blurred]);
    }
}
