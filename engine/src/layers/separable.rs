//! Depthwise separable convolutions.

use anyhow::Result;
use rten_simd::SimdOp;

use super::Activation;
use super::depthwise::{Depthwise, DepthwiseRow};
use super::map::Map;
use super::pointwise::{Gemm, Pointwise, Products};
use super::weights::Reader;

/// The least number of pixels to multiply together, in whole rows: fewer would read the weights too
/// often, more would not fit into the cache.
const BAND: usize = 112;

/// A depthwise and a pointwise convolution. `before` is the activation of the input.
pub(crate) struct Separable<const C: usize, const STRIDE: usize, B, A> {
    before: B,
    depthwise: Depthwise<C, A>,
    pointwise: Pointwise,
}

/// Buffers for a band of rows.
#[derive(Default)]
pub(crate) struct Band {
    row: Vec<f32>,
    products: Products,
}

impl<const C: usize, const STRIDE: usize, B: Activation<C>, A: Activation<C>>
    Separable<C, STRIDE, B, A>
{
    pub(crate) fn read(
        file: &mut Reader,
        gemm: &Gemm,
        before: B,
        activation: impl FnOnce(&mut Reader) -> Result<A>,
        outputs: usize,
    ) -> Result<Self> {
        let depthwise = Depthwise::read(file, activation)?;
        Ok(Self { before, depthwise, pointwise: Pointwise::read(file, gemm, [C, outputs])? })
    }

    pub(crate) fn with_slopes(self, file: &mut Reader) -> Result<Self> {
        Ok(Self { pointwise: self.pointwise.with_slopes(file)?, ..self })
    }

    pub(crate) fn run(
        &self,
        gemm: &Gemm,
        band: &mut Band,
        source: &Map,
        target: &mut Map,
    ) -> Result<()> {
        let Self { before, depthwise: layer, pointwise } = self;
        let side = source.side() / STRIDE;
        target.reshape(side, pointwise.outputs());
        let Band { row, products } = band;
        row.resize(side * C, 0.0);
        let height = BAND.div_ceil(side);
        for top in (0..side).step_by(height) {
            let ys = top..side.min(top + height);
            products.clear();
            for y in ys.clone() {
                let rows = [0, 1, 2].map(|i| source.bordered(STRIDE * y + i));
                let target = row.as_chunks_mut().0;
                DepthwiseRow::<C, STRIDE, _, _> { before, layer, rows, target }.dispatch();
                products.push::<C>(gemm, row.as_chunks().0);
            }
            pointwise.multiply(gemm, products)?;
            for y in ys {
                pointwise.finish(products, (y - top) * side, target.values_mut(y));
            }
        }
        Ok(())
    }
}

impl Band {
    /// A pointwise convolution of every second pixel of every second row.
    pub(crate) fn halve<const C: usize>(
        &mut self,
        gemm: &Gemm,
        layer: &Pointwise,
        source: &Map,
        target: &mut Map,
    ) -> Result<()> {
        let side = source.side() / 2;
        target.reshape(side, layer.outputs());
        self.products.clear();
        for y in 0..side {
            let pixels: Vec<_> = source.row::<C>(2 * y).iter().step_by(2).copied().collect();
            self.products.push(gemm, &pixels);
        }
        layer.multiply(gemm, &mut self.products)?;
        for y in 0..side {
            layer.finish(&self.products, y * side, target.values_mut(y));
        }
        Ok(())
    }
}
