//! Feature maps, stored row by row with interleaved channels.

/// A feature map that is computed row by row, from top to bottom.
///
/// Layers are chained this way so that only the rows in use are in memory, and stay in the CPU
/// cache.
pub trait Rows<const C: usize>: Sized {
    fn width(&self) -> usize;

    fn height(&self) -> usize;

    /// Writes the next row to `row`, which has the map's width.
    fn next(&mut self, row: &mut [[f32; C]]);

    /// Max pooling of 2 x 2 pixels.
    fn halved(self) -> Halved<Self, C> {
        Halved { pair: [(); 2].map(|()| vec![[0.0; C]; self.width()]), source: self }
    }

    fn collect(mut self) -> Map<C> {
        let width = self.width();
        let mut pixels = vec![[0.0; C]; width * self.height()];
        for row in pixels.chunks_exact_mut(width.max(1)) {
            self.next(row);
        }
        Map { width, pixels }
    }
}

/// A complete feature map with `C` channels.
#[derive(Clone, Debug, PartialEq)]
pub struct Map<const C: usize> {
    pub width: usize,
    /// Row by row.
    pub pixels: Vec<[f32; C]>,
}

impl<const C: usize> Map<C> {
    pub fn rows(&self) -> MapRows<'_, C> {
        MapRows { map: self, y: 0 }
    }

    /// Adds a map of half the size, upsampled to this map's size (nearest neighbour).
    pub fn add_doubled(&mut self, half: &Self) {
        for (y, row) in self.pixels.chunks_exact_mut(self.width.max(1)).enumerate() {
            let (pairs, _) = row.as_chunks_mut::<2>();
            for (pair, addend) in pairs.iter_mut().zip(half.row(y / 2)) {
                for pixel in pair {
                    for (value, addend) in pixel.iter_mut().zip(addend) {
                        *value += addend;
                    }
                }
            }
        }
    }

    fn row(&self, y: usize) -> &[[f32; C]] {
        &self.pixels[y * self.width..][..self.width]
    }
}

pub struct MapRows<'a, const C: usize> {
    map: &'a Map<C>,
    y: usize,
}

impl<const C: usize> Rows<C> for MapRows<'_, C> {
    fn width(&self) -> usize {
        self.map.width
    }

    fn height(&self) -> usize {
        self.map.pixels.len().checked_div(self.map.width).unwrap_or(0)
    }

    fn next(&mut self, row: &mut [[f32; C]]) {
        row.copy_from_slice(self.map.row(self.y));
        self.y += 1;
    }
}

pub struct Halved<R, const C: usize> {
    source: R,
    pair: [Vec<[f32; C]>; 2],
}

impl<const C: usize, R: Rows<C>> Rows<C> for Halved<R, C> {
    fn width(&self) -> usize {
        self.source.width() / 2
    }

    fn height(&self) -> usize {
        self.source.height() / 2
    }

    fn next(&mut self, row: &mut [[f32; C]]) {
        for row in &mut self.pair {
            self.source.next(row);
        }
        let [(upper, _), (lower, _)] = self.pair.each_ref().map(|row| row.as_chunks::<2>());
        for (pixel, ([a, b], [c, d])) in row.iter_mut().zip(upper.iter().zip(lower)) {
            for (i, value) in pixel.iter_mut().enumerate() {
                *value = larger(larger(a[i], b[i]), larger(c[i], d[i]));
            }
        }
    }
}

/// Like `f32::max`, but a single instruction, as no pixel is NaN.
fn larger(a: f32, b: f32) -> f32 {
    if a > b { a } else { b }
}
