//! SFace's last layer, from 50,176 inputs to 128 outputs.

use std::array;

use rten_simd::ops::{BitOps, Extend, NumOps, ToFloat};
use rten_simd::{Isa, SimdOp};

use super::NUMBERS;

pub(super) const CHANNELS: usize = 1024;

/// A fully connected layer. Its weights stay in int8, since they are read only once per face.
pub(super) struct Projection {
    pub(super) before: Vec<f32>,
    /// The weights of all inputs for each output, channel by channel.
    pub(super) weights: Vec<i8>,
    pub(super) scales: [f32; NUMBERS],
    pub(super) bias: [f32; NUMBERS],
}

impl Projection {
    pub(super) fn run(&self, map: &[f32]) -> [f32; NUMBERS] {
        let (pixels, _) = map.as_chunks::<CHANNELS>();
        let mut inputs = vec![0.0; map.len()];
        for (channel, (values, slope)) in
            inputs.chunks_exact_mut(pixels.len().max(1)).zip(&self.before).enumerate()
        {
            for (value, pixel) in values.iter_mut().zip(pixels) {
                let input = pixel[channel];
                *value = input.max(0.0) + slope * input.min(0.0);
            }
        }
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
