//! Our own implementation of face-api's age and gender network, a small Xception.
//!
//! Separable convolutions, each after a ReLU, with shortcuts around groups of two or three. The
//! tests compare the output with rten's.

mod reduction;

use std::array;

use anyhow::{Result, ensure};

use super::align::Chip;
use super::layers::map::Map;
use super::layers::pointwise::Gemm;
use super::layers::separable::{Band, Separable};
use super::layers::stem::Stem;
use super::layers::weights::{Reader, written};
use super::layers::{Floor, Linear, Spare};
use super::lazy::Lazy;
use reduction::Reduction;

pub const SIDE: usize = 112;

const FEATURES: usize = 512;

pub type Age = Lazy<Layers>;

/// A separable convolution after a ReLU.
type Block<const C: usize> = Separable<C, 1, Floor, Linear>;

pub struct Layers {
    /// Subtracted from the pixels.
    mean: [f32; 3],
    stem: Stem<32, 2, Floor>,
    first: Reduction<32, 64>,
    second: Reduction<64, 128>,
    middle: [[Block<128>; 3]; 2],
    third: Reduction<128, 256>,
    last: Separable<256, 1, Linear, Linear>,
    age: Head,
    /// The logits of male and female.
    gender: [Head; 2],
    spare: Spare<Buffers>,
}

struct Head {
    weights: &'static [f32; FEATURES],
    bias: f32,
}

#[derive(Default)]
struct Buffers {
    maps: [Map; 4],
    band: Band,
}

impl Age {
    pub const fn unloaded() -> Self {
        Self::new("the age model", || Layers::read(written!("age")))
    }

    /// The age in years, and the probability of male, for a chip of [`SIDE`] pixels.
    pub fn run(&self, chip: &Chip) -> Result<[f32; 2]> {
        let layers = self.load()?;
        layers.spare.lend(|buffers| layers.run(chip, buffers))
    }
}

impl Layers {
    fn read(mut file: Reader) -> Result<Self> {
        let (file, gemm) = (&mut file, Gemm::new());
        let (mean, stem) = (*file.array()?, Stem::read(file, |_| Ok(Floor(0.0)))?);
        let (first, second) = (Reduction::read(file, &gemm)?, Reduction::read(file, &gemm)?);
        let mut middle = || -> Result<_> {
            let mut next = || block(file, &gemm, 128);
            Ok([next()?, next()?, next()?])
        };
        let middle = [middle()?, middle()?];
        let third = Reduction::read(file, &gemm)?;
        let last = Separable::read(file, &gemm, Linear, |_| Ok(Linear), FEATURES)?;
        let weights = file.array()?;
        let [bias] = *file.array()?;
        let age = Head { weights, bias };
        let weights: [&_; 2] = [file.array()?, file.array()?];
        let bias: &[f32; 2] = file.array()?;
        let gender = array::from_fn(|i| Head { weights: weights[i], bias: bias[i] });
        ensure!(file.is_empty(), "too many weights");
        let spare = Spare::default();
        Ok(Self { mean, stem, first, second, middle, third, last, age, gender, spare })
    }

    fn run(&self, chip: &Chip, Buffers { maps, band }: &mut Buffers) -> Result<[f32; 2]> {
        let gemm = &Gemm::new();
        let [map, a, b, c] = maps;
        self.stem.run(&chip.pixels, &self.mean, map);
        self.first.run(gemm, band, map, [a, b])?;
        self.second.run(gemm, band, map, [a, b])?;
        for [first, second, third] in &self.middle {
            first.run(gemm, band, map, a)?;
            second.run(gemm, band, a, b)?;
            third.run(gemm, band, b, c)?;
            map.add(c);
        }
        self.third.run(gemm, band, map, [a, b])?;
        self.last.run(gemm, band, map, a)?;
        let features = features(a);
        let [male, female] = self.gender.each_ref().map(|head| head.run(&features));
        // Softmax of two.
        Ok([self.age.run(&features), 1.0 / (1.0 + (female - male).exp())])
    }
}

fn block<const C: usize>(file: &mut Reader, gemm: &Gemm, outputs: usize) -> Result<Block<C>> {
    Separable::read(file, gemm, Floor(0.0), |_| Ok(Linear), outputs)
}

/// The mean of the map's positive values.
fn features(map: &Map) -> [f32; FEATURES] {
    let mut sums = [0.0; FEATURES];
    for pixel in (0..map.side()).flat_map(|y| map.row::<FEATURES>(y)) {
        for (sum, value) in sums.iter_mut().zip(pixel) {
            *sum += value.max(0.0);
        }
    }
    sums.map(|sum| sum / (map.side() * map.side()) as f32)
}

impl Head {
    fn run(&self, features: &[f32; FEATURES]) -> f32 {
        self.bias + self.weights.iter().zip(features).map(|(w, v)| w * v).sum::<f32>()
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test that fails may panic")]
mod tests {
    use rten::Model;
    use rten_tensor::NdTensor;
    use rten_tensor::prelude::*;

    use super::*;

    /// rten's output for the same weights.
    fn expected(chip: &Chip) -> [f32; 2] {
        let model = include_bytes!("../../models/age_gender_int8.onnx");
        let model = Model::load_static_slice(model).unwrap();
        let planes = NdTensor::from_fn([1, 3, SIDE, SIDE], |[_, channel, y, x]| {
            chip.pixels[y * SIDE + x][channel]
        });
        let ids = ["age", "gender"].map(|name| model.node_id(name).unwrap());
        let values =
            model.run_n(vec![(model.input_ids()[0], planes.view().into())], ids, None).unwrap();
        values.map(|value| value.into_tensor::<f32>().unwrap().into_data()[0])
    }

    #[test]
    fn the_output_matches_rten() {
        let random = &mut fastrand::Rng::with_seed(1);
        for contrast in [255.0, 100.0, 10.0, 0.0] {
            let pixel = |_| [(); 3].map(|()| 255.0 - contrast * random.f32());
            let chip = Chip { side: SIDE, pixels: (0..SIDE * SIDE).map(pixel).collect() };
            let ([age, male], expected) = (Age::unloaded().run(&chip).unwrap(), expected(&chip));
            println!("{age} {male} {expected:?}");
            assert!((age - expected[0]).abs() < 1.0, "{age} for {}", expected[0]);
            assert!((male - expected[1]).abs() < 0.05, "{male} for {}", expected[1]);
        }
    }
}
