//! Reads the weights from the ONNX file into the layers' layout.

use std::array;

use anyhow::{Context as _, Result, bail, ensure};

use super::layers::{Stem, Unit};
use super::{Layers, OUTPUTS};
use crate::engine::layers::Floor;
use crate::engine::layers::depthwise::Depthwise;
use crate::engine::layers::onnx::{Conv, Graph};

/// The number of units before the heads: the backbone's, then the neck's from coarse to fine.
const BODY: usize = 14;

/// A pointwise and a depthwise convolution.
type Pair = [Conv; 2];

/// Reads the network. The file lists the convolutions in order of use.
pub(super) fn read(model: &[u8]) -> Result<Layers> {
    let mut convs = Graph::read(model)?.convs()?.into_iter();
    let stem = stem(&convs.next().context("no first layer")?)?;
    let mut pairs = Vec::new();
    while let (Some(pointwise), Some(depthwise)) = (convs.next(), convs.next()) {
        pairs.push([pointwise, depthwise]);
    }
    ensure!(pairs.len() == BODY + 12, "there are {} units", pairs.len());
    let (body, heads) = pairs.split_at(BODY);
    let [half, a, b, c, d, stages @ .., lateral_32, lateral_16, lateral_8] = body else {
        bail!("there are {} units", body.len());
    };
    let [a_8, b_8, a_16, b_16, a_32, b_32] = stages else { bail!("too few stages") };
    // There is a head for each kind of output and each stride.
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
    ensure!((conv.weights.len(), conv.bias.len()) == (16 * 27, 16), "unexpected first layer");
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

/// A unit with the concatenated outputs of all `parts`.
fn unit<const IN: usize, const OUT: usize>(parts: &[&Pair], floor: f32) -> Result<Unit<IN, OUT>> {
    let joined = |layer: usize| Conv {
        weights: parts.iter().flat_map(|part| part[layer].weights.iter().copied()).collect(),
        bias: parts.iter().flat_map(|part| part[layer].bias.iter().copied()).collect(),
    };
    let Conv { weights, bias } = joined(0);
    ensure!(weights.len() == IN * OUT, "a layer that is not {IN} to {OUT} channels");
    let by_input = (0..IN).map(|k| array::from_fn(|out| weights[out * IN + k]));
    let (Ok(pointwise), Ok(pointwise_bias)) =
        (Box::try_from(by_input.collect::<Vec<_>>()), bias.try_into())
    else {
        bail!("a layer that is not {IN} to {OUT} channels");
    };
    let depthwise = Depthwise::new(joined(1), Floor(floor))?;
    Ok(Unit { pointwise, pointwise_bias, depthwise })
}
