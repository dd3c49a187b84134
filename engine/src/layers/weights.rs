//! Reads weights from the files that `build/weights.rs` writes, borrowing them from the program.

use anyhow::{Context as _, Result, bail};

/// An embedded file, aligned so that its numbers can be read in place.
#[repr(align(64))]
pub(crate) struct Aligned<T: ?Sized>(pub(crate) T);

/// The file that the build script wrote for a network.
macro_rules! written {
    ($name:literal) => {{
        static FILE: &crate::layers::weights::Aligned<[u8]> =
            &crate::layers::weights::Aligned(*include_bytes!(concat!(env!("OUT_DIR"), "/", $name)));
        crate::layers::weights::Reader::new(&FILE.0)
    }};
}
pub(crate) use written;

pub(crate) struct Reader {
    rest: &'static [u8],
}

impl Reader {
    pub(crate) fn new(file: &'static [u8]) -> Self {
        Self { rest: file }
    }

    pub(crate) fn int8(&mut self, count: usize) -> Result<&'static [i8]> {
        let (bytes, rest) = self.rest.split_at_checked(count).context("too few weights")?;
        self.rest = rest;
        Ok(bytemuck::cast_slice(bytes))
    }

    pub(crate) fn floats(&mut self, count: usize) -> Result<&'static [f32]> {
        let bytes = self.int8(4 * count)?;
        let Ok(values) = bytemuck::try_cast_slice(bytes) else { bail!("weights out of line") };
        Ok(values)
    }

    pub(crate) fn array<const N: usize>(&mut self) -> Result<&'static [f32; N]> {
        self.floats(N)?.as_array().context("too few weights")
    }

    pub(crate) fn table<const C: usize, const N: usize>(
        &mut self,
    ) -> Result<&'static [[f32; C]; N]> {
        self.floats(C * N)?.as_chunks().0.as_array().context("too few weights")
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.rest.is_empty()
    }
}
