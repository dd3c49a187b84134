//! Code shared by the networks that we run ourselves: activation functions, a depthwise layer, and
//! reading ONNX files.
//!
//! Maps are stored with interleaved channels, so that a vector holds 4 to 16 channels; rten
//! computes depthwise convolutions one number at a time.

pub(super) mod depthwise;
pub(super) mod onnx;

use rten_simd::ops::NumOps;

pub(in crate::engine) trait Activation<const C: usize> {
    /// Applies the function to a vector of channels starting at channel `c`.
    fn apply<O: NumOps<f32>>(&self, ops: O, c: usize, values: O::Simd) -> O::Simd;
}

/// A lower bound on outputs: 0 is ReLU, minus infinity is no activation.
pub(in crate::engine) struct Floor(pub(in crate::engine) f32);

impl<const C: usize> Activation<C> for Floor {
    #[inline(always)]
    fn apply<O: NumOps<f32>>(&self, ops: O, _: usize, values: O::Simd) -> O::Simd {
        ops.max(values, ops.splat(self.0))
    }
}

/// PReLU: multiplies negative values by the channel's slope.
pub(in crate::engine) struct Slopes<const C: usize>(pub(in crate::engine) [f32; C]);

impl<const C: usize> Activation<C> for Slopes<C> {
    #[inline(always)]
    fn apply<O: NumOps<f32>>(&self, ops: O, c: usize, values: O::Simd) -> O::Simd {
        let zero = ops.zero();
        let below = ops.min(values, zero);
        ops.mul_add(below, ops.load(&self.0[c..]), ops.max(values, zero))
    }
}
