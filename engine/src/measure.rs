//! Measures a face's pose, lighting, sharpness, and how well it can be recognised.

use super::align::{Chip, to_chip};
use super::covered;
use super::pyramid::Pyramid;
use super::quality;
use super::{Detection, Embedding};

/// The side of the measured chip, which all thresholds assume.
const CHIP_SIDE: usize = 150;

/// How far the nose tip protrudes from the eyes, relative to the distance between them: about 36 of
/// 63 mm in adults. Good enough for an estimate.
const NOSE_DEPTH: f32 = 0.57;

/// The share of the chip, on each side, that shows hair, ears and background.
const RIM: f32 = 0.2;

/// Grey values this close to black or white have lost their detail.
const CLIPPED: u8 = 3;

/// Measurements of a face. Grey values are ITU-R BT.601 luma, 0 to 255.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Measures {
    /// The face's height in pixels.
    pub height: f32,
    /// The distance between the eyes in pixels.
    pub eye_distance: f32,
    /// The head's clockwise tilt in degrees.
    pub roll: f32,
    /// How far the head is turned to the picture's right, in degrees, estimated from eyes and nose.
    pub yaw: f32,
    /// [`quality::sharpness`] in thousandths.
    pub sharpness: f32,
    /// The mean grey value.
    pub brightness: f32,
    /// The grey value that 5 % of the pixels exceed: highlights on skin, teeth, eyes.
    pub highlight: f32,
    /// The range from the 1st to the 99th percentile of the grey values.
    pub contrast: f32,
    /// The entropy of the grey values in bits, 0 to 8.
    pub dynamic_range: f32,
    /// The share of pixels that are nearly black or white.
    pub clipped: f32,
    /// The mean grey value of the darker half of the face, relative to the brighter half.
    pub shade: f32,
    /// [`covered::eyes`].
    pub eyes: f32,
    /// [`covered::mouth`].
    pub mouth: f32,
    /// The embedding's norm: below 8, most comparisons with the same person fail.
    pub recognisability: f32,
}

impl Measures {
    /// `None` if the landmarks don't span a face.
    pub(super) fn of(
        picture: &Pyramid,
        face: &Detection,
        embedding: &Embedding,
        embedded: &Chip,
    ) -> Option<Self> {
        let chip = Chip::draw(picture, &to_chip(&face.landmarks, CHIP_SIDE)?, CHIP_SIDE);
        Some(Self {
            height: face.height(),
            eyes: covered::eyes(embedded),
            mouth: covered::mouth(embedding),
            recognisability: embedding.norm(),
            ..Self::of_chip(&face.landmarks, &chip)
        })
    }

    fn of_chip(landmarks: &[[f32; 2]; 5], chip: &Chip) -> Self {
        let greys = Greys::of(chip);
        Self {
            height: 0.0,
            eye_distance: {
                let [left, right, ..] = landmarks;
                (right[0] - left[0]).hypot(right[1] - left[1])
            },
            roll: roll(landmarks),
            yaw: yaw(landmarks),
            sharpness: 1000.0 * quality::sharpness(chip),
            brightness: greys.mean(),
            highlight: f32::from(greys.percentile(95)),
            contrast: f32::from(greys.percentile(99)) - f32::from(greys.percentile(1)),
            dynamic_range: greys.entropy(),
            clipped: greys.clipped(),
            shade: shade(chip),
            eyes: 1.0,
            mouth: 0.0,
            recognisability: 0.0,
        }
    }
}

/// The middle of a chip, without hair, ears and background.
fn middle(side: usize) -> std::ops::Range<usize> {
    let rim = (side as f32 * RIM) as usize;
    rim..side - rim
}

fn shade(chip: &Chip) -> f32 {
    let (luma, side) = (chip.luma(), chip.side);
    let half = |columns: std::ops::Range<usize>| -> f32 {
        middle(side).flat_map(|row| &luma[row * side..][columns.clone()]).sum()
    };
    let columns = middle(side);
    let [left, right] = [half(columns.start..side / 2), half(side - side / 2..columns.end)];
    let brighter = left.max(right);
    if brighter > 0.0 { left.min(right) / brighter } else { 1.0 }
}

/// The tilt of the line through the eyes.
pub fn roll([left, right, ..]: &[[f32; 2]; 5]) -> f32 {
    (right[1] - left[1]).atan2(right[0] - left[0]).to_degrees()
}

