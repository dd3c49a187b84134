//! Reads the weights from the ONNX file into the layers' layout.

use anyhow::{Context as _, Result, bail, ensure};
use rten_gemm::GemmExecutor;
use rten_onnx::onnx::NodeProto;
use rten_tensor::NdTensorView;

use super::block::{Block, Pointwise};
use super::projection::{CHANNELS, Projection};
use super::stem::Stem;
use super::{Layers, SIDE};
use crate::engine::layers::Slopes;
use crate::engine::layers::depthwise::Depthwise;
use crate::engine::layers::onnx::{Conv, Graph, is};

/// The convolutions and slopes of a file, in order of use. Each is read when needed, so that only
/// one is unpacked at a time.
struct Reader {
    graph: Graph,
    gemm: GemmExecutor,
    convs: std::vec::IntoIter<NodeProto>,
    slopes: std::vec::IntoIter<Vec<f32>>,
}

pub(super) fn read(model: &[u8]) -> Result<Layers> {
    let graph = Graph::read(model)?;
    let slopes = graph.nodes.iter().filter(|node| is(node, "PRelu"));
    let slopes = slopes
        .map(|node| graph.floats(node.input.get(1).context("a PRelu without slopes")?))
        .collect::<Result<Vec<_>>>()?;
    let convs: Vec<_> = graph.nodes.iter().filter(|node| is(node, "Conv")).cloned().collect();
    let (convs, slopes) = (convs.into_iter(), slopes.into_iter());
    let mut reader = Reader { graph, gemm: GemmExecutor::new(), convs, slopes };
    let stem = reader.stem()?;
    let (full, half) = (reader.block()?, (reader.block()?, reader.block()?));
    let quarter = (reader.block()?, reader.block()?);
    let eighth = reader.block()?;
    let mut same = Vec::new();
    for _ in 0..5 {
        same.push(reader.block()?);
    }
    let Ok(same) = same.try_into() else { bail!("there are not 5 blocks") };
    Ok(Layers {
        stem,
        full,
        half,
        quarter,
        eighth: (eighth, same),
        sixteenth: (reader.block()?, reader.block()?),
        projection: reader.projection()?,
    })
}

impl Reader {
    fn stem(&mut self) -> Result<Stem> {
        let conv = self.conv()?;
        ensure!((conv.weights.len(), conv.bias.len()) == (32 * 27, 32), "unexpected first layer");
        // Reordered to output channel, row, column, input channel.
        let weights: Vec<f32> = (0..32 * 27)
            .map(|i| {
                let (out, row, column, channel) = (i / 27, i / 9 % 3, i / 3 % 3, i % 3);
                conv.weights[out * 27 + channel * 9 + row * 3 + column]
            })
            .collect();
        let weights = self.pointwise(Conv { weights, bias: conv.bias }, 27)?;
        Ok(Stem { mean: self.constant("Sub")?, factor: self.constant("Mul")?, weights })
    }

    fn block<const C: usize, const STRIDE: usize>(&mut self) -> Result<Block<C, STRIDE>> {
        let before = self.slopes::<C>()?;
        let depthwise = Depthwise::new(self.conv()?, self.slopes()?)?;
        let conv = self.conv()?;
        Ok(Block { before, depthwise, pointwise: self.pointwise(conv, C)? })
    }

    fn projection(&mut self) -> Result<Projection> {
        let before = self.slopes::<CHANNELS>()?.0.to_vec();
        let node = self.graph.nodes.iter().find(|node| is(node, "Gemm"));
        let node = node.context("no last layer")?;
        let [_, weights, bias] = &node.input[..] else { bail!("a layer without a bias") };
        let bias = self.graph.floats(bias)?;
        let (weights, scales) = self.graph.int8(weights)?;
        let inputs = CHANNELS * (SIDE / 16) * (SIDE / 16);
        let (Ok(scales), Ok(bias)) = (scales.try_into(), bias.try_into()) else {
            bail!("unexpected last layer");
        };
        ensure!(weights.len() == inputs * super::NUMBERS, "unexpected last layer");
        Ok(Projection { before, weights, scales, bias })
    }

    fn pointwise(&self, Conv { weights, bias }: Conv, inputs: usize) -> Result<Pointwise> {
        ensure!(
            weights.len() == inputs * bias.len(),
            "a layer that does not take {inputs} channels"
        );
        let by_output = NdTensorView::from_data([bias.len(), inputs], weights.as_slice());
        Ok(Pointwise { weights: self.gemm.prepack_b(by_output.transposed()), bias })
    }

    fn conv(&mut self) -> Result<Conv> {
        self.graph.conv(&self.convs.next().context("too few layers")?)
    }

    fn slopes<const C: usize>(&mut self) -> Result<Slopes<C>> {
        let slopes = self.slopes.next().context("too few activations")?;
        let Ok(slopes) = slopes.try_into() else { bail!("an activation without {C} channels") };
        Ok(Slopes(slopes))
    }

    /// The constant operand of the first node of this kind.
    fn constant(&self, kind: &str) -> Result<f32> {
        let node = self.graph.nodes.iter().find(|node| is(node, kind));
        let name = node.and_then(|node| node.input.get(1)).context("a constant is missing")?;
        self.graph.floats(name)?.first().copied().context("a constant is missing")
    }
}
