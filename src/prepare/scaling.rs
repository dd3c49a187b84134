//! Downscales a picture and encodes it as a JPEG, or estimates that JPEG's length.

#![allow(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    reason = "sides are at most 65535, and lengths are estimates"
)]

use std::num::NonZero;
use std::thread;

use fast_image_resize::images::{Image, ImageRef};
use fast_image_resize::{FilterType, PixelType, ResizeAlg, ResizeOptions, Resizer};
use image::RgbImage;
use jpeg_encoder::{ColorType, Encoder, SamplingFactor};

use crate::error::Result;

/// Below this quality, chroma is subsampled (4:2:0).
pub(super) const FAITHFUL: u8 = 95;
/// The height of a JPEG's blocks with subsampled chroma, and of the bands for an estimate.
const BAND: u32 = 16;
/// An estimate encodes one band in this many.
const OUT_OF: usize = 12;

pub(super) struct Original<'a> {
    pub(super) picture: &'a RgbImage,
    pub(super) profile: Option<&'a [u8]>,
}

impl Original<'_> {
    /// Width and height at `scale`, 0 to 1.
    pub(super) fn size_at(&self, scale: f64) -> (u32, u32) {
        let side = |side: u32| (f64::from(side) * scale).round().max(1.0) as u32;
        (side(self.picture.width()), side(self.picture.height()))
    }

    /// Estimates the length of [`Original::jpeg`] in bytes from a twelfth of the picture.
    pub(super) fn estimate(&self, scale: f64, quality: u8) -> Result<f64> {
        let (width, height) = self.size_at(scale);
        let bands: Vec<_> = (0..height / BAND).step_by(OUT_OF).map(|band| band * BAND).collect();
        if bands.is_empty() {
            return Ok(0.0);
        }
        let mut sample = vec![0; bands.len() * row(width) * BAND as usize];
        let parts = sample.chunks_exact_mut(row(width) * BAND as usize);
        for (part, top) in parts.zip(&bands) {
            self.resize_into(part, *top, (width, height))?;
        }
        let rows = bands.len() as u32 * BAND;
        let length = encode(&sample, (width, rows), quality, None)?.len() as f64;
        Ok(length * f64::from(height) / f64::from(rows))
    }

    pub(super) fn jpeg(&self, scale: f64, quality: u8) -> Result<Vec<u8>> {
        let size = self.size_at(scale);
        if size == self.picture.dimensions() {
            return encode(self.picture.as_raw(), size, quality, self.profile);
        }
        encode(&self.resized(size)?, size, quality, self.profile)
    }

    /// Resizes the picture in small parts, on all cores: a whole picture at once takes more memory.
    fn resized(&self, (width, height): (u32, u32)) -> Result<Vec<u8>> {
        let mut pixels = vec![0; row(width) * height as usize];
        let cores = thread::available_parallelism().map_or(1, NonZero::get);
        let rows = (height as usize).div_ceil(4 * cores).max(BAND as usize);
        let tops = (0..height).step_by(rows);
        let parts: Vec<_> = pixels.chunks_mut(rows * row(width)).zip(tops).collect();
        let share = parts.len().div_ceil(cores);
        let mut parts = parts.into_iter();
        thread::scope(|scope| {
            let workers: Vec<_> = (0..cores)
                .map(|_| {
                    let mine: Vec<_> = parts.by_ref().take(share).collect();
                    scope.spawn(move || {
                        mine.into_iter().try_for_each(|(part, top)| {
                            self.resize_into(part, top, (width, height))
                        })
                    })
                })
                .collect();
            workers.into_iter().try_for_each(|worker| {
                worker.join().unwrap_or_else(|bug| std::panic::resume_unwind(bug))
            })
        })?;
        Ok(pixels)
    }

    /// Fills `part` with the rows of the resized picture that start at `top`.
    ///
    /// Also reads pixels beyond the part, so that there are no seams.
    fn resize_into(&self, part: &mut [u8], top: u32, (width, height): (u32, u32)) -> Result<()> {
        let (from_width, from_height) = self.picture.dimensions();
        let from = ImageRef::new(from_width, from_height, self.picture.as_raw(), PixelType::U8x3)?;
        let rows = (part.len() / row(width)) as u32;
        let mut to = Image::from_slice_u8(width, rows, part, PixelType::U8x3)?;
        let step = f64::from(from_height) / f64::from(height);
        let from_top = f64::from(top) * step;
        // Rounding could put the end of the last part just below the picture.
        let from_rows = (f64::from(rows) * step).min(f64::from(from_height) - from_top);
        let lanczos = ResizeOptions::new()
            .resize_alg(ResizeAlg::Convolution(FilterType::Lanczos3))
            .crop(0.0, from_top, from_width.into(), from_rows);
        Ok(Resizer::new().resize(&from, &mut to, &lanczos)?)
    }
}

/// The length of a row in bytes.
fn row(width: u32) -> usize {
    3 * width as usize
}

fn encode(
    pixels: &[u8],
    (width, height): (u32, u32),
    quality: u8,
    profile: Option<&[u8]>,
) -> Result<Vec<u8>> {
    let mut jpeg = Vec::new();
    let mut encoder = Encoder::new(&mut jpeg, quality);
    if quality < FAITHFUL {
        encoder.set_sampling_factor(SamplingFactor::F_2_2);
    }
    if let Some(profile) = profile {
        encoder.add_icc_profile(profile)?;
    }
    encoder.encode(pixels, width.try_into()?, height.try_into()?, ColorType::Rgb)?;
    Ok(jpeg)
}

#[cfg(test)]
mod tests {
    use image::Rgb;

    use super::*;

    /// Every pixel differs from its neighbours.
    fn picture() -> RgbImage {
        RgbImage::from_fn(300, 1000, |x, y| {
            Rgb([(x * y % 251) as u8, (7 * x + 3 * y) as u8, (x * x + y) as u8])
        })
    }

    #[test]
    fn parts_join_without_seams() {
        let picture = picture();
        let original = Original { picture: &picture, profile: None };
        let size = (211, 703);
        let mut whole = vec![0; row(size.0) * size.1 as usize];
        original.resize_into(&mut whole, 0, size).unwrap();
        let parts = original.resized(size).unwrap();
        let most = whole.iter().zip(&parts).map(|(a, b)| a.abs_diff(*b)).max();
        assert!(most <= Some(1), "{most:?}");
    }

    #[test]
    fn the_last_part_ends_with_the_picture_at_every_size() {
        for height in (500..1700).step_by(7) {
            let picture = RgbImage::new(1, height);
            let original = Original { picture: &picture, profile: None };
            for to in [height * 3 / 5, height * 2 / 3, height - 1] {
                assert!(original.resized((1, to)).is_ok(), "{height} to {to}");
            }
        }
    }
}
