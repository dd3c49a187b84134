//! Our own implementation of SFace, which computes embeddings of 128 numbers.
//!
//! The network is a MobileNet: after the first layer, it consists of depthwise and pointwise
//! convolutions. The former share code with the detector, the latter are matrix products. The tests
//! compare the output with rten's.
//!
//! "SFace: Sigmoid-Constrained Hypersphere Loss for Robust Face Recognition", Zhong et al., 2021.

mod block;
mod projection;
mod stem;
mod weights;

use anyhow::Result;
use rten_gemm::GemmExecutor;
use rten_tensor::Tensor;
use rten_tensor::prelude::*;

use super::EngineError;
use super::model::Lazy;
use block::Block;
use projection::Projection;
use stem::Stem;

/// From OpenCV's model zoo, with int8 weights; see `assets/models/README.md`.
const MODEL: &[u8] = include_bytes!("../../../assets/models/sface_int8.onnx");

pub const SIDE: usize = 112;

pub const NUMBERS: usize = 128;

pub type Sface = Lazy<Layers>;

/// The network's blocks; the number of channels doubles each time the map is halved.
pub struct Layers {
    stem: Stem,
    full: Block<32, 1>,
    half: (Block<64, 2>, Block<128, 1>),
    quarter: (Block<128, 2>, Block<256, 1>),
    eighth: (Block<256, 2>, [Block<512, 1>; 5]),
    sixteenth: (Block<512, 2>, Block<1024, 1>),
    projection: Projection,
}

/// A pair of buffers, one of which is read while the other is written.
#[derive(Default)]
struct Buffers {
    /// Pixels with interleaved channels.
    map: Vec<f32>,
    between: Vec<f32>,
}

impl Sface {
    pub const fn unloaded() -> Self {
        Self::new("SFace", || weights::read(MODEL))
    }

    /// Computes the embedding of a chip of RGB planes, 0-255.
    pub fn run(&self, chip: &Tensor<f32>) -> Result<[f32; NUMBERS], EngineError> {
        self.load()?.run(chip).map_err(EngineError::Model)
    }
}

impl Layers {
    fn run(&self, chip: &Tensor<f32>) -> Result<[f32; NUMBERS]> {
        let (gemm, buffers) = (&GemmExecutor::new(), &mut Buffers::default());
        let planes = chip.data().unwrap_or_default();
        self.stem.run(gemm, planes, buffers)?;
        self.full.run(gemm, SIDE, buffers)?;
        self.half.0.run(gemm, SIDE, buffers)?;
        self.half.1.run(gemm, SIDE / 2, buffers)?;
        self.quarter.0.run(gemm, SIDE / 2, buffers)?;
        self.quarter.1.run(gemm, SIDE / 4, buffers)?;
        self.eighth.0.run(gemm, SIDE / 4, buffers)?;
        for block in &self.eighth.1 {
            block.run(gemm, SIDE / 8, buffers)?;
        }
        self.sixteenth.0.run(gemm, SIDE / 8, buffers)?;
        self.sixteenth.1.run(gemm, SIDE / 16, buffers)?;
        Ok(self.projection.run(&buffers.map))
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test that fails may panic")]
mod tests {
    use rten::Model;

    use super::*;

    /// rten's output for the same file.
    fn expected(chip: &Tensor<f32>) -> Vec<f32> {
        let model = Model::load_static_slice(MODEL).unwrap();
        let ids = [model.node_id("fc1").unwrap()];
        let [value] =
            model.run_n(vec![(model.input_ids()[0], chip.view().into())], ids, None).unwrap();
        value.into_tensor::<f32>().unwrap().into_data()
    }

    #[test]
    fn the_output_matches_rten() {
        let random = &mut fastrand::Rng::with_seed(1);
        let noise = Tensor::from_fn(&[1, 3, SIDE, SIDE], |_: &[usize]| f32::from(random.u8(..)));
        let slope = Tensor::from_fn(&[1, 3, SIDE, SIDE], |at: &[usize]| {
            (60 + 30 * at[1] + at[2] - at[3] / 2) as f32
        });
        for chip in [noise, slope] {
            let found = Sface::unloaded().run(&chip).unwrap();
            for (value, expected) in found.into_iter().zip(expected(&chip)) {
                assert!((value - expected).abs() < 1e-3, "{value} for {expected}");
            }
        }
    }
}