/// The nose protrudes, so it moves sideways relative to the eyes when the head turns.
fn yaw([left, right, nose, ..]: &[[f32; 2]; 5]) -> f32 {
    let across = [right[0] - left[0], right[1] - left[1]];
    let square = across[0] * across[0] + across[1] * across[1];
    let middle = [0, 1].map(|i| f32::midpoint(left[i], right[i]));
    let aside = (nose[0] - middle[0]) * across[0] + (nose[1] - middle[1]) * across[1];
    // Both shrink with the cosine, so the quotient is the tangent.
    if square > 0.0 { (aside / square / NOSE_DEPTH).atan().to_degrees() } else { 0.0 }
}

/// A histogram of the middle of a chip.
struct Greys {
    counts: [u32; 256],
    total: u32,
}

impl Greys {
    fn of(chip: &Chip) -> Self {
        let mut greys = Self { counts: [0; 256], total: 0 };
        let (luma, side) = (chip.luma(), chip.side);
        for row in middle(side) {
            for grey in &luma[row * side..][middle(side)] {
                greys.counts[grey.round().clamp(0.0, 255.0) as usize] += 1;
                greys.total += 1;
            }
        }
        greys
    }

    fn mean(&self) -> f32 {
        let sum: u32 = self.counts.iter().zip(0..).map(|(count, grey)| count * grey).sum();
        sum as f32 / self.total.max(1) as f32
    }

    /// The smallest grey value that at least `percent` of the pixels don't exceed.
    fn percentile(&self, percent: u32) -> u8 {
        let mut below = 0;
        for (grey, count) in (0..=u8::MAX).zip(self.counts) {
            below += count;
            if below * 100 >= self.total * percent {
                return grey;
            }
        }
        u8::MAX
    }

    fn entropy(&self) -> f32 {
        let shares = self.counts.iter().filter(|count| **count > 0);
        let shares = shares.map(|count| *count as f32 / self.total as f32);
        -shares.map(|share| share * share.log2()).sum::<f32>()
    }

    fn clipped(&self) -> f32 {
        let (low, high) = (usize::from(CLIPPED), usize::from(u8::MAX - CLIPPED));
        let count = |counts: &[u32]| counts.iter().sum::<u32>();
        let clipped = count(&self.counts[..=low]) + count(&self.counts[high..]);
        clipped as f32 / self.total.max(1) as f32
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Eyes and nose of a head turned by `yaw` and then tilted by `roll`, seen from afar.
    fn head(yaw: f32, roll: f32) -> [[f32; 2]; 5] {
        let points = [[-0.5, 0.0, 0.0], [0.5, 0.0, 0.0], [0.0, 0.55, NOSE_DEPTH]];
        let mut seen = [[0.0; 2]; 5];
        for ([x, y, z], out) in points.into_iter().zip(&mut seen) {
            let x = x * yaw.to_radians().cos() + z * yaw.to_radians().sin();
            let (sin, cos) = roll.to_radians().sin_cos();
            *out = [100.0 + 60.0 * (x * cos - y * sin), 100.0 + 60.0 * (x * sin + y * cos)];
        }
        seen
    }

    #[test]
    fn roll_and_yaw_are_measured() {
        for (turned, tilted) in [(0.0, 0.0), (30.0, 0.0), (-45.0, 20.0), (10.0, -170.0)] {
            let landmarks = head(turned, tilted);
            assert!((roll(&landmarks) - tilted).abs() < 0.1, "{turned} {tilted}");
            assert!((yaw(&landmarks) - turned).abs() < 0.1, "{turned} {tilted}");
        }
        assert!(yaw(&[[1.0; 2]; 5]).abs() < 1e-6, "landmarks that coincide");
    }

    #[test]
    fn brightness_contrast_and_clipping_are_measured() {
        let chip = |low: f32, high: f32| {
            let pixel = |i: usize| if i.is_multiple_of(2) { [low; 3] } else { [high; 3] };
            Chip { side: 50, pixels: (0..50 * 50).map(pixel).collect() }
        };
        let measures = Measures::of_chip(&head(0.0, 0.0), &chip(50.0, 150.0));
        assert!((measures.brightness - 100.0).abs() < 0.1);
        assert!((measures.contrast - 100.0).abs() < 0.1);
        assert!(measures.clipped.abs() < 1e-6);
        assert!((measures.dynamic_range - 1.0).abs() < 1e-3, "two values: one bit");
        assert!((measures.eye_distance - 60.0).abs() < 1e-3);
        assert!(
            (Measures::of_chip(&head(0.0, 0.0), &chip(100.0, 255.0)).clipped - 0.5).abs() < 0.01
        );
    }
}
