//! Our own implementation of YuNet (2023mar), the face detection network.
//!
//! After the first layer, it consists of 1 x 1 and depthwise convolutions, computed row by row. The
//! tests compare the outputs with rten's.
//!
//! "YuNet: A Tiny Millisecond-level Face Detector", Wu, Peng and Yu, 2023.

mod layers;
mod map;

use anyhow::{Result, ensure};

use super::layers::Floor;
use super::layers::stem::Stem;
use super::layers::weights::{Reader, written};
use super::lazy::Lazy;
use layers::{First, Unit, halve};
pub use map::{Map, Rows};

/// The outputs per cell: class, box (4), object, landmarks (10). Class and object are logits, the
/// others are encoded as in OpenCV's `FaceDetectorYN`.
pub const OUTPUTS: usize = 16;

pub type Yunet = Lazy<Layers>;

/// The network's parts, in the paper's terms.
pub struct Layers {
    stem: First,
    /// At half the canvas's size, then at a quarter.
    half: Unit<16, 16>,
    quarter: (Unit<16, 16>, Unit<16, 32>, Unit<32, 32>, Unit<32, 64>),
    /// For strides 8, 16 and 32, like the next two.
    stages: [[Unit<64, 64>; 2]; 3],
    laterals: [Unit<64, 64>; 3],
    heads: [Unit<64, OUTPUTS>; 3],
}

impl Yunet {
    pub const fn unloaded() -> Self {
        Self::new("YuNet", || Layers::read(written!("yunet")))
    }

    /// Computes the output maps for strides 8, 16 and 32, with a cell for each stride x stride
    /// pixels. The canvas is BGR, 0-255, and its sides are multiples of 32.
    pub fn run(&self, canvas: impl Rows<3>) -> Result<[Map<OUTPUTS>; 3]> {
        Ok(self.load()?.run(canvas))
    }
}

impl Layers {
    fn read(mut file: Reader) -> Result<Self> {
        let file = &mut file;
        let read = Self {
            stem: Stem::read(file, |_| Ok(Floor(0.0)))?,
            half: relu(file)?,
            quarter: (relu(file)?, relu(file)?, relu(file)?, relu(file)?),
            stages: [
                [relu(file)?, relu(file)?],
                [relu(file)?, relu(file)?],
                [relu(file)?, relu(file)?],
            ],
            laterals: [relu(file)?, relu(file)?, relu(file)?],
            heads: [head(file)?, head(file)?, head(file)?],
        };
        ensure!(file.is_empty(), "too many weights");
        Ok(read)
    }

    fn run(&self, canvas: impl Rows<3>) -> [Map<OUTPUTS>; 3] {
        let half = self.half.run(halve(&self.stem, canvas));
        let (a, b, c, d) = &self.quarter;
        let quarter = d.run(c.run(b.run(a.run(half.halved()))));
        let [[a_8, b_8], [a_16, b_16], [a_32, b_32]] = &self.stages;
        let mut eighth = b_8.run(a_8.run(quarter.halved())).collect();
        let mut sixteenth = b_16.run(a_16.run(eighth.rows().halved())).collect();
        let thirty_second = b_32.run(a_32.run(sixteenth.rows().halved()));

        // The neck adds the coarser maps to the finer ones.
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

fn relu<const IN: usize, const OUT: usize>(file: &mut Reader) -> Result<Unit<IN, OUT>> {
    Unit::read(file, 0.0)
}

fn head(file: &mut Reader) -> Result<Unit<64, OUTPUTS>> {
    Unit::read(file, f32::NEG_INFINITY)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test that fails may panic")]
mod tests {
    use proptest::prelude::*;
    use rten::Model;
    use rten_tensor::NdTensor;
    use rten_tensor::prelude::*;

    use super::*;

    const MODEL: &[u8] = include_bytes!("../../models/yunet_dynamic.onnx");

    const NAMES: [&str; 4] = ["cls", "bbox", "obj", "kps"];

    /// rten's output for the same file.
    fn expected(model: &Model, canvas: &Map<3>, stride: usize) -> Vec<[f32; OUTPUTS]> {
        let (width, height) = (canvas.width, canvas.pixels.len() / canvas.width);
        let planes = NdTensor::from_fn([1, 3, height, width], |[_, channel, y, x]| {
            canvas.pixels[y * width + x][channel]
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
        let maps = Yunet::unloaded().run(canvas.rows()).unwrap();
        for (map, stride) in maps.iter().zip([8, 16, 32]) {
            assert_eq!(map.width, canvas.width / stride);
            let expected = expected(model, canvas, stride);
            assert_eq!(map.pixels.len(), expected.len());
            for (cell, expected) in map.pixels.iter().zip(expected) {
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
        fn the_outputs_match_rten(
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
