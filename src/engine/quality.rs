//! What makes a photo a poor witness.

use std::fmt;

use rten_tensor::Tensor;
use rten_tensor::prelude::*;

/// The lowest face, in pixels, that is good enough: a lower one is enlarged more than twofold
/// for the chip, so that more than three quarters of its pixels are made up.
pub(super) const MIN_FACE_HEIGHT: f32 = 70.0;

/// The least sharpness of a chip, see [`sharpness`].
pub(super) const MIN_SHARPNESS: f32 = 0.0;

/// The least colour of a chip, see [`colour`]: what a grey photo has after it went through a
/// JPEG with colour channels stays below.
pub(super) const MIN_COLOUR: f32 = 3.0;

/// A reason to trust the comparison less.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Flaw {
    /// The face has few pixels; its height.
    SmallFace(f32),
    /// The face is blurred; its sharpness.
    Blurred(f32),
    /// The photo is grey; its colour.
    NoColour(f32),
}

impl fmt::Display for Flaw {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::SmallFace(height) => write!(
                f,
                "the face is {height:.0} pixels high, and fewer than {MIN_FACE_HEIGHT:.0} show too little"
            ),
            Self::Blurred(_) => f.write_str("the face is blurred"),
            Self::NoColour(_) => f.write_str("the photo has no colour"),
        }
    }
}

/// The flaws of a face, by its height in the photo and its chip.
pub(super) fn flaws(face_height: f32, chip: &Tensor<f32>) -> Vec<Flaw> {
    let (sharpness, colour) = (sharpness(chip), colour(chip));
    [
        (face_height < MIN_FACE_HEIGHT).then_some(Flaw::SmallFace(face_height)),
        (sharpness < MIN_SHARPNESS).then_some(Flaw::Blurred(sharpness)),
        (colour < MIN_COLOUR).then_some(Flaw::NoColour(colour)),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// How fast brightness changes from pixel to pixel, beside how much it changes at all: the mean
/// square of the Laplacian over the variance. Contrast and brightness cancel out.
pub(super) fn sharpness(chip: &Tensor<f32>) -> f32 {
    let Some([r, g, b]) = planes(chip) else { return 0.0 };
    let side = r.len().isqrt();
    // ITU-R BT.601 luma.
    let luma: Vec<f32> =
        r.iter().zip(g).zip(b).map(|((r, g), b)| 0.299 * r + 0.587 * g + 0.114 * b).collect();
    // Inside the middle, away from the background and the black outside of the photo.
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

/// The mean difference of the strongest and the weakest channel, 0 to 255.
pub(super) fn colour(chip: &Tensor<f32>) -> f32 {
    let Some([r, g, b]) = planes(chip) else { return 0.0 };
    let spread = |((r, g), b): ((&f32, &f32), &f32)| r.max(*g).max(*b) - r.min(*g).min(*b);
    r.iter().zip(g).zip(b).map(spread).sum::<f32>() / r.len() as f32
}

fn planes(chip: &Tensor<f32>) -> Option<[&[f32]; 3]> {
    let values = chip.len() / 3;
    let all = chip.data()?;
    Some([&all[..values], &all[values..2 * values], &all[2 * values..]])
}
