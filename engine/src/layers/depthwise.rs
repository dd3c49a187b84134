//! A 3 x 3 depthwise convolution.

use anyhow::Result;
use rten_simd::ops::{BitOps, NumOps};
use rten_simd::{Isa, SimdOp};

use super::Activation;
use super::weights::Reader;

pub(crate) struct Depthwise<const C: usize, A> {
    /// The channels' weights for each pixel of the window, row by row.
    pub(crate) weights: &'static [[f32; C]; 9],
    pub(crate) bias: &'static [f32; C],
    pub(crate) activation: A,
}

impl<const C: usize, A> Depthwise<C, A> {
    pub(crate) fn read(
        file: &mut Reader,
        activation: impl FnOnce(&mut Reader) -> Result<A>,
    ) -> Result<Self> {
        let (weights, bias) = (file.table()?, file.array()?);
        Ok(Self { weights, bias, activation: activation(file)? })
    }
}

/// Computes one output row from three input rows: every `STRIDE`th window, starting at the first
/// column. `before` is the activation of the input.
pub(crate) struct DepthwiseRow<'a, const C: usize, const STRIDE: usize, B, A> {
    pub(crate) before: &'a B,
    pub(crate) layer: &'a Depthwise<C, A>,
    pub(crate) rows: [&'a [[f32; C]]; 3],
    pub(crate) target: &'a mut [[f32; C]],
}

impl<const C: usize, const STRIDE: usize, B: Activation<C>, A: Activation<C>> SimdOp
    for DepthwiseRow<'_, C, STRIDE, B, A>
{
    type Output = ();

    #[inline(always)]
    fn eval<I: Isa>(self, isa: I) {
        let ops = isa.f32();
        let layer = self.layer;
        let [above, at, below] = self.rows.map(|row| row.array_windows::<3>().step_by(STRIDE));
        for c in (0..C).step_by(ops.len()) {
            let weights = layer.weights.each_ref().map(|weights| ops.load(&weights[c..]));
            let bias = ops.load(&layer.bias[c..]);
            let windows = above.clone().zip(at.clone()).zip(below.clone());
            for (((above, at), below), target) in windows.zip(self.target.iter_mut()) {
                let window = above.iter().chain(at).chain(below);
                let mut sum = bias;
                for (pixel, weight) in window.zip(weights) {
                    let value = self.before.apply(ops, c, ops.load(&pixel[c..]));
                    sum = ops.mul_add(value, weight, sum);
                }
                ops.store(layer.activation.apply(ops, c, sum), &mut target[c..]);
            }
        }
    }
}
