//! The layers of SFace.

use anyhow::Result;
use rten_gemm::{BiasVector, GemmExecutor, GemmInputA, GemmInputB, GemmOptions, PackedBMatrix};
use rten_simd::ops::BitOps;
use rten_simd::{Isa, SimdOp};
use rten_tensor::NdTensorView;

use super::Buffers;
use crate::engine::layers::depthwise::{Depthwise, DepthwiseRow};
use crate::engine::layers::{Activation, Slopes};

/// The previous layer's activation, a depthwise and a pointwise convolution.
pub(super) struct Block<const C: usize, const STRIDE: usize> {
    pub(super) before: Slopes<C>,
    pub(super) depthwise: Depthwise<C, Slopes<C>>,
    pub(super) pointwise: Pointwise,
}

/// A pointwise convolution, computed as a matrix product.
pub(super) struct Pointwise {
    pub(super) weights: PackedBMatrix<f32>,
    pub(super) bias: Vec<f32>,
}

impl Pointwise {
    /// Writes the output into `map`. Each row of `pixels` has as many numbers as the layer has
    /// inputs.
    pub(super) fn run(
        &self,
        gemm: &GemmExecutor,
        pixels: &[f32],
        map: &mut Vec<f32>,
    ) -> Result<()> {
        let (inputs, outputs) = (self.weights.rows(), self.weights.cols());
        let count = pixels.len() / inputs;
        map.resize(count * outputs, 0.0);
        let pixels = NdTensorView::from_data([count, inputs], pixels);
        let options =
            GemmOptions { bias: Some(BiasVector::Row(&self.bias)), ..GemmOptions::default() };
        let weights = GemmInputB::Packed(&self.weights);
        Ok(gemm.gemm(map, GemmInputA::Unpacked(pixels), weights, options)?)
    }
}

impl<const C: usize, const STRIDE: usize> Block<C, STRIDE> {
    /// Replaces the map, which is `side` pixels wide, with the block's output.
    pub(super) fn run(
        &self,
        gemm: &GemmExecutor,
        side: usize,
        buffers: &mut Buffers,
    ) -> Result<()> {
        let Buffers { map, between } = buffers;
        let out = side / STRIDE;
        between.resize(out * out * C, 0.0);
        let (pixels, _) = map.as_chunks::<C>();
        let (targets, _) = between.as_chunks_mut::<C>();
        // Zero padding on all sides.
        let mut rows = [(); 3].map(|()| vec![[0.0; C]; side + 2]);
        let (mut source, mut taken) = (pixels.chunks_exact(side), 0);
        for (y, target) in targets.chunks_exact_mut(out).enumerate() {
            while taken < STRIDE * y + 2 {
                rows.rotate_left(1);
                taken += 1;
                match source.next() {
                    Some(row) => {
                        let target = &mut rows[2][1..=side];
                        ActivatedRow { slopes: &self.before, row, target }.dispatch();
                    }
                    None => rows[2].fill([0.0; C]),
                }
            }
            let rows = rows.each_ref().map(Vec::as_slice);
            let layer = &self.depthwise;
            DepthwiseRow::<C, STRIDE, _> { layer, rows, target }.dispatch();
        }
        self.pointwise.run(gemm, between, map)
    }
}

struct ActivatedRow<'a, const C: usize> {
    slopes: &'a Slopes<C>,
    row: &'a [[f32; C]],
    target: &'a mut [[f32; C]],
}

impl<const C: usize> SimdOp for ActivatedRow<'_, C> {
    type Output = ();

    #[inline(always)]
    fn eval<I: Isa>(self, isa: I) {
        let ops = isa.f32();
        for (pixel, target) in self.row.iter().zip(self.target) {
            for c in (0..C).step_by(ops.len()) {
                let values = self.slopes.apply(ops, c, ops.load(&pixel[c..]));
                ops.store(values, &mut target[c..]);
            }
        }
    }
}
