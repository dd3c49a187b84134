//! The layers that all networks share.
//!
//! Maps are stored with interleaved channels, so that a vector holds 4 to 16 channels.

pub(super) mod depthwise;
pub(super) mod map;
pub(super) mod pointwise;
pub(super) mod separable;
pub(super) mod stem;
pub(super) mod weights;

use std::sync::Mutex;

use rten_simd::ops::NumOps;

pub(crate) trait Activation<const C: usize> {
    /// Applies the function to a vector of channels starting at channel `c`.
    fn apply<O: NumOps<f32>>(&self, ops: O, c: usize, values: O::Simd) -> O::Simd;
}

pub(crate) struct Linear;

impl<const C: usize> Activation<C> for Linear {
    #[inline(always)]
    fn apply<O: NumOps<f32>>(&self, _: O, _: usize, values: O::Simd) -> O::Simd {
        values
    }
}

/// A lower bound on outputs: 0 is ReLU, minus infinity is no activation.
pub(crate) struct Floor(pub(crate) f32);

impl<const C: usize> Activation<C> for Floor {
    #[inline(always)]
    fn apply<O: NumOps<f32>>(&self, ops: O, _: usize, values: O::Simd) -> O::Simd {
        ops.max(values, ops.splat(self.0))
    }
}

/// PReLU: multiplies negative values by the channel's slope.
pub(crate) struct Slopes<const C: usize>(pub(crate) &'static [f32; C]);

impl<const C: usize> Activation<C> for Slopes<C> {
    #[inline(always)]
    fn apply<O: NumOps<f32>>(&self, ops: O, c: usize, values: O::Simd) -> O::Simd {
        prelu(ops, &self.0[c..], values)
    }
}

#[inline(always)]
fn prelu<O: NumOps<f32>>(ops: O, slopes: &[f32], values: O::Simd) -> O::Simd {
    let zero = ops.zero();
    ops.mul_add(ops.min(values, zero), ops.load(slopes), ops.max(values, zero))
}

/// Buffers that stay allocated between runs: fresh memory costs a page fault for each 4 kB.
#[derive(Default)]
pub(crate) struct Spare<T>(Mutex<Vec<T>>);

impl<T: Default> Spare<T> {
    pub(crate) fn lend<R>(&self, work: impl FnOnce(&mut T) -> R) -> R {
        let mut buffers = self.0.lock().ok().and_then(|mut all| all.pop()).unwrap_or_default();
        let result = work(&mut buffers);
        if let Ok(mut all) = self.0.lock() {
            all.push(buffers);
        }
        result
    }
}
