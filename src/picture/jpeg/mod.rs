//! Decodes JPEGs: common layouts with zune-jpeg, which is faster, and the rest with jpeg-decoder.
//! `tests/decoders` compares both with libjpeg.

mod frame;

use image::{DynamicImage, GrayImage, RgbImage};
use zune_core::bytestream::ZCursor;
use zune_core::colorspace::ColorSpace;
use zune_core::options::DecoderOptions;
use zune_jpeg::JpegDecoder;

use super::Error;
use super::decode::{MAX_MEMORY, check_size};
use crate::photo::jpeg::Jpeg;
use frame::Frame;

/// The share of a truncated picture that may be missing.
const MOST_MISSING: f64 = 0.03;
/// The value zune-jpeg gives pixels that it could not decode.
const MISSING: u8 = 128;

pub(super) fn size(jpeg: &Jpeg<'_>) -> Result<(u32, u32), Error> {
    Ok(Frame::of(jpeg)?.size)
}

/// Decodes to RGB or grey, without applying the orientation.
pub(super) fn decode(jpeg: &Jpeg<'_>, is_copied: bool) -> Result<DynamicImage, Error> {
    let frame = Frame::of(jpeg)?;
    check_size(frame.size)?;
    let is_ordinary = frame.is_ordinary(jpeg);
    if memory(&frame, is_ordinary, is_copied) > MAX_MEMORY {
        return Err(Error::TooLarge { size: None });
    }
    if !frame.has_all_scans(jpeg) {
        return Err(Error::Damaged(Some("part of it is missing")));
    }
    let pixels = match (is_ordinary, frame.is_progressive) {
        (true, false) => baseline(jpeg, &frame)?,
        // With an end marker added: all that can be missing is an invisible last refinement.
        (true, true) => zune(&unambiguous(jpeg, &frame, true), &frame, true)?,
        (false, _) => unusual(jpeg, &frame)?,
    };
    picture(frame.size, pixels)
}

fn unambiguous(jpeg: &Jpeg<'_>, frame: &Frame, with_end: bool) -> Vec<u8> {
    let is_rgb = frame.is_rgb(jpeg);
    jpeg.unambiguous(frame.transform(jpeg), |id| frame.known_id(id, is_rgb), with_end)
}

/// The memory needed to decode, and then to rotate if `is_copied`.
fn memory(frame: &Frame, is_ordinary: bool, is_copied: bool) -> u64 {
    let samples = u64::from(frame.size.0) * u64::from(frame.size.1) * frame.channels() as u64;
    // Coefficients take two bytes each, and the planes exist beside the pixels.
    let beside = if frame.is_progressive || !is_ordinary { 2 } else { 0 };
    let planes = u64::from(!is_ordinary);
    samples * (1 + planes + beside.max(u64::from(is_copied)))
}

/// Drops the end marker: with it, the decoder would read missing data as zeros.
fn baseline(jpeg: &Jpeg<'_>, frame: &Frame) -> Result<Vec<u8>, Error> {
    let file = unambiguous(jpeg, frame, false);
    if let Ok(pixels) = zune(&file, frame, true) {
        return Ok(pixels);
    }
    let pixels = zune(&file, frame, false)?;
    let missing = pixels.iter().rev().take_while(|value| **value == MISSING).count();
    if missing as f64 > MOST_MISSING * pixels.len() as f64 {
        return Err(Error::Damaged(Some("part of it is missing")));
    }
    Ok(pixels)
}

fn zune(file: &[u8], frame: &Frame, is_strict: bool) -> Result<Vec<u8>, Error> {
    let colours = if frame.channels() == 1 { ColorSpace::Luma } else { ColorSpace::RGB };
    let options = DecoderOptions::default()
        .set_strict_mode(is_strict)
        .set_max_width(usize::MAX)
        .set_max_height(usize::MAX)
        .jpeg_set_out_colorspace(colours);
    let mut decoder = JpegDecoder::new_with_options(ZCursor::new(file), options);
    decoder.decode().map_err(|_| Error::Damaged(None))
}

fn unusual(jpeg: &Jpeg<'_>, frame: &Frame) -> Result<Vec<u8>, Error> {
    if frame.channels() == 4 || !frame.has_readable_sampling() {
        return Err(Error::Unsupported("JPEGs with this chroma subsampling"));
    }
    // jpeg-decoder reads missing data as zeros.
    if !jpeg.has_end {
        return Err(Error::Damaged(Some("it is cut short")));
    }
    let file = unambiguous(jpeg, frame, true);
    let mut decoder = jpeg_decoder::Decoder::new(file.as_slice());
    decoder.set_max_decoding_buffer_size(MAX_MEMORY as usize);
    decoder.decode().map_err(|_| Error::Damaged(None))
}

fn picture((width, height): (u32, u32), pixels: Vec<u8>) -> Result<DynamicImage, Error> {
    let is_grey = pixels.len() as u64 == u64::from(width) * u64::from(height);
    let picture = if is_grey {
        GrayImage::from_raw(width, height, pixels).map(DynamicImage::from)
    } else {
        RgbImage::from_raw(width, height, pixels).map(DynamicImage::from)
    };
    picture.ok_or(Error::Damaged(None))
}
