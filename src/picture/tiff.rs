//! Decodes TIFFs. Where the tiff crate lacks support, the file is patched first (bit order), or
//! decoded as plain samples that are converted here (palettes, YCbCr).

use std::io::Cursor;

use bytes::Bytes;
use image::metadata::Orientation;
use image::{DynamicImage, GrayAlphaImage, Rgb, RgbImage};
use tiff::decoder::{Decoder, DecodingResult};

use super::Error;
use super::decode::{MAX_MEMORY, check_size, on_white, plain};
use crate::photo::tiff::Directory;
use crate::photo::{Foreign, THUMBNAIL_FIRST};

// Tags and values of TIFF 6.0.
const WIDTH: u64 = 256;
const HEIGHT: u64 = 257;
const BITS: u64 = 258;
const COMPRESSION: u64 = 259;
const PHOTOMETRIC: u64 = 262;
const FILL_ORDER: u64 = 266;
const STRIP_OFFSETS: u64 = 273;
const SAMPLES: u64 = 277;
const STRIP_LENGTHS: u64 = 279;
const PLANAR: u64 = 284;
const COLOUR_MAP: u64 = 320;
const TILE_OFFSETS: u64 = 324;
const TILE_LENGTHS: u64 = 325;
const EXTRA_SAMPLES: u64 = 338;
const SAMPLE_FORMAT: u64 = 339;
const SUBSAMPLING: u64 = 530;
const GREY: u64 = 1;
const RGB: u64 = 2;
const PALETTE: u64 = 3;
const YCBCR: u64 = 6;
const FLOAT: u64 = 3;
const LZW: u64 = 5;
const OLD_JPEG: u64 = 6;
const JPEG: u64 = 7;

/// How to interpret the decoder's samples.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Colours {
    Plain,
    /// Grey and alpha, which the image crate doesn't support.
    GreyAlpha,
    /// Grey and something else, which is ignored.
    GreyAndMore,
    /// Indices into the colour map.
    Palette,
    YCbCr,
    /// RGB premultiplied by alpha.
    Premultiplied,
}

fn directory(photo: &Bytes) -> Result<Directory<'_>, Error> {
    let directory = Directory::of(photo).ok_or(Error::Damaged(Some("it is cut short")))?;
    directory.flaw().map_or(Ok(directory), |flaw| Err(Error::Damaged(Some(flaw))))
}

pub(super) fn size(photo: &Bytes) -> Result<(u32, u32), Error> {
    Ok(size_of(&directory(photo)?))
}

fn size_of(directory: &Directory<'_>) -> (u32, u32) {
    let side = |tag| u32::try_from(directory.value(tag, 0)).unwrap_or(u32::MAX);
    (side(WIDTH), side(HEIGHT))
}

/// Decodes the picture; `orientation` is only used to estimate memory.
pub(super) fn decode(photo: &Bytes, orientation: Orientation) -> Result<DynamicImage, Error> {
    let directory = directory(photo)?;
    check_size(size_of(&directory))?;
    refuse(&directory, photo)?;
    let colours = colours(&directory)?;
    let file = prepared(&directory, photo, colours);
    Ok(match colours {
        Colours::GreyAlpha => grey_alpha(&file)?,
        Colours::GreyAndMore => grey_alpha(&file)?.into_luma8().into(),
        Colours::Palette => painted(&plain(&file, orientation)?, &directory.values(COLOUR_MAP))?,
        Colours::YCbCr => from_ycbcr(plain(&file, orientation)?),
        Colours::Premultiplied => on_white(&plain(&file, orientation)?.into_rgba8()).into(),
        Colours::Plain => plain(&file, orientation)?,
    })
}

/// What the decoder would misread, or read as damaged.
fn refuse(directory: &Directory<'_>, photo: &[u8]) -> Result<(), Error> {
    if directory.is_thumbnail() {
        return Err(Error::Unsupported(THUMBNAIL_FIRST));
    }
    let is_float = directory.values(SAMPLE_FORMAT).first() == Some(&FLOAT);
    if directory.values(BITS).iter().any(|bits| *bits > 16) && !is_float {
        return Err(Error::Unsupported("TIFFs with more than 16 bits a colour"));
    }
    // As libtiff recognises it.
    let first = usize::try_from(directory.value(STRIP_OFFSETS, u64::MAX)).unwrap_or(usize::MAX);
    let is_old = matches!(photo.get(first..), Some([0, second, ..]) if second & 1 == 1);
    if directory.value(COMPRESSION, 1) == LZW && is_old {
        return Err(Error::Unsupported("TIFFs with LZW compression of before 1991"));
    }
    Ok(())
}

fn colours(directory: &Directory<'_>) -> Result<Colours, Error> {
    let samples = directory.value(SAMPLES, 1);
    let is_bytes = directory.values(BITS).iter().all(|bits| *bits == 8);
    let is_chunky = directory.value(PLANAR, 1) == 1;
    let is_jpeg = matches!(directory.value(COMPRESSION, 1), OLD_JPEG | JPEG);
    let is_even = directory.values(SUBSAMPLING) == [1, 1];
    let extra = directory.values(EXTRA_SAMPLES).first().copied();
    let is_premultiplied = extra == Some(1);
    match (directory.value(PHOTOMETRIC, GREY), samples) {
        (GREY, 2) if is_bytes && is_chunky && extra == Some(2) => Ok(Colours::GreyAlpha),
        (GREY, 2) if is_bytes && is_chunky && !is_premultiplied => Ok(Colours::GreyAndMore),
        (PALETTE, 1) if is_bytes => Ok(Colours::Palette),
        (PALETTE, _) => Err(Error::Unsupported("TIFFs with a palette of other than 8 bits")),
        (YCBCR, 3) if is_bytes && is_chunky && (is_jpeg || is_even) => Ok(Colours::YCbCr),
        (YCBCR, _) => Err(Error::Unsupported("TIFFs with subsampled chroma")),
        (RGB, 4) if is_premultiplied && is_bytes => Ok(Colours::Premultiplied),
        _ if is_premultiplied => Err(Error::Unsupported("TIFFs with premultiplied transparency")),
        _ => Ok(Colours::Plain),
    }
}

