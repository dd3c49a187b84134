//! Aligns faces: crops a chip that is rotated and scaled so that the landmarks are where the
//! networks expect them.

use super::pyramid::{Pyramid, at_level, sample};

/// The landmark template of the embedder's 112 px chip (OpenCV's `FaceRecognizerSF`).
const FIVE: [[f32; 2]; 5] = [
    [38.2946, 51.6963],
    [73.5318, 51.5014],
    [56.0252, 71.7366],
    [41.5493, 92.3655],
    [70.7299, 92.2041],
];

/// The template of a tighter 150 px chip for age, gender and measurements: the eyes (the one on the
/// picture's left first) and the nose tip. It is the mean of YuNet's landmarks on chips from dlib's
/// aligner (padding 0.25), which the age network was trained on.
const THREE: [[f32; 2]; 3] = [[46.77, 45.40], [101.44, 44.50], [74.31, 76.44]];

/// The side of the chip that [`THREE`] is for.
const THREE_SIDE: f32 = 150.0;

/// A similarity transform: `x' = a x - b y + tx`, `y' = b x + a y + ty`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Similarity {
    a: f32,
    b: f32,
    tx: f32,
    ty: f32,
}

impl Similarity {
    /// The least-squares transform from `from` to `to`; `None` if the points of either coincide.
    pub fn fit<const N: usize>(from: [[f32; 2]; N], to: [[f32; 2]; N]) -> Option<Self> {
        let (from_mean, to_mean) = (mean(from), mean(to));
        let (mut spread, mut a, mut b) = (0.0, 0.0, 0.0);
        for (p, q) in from.into_iter().zip(to) {
            let [px, py] = [p[0] - from_mean[0], p[1] - from_mean[1]];
            let [qx, qy] = [q[0] - to_mean[0], q[1] - to_mean[1]];
            spread += px * px + py * py;
            a += px * qx + py * qy;
            b += px * qy - py * qx;
        }
        let (a, b) = (a / spread, b / spread);
        let tx = to_mean[0] - (a * from_mean[0] - b * from_mean[1]);
        let ty = to_mean[1] - (b * from_mean[0] + a * from_mean[1]);
        let usable = a.hypot(b) > 0.0 && [a, b, tx, ty].iter().all(|v| v.is_finite());
        usable.then_some(Self { a, b, tx, ty })
    }

    pub fn scale(&self) -> f32 {
        self.a.hypot(self.b)
    }

    /// The point that the transform maps to `(x, y)`.
    pub fn source_of(&self, x: f32, y: f32) -> [f32; 2] {
        let (u, v) = (x - self.tx, y - self.ty);
        let square = self.a * self.a + self.b * self.b;
        [(self.a * u + self.b * v) / square, (self.a * v - self.b * u) / square]
    }
}

fn mean<const N: usize>(points: [[f32; 2]; N]) -> [f32; 2] {
    let sum = points.iter().fold([0.0, 0.0], |s, p| [s[0] + p[0], s[1] + p[1]]);
    sum.map(|s| s / N as f32)
}

/// The transform from the picture to the embedder's chip.
pub fn to_embed(landmarks: &[[f32; 2]; 5]) -> Option<Similarity> {
    Similarity::fit(*landmarks, FIVE)
}

/// The transform from the picture to a tighter chip of `side` pixels, based on eyes and nose.
pub fn to_chip(landmarks: &[[f32; 2]; 5], side: usize) -> Option<Similarity> {
    let shrink = side as f32 / THREE_SIDE;
    let template = THREE.map(|point| point.map(|v| v * shrink));
    Similarity::fit([landmarks[0], landmarks[1], landmarks[2]], template)
}

/// A square crop, RGB, 0-255.
pub struct Chip {
    pub side: usize,
    /// Row by row.
    pub pixels: Vec<[f32; 3]>,
}

impl Chip {
    /// Draws a chip; black outside the picture.
    pub fn draw(picture: &Pyramid, transform: &Similarity, side: usize) -> Self {
        let (level, halvings) = picture.level_for(transform.scale());
        let pixel = |i: usize| {
            let [x, y] = transform.source_of((i % side) as f32, (i / side) as f32);
            sample(level, at_level(x, halvings), at_level(y, halvings))
        };
        Self { side, pixels: (0..side * side).map(pixel).collect() }
    }

    /// The grey values (ITU-R BT.601).
    pub fn luma(&self) -> Vec<f32> {
        self.pixels.iter().map(|[r, g, b]| 0.299 * r + 0.587 * g + 0.114 * b).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TRIANGLE: [[f32; 2]; 3] = [[0.0, 0.0], [4.0, 0.0], [1.0, 3.0]];

    #[test]
    fn fitting_finds_a_known_transform() {
        // Rotated by 90 degrees, scaled by 2, translated by (10, -5).
        let turned = TRIANGLE.map(|[x, y]| [10.0 - 2.0 * y, -5.0 + 2.0 * x]);
        let found = Similarity::fit(TRIANGLE, turned).unwrap();
        assert!((found.scale() - 2.0).abs() < 1e-5);
        for (p, q) in TRIANGLE.into_iter().zip(turned) {
            let [x, y] = found.source_of(q[0], q[1]);
            assert!((x - p[0]).abs() < 1e-4 && (y - p[1]).abs() < 1e-4);
        }
    }

    #[test]
    fn coinciding_points_have_no_transform() {
        assert_eq!(Similarity::fit([[3.0, 3.0]; 3], TRIANGLE), None);
        assert_eq!(Similarity::fit([[f32::NAN; 2]; 3], TRIANGLE), None);
    }

    #[test]
    fn chips_have_the_landmarks_where_the_template_says() {
        let [x, y] = to_embed(&FIVE).unwrap().source_of(10.0, 20.0);
        assert!((x - 10.0).abs() < 1e-3 && (y - 20.0).abs() < 1e-3);
        let landmarks = [[46.77, 45.40], [101.44, 44.50], [74.31, 76.44], [0.0; 2], [0.0; 2]];
        let here = to_chip(&landmarks, 150).unwrap();
        let [x, y] = here.source_of(10.0, 20.0);
        assert!((x - 10.0).abs() < 1e-3 && (y - 20.0).abs() < 1e-3);
        assert!((to_chip(&landmarks, 75).unwrap().scale() - 0.5).abs() < 1e-4);
    }
}
