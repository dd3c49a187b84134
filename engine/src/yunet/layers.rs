//! YuNet's two kinds of layers.

use anyhow::Result;
use rten_simd::ops::NumOps;
use rten_simd::{Isa, SimdOp};

use super::map::Rows;
use crate::layers::depthwise::{Depthwise, DepthwiseRow};
use crate::layers::stem::{Stem, StemRow};
use crate::layers::weights::Reader;
use crate::layers::{Floor, Linear};

/// The number of pixels computed together: their sums and the weights fit into registers.
const AT_ONCE: usize = 4;

/// The first convolution: stride 2, ReLU.
pub(super) type First = Stem<16, 2, Floor>;

/// A pointwise convolution followed by a depthwise one.
pub(super) struct Unit<const IN: usize, const OUT: usize> {
    pub(super) pointwise: &'static [[f32; OUT]; IN],
    pub(super) pointwise_bias: &'static [f32; OUT],
    pub(super) depthwise: Depthwise<OUT, Floor>,
}

/// A map of half the canvas's size.
pub(super) fn halve<R: Rows<3>>(stem: &First, canvas: R) -> StemRows<'_, R> {
    // Zero padding only above and on the left: the last windows end with the canvas.
    let rows = [(); 3].map(|()| vec![[0.0; 3]; canvas.width() + 1]);
    StemRows { stem, canvas, rows }
}

impl<const IN: usize, const OUT: usize> Unit<IN, OUT> {
    pub(super) fn read(file: &mut Reader, floor: f32) -> Result<Self> {
        let (pointwise, pointwise_bias) = (file.table()?, file.array()?);
        let depthwise = Depthwise::read(file, |_| Ok(Floor(floor)))?;
        Ok(Self { pointwise, pointwise_bias, depthwise })
    }

    /// A map of the same size.
    pub(super) fn run<R: Rows<IN>>(&self, source: R) -> UnitRows<'_, R, IN, OUT> {
        let width = source.width();
        let rows = [(); 3].map(|()| vec![[0.0; OUT]; width + 2]);
        UnitRows { unit: self, input: vec![[0.0; IN]; width], source, rows, y: 0 }
    }
}

pub(super) struct StemRows<'a, R> {
    stem: &'a First,
    canvas: R,
    /// The three rows of the current windows, padded on the left.
    rows: [Vec<[f32; 3]>; 3],
}

impl<R: Rows<3>> Rows<16> for StemRows<'_, R> {
    fn width(&self) -> usize {
        self.canvas.width() / 2
    }

    fn height(&self) -> usize {
        self.canvas.height() / 2
    }

    fn next(&mut self, row: &mut [[f32; 16]]) {
        self.rows.swap(0, 2);
        for row in &mut self.rows[1..] {
            self.canvas.next(&mut row[1..]);
        }
        let rows = self.rows.each_ref().map(|row| row.as_flattened());
        StemRow { stem: self.stem, rows, target: row }.dispatch();
    }
}

pub(super) struct UnitRows<'a, R, const IN: usize, const OUT: usize> {
    unit: &'a Unit<IN, OUT>,
    source: R,
    input: Vec<[f32; IN]>,
    /// Three rows of the pointwise convolution's output, padded with zeros.
    rows: [Vec<[f32; OUT]>; 3],
    /// The next row.
    y: usize,
}

impl<R: Rows<IN>, const IN: usize, const OUT: usize> UnitRows<'_, R, IN, OUT> {
    /// Shifts the rows up and computes the next one.
    fn advance(&mut self) {
        self.rows.rotate_left(1);
        let width = self.input.len();
        self.source.next(&mut self.input);
        let target = &mut self.rows[2][1..=width];
        PointwiseRow { unit: self.unit, row: &self.input, target }.dispatch();
    }
}

impl<R: Rows<IN>, const IN: usize, const OUT: usize> Rows<OUT> for UnitRows<'_, R, IN, OUT> {
    fn width(&self) -> usize {
        self.source.width()
    }

    fn height(&self) -> usize {
        self.source.height()
    }

    fn next(&mut self, row: &mut [[f32; OUT]]) {
        if self.y == 0 {
            self.advance();
        }
        self.y += 1;
        if self.y < self.height() {
            self.advance();
        } else {
            self.rows.rotate_left(1);
            self.rows[2].fill([0.0; OUT]);
        }
        let rows = self.rows.each_ref().map(Vec::as_slice);
        let layer = &self.unit.depthwise;
        DepthwiseRow::<OUT, 1, _, _> { before: &Linear, layer, rows, target: row }.dispatch();
    }
}

struct PointwiseRow<'a, const IN: usize, const OUT: usize> {
    unit: &'a Unit<IN, OUT>,
    row: &'a [[f32; IN]],
    target: &'a mut [[f32; OUT]],
}

impl<const IN: usize, const OUT: usize> SimdOp for PointwiseRow<'_, IN, OUT> {
    type Output = ();

    #[inline(always)]
    fn eval<I: Isa>(self, isa: I) {
        let ops = isa.f32();
        let (blocks, rest) = self.row.as_chunks::<AT_ONCE>();
        let (targets, rest_targets) = self.target.as_chunks_mut::<AT_ONCE>();
        for (block, target) in blocks.iter().zip(targets) {
            pointwise(ops, self.unit, block, target);
        }
        for (pixel, target) in rest.iter().zip(rest_targets) {
            let (pixel, target) = (std::array::from_ref(pixel), std::array::from_mut(target));
            pointwise(ops, self.unit, pixel, target);
        }
    }
}

