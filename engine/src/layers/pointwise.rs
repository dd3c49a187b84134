//! Pointwise convolutions in 8-bit integers: matrix products of unsigned pixels and signed weights.
//!
//! Each pixel has a range of its own, from its least to its greatest channel. That costs no
//! measurable accuracy (`docs/engine.md`), where fixed ranges fail on dark and odd pictures.

use std::sync::Once;

use anyhow::{Result, ensure};
use rten_gemm::{GemmExecutor, GemmInputA, GemmInputB, GemmOptions, PackedBMatrix};
use rten_simd::ops::{BitOps, FloatOps, NarrowSaturate, NumOps, ToFloat};
use rten_simd::{Isa, Simd, SimdOp};
use rten_tensor::NdTensorView;

use super::prelu;
use super::weights::Reader;

/// Integer matrix products. Cheap to make, but can't be sent to another thread.
pub(crate) struct Gemm {
    executor: GemmExecutor<u8, i8, i32>,
    /// The greatest value of a pixel.
    levels: f32,
}

impl Gemm {
    pub(crate) fn new() -> Self {
        // One photo occupies one core: rten-gemm would split each product among the threads of
        // rayon's global pool, and wait for them. It does so only if someone else has made that.
        static POOL: Once = Once::new();
        POOL.call_once(|| {
            let _ = rayon::ThreadPoolBuilder::new().num_threads(1).build_global();
        });
        let executor = GemmExecutor::new();
        // x86 without VNNI adds pairs of products in 16 bits, which 7 bits can't overflow.
        let levels = if executor.may_saturate() { 127.0 } else { 255.0 };
        Self { executor, levels }
    }
}

pub(crate) struct Pointwise {
    weights: PackedBMatrix<i8>,
    outputs: Outputs,
    /// The slopes of the PReLU that follows, if one does.
    slopes: Option<&'static [f32]>,
}

/// Turns sums into numbers.
#[derive(Clone, Copy)]
struct Outputs {
    scales: &'static [f32],
    /// The scaled sum of each output's weights.
    totals: &'static [f32],
    bias: &'static [f32],
}

/// A quantised pixel's least value, and the difference between two levels.
#[derive(Clone, Copy, Default)]
pub(crate) struct Range {
    least: f32,
    step: f32,
}

/// Some rows of a map, quantised, and their products.
#[derive(Default)]
pub(crate) struct Products {
    levels: Vec<u8>,
    ranges: Vec<Range>,
    sums: Vec<i32>,
}

impl Products {
    /// Removes the pixels.
    pub(crate) fn clear(&mut self) {
        self.ranges.clear();
    }

    /// Quantises more pixels.
    pub(crate) fn push<const C: usize>(&mut self, gemm: &Gemm, pixels: &[[f32; C]]) {
        let start = self.ranges.len();
        let end = start + pixels.len();
        self.ranges.resize(end, Range::default());
        if self.levels.len() < C * end {
            self.levels.resize(C * end, 0);
        }
        let targets = self.levels[C * start..C * end].as_chunks_mut().0;
        let ranges = &mut self.ranges[start..];
        Quantised { pixels, levels: gemm.levels, targets, ranges }.dispatch();
    }
}

impl Pointwise {
    pub(crate) fn read(
        file: &mut Reader,
        gemm: &Gemm,
        [inputs, outputs]: [usize; 2],
    ) -> Result<Self> {
        let weights = NdTensorView::from_data([outputs, inputs], file.int8(inputs * outputs)?);
        let weights = gemm.executor.prepack_b(weights.transposed());
        let [scales, totals, bias] =
            [file.floats(outputs)?, file.floats(outputs)?, file.floats(outputs)?];
        Ok(Self { weights, outputs: Outputs { scales, totals, bias }, slopes: None })
    }

    pub(crate) fn with_slopes(self, file: &mut Reader) -> Result<Self> {
        Ok(Self { slopes: Some(file.floats(self.outputs())?), ..self })
    }

    pub(crate) fn outputs(&self) -> usize {
        self.weights.cols()
    }

