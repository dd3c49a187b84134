//! Square feature maps with a border.

/// A square map with interleaved channels and a border of zeros, one pixel wide.
#[derive(Default)]
pub(crate) struct Map {
    side: usize,
    channels: usize,
    values: Vec<f32>,
}

impl Map {
    /// Makes room for a map. Its pixels are undefined, only the border is zero.
    pub(crate) fn reshape(&mut self, side: usize, channels: usize) {
        (self.side, self.channels) = (side, channels);
        let width = (side + 2) * channels;
        self.values.resize((side + 2) * width, 0.0);
        let last = self.values.len() - width;
        self.values[..width].fill(0.0);
        self.values[last..].fill(0.0);
        for row in self.values[width..last].chunks_exact_mut(width) {
            row[..channels].fill(0.0);
            row[width - channels..].fill(0.0);
        }
    }

    pub(crate) fn side(&self) -> usize {
        self.side
    }

    /// Row `y` of the map with its border: 0 is above the first row.
    pub(crate) fn bordered<const C: usize>(&self, y: usize) -> &[[f32; C]] {
        let width = (self.side + 2) * self.channels;
        self.values[y * width..][..width].as_chunks().0
    }

    /// Row `y` of the map without its border.
    pub(crate) fn row<const C: usize>(&self, y: usize) -> &[[f32; C]] {
        &self.bordered(y + 1)[1..=self.side]
    }

    pub(crate) fn row_mut<const C: usize>(&mut self, y: usize) -> &mut [[f32; C]] {
        self.values_mut(y).as_chunks_mut().0
    }

    /// The values of row `y` without its border.
    pub(crate) fn values_mut(&mut self, y: usize) -> &mut [f32] {
        let width = (self.side + 2) * self.channels;
        let start = (y + 1) * width + self.channels;
        &mut self.values[start..start + self.side * self.channels]
    }

    /// Adds a map of the same shape.
    pub(crate) fn add(&mut self, other: &Self) {
        for (value, addend) in self.values.iter_mut().zip(&other.values) {
            *value += addend;
        }
    }
}
