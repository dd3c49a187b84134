//! SFace: 128 numbers for a face, whose direction says who it is. Run by code of our own.
//!
//! The network is MobileNet's: after the first layer all is depthwise and pointwise convolutions.
//! The former are those of the detector, the latter are matrix products. The tests hold the
//! output against the inference library's.
//!
//! "SFace: Sigmoid-Constrained Hypersphere Loss for Robust Face Recognition", Zhong and others,
//! 2021.

#![allow(
    clippy::inline_always,
    reason = "vector operations are compiled for an instruction set only within the function that enables it"
)]

mod block;
mod projection;
mod stem;
mod weights;

use std::fmt;
use std::sync::OnceLock;

use anyhow::{Result, anyhow};
use rten_gemm::GemmExecutor;
use rten_tensor::Tensor;
use rten_tensor::prelude::*;

use super::EngineError;
use block::Block;
use projection::Projection;
use stem::Stem;

/// The network of OpenCV's zoo with weights in int8; `assets/models/README.md` has its origin.
const MODEL: &[u8] = include_bytes!("../../../assets/models/sface_int8.onnx");

/// The side of the chip that the network takes.
pub const SIDE: usize = 112;

pub const NUMBERS: usize = 128;

/// The embedder's network; its weights are read at the first use, once.
pub struct Sface {
    loaded: OnceLock<Result<Layers, String>>,
}

/// The network's parts; with each halving of the map the channels double.
struct Layers {
    stem: Stem,
    full: Block<32, 1>,
    half: (Block<64, 2>, Block<128, 1>),
    quarter: (Block<128, 2>, Block<256, 1>),
    eighth: (Block<256, 2>, [Block<512, 1>; 5]),
    sixteenth: (Block<512, 2>, Block<1024, 1>),
    projection: Projection,
}

/// Two buffers, of which one is read while the other is written.
#[derive(Default)]
struct Buffers {
    /// Channels side by side, pixel by pixel.
    map: Vec<f32>,
    between: Vec<f32>,
}

impl Sface {
    /// Nothing is read yet.
    pub const fn new() -> Self {
        Self { loaded: OnceLock::new() }
    }

    /// Reads the weights unless that was done already; others who ask wait for it.
    pub fn load(&self) -> Result<(), EngineError> {
        self.layers().map(drop)
    }

    /// Whether [`Sface::load`] has nothing left to do.
    pub fn is_loaded(&self) -> bool {
        self.loaded.get().is_some()
    }

    /// What the network says of a chip: planes RGB, 0-255.
    pub fn run(&self, chip: &Tensor<f32>) -> Result<[f32; NUMBERS], EngineError> {
        self.layers()?.run(chip).map_err(EngineError::Model)
    }

    fn layers(&self) -> Result<&Layers, EngineError> {
        let loaded = self.loaded.get_or_init(|| weights::read(MODEL).map_err(|e| e.to_string()));
        loaded.as_ref().map_err(|e| EngineError::Model(anyhow!("cannot load SFace: {e}")))
    }
}

impl Default for Sface {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for Sface {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sface").field("is_loaded", &self.is_loaded()).finish_non_exhaustive()
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

    /// What the inference library makes of the same file.
    fn expected(chip: &Tensor<f32>) -> Vec<f32> {
        let model = Model::load_static_slice(MODEL).unwrap();
        let ids = [model.node_id("fc1").unwrap()];
        let [value] =
            model.run_n(vec![(model.input_ids()[0], chip.view().into())], ids, None).unwrap();
        value.into_tensor::<f32>().unwrap().into_data()
    }

    #[test]
    fn the_output_is_the_inference_librarys() {
        let random = &mut fastrand::Rng::with_seed(1);
        let noise = Tensor::from_fn(&[1, 3, SIDE, SIDE], |_: &[usize]| f32::from(random.u8(..)));
        let slope = Tensor::from_fn(&[1, 3, SIDE, SIDE], |at: &[usize]| {
            (60 + 30 * at[1] + at[2] - at[3] / 2) as f32
        });
        for chip in [noise, slope] {
            let found = Sface::new().run(&chip).unwrap();
            for (value, expected) in found.into_iter().zip(expected(&chip)) {
                assert!((value - expected).abs() < 1e-3, "{value} for {expected}");
            }
        }
    }
}