    /// Multiplies the pixels by the weights.
    pub(crate) fn multiply(&self, gemm: &Gemm, products: &mut Products) -> Result<()> {
        let (inputs, outputs) = (self.weights.rows(), self.weights.cols());
        let Products { levels, ranges, sums } = products;
        let count = ranges.len();
        ensure!(levels.len() >= count * inputs, "too few pixels");
        if sums.len() < count * outputs {
            sums.resize(count * outputs, 0);
        }
        let pixels = NdTensorView::from_data([count, inputs], &levels[..count * inputs]);
        let pixels = GemmInputA::Unpacked(pixels);
        let weights = GemmInputB::Packed(&self.weights);
        let sums = &mut sums[..count * outputs];
        Ok(gemm.executor.gemm(sums, pixels, weights, GemmOptions::default())?)
    }

    /// Writes the outputs of the pixels from `start` on.
    pub(crate) fn finish(&self, products: &Products, start: usize, target: &mut [f32]) {
        let sums = &products.sums[start * self.outputs()..];
        let ranges = &products.ranges[start..];
        Scaled { layer: self, sums, ranges, target }.dispatch();
    }
}

struct Quantised<'a, const C: usize> {
    pixels: &'a [[f32; C]],
    levels: f32,
    targets: &'a mut [[u8; C]],
    ranges: &'a mut [Range],
}

impl<const C: usize> SimdOp for Quantised<'_, C> {
    type Output = ();

    #[inline(always)]
    fn eval<I: Isa>(self, isa: I) {
        let (floats, ints, shorts, bytes) = (isa.f32(), isa.i32(), isa.i16(), isa.u8());
        let length = floats.len();
        for ((pixel, target), range) in self.pixels.iter().zip(self.targets).zip(self.ranges) {
            let (mut low, mut high) = (floats.load(pixel), floats.load(pixel));
            for values in pixel.chunks_exact(length).skip(1) {
                let values = floats.load(values);
                (low, high) = (floats.min(low, values), floats.max(high, values));
            }
            let (low, high) = (low.to_array(), high.to_array());
            let lanes = low.as_ref().iter().zip(high.as_ref());
            let (least, most) = lanes.fold((pixel[0], pixel[0]), |(least, most), (&low, &high)| {
                (if low < least { low } else { least }, if high > most { high } else { most })
            });
            let span = most - least;
            *range = Range { least, step: span / self.levels };
            let factor = floats.splat(if span > 0.0 { self.levels / span } else { 0.0 });
            let least = floats.splat(least);
            for c in (0..C).step_by(bytes.len()) {
                let level = |i: usize| {
                    let at = c + i * length;
                    if at < C {
                        let above = floats.sub(floats.load(&pixel[at..]), least);
                        floats.to_int_round(floats.mul(above, factor))
                    } else {
                        ints.zero()
                    }
                };
                let low = ints.narrow_saturate(level(0), level(1));
                let high = ints.narrow_saturate(level(2), level(3));
                let packed = shorts.narrow_saturate(low, high);
                if C - c >= bytes.len() {
                    bytes.store(packed, &mut target[c..]);
                } else {
                    let mut padded = [0; 64];
                    bytes.store(packed, &mut padded);
                    target[c..].copy_from_slice(&padded[..C - c]);
                }
            }
        }
    }
}

struct Scaled<'a> {
    layer: &'a Pointwise,
    sums: &'a [i32],
    ranges: &'a [Range],
    target: &'a mut [f32],
}

impl SimdOp for Scaled<'_> {
    type Output = ();

    #[inline(always)]
    fn eval<I: Isa>(self, isa: I) {
        let (floats, ints) = (isa.f32(), isa.i32());
        let Outputs { scales, totals, bias } = self.layer.outputs;
        let outputs = scales.len();
        let pixels = self.target.chunks_exact_mut(outputs).zip(self.sums.chunks_exact(outputs));
        for ((target, sums), range) in pixels.zip(self.ranges) {
            let (least, step) = (floats.splat(range.least), floats.splat(range.step));
            for c in (0..outputs).step_by(floats.len()) {
                let base =
                    floats.mul_add(least, floats.load(&totals[c..]), floats.load(&bias[c..]));
                let scale = floats.mul(step, floats.load(&scales[c..]));
                let sum = ints.to_float(ints.load(&sums[c..]));
                let value = floats.mul_add(sum, scale, base);
                let value = match self.layer.slopes {
                    Some(slopes) => prelu(floats, &slopes[c..], value),
                    None => value,
                };
                floats.store(value, &mut target[c..]);
            }
        }
    }
}
