//! YuNet (2023mar), the network that sees faces, run by code of its own.
//!
//! After its first layer the network is all 1 x 1 and depthwise convolutions, and the inference
//! library that runs the other two networks computes the latter one number at a time. Here
//! channels lie side by side, a vector holds 4 to 16 of them, and no sum leaves its register: a
//! quarter of the time. The tests hold the outputs against the library's.
//!
//! "YuNet: A Tiny Millisecond-level Face Detector", Wu, Peng and Yu, 2023.

mod layers;
mod map;
mod weights;

use std::fmt;
use std::sync::OnceLock;

use anyhow::anyhow;

use super::EngineError;
use layers::{Stem, Unit};
pub use map::{Map, Rows};

/// The network as OpenCV's zoo publishes it, with free height and width.
const MODEL: &[u8] = include_bytes!("../../../assets/models/yunet_dynamic.onnx");

/// What the network says of a cell: class, box (4), object, landmarks (10). Class and object are
/// logits, the others as OpenCV's `FaceDetectorYN` takes them.
pub const OUTPUTS: usize = 16;

/// The detector's network; its weights are read at the first use, once.
pub struct Yunet {
    loaded: OnceLock<Result<Layers, String>>,
}

/// The network's parts, in the paper's terms.
struct Layers {
    stem: Stem,
    /// Where the map has half the canvas' size, then a quarter of it.
    half: Unit<16, 16>,
    quarter: (Unit<16, 16>, Unit<16, 32>, Unit<32, 32>, Unit<32, 64>),
    /// For strides 8, 16 and 32, like all that follow.
    stages: [[Unit<64, 64>; 2]; 3],
    laterals: [Unit<64, 64>; 3],
    heads: [Unit<64, OUTPUTS>; 3],
}

impl Yunet {
    /// Nothing is read yet.
    pub const fn new() -> Self {
        Self { loaded: OnceLock::new() }
    }

    /// Reads the weights unless that was done already; others who ask wait for it.
    pub fn load(&self) -> Result<(), EngineError> {
        self.layers().map(drop)
    }

    /// Whether [`Yunet::load`] has nothing left to do.
    pub fn is_loaded(&self) -> bool {
        self.loaded.get().is_some()
    }

    /// The output maps for strides 8, 16 and 32, a cell for each stride x stride pixels of the
    /// canvas: BGR, 0-255, its sides multiples of 32.
    pub fn run(&self, canvas: impl Rows<3>) -> Result<[Map<OUTPUTS>; 3], EngineError> {
        Ok(self.layers()?.run(canvas))
    }

    fn layers(&self) -> Result<&Layers, EngineError> {
        let loaded = self.loaded.get_or_init(|| weights::read(MODEL).map_err(|e| e.to_string()));
        loaded.as_ref().map_err(|e| EngineError::Model(anyhow!("cannot load YuNet: {e}")))
    }
}

impl Default for Yunet {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for Yunet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Yunet").field("is_loaded", &self.is_loaded()).finish_non_exhaustive()
    }
}

impl Layers {
    fn run(&self, canvas: impl Rows<3>) -> [Map<OUTPUTS>; 3] {
        let half = self.half.run(self.stem.run(canvas));
        let (a, b, c, d) = &self.quarter;
        let quarter = d.run(c.run(b.run(a.run(half.halved()))));
        let [[a_8, b_8], [a_16, b_16], [a_32, b_32]] = &self.stages;
        let mut eighth = b_8.run(a_8.run(quarter.halved())).collect();
        let mut sixteenth = b_16.run(a_16.run(eighth.rows().halved())).collect();
        let thirty_second = b_32.run(a_32.run(sixteenth.rows().halved()));

        // The neck: what the coarser maps know is added to the finer ones.
        let [lateral_8, lateral_16, lateral_32] = &self.laterals;
        let thirty_second = lateral_32.run(thirty_second).collect();
        sixteenth.add_doubled(&thirty_second);
        let sixteenth = lateral_16.run(sixteenth.rows()).collect();
        eighth.add_doubled(&sixteenth);
        let eighth = lateral_8.run(eighth.rows());

        let [head_8, head_16, head_32] = &self.heads;
        [
            head_8.run(eighth).collect(),
            head_16.run(sixteenth.rows()).collect(),
            head_32.run(thirty_second.rows()).collect(),
        ]
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test that fails may panic")]
mod tests {
    use proptest::prelude::*;
    use rten::Model;
    use rten_tensor::NdTensor;
    use rten_tensor::prelude::*;

    use super::*;

    const NAMES: [&str; 4] = ["cls", "bbox", "obj", "kps"];

    /// What the inference library makes of the same file.
    fn expected(model: &Model, canvas: &Map<3>, stride: usize) -> Vec<[f32; OUTPUTS]> {
        let (width, height) = (canvas.width(), canvas.pixels().len() / canvas.width());
        let planes = NdTensor::from_fn([1, 3, height, width], |[_, channel, y, x]| {
            canvas.pixels()[y * width + x][channel]
        });
        let input = model.input_ids()[0];
        let ids = NAMES.map(|name| model.node_id(&format!("{name}_{stride}")).unwrap());
        let values = model.run_n(vec![(input, planes.view().into())], ids, None).unwrap();
        let [cls, bbox, obj, kps] =
            values.map(|value| value.into_tensor::<f32>().unwrap().into_data());
        let (boxes, landmarks) = (bbox.as_chunks::<4>().0, kps.as_chunks::<10>().0);
        let cells = cls.iter().zip(boxes).zip(obj.iter().zip(landmarks));
        cells
            .map(|((class, bbox), (object, landmarks))| {
                let mut cell = [*class; OUTPUTS];
                cell[1..5].copy_from_slice(bbox);
                cell[5] = *object;
                cell[6..].copy_from_slice(landmarks);
                cell
            })
            .collect()
    }

    fn assert_as_expected(model: &Model, canvas: &Map<3>) {
        let maps = Yunet::new().run(canvas.rows()).unwrap();
        for (map, stride) in maps.iter().zip([8, 16, 32]) {
            assert_eq!(map.width(), canvas.width() / stride);
            let expected = expected(model, canvas, stride);
            assert_eq!(map.pixels().len(), expected.len());
            for (cell, expected) in map.pixels().iter().zip(expected) {
                let sigmoid = |logit: f32| 1.0 / (1.0 + (-logit).exp());
                let mut cell = *cell;
                (cell[0], cell[5]) = (sigmoid(cell[0]), sigmoid(cell[5]));
                for (value, expected) in cell.into_iter().zip(expected) {
                    assert!((value - expected).abs() < 1e-3, "{value} for {expected}");
                }
            }
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(24))]

        #[test]
        fn the_outputs_are_the_inference_librarys(
            columns in 1_usize..5, rows in 1_usize..5, seed: u64, blocks in 1_usize..40
        ) {
            let model = Model::load_static_slice(MODEL).unwrap();
            let random = &mut fastrand::Rng::with_seed(seed);
            let (width, height) = (32 * columns, 32 * rows);
            let colours: Vec<_> = (0..256).map(|_| [0; 3].map(|_| f32::from(random.u8(..)))).collect();
            let at = |i: usize| colours[(i % width / blocks + i / width / blocks * 7) % 256];
            let pixels = (0..width * height).map(at).collect();
            assert_as_expected(&model, &Map { width, pixels });
        }
    }
}
