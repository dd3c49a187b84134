//! dlib's face ResNet (29 layers, int8 weights): 128 numbers that are near for one person.

use rten_tensor::Tensor;
use rten_tensor::prelude::*;

use super::EngineError;
use super::model::Network;

/// The side of the chip that the network was trained on.
pub const CHIP_SIDE: usize = 150;

/// What the network says of a chip.
///
/// Not normalised: its length is about 1.4, and the distances that dlib documents are
/// between vectors as they come. Mean and scale of the pixels are inside the network.
pub fn embed(network: &Network, chip: &Tensor<f32>) -> Result<Vec<f32>, EngineError> {
    let [embedding] = network.run(&chip.view(), ["embedding"])?;
    Ok(embedding)
}
