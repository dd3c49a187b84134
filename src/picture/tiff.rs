//! Decodes TIFFs. Where the tiff crate lacks support, the file is patched first (lengths of strips), or
//! decoded as plain samples that are converted here (YCbCr).

use std::io::Cursor;

use bytes::Bytes;
use image::metadata::Orientation;
use image::{DynamicImage, GrayAlphaImage};
use tiff::decoder::{Decoder, DecodingResult};

use super::Error;
use super::decode::{check_size, on_white, plain};
use crate::photo::tiff::colours::{GREY, PALETTE, RGB, YCBCR};
use crate::photo::tiff::{Directory, FLOAT, tag};
use crate::photo::{Foreign, THUMBNAIL_FIRST};

// Values of the tag for compression.
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
    (side(tag::WIDTH), side(tag::HEIGHT))
}

/// Decodes the picture; `orientation` is only used to estimate memory.
pub(super) fn decode(photo: &Bytes, orientation: Orientation) -> Result<DynamicImage, Error> {
    let directory = directory(photo)?;
    check_size(size_of(&directory), 0)?;
    refuse(&directory, photo)?;
    let colours = colours(&directory)?;
    let file = prepared(&directory, photo, colours);
    Ok(match colours {
        Colours::GreyAlpha => grey_alpha(&file)?,
        Colours::GreyAndMore => grey_alpha(&file)?.into_luma8().into(),
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
    let is_float = directory.values(tag::SAMPLE_FORMAT).first() == Some(&FLOAT);
    if directory.values(tag::BITS).iter().any(|bits| *bits > 16) && !is_float {
        return Err(Error::Unsupported("TIFFs with more than 16 bits a colour"));
    }
    let is_jpeg = matches!(directory.value(tag::COMPRESSION, 1), OLD_JPEG | JPEG);
    if directory.value(tag::FILL_ORDER, 1) == 2 && !is_jpeg {
        return Err(Error::Unsupported("TIFFs with reversed bits (FillOrder 2)"));
    }
    // As libtiff recognises it.
    let first =
        usize::try_from(directory.value(tag::STRIP_OFFSETS, u64::MAX)).unwrap_or(usize::MAX);
    let is_old = matches!(photo.get(first..), Some([0, second, ..]) if second & 1 == 1);
    if directory.value(tag::COMPRESSION, 1) == LZW && is_old {
        return Err(Error::Unsupported("TIFFs with LZW compression of before 1991"));
    }
    Ok(())
}

fn colours(directory: &Directory<'_>) -> Result<Colours, Error> {
    let samples = directory.value(tag::SAMPLES, 1);
    let is_bytes = directory.values(tag::BITS).iter().all(|bits| *bits == 8);
    let is_chunky = directory.value(tag::PLANAR, 1) == 1;
    let is_jpeg = matches!(directory.value(tag::COMPRESSION, 1), OLD_JPEG | JPEG);
    let is_even = directory.values(tag::SUBSAMPLING) == [1, 1];
    let extra = directory.values(tag::EXTRA_SAMPLES).first().copied();
    let is_premultiplied = extra == Some(1);
    match (directory.value(tag::PHOTOMETRIC, GREY), samples) {
        (GREY, 2) if is_bytes && is_chunky && extra == Some(2) => Ok(Colours::GreyAlpha),
        (GREY, 2) if is_bytes && is_chunky && !is_premultiplied => Ok(Colours::GreyAndMore),
        (PALETTE, _) => Err(Error::Unsupported("TIFFs with a palette")),
        (YCBCR, 3) if is_bytes && is_chunky && (is_jpeg || is_even) => Ok(Colours::YCbCr),
        (YCBCR, _) => Err(Error::Unsupported("TIFFs with subsampled chroma")),
        (RGB, 4) if is_premultiplied && is_bytes => Ok(Colours::Premultiplied),
        _ if is_premultiplied => Err(Error::Unsupported("TIFFs with premultiplied transparency")),
        _ => Ok(Colours::Plain),
    }
}

/// The file, patched so that the decoder can read it.
fn prepared(directory: &Directory<'_>, photo: &Bytes, colours: Colours) -> Bytes {
    let lengths = missing_lengths(directory, photo);
    if colours != Colours::YCbCr && lengths.is_none() {
        return photo.clone();
    }
    let mut file = photo.to_vec();
    if colours == Colours::YCbCr {
        directory.replace(&mut file, tag::PHOTOMETRIC, RGB as u8);
    }
    if let Some(lengths) = lengths {
        directory.extend(&mut file, tag::STRIP_LENGTHS as u16, &lengths);
    }
    file.into()
}

/// The lengths of the strips if the file doesn't give them: up to the next strip, or the end.
fn missing_lengths(directory: &Directory<'_>, photo: &Bytes) -> Option<Vec<u32>> {
    let starts = directory.values(tag::STRIP_OFFSETS);
    let is_missing = directory.values(tag::STRIP_LENGTHS).is_empty();
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

fn grey_alpha(file: &Bytes) -> Result<DynamicImage, Error> {
    let mut decoder = Decoder::new(Cursor::new(file)).map_err(|_| Error::Damaged(None))?;
    let (width, height) = decoder.dimensions().map_err(|_| Error::Damaged(None))?;
    check_size((width, height), 9)?;
    let DecodingResult::U8(pixels) = decoder.read_image().map_err(|_| Error::Damaged(None))? else {
        return Err(Error::Unsupported("TIFFs of this kind"));
    };
    let picture = GrayAlphaImage::from_raw(width, height, pixels);
    picture.map(DynamicImage::from).ok_or(Error::Damaged(None))
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
