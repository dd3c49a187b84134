//! SFace's first layer: a 3 x 3 convolution with stride 1.

use anyhow::Result;
use rten_gemm::GemmExecutor;

use super::block::Pointwise;
use super::{Buffers, SIDE};

/// The convolution, computed as a matrix product of windows and weights.
pub(super) struct Stem {
    /// Subtracted from the pixels before they are multiplied by `factor`.
    pub(super) mean: f32,
    pub(super) factor: f32,
    /// Inputs are ordered by row, column and channel of the window.
    pub(super) weights: Pointwise,
}

impl Stem {
    /// Turns the planes of a chip into a map with 32 channels.
    pub(super) fn run(
        &self,
        gemm: &GemmExecutor,
        planes: &[f32],
        buffers: &mut Buffers,
    ) -> Result<()> {
        let canvas = self.canvas(planes);
        let rows: Vec<_> = canvas.iter().map(|row| row.as_flattened()).collect();
        buffers.between.clear();
        for rows in rows.windows(3) {
            for x in 0..SIDE {
                for row in rows {
                    buffers.between.extend_from_slice(&row[3 * x..3 * x + 9]);
                }
            }
        }
        self.weights.run(gemm, &buffers.between, &mut buffers.map)
    }

    /// The normalised pixels with zero padding.
    fn canvas(&self, planes: &[f32]) -> Vec<[[f32; 3]; SIDE + 2]> {
        let mut canvas = vec![[[0.0; 3]; SIDE + 2]; SIDE + 2];
        for (channel, plane) in planes.chunks_exact(SIDE * SIDE).take(3).enumerate() {
            for (row, values) in canvas[1..].iter_mut().zip(plane.chunks_exact(SIDE)) {
                for (pixel, value) in row[1..].iter_mut().zip(values) {
                    pixel[channel] = (value - self.mean) * self.factor;
                }
            }
        }
        canvas
    }
}
