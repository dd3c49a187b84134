//! A block that halves the map.

use anyhow::Result;

use super::{Block, block};
use crate::layers::map::Map;
use crate::layers::pointwise::{Gemm, Pointwise};
use crate::layers::separable::Band;
use crate::layers::weights::Reader;

/// Two separable convolutions and a max pooling, beside a shortcut.
pub(super) struct Reduction<const IN: usize, const OUT: usize> {
    first: Block<IN>,
    second: Block<OUT>,
    shortcut: Pointwise,
}

impl<const IN: usize, const OUT: usize> Reduction<IN, OUT> {
    pub(super) fn read(file: &mut Reader, gemm: &Gemm) -> Result<Self> {
        let (first, second) = (block(file, gemm, OUT)?, block(file, gemm, OUT)?);
        Ok(Self { first, second, shortcut: Pointwise::read(file, gemm, [IN, OUT])? })
    }

    /// Replaces the map with the block's output.
    pub(super) fn run(
        &self,
        gemm: &Gemm,
        band: &mut Band,
        map: &mut Map,
        [a, b]: [&mut Map; 2],
    ) -> Result<()> {
        self.first.run(gemm, band, map, a)?;
        self.second.run(gemm, band, a, b)?;
        band.halve::<IN>(gemm, &self.shortcut, map, a)?;
        std::mem::swap(map, a);
        for y in 0..map.side() {
            add_pooled(b, y, map.row_mut::<OUT>(y));
        }
        Ok(())
    }
}

/// Adds the greatest value of each window of 3 x 3 pixels with a stride of 2. The last windows are
/// cut off by the edge.
fn add_pooled<const C: usize>(map: &Map, y: usize, target: &mut [[f32; C]]) {
    let last = map.side() - 1;
    let rows = [0, 1, 2].map(|i| map.row::<C>(last.min(2 * y + i)));
    for (x, target) in target.iter_mut().enumerate() {
        let columns = [0, 1, 2].map(|i| last.min(2 * x + i));
        let mut most = [f32::NEG_INFINITY; C];
        for pixel in rows.iter().flat_map(|row| columns.map(|column| &row[column])) {
            for (most, &value) in most.iter_mut().zip(pixel) {
                *most = if value > *most { value } else { *most };
            }
        }
        for (target, most) in target.iter_mut().zip(most) {
            *target += most;
        }
    }
}
