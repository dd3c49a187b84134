//! The weights, from the ONNX file into the order in which the layers use them.

use std::array;

use anyhow::{Context as _, Result, bail, ensure};

use super::layers::{Stem, Unit};
use super::{Layers, OUTPUTS};
use crate::engine::layers::activation::Floor;
use crate::engine::layers::depthwise::Depthwise;
use crate::engine::layers::onnx::{Conv, Graph};

/// The units before the heads: the backbone's, then the neck's from the coarsest map on.
const BODY: usize = 14;

/// A pointwise convolution and the depthwise one after it.
type Pair = [Conv; 2];

/// Reads the network; its convolutions stand in the file in the order of use.
pub(super) fn read(model: &[u8]) -> Result<Layers> {
    let mut convs = Graph::read(model)?.convs()?.into_iter();
    let stem = stem(&convs.next().context("there is no first layer")?)?;
    let mut pairs = Vec::new();
    while let (Some(pointwise), Some(depthwise)) = (convs.next(), convs.next()) {
        pairs.push([pointwise, depthwise]);
    }
    ensure!(pairs.len() == BODY + 12, "there are {} units", pairs.len());
    let (body, heads) = pairs.split_at(BODY);
    let [half, a, b, c, d, stages @ .., lateral_32, lateral_16, lateral_8] = body else {
        bail!("there are {} units", body.len());
    };
    let [a_8, b_8, a_16, b_16, a_32, b_32] = stages else { bail!("there are too few stages") };
    // Of each kind of output there is a head for each stride.
    let head = |stride: usize| {
        let parts: [&Pair; 4] = array::from_fn(|kind| &heads[3 * kind + stride]);
        unit(&parts, f32::NEG_INFINITY)
    };
    Ok(Layers {
        stem,
        half: relu(half)?,
        quarter: (relu(a)?, relu(b)?, relu(c)?, relu(d)?),
        stages: [[relu(a_8)?, relu(b_8)?], [relu(a_16)?, relu(b_16)?], [relu(a_32)?, relu(b_32)?]],
        laterals: [relu(lateral_8)?, relu(lateral_16)?, relu(lateral_32)?],
        heads: [head(0)?, head(1)?, head(2)?] as [Unit<64, OUTPUTS>; 3],
    })
}

fn stem(conv: &Conv) -> Result<Stem> {
    ensure!((conv.weights.len(), conv.bias.len()) == (16 * 27, 16), "another first layer");
    let weight = |row: usize, k: usize, out: usize| {
        let (column, channel) = (k / 3, k % 3);
        conv.weights[out * 27 + channel * 9 + row * 3 + column]
    };
    Ok(Stem {
        weights: array::from_fn(|row| {
            array::from_fn(|k| array::from_fn(|out| weight(row, k, out)))
        }),
        bias: array::from_fn(|out| conv.bias[out]),
    })
}

fn relu<const IN: usize, const OUT: usize>(pair: &Pair) -> Result<Unit<IN, OUT>> {
    unit(&[pair], 0.0)
}

/// One unit that gives the outputs of all `parts`, one after another.
fn unit<const IN: usize, const OUT: usize>(parts: &[&Pair], floor: f32) -> Result<Unit<IN, OUT>> {
    let all = |values: fn(&Pair) -> &Vec<f32>| -> Vec<f32> {
        parts.iter().flat_map(|part| values(part)).copied().collect()
    };
    let pointwise = all(|[pointwise, _]| &pointwise.weights);
    let depthwise = all(|[_, depthwise]| &depthwise.weights);
    let biases = [all(|[pointwise, _]| &pointwise.bias), all(|[_, depthwise]| &depthwise.bias)];
    let [pointwise_bias, depthwise_bias] = biases.map(<[f32; OUT]>::try_from);
    ensure!(
        (pointwise.len(), depthwise.len()) == (IN * OUT, 9 * OUT),
        "a layer that is not {IN} to {OUT} channels"
    );
    let (Ok(pointwise_bias), Ok(depthwise_bias)) = (pointwise_bias, depthwise_bias) else {
        bail!("a layer that has not {OUT} channels");
    };
    let by_input = (0..IN).map(|k| array::from_fn(|out| pointwise[out * IN + k]));
    let Ok(pointwise) = Box::try_from(by_input.collect::<Vec<_>>()) else {
        bail!("a layer that does not take {IN} channels");
    };
    Ok(Unit {
        pointwise,
        pointwise_bias,
        depthwise: Depthwise {
            weights: Box::new(array::from_fn(|tap| array::from_fn(|out| depthwise[9 * out + tap]))),
            bias: depthwise_bias,
            activation: Floor(floor),
        },
    })
}