/// The file, patched so that the decoder can read it.
fn prepared(directory: &Directory<'_>, photo: &Bytes, colours: Colours) -> Bytes {
    let is_jpeg = matches!(directory.value(COMPRESSION, 1), OLD_JPEG | JPEG);
    let is_reversed = directory.value(FILL_ORDER, 1) == 2 && !is_jpeg;
    let shown_as = match colours {
        Colours::Palette => Some(GREY),
        Colours::YCbCr => Some(RGB),
        _ => None,
    };
    let lengths = missing_lengths(directory, photo);
    if !is_reversed && shown_as.is_none() && lengths.is_none() {
        return photo.clone();
    }
    let mut file = photo.to_vec();
    if is_reversed {
        reverse_bits(directory, &mut file);
    }
    if let Some(photometric) = shown_as {
        directory.replace(&mut file, PHOTOMETRIC, photometric as u8);
    }
    if let Some(lengths) = lengths {
        directory.extend(&mut file, STRIP_LENGTHS as u16, &lengths);
    }
    file.into()
}

/// The lengths of the strips if the file doesn't give them: up to the next strip, or the end.
fn missing_lengths(directory: &Directory<'_>, photo: &Bytes) -> Option<Vec<u32>> {
    let starts = directory.values(STRIP_OFFSETS);
    let is_missing = directory.values(STRIP_LENGTHS).is_empty();
    if !is_missing || starts.is_empty() || Foreign::of(photo) == Foreign::BigTiff {
        return None;
    }
    let mut ends = starts.clone();
    ends.push(photo.len() as u64);
    ends.sort_unstable();
    let length = |start: &u64| {
        let end = ends.get(ends.partition_point(|end| end <= start)).unwrap_or(start);
        u32::try_from(end - start).unwrap_or(u32::MAX)
    };
    Some(starts.iter().map(length).collect())
}

/// Reverses the bits of every pixel byte: the decoder expects the most significant bit first.
fn reverse_bits(directory: &Directory<'_>, file: &mut [u8]) {
    for (offsets, lengths) in [(STRIP_OFFSETS, STRIP_LENGTHS), (TILE_OFFSETS, TILE_LENGTHS)] {
        let parts = directory.values(offsets).into_iter().zip(directory.values(lengths));
        for (offset, length) in parts {
            let start = usize::try_from(offset).unwrap_or(usize::MAX);
            let end = start.saturating_add(usize::try_from(length).unwrap_or(usize::MAX));
            for byte in file.get_mut(start..end).unwrap_or_default() {
                *byte = byte.reverse_bits();
            }
        }
    }
}

fn grey_alpha(file: &Bytes) -> Result<DynamicImage, Error> {
    let mut decoder = Decoder::new(Cursor::new(file)).map_err(|_| Error::Damaged(None))?;
    let (width, height) = decoder.dimensions().map_err(|_| Error::Damaged(None))?;
    if u64::from(width) * u64::from(height) * 9 > MAX_MEMORY {
        return Err(Error::TooLarge { size: None });
    }
    let DecodingResult::U8(pixels) = decoder.read_image().map_err(|_| Error::Damaged(None))? else {
        return Err(Error::Unsupported("TIFFs of this kind"));
    };
    let picture = GrayAlphaImage::from_raw(width, height, pixels);
    picture.map(DynamicImage::from).ok_or(Error::Damaged(None))
}

/// Looks up the colours. The map holds all reds, then all greens, then all blues, 16 bits each
/// (TIFF 6.0, section 5).
fn painted(places: &DynamicImage, map: &[u64]) -> Result<DynamicImage, Error> {
    let (Some(places), [_, ..], 768) = (places.as_luma8(), map, map.len()) else {
        return Err(Error::Damaged(Some("its palette is incomplete")));
    };
    // Some writers use only 8 bits; like libtiff, detect that from the values.
    let shift = if map.iter().all(|value| *value < 256) { 0 } else { 8 };
    let colour = |place: u8, first: usize| (map[first + usize::from(place)] >> shift) as u8;
    let paint = |x, y| {
        let [place] = places.get_pixel(x, y).0;
        Rgb([0, 256, 512].map(|first| colour(place, first)))
    };
    Ok(RgbImage::from_fn(places.width(), places.height(), paint).into())
}

/// Full-range ITU-R BT.601, as in JFIF.
fn from_ycbcr(picture: DynamicImage) -> DynamicImage {
    let mut picture = picture.into_rgb8();
    for pixel in picture.pixels_mut() {
        let [y, cb, cr] = pixel.0.map(f32::from);
        let (cb, cr) = (cb - 128.0, cr - 128.0);
        let rgb = [y + 1.402 * cr, y - 0.344_136 * cb - 0.714_136 * cr, y + 1.772 * cb];
        pixel.0 = rgb.map(|value| value.round().clamp(0.0, 255.0) as u8);
    }
    picture.into()
}