/// Computes `N` pixels of the pointwise convolution, two vectors of channels at a time if possible.
#[inline(always)]
fn pointwise<O: NumOps<f32>, const IN: usize, const OUT: usize, const N: usize>(
    ops: O,
    unit: &Unit<IN, OUT>,
    pixels: &[[f32; IN]; N],
    target: &mut [[f32; OUT]; N],
) {
    if OUT >= 2 * ops.len() {
        for c in (0..OUT).step_by(2 * ops.len()) {
            pointwise_at::<O, IN, OUT, N, 2>(ops, unit, pixels, target, c);
        }
    } else {
        pointwise_at::<O, IN, OUT, N, 1>(ops, unit, pixels, target, 0);
    }
}

/// Computes `V` vectors of channels, starting at channel `c`.
#[inline(always)]
fn pointwise_at<
    O: NumOps<f32>,
    const IN: usize,
    const OUT: usize,
    const N: usize,
    const V: usize,
>(
    ops: O,
    unit: &Unit<IN, OUT>,
    pixels: &[[f32; IN]; N],
    target: &mut [[f32; OUT]; N],
    c: usize,
) {
    let mut sums = [ops.load_many::<V>(&unit.pointwise_bias[c..]); N];
    for (k, weights) in unit.pointwise.iter().enumerate() {
        let weights = ops.load_many::<V>(&weights[c..]);
        for (pixel, sums) in pixels.iter().zip(&mut sums) {
            let value = ops.splat(pixel[k]);
            for (sum, weight) in sums.iter_mut().zip(weights) {
                *sum = ops.mul_add(value, weight, *sum);
            }
        }
    }
    for (sums, pixel) in sums.into_iter().zip(target) {
        for (sum, values) in sums.into_iter().zip(pixel[c..].chunks_exact_mut(ops.len())) {
            ops.store(sum, values);
        }
    }
}

#[cfg(test)]
mod tests {
    use rten_simd::isa::GenericIsa;

    use super::*;
    use crate::layers::Slopes;

    fn leaked<T>(value: T) -> &'static T {
        Box::leak(Box::new(value))
    }

    fn noise(random: &mut fastrand::Rng) -> f32 {
        random.f32() - 0.5
    }

    fn row<const C: usize>(random: &mut fastrand::Rng, width: usize) -> Vec<[f32; C]> {
        (0..width).map(|_| [0.0; C].map(|_| noise(random))).collect()
    }

    fn unit<const IN: usize, const OUT: usize>(random: &mut fastrand::Rng) -> Unit<IN, OUT> {
        Unit {
            pointwise: leaked([[0.0; OUT]; IN].map(|row| row.map(|_| noise(random)))),
            pointwise_bias: leaked([0.0; OUT].map(|_| noise(random))),
            depthwise: Depthwise {
                weights: leaked([[0.0; OUT]; 9].map(|row| row.map(|_| noise(random)))),
                bias: leaked([0.0; OUT].map(|_| noise(random))),
                activation: Floor(0.0),
            },
        }
    }

    fn assert_near<const C: usize>(a: &[[f32; C]], b: &[[f32; C]]) {
        for (a, b) in a.as_flattened().iter().zip(b.as_flattened()) {
            assert!((a - b).abs() < 1e-4, "{a} for {b}");
        }
    }

    /// Compares the output of an operation with the machine's widest vectors, with 128 bits, and
    /// with AVX2 if available.
    macro_rules! all_agree {
        ($width:expr, $target:ident => $operation:expr) => {{
            let [mut widest, mut other] = [(); 2].map(|()| vec![[0.0; _]; $width]);
            let $target = &mut widest[..];
            $operation.dispatch();
            let $target = &mut other[..];
            $operation.eval(GenericIsa::new());
            assert_near(&other, &widest);
            #[cfg(target_arch = "x86_64")]
            if let Some(isa) = rten_simd::isa::Avx2Isa::new() {
                let $target = &mut other[..];
                $operation.eval(isa);
                assert_near(&other, &widest);
            }
        }};
    }

    #[test]
    fn all_instruction_sets_agree() {
        let random = &mut fastrand::Rng::with_seed(1);
        // With and without blocks of four pixels, and with a remainder.
        for width in [1, 4, 7, 64] {
            let stem = First {
                weights: leaked([[0.0; 16]; 27].map(|tap| tap.map(|_| noise(random)))),
                bias: leaked([0.0; 16].map(|_| noise(random))),
                activation: Floor(0.0),
            };
            let rows = [(); 3].map(|()| row::<3>(random, 2 * width + 1));
            let rows = rows.each_ref().map(|row| row.as_flattened());
            all_agree!(width, target => StemRow { stem: &stem, rows, target });
            units_agree::<16, 16>(random, width);
            units_agree::<16, 32>(random, width);
            units_agree::<64, 64>(random, width);
        }
    }

    fn units_agree<const IN: usize, const OUT: usize>(random: &mut fastrand::Rng, width: usize) {
        let unit = unit::<IN, OUT>(random);
        let pixels = row(random, width);
        all_agree!(width, target => PointwiseRow { unit: &unit, row: &pixels, target });
        let rows = [(); 3].map(|()| row(random, width + 2));
        let rows = rows.each_ref().map(Vec::as_slice);
        let layer = &unit.depthwise;
        all_agree!(width, target => DepthwiseRow::<OUT, 1, _, _> { before: &Linear, layer, rows, target });
        // Stride 2.
        let layer = &Depthwise {
            weights: unit.depthwise.weights,
            bias: unit.depthwise.bias,
            activation: Slopes(leaked([0.0; OUT].map(|_| noise(random)))),
        };
        all_agree!(width.div_ceil(2), target => DepthwiseRow::<OUT, 2, _, _> { before: &Floor(0.0), layer, rows, target });
    }
}
