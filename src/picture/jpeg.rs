//! Decodes JPEGs: common layouts with zune-jpeg, which is faster, and the rest with jpeg-decoder.
//! `tests/decoders` compares both with libjpeg.

use image::{DynamicImage, GrayImage, RgbImage};
use zune_core::bytestream::ZCursor;
use zune_core::colorspace::ColorSpace;
use zune_core::options::DecoderOptions;
use zune_jpeg::JpegDecoder;

use super::Error;
use super::decode::{MAX_MEMORY, check_size};
use crate::photo::jpeg::{Jpeg, Segment};

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
    let is_ordinary = frame.is_ordinary(jpeg);
    check_size(frame.size, bytes_a_pixel(&frame, is_ordinary, is_copied))?;
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
fn bytes_a_pixel(frame: &Frame, is_ordinary: bool, is_copied: bool) -> u64 {
    // Coefficients take two bytes each, and the planes exist beside the pixels.
    let beside = if frame.is_progressive || !is_ordinary { 2 } else { 0 };
    let planes = u64::from(!is_ordinary);
    frame.channels() as u64 * (1 + planes + beside.max(u64::from(is_copied)))
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

/// A frame that one of our decoders can read.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Frame {
    size: (u32, u32),
    is_progressive: bool,
    components: Vec<Component>,
}

/// A colour component and its sampling factors.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Component {
    id: u8,
    sampling: (u8, u8),
}

impl Frame {
    /// Fails if neither decoder can read the frame.
    fn of(jpeg: &Jpeg<'_>) -> Result<Self, Error> {
        let Segment { marker, contents, .. } =
            jpeg.frame().ok_or(Error::Damaged(Some("it is cut short")))?;
        let head = contents.split_first_chunk::<6>();
        let (&[bits, y1, y2, x1, x2, count], rest) =
            head.ok_or(Error::Damaged(Some("its header is cut short")))?;
        let component = |parameters: &[u8; 3]| Component {
            id: parameters[0],
            sampling: (parameters[1] >> 4, parameters[1] & 15),
        };
        let (listed, _) = rest.as_chunks::<3>();
        let components: Vec<_> = listed.iter().take(count.into()).map(component).collect();
        let side = |high, low| u32::from(u16::from_be_bytes([high, low]));
        let size = (side(x1, x2), side(y1, y2));
        let frame = Self { size, is_progressive: marker == 0xc2, components };
        frame.supported(marker, bits)?;
        if size.1 == 0 {
            return Err(Error::Unsupported("JPEGs that give their height at the end (DNL)"));
        }
        if frame.channels() != usize::from(count) || frame.is_out_of_bounds() {
            return Err(Error::Damaged(Some("its header is invalid")));
        }
        Ok(frame)
    }

    fn supported(&self, marker: u8, bits: u8) -> Result<(), Error> {
        match (marker, bits) {
            (0xc3, _) => Err(Error::Unsupported("lossless JPEGs")),
            (0xc5..=0xc7 | 0xcd..=0xcf, _) => Err(Error::Unsupported("hierarchical JPEGs")),
            (0xc9..=0xcb, _) => Err(Error::Unsupported("arithmetic-coded JPEGs")),
            (_, 8) if matches!(self.components.len(), 1 | 3 | 4) => Ok(()),
            (_, 8) => Err(Error::Unsupported("JPEGs with other than 1, 3 or 4 colour components")),
            _ => Err(Error::Unsupported("JPEGs with more than 8 bits a colour")),
        }
    }

    fn is_out_of_bounds(&self) -> bool {
        let sampling = self.components.iter().flat_map(|c| [c.sampling.0, c.sampling.1]);
        sampling.into_iter().any(|factor| !(1..=4).contains(&factor))
    }

    /// The number by which a decoder recognises a component's colour: 1 to 4, or the letters of RGB.
    fn known_id(&self, id: u8, is_rgb: bool) -> u8 {
        let names = if is_rgb { b"RGB4" } else { b"\x01\x02\x03\x04" };
        let place = self.components.iter().position(|component| component.id == id);
        place.and_then(|place| names.get(place).copied()).unwrap_or(id)
    }

