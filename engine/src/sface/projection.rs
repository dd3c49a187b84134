//! SFace's last layer, from 50,176 inputs to 128 outputs.

use std::array;

use anyhow::{Result, ensure};
use rten_simd::ops::{BitOps, Extend, NumOps, ToFloat};
use rten_simd::{Isa, SimdOp};

use super::{NUMBERS, SIDE};
use crate::layers::map::Map;
use crate::layers::weights::Reader;

const CHANNELS: usize = 1024;

const INPUTS: usize = CHANNELS * (SIDE / 16) * (SIDE / 16);

/// A fully connected layer, with inputs in floating-point numbers.
pub(super) struct Projection {
    /// The weights of all inputs for each output, pixel by pixel.
    weights: &'static [i8],
    scales: &'static [f32; NUMBERS],
    bias: &'static [f32; NUMBERS],
}

impl Projection {
    pub(super) fn read(file: &mut Reader) -> Result<Self> {
        let weights = file.int8(INPUTS * NUMBERS)?;
        let (scales, bias) = (file.array()?, file.array()?);
        ensure!(file.is_empty(), "too many weights");
        Ok(Self { weights, scales, bias })
    }

    pub(super) fn run(&self, map: &Map) -> [f32; NUMBERS] {
        let rows = (0..map.side()).flat_map(|y| map.row::<CHANNELS>(y).as_flattened());
        let inputs: Vec<f32> = rows.copied().collect();
        let mut rows = self.weights.chunks_exact(inputs.len().max(1));
        array::from_fn(|i| {
            let weights = rows.next().unwrap_or_default();
            self.bias[i] + self.scales[i] * Dot { inputs: &inputs, weights }.dispatch()
        })
    }
}
struct Dot<'a> {
    inputs: &'a [f32],
    weights: &'a [i8],
}

impl SimdOp for Dot<'_> {
    type Output = f32;

    #[inline(always)]
    fn eval<I: Isa>(self, isa: I) -> f32 {
        let (f32s, i8s, i16s, i32s) = (isa.f32(), isa.i8(), isa.i16(), isa.i32());
        let mut sums = [f32s.zero(); 4];
        let blocks = self.inputs.chunks_exact(i8s.len()).zip(self.weights.chunks_exact(i8s.len()));
        for (inputs, weights) in blocks {
            let weights = i8s.load(weights);
            let [low, high] = [i8s.extend_low(weights), i8s.extend_high(weights)];
            let quarters = [
                i16s.extend_low(low),
                i16s.extend_high(low),
                i16s.extend_low(high),
                i16s.extend_high(high),
            ];
            for ((sum, weights), inputs) in
                sums.iter_mut().zip(quarters).zip(inputs.chunks_exact(f32s.len()))
            {
                *sum = f32s.mul_add(f32s.load(inputs), i32s.to_float(weights), *sum);
            }
        }
        let [a, b, c, d] = sums;
        f32s.sum(f32s.add(f32s.add(a, b), f32s.add(c, d)))
    }
}
