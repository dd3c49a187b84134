//! A network's first convolution: 3 x 3 windows of three channels.

use std::array;

use anyhow::Result;
use rten_simd::ops::NumOps;
use rten_simd::{Isa, SimdOp};

use super::Activation;
use super::map::Map;
use super::weights::Reader;

/// The number of pixels computed together: their sums and the weights fit into registers.
const AT_ONCE: usize = 4;

pub(crate) struct Stem<const OUT: usize, const STRIDE: usize, A> {
    /// The weights of each window row, in the memory order of its pixels' channels.
    pub(crate) weights: &'static [[f32; OUT]; 27],
    pub(crate) bias: &'static [f32; OUT],
    pub(crate) activation: A,
}

impl<const OUT: usize, const STRIDE: usize, A: Activation<OUT>> Stem<OUT, STRIDE, A> {
    pub(crate) fn read(
        file: &mut Reader,
        activation: impl FnOnce(&mut Reader) -> Result<A>,
    ) -> Result<Self> {
        let (weights, bias) = (file.table()?, file.array()?);
        Ok(Self { weights, bias, activation: activation(file)? })
    }

    /// Turns a square chip into a map. Zero padding is even: with a stride of 2, only below and on
    /// the right.
    pub(crate) fn run(&self, chip: &[[f32; 3]], mean: &[f32; 3], map: &mut Map) {
        let side = chip.len().isqrt();
        let before = STRIDE % 2;
        let mut canvas = vec![[0.0; 3]; (side + 2) * (side + 2)];
        let rows = canvas.chunks_exact_mut(side + 2).skip(before);
        for (row, pixels) in rows.zip(chip.chunks_exact(side.max(1))) {
            for (target, pixel) in row[before..].iter_mut().zip(pixels) {
                *target = array::from_fn(|channel| pixel[channel] - mean[channel]);
            }
        }
        let rows: Vec<_> = canvas.chunks_exact(side + 2).map(<[_]>::as_flattened).collect();
        map.reshape(side / STRIDE, OUT);
        for (y, rows) in rows.array_windows::<3>().step_by(STRIDE).take(map.side()).enumerate() {
            StemRow { stem: self, rows: *rows, target: map.row_mut(y) }.dispatch();
        }
    }
}

pub(crate) struct StemRow<'a, const OUT: usize, const STRIDE: usize, A> {
    pub(crate) stem: &'a Stem<OUT, STRIDE, A>,
    pub(crate) rows: [&'a [f32]; 3],
    pub(crate) target: &'a mut [[f32; OUT]],
}

impl<const OUT: usize, const STRIDE: usize, A: Activation<OUT>> SimdOp
    for StemRow<'_, OUT, STRIDE, A>
{
    type Output = ();

    #[inline(always)]
    fn eval<I: Isa>(self, isa: I) {
        let ops = isa.f32();
        let (blocks, rest) = self.target.as_chunks_mut::<AT_ONCE>();
        let done = AT_ONCE * blocks.len();
        for (i, block) in blocks.iter_mut().enumerate() {
            windows(ops, self.stem, self.rows, AT_ONCE * i, block);
        }
        for (i, pixel) in rest.iter_mut().enumerate() {
            windows(ops, self.stem, self.rows, done + i, array::from_mut(pixel));
        }
    }
}

/// Computes `N` pixels, starting at column `x`.
#[inline(always)]
fn windows<
    O: NumOps<f32>,
    A: Activation<OUT>,
    const OUT: usize,
    const STRIDE: usize,
    const N: usize,
>(
    ops: O,
    stem: &Stem<OUT, STRIDE, A>,
    rows: [&[f32]; 3],
    x: usize,
    target: &mut [[f32; OUT]; N],
) {
    let windows = rows.map(|row| &row[3 * STRIDE * x..][..3 * STRIDE * (N - 1) + 9]);
    for c in (0..OUT).step_by(ops.len()) {
        let mut sums = [ops.load(&stem.bias[c..]); N];
        for (window, weights) in windows.iter().zip(stem.weights.as_chunks::<9>().0) {
            for (k, weights) in weights.iter().enumerate() {
                let weight = ops.load(&weights[c..]);
                for (i, sum) in sums.iter_mut().enumerate() {
                    *sum = ops.mul_add(ops.splat(window[3 * STRIDE * i + k]), weight, *sum);
                }
            }
        }
        for (sum, pixel) in sums.into_iter().zip(target.iter_mut()) {
            ops.store(stem.activation.apply(ops, c, sum), &mut pixel[c..]);
        }
    }
}
