//! Flaws that make a comparison less reliable.

use std::fmt;

use super::Detection;
use super::align::Chip;
use super::measure::Measures;

/// Minimum face height, in pixels, without a warning. At 40, strangers are accepted no more often
/// than at full size (0.10 against 0.08 % on Labeled Faces in the Wild); nobody measured less.
pub const MIN_FACE_HEIGHT: f32 = 40.0;

/// Minimum [`sharpness`] of a chip without a warning: none of 257 photos of Labeled Faces in the Wild
/// has less; a Gaussian blur of 3.2 pixels brings them to about 0.004.
pub const MIN_SHARPNESS: f32 = 0.008;

/// A face is too dark if both its mean grey value and its highlights are below these: dark skin in
/// good light has highlights.
pub const DARK: [f32; 2] = [50.0, 58.0];

/// Minimum [`Measures::shade`] without a warning: 1 % of the photos in Labeled Faces in the Wild have
/// less than 0.52.
pub const ONE_SIDED: f32 = 0.45;

/// Minimum norm of an embedding without a warning: below, 87 to 95 % of the comparisons with the
/// same person failed, above 9 to 16 %.
pub const HARD_TO_RECOGNISE: f32 = 8.0;

/// In years: strangers who look younger look alike to the engine.
pub const YOUNG: f32 = 12.0;

/// Maximum [`Measures::eyes`] of dark glasses.
pub const DARK_GLASSES: f32 = 0.45;

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
    /// The estimated age in years.
    Young(f32),
    EyesCovered,
    MouthCovered,
    /// The face's height in pixels.
    SmallFace(f32),
    Blurred,
    Dark,
    OneSidedLight,
    HardToRecognise,
}

impl fmt::Display for Flaw {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Turned(angle) => {
                write!(f, "the face looks rotated by {angle} degrees: retry with --rotate")
            }
            Self::Doubtful => {
                f.write_str("what looks like a face may be a drawing, a statue or an animal")
            }
            Self::Rival => {
                f.write_str("another face is nearly as large as the one compared, or more central")
            }
            Self::Young(age) => {
                write!(f, "the face looks about {age:.0} years old, and young children look alike")
            }
            Self::EyesCovered => f.write_str("dark glasses or a shadow cover the eyes"),
            Self::MouthCovered => f.write_str("a mask or something else covers the mouth"),
            Self::SmallFace(height) => write!(
                f,
                "the face is only {height:.0} pixels high (should be at least {MIN_FACE_HEIGHT:.0})"
            ),
            Self::Blurred => f.write_str("the face is blurred"),
            Self::Dark => f.write_str("there is too little light on the face"),
            Self::OneSidedLight => f.write_str("the light comes from one side of the face"),
            Self::HardToRecognise => f.write_str("the face is hard to recognise"),
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
            Self::Young(_) => ("YOUNG_FACE", "Young face"),
            Self::EyesCovered | Self::MouthCovered => ("COVERED_FACE", "Covered face"),
            Self::SmallFace(_)
            | Self::Blurred
            | Self::Dark
            | Self::OneSidedLight
            | Self::HardToRecognise => ("LOW_IMAGE_QUALITY", "Low image quality"),
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

/// `age` is an estimate, in years.
pub fn flaws(measures: &Measures, age: Option<f32>) -> Vec<Flaw> {
    let &Measures { height, sharpness, brightness, highlight, .. } = measures;
    let is_dark = brightness < DARK[0] && highlight < DARK[1];
    let is_small = height < MIN_FACE_HEIGHT;
    let flaws: Vec<_> = [
        age.filter(|age| *age < YOUNG).map(Flaw::Young),
        (measures.eyes < DARK_GLASSES && !is_dark).then_some(Flaw::EyesCovered),
        (measures.mouth > 0.0 && !is_dark).then_some(Flaw::MouthCovered),
        is_small.then_some(Flaw::SmallFace(height)),
        // Small faces look blurred only because they are upscaled for the crop.
        (!is_small && sharpness < 1000.0 * MIN_SHARPNESS).then_some(Flaw::Blurred),
        is_dark.then_some(Flaw::Dark),
        (measures.shade < ONE_SIDED).then_some(Flaw::OneSidedLight),
    ]
    .into_iter()
    .flatten()
    .collect();
    // The others are reasons for it.
    let is_hard = flaws.is_empty() && measures.recognisability < HARD_TO_RECOGNISE;
    flaws.into_iter().chain(is_hard.then_some(Flaw::HardToRecognise)).collect()
}

/// The mean squared Laplacian divided by the variance of the grey values, which makes it
/// independent of contrast and brightness.
pub fn sharpness(chip: &Chip) -> f32 {
    let (luma, side) = (chip.luma(), chip.side);
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

#[cfg(test)]
mod tests {
    use super::*;

    /// A chip with vertical stripes of two colours.
    fn stripes(width: usize, [one, other]: [[f32; 3]; 2]) -> Chip {
        let pixel = |i: usize| if (i % 40 / width).is_multiple_of(2) { one } else { other };
        Chip { side: 40, pixels: (0..40 * 40).map(pixel).collect() }
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
    fn well_lit_dark_skin_is_not_too_dark() {
        let good = Measures {
            height: 100.0,
            eye_distance: 50.0,
            roll: 0.0,
            yaw: 0.0,
            sharpness: 100.0,
            brightness: 45.0,
            highlight: 120.0,
            contrast: 120.0,
            dynamic_range: 6.0,
            clipped: 0.0,
            shade: 0.9,
            eyes: 0.9,
            mouth: -1.0,
            recognisability: 12.0,
        };
        assert_eq!(flaws(&good, Some(30.0)), []);
        assert_eq!(flaws(&Measures { highlight: 55.0, ..good }, None), [Flaw::Dark]);
        assert_eq!(flaws(&Measures { shade: 0.2, ..good }, None), [Flaw::OneSidedLight]);
        assert_eq!(
            flaws(&Measures { recognisability: 7.0, ..good }, None),
            [Flaw::HardToRecognise]
        );
        assert_eq!(flaws(&good, Some(11.9)), [Flaw::Young(11.9)]);
        assert_eq!(flaws(&Measures { eyes: 0.3, ..good }, None), [Flaw::EyesCovered]);
        assert_eq!(flaws(&Measures { mouth: 1.0, ..good }, None), [Flaw::MouthCovered]);
    }
}
