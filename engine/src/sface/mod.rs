//! Our own implementation of SFace, which computes embeddings of 128 numbers.
//!
//! The network is a MobileNet: after the first layer, it consists of depthwise and pointwise
//! convolutions. The latter are products of 8-bit integers. The tests compare the output with
//! rten's, which computes in floating-point numbers.
//!
//! "SFace: Sigmoid-Constrained Hypersphere Loss for Robust Face Recognition", Zhong et al., 2021.

mod projection;

use std::array;

use anyhow::Result;

use super::align::Chip;
use super::layers::map::Map;
use super::layers::pointwise::Gemm;
use super::layers::separable::{Band, Separable};
use super::layers::stem::Stem;
use super::layers::weights::{Reader, written};
use super::layers::{Linear, Slopes, Spare};
use super::lazy::Lazy;
use projection::Projection;

pub const SIDE: usize = 112;

pub const NUMBERS: usize = 128;

pub type Sface = Lazy<Layers>;

type Block<const C: usize, const STRIDE: usize> = Separable<C, STRIDE, Linear, Slopes<C>>;

/// The network's blocks; the number of channels doubles each time the map is halved.
pub struct Layers {
    /// Subtracted from the pixels.
    mean: [f32; 3],
    stem: Stem<32, 1, Slopes<32>>,
    full: Block<32, 1>,
    half: (Block<64, 2>, Block<128, 1>),
    quarter: (Block<128, 2>, Block<256, 1>),
    eighth: (Block<256, 2>, [Block<512, 1>; 5]),
    sixteenth: (Block<512, 2>, Block<1024, 1>),
    projection: Projection,
    spare: Spare<Buffers>,
}

/// Two maps, one of which is read while the other is written.
#[derive(Default)]
struct Buffers {
    maps: [Map; 2],
    band: Band,
}

impl Sface {
    pub const fn unloaded() -> Self {
        Self::new("SFace", || Layers::read(written!("sface")))
    }

    /// Computes the embedding of a chip of [`SIDE`] pixels.
    pub fn run(&self, chip: &Chip) -> Result<[f32; NUMBERS]> {
        let layers = self.load()?;
        layers.spare.lend(|buffers| layers.run(chip, buffers))
    }
}

impl Layers {
    fn read(mut file: Reader) -> Result<Self> {
        let (file, gemm) = (&mut file, Gemm::new());
        let (mean, stem) = (*file.array()?, Stem::read(file, slopes)?);
        let (full, half) =
            (block(file, &gemm, 64)?, (block(file, &gemm, 128)?, block(file, &gemm, 128)?));
        let quarter = (block(file, &gemm, 256)?, block(file, &gemm, 256)?);
        let first = block(file, &gemm, 512)?;
        let same: [Result<_>; 5] = array::from_fn(|_| block(file, &gemm, 512));
        let [a, b, c, d, e] = same;
        let eighth = (first, [a?, b?, c?, d?, e?]);
        let sixteenth = (block(file, &gemm, 1024)?, block(file, &gemm, 1024)?);
        let projection = Projection::read(file)?;
        let spare = Spare::default();
        Ok(Self { mean, stem, full, half, quarter, eighth, sixteenth, projection, spare })
    }

    fn run(&self, chip: &Chip, Buffers { maps, band }: &mut Buffers) -> Result<[f32; NUMBERS]> {
        let (gemm, eighth) = (&Gemm::new(), &self.eighth);
        let [a, b] = maps;
        self.stem.run(&chip.pixels, &self.mean, a);
        self.full.run(gemm, band, a, b)?;
        self.half.0.run(gemm, band, b, a)?;
        self.half.1.run(gemm, band, a, b)?;
        self.quarter.0.run(gemm, band, b, a)?;
        self.quarter.1.run(gemm, band, a, b)?;
        eighth.0.run(gemm, band, b, a)?;
        for block in &eighth.1 {
            block.run(gemm, band, a, b)?;
            std::mem::swap(a, b);
        }
        self.sixteenth.0.run(gemm, band, a, b)?;
        self.sixteenth.1.run(gemm, band, b, a)?;
        Ok(self.projection.run(a))
    }
}

fn block<const C: usize, const STRIDE: usize>(
    file: &mut Reader,
    gemm: &Gemm,
    outputs: usize,
) -> Result<Block<C, STRIDE>> {
    Separable::read(file, gemm, Linear, slopes, outputs)?.with_slopes(file)
}

fn slopes<const C: usize>(file: &mut Reader) -> Result<Slopes<C>> {
    Ok(Slopes(file.array()?))
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test that fails may panic")]
mod tests {
    use rten::Model;
    use rten_tensor::NdTensor;
    use rten_tensor::prelude::*;

    use super::*;
    use crate::Embedding;

    /// rten's output for the same weights.
    fn expected(chip: &Chip) -> Embedding {
        let model = include_bytes!("../../models/sface_int8.onnx");
        let model = Model::load_static_slice(model).unwrap();
        let planes = NdTensor::from_fn([1, 3, SIDE, SIDE], |[_, channel, y, x]| {
            chip.pixels[y * SIDE + x][channel]
        });
        let ids = [model.node_id("fc1").unwrap()];
        let [value] =
            model.run_n(vec![(model.input_ids()[0], planes.view().into())], ids, None).unwrap();
        let value = value.into_tensor::<f32>().unwrap().into_data();
        Embedding { raw: value.try_into().unwrap() }
    }

    #[test]
    fn the_output_matches_rten() {
        let random = &mut fastrand::Rng::with_seed(1);
        let noise = (0..SIDE * SIDE).map(|_| [(); 3].map(|()| f32::from(random.u8(..)))).collect();
        let slope = |i: usize| {
            [0, 1, 2].map(|channel| (60 + 30 * channel + i / SIDE) as f32 - (i % SIDE / 2) as f32)
        };
        let slope = (0..SIDE * SIDE).map(slope).collect();
        for pixels in [noise, slope] {
            let chip = Chip { side: SIDE, pixels };
            let found = Embedding { raw: Sface::unloaded().run(&chip).unwrap() };
            let distance = found.distance(&expected(&chip));
            println!("{distance}");
            assert!(distance < 0.1, "{distance}");
            assert!((found.norm() / expected(&chip).norm() - 1.0).abs() < 0.02);
        }
    }
}