    /// Whether the colours are RGB, by libjpeg's rule (jdapimin.c, `default_decompress_parms`): JFIF
    /// means YCbCr, then Adobe's segment decides, then the components' ids.
    fn is_rgb(&self, jpeg: &Jpeg<'_>) -> bool {
        let adobe = jpeg.segments.iter().filter_map(Segment::adobe_transform).next_back();
        let is_named = self.components.iter().map(|component| component.id).eq(*b"RGB");
        let is_jfif = jpeg.segments.iter().any(Segment::is_jfif);
        self.channels() == 3 && !is_jfif && adobe.map_or(is_named, |transform| transform == 0)
    }

    /// Adobe's colour transform for four components: any but 0 is YCCK.
    fn transform(&self, jpeg: &Jpeg<'_>) -> Option<u8> {
        let adobe = jpeg.segments.iter().filter_map(Segment::adobe_transform).next_back();
        adobe.filter(|_| self.channels() == 4).map(|transform| 2 * transform.min(1))
    }

    fn channels(&self) -> usize {
        self.components.len()
    }

    /// Whether the layout is one that cameras, phones and editors write: interleaved, with chroma
    /// subsampled by 2 at most.
    fn is_ordinary(&self, jpeg: &Jpeg<'_>) -> bool {
        let [luma, chroma @ ..] = self.components.as_slice() else { return false };
        let is_together = self.is_progressive || self.is_interleaved(jpeg);
        let is_even = |sampling: (u8, u8)| matches!(sampling, (1 | 2, 1 | 2));
        match chroma {
            [] => true,
            // In CMYK, black has luma's sampling.
            [first, second, others @ ..] => {
                is_together
                    && is_even(luma.sampling)
                    && [first, second].iter().all(|c| c.sampling == (1, 1))
                    && others.iter().all(|c| c.sampling == luma.sampling)
            }
            [_] => false,
        }
    }

    /// Whether jpeg-decoder supports the sampling factors: if one lies between 1 and the maximum,
    /// it reads pixels from outside the picture.
    fn has_readable_sampling(&self) -> bool {
        let samplings = || self.components.iter().map(|component| component.sampling);
        let widest = samplings().map(|(h, _)| h).max().unwrap_or(1);
        let highest = samplings().map(|(_, v)| v).max().unwrap_or(1);
        samplings().all(|(h, v)| (h == 1 || h == widest) && (v == 1 || v == highest))
    }

    fn is_interleaved(&self, jpeg: &Jpeg<'_>) -> bool {
        let count = jpeg.scans().next().and_then(|scan| scan.contents.first());
        count.is_some_and(|count| usize::from(*count) == self.channels())
    }

    /// Whether the scan headers cover every coefficient of every component, down to the last bit
    /// (G.1.1.1).
    fn has_all_scans(&self, jpeg: &Jpeg<'_>) -> bool {
        let mut missing = vec![u64::MAX; self.channels()];
        for scan in jpeg.scans() {
            let Some((count, rest)) = scan.contents.split_first() else { continue };
            let (listed, rest) = rest.split_at(rest.len().min(2 * usize::from(*count)));
            let &[first, last, bits] = rest else { continue };
            if self.is_progressive && bits & 15 != 0 || first > last || last > 63 {
                continue;
            }
            let (first, last) = if self.is_progressive { (first, last) } else { (0, 63) };
            let read = (u64::MAX >> (63 - last)) & (u64::MAX << first);
            for id in listed.iter().step_by(2) {
                let found = self.components.iter().position(|component| component.id == *id);
                if let Some(missing) = found.and_then(|i| missing.get_mut(i)) {
                    *missing &= !read;
                }
            }
        }
        missing.iter().all(|coefficients| *coefficients == 0)
    }
}
