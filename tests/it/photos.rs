//! The sample photos, and variants of them.

#![allow(clippy::unwrap_used, reason = "a test that fails may panic")]
#![allow(clippy::cast_possible_truncation, reason = "small files")]

use didit_face::engine::Engine;
use image::{DynamicImage, ImageFormat, RgbImage};

/// One engine for all tests, so that each model is loaded once.
pub(crate) static ENGINE: Engine = Engine::new();

pub(crate) fn sample(name: &str) -> Vec<u8> {
    std::fs::read(crate::support::photos::sample(name)).unwrap()
}

pub(crate) fn astronaut() -> RgbImage {
    image::load_from_memory(&sample("astronaut.png")).unwrap().into_rgb8()
}

pub(crate) fn hopper() -> RgbImage {
    image::load_from_memory(&sample("grace_hopper.jpg")).unwrap().into_rgb8()
}

pub(crate) fn encode(picture: impl Into<DynamicImage>, format: ImageFormat) -> Vec<u8> {
    test_pictures::encode(&picture.into(), format).unwrap()
}

pub(crate) fn png(picture: impl Into<DynamicImage>) -> Vec<u8> {
    encode(picture, ImageFormat::Png)
}

pub(crate) fn jpeg(picture: &RgbImage, quality: u8) -> Vec<u8> {
    test_pictures::jpeg(picture, quality, &[], &[]).unwrap()
}

/// An EXIF block with only the orientation (Exif 2.32, 4.6.2: a TIFF header and IFD 0).
pub(crate) fn exif(orientation: u16) -> Vec<u8> {
    let mut block = b"MM\0\x2a\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01".to_vec();
    block.extend(orientation.to_be_bytes());
    block.extend([0; 6]);
    block
}

/// An uncompressed TIFF: `samples` bytes a pixel, tags as TIFF 6.0 numbers them.
pub(crate) fn tiff(size: (u32, u32), pixels: &[u8], photometric: u16, orientation: u16) -> Vec<u8> {
    let samples = pixels.len() as u32 / (size.0 * size.1);
    let strip = 8 + 2 + 11 * 12 + 4 + 8;
    let bits = strip - 8;
    let tags: [(u16, u16, u32, u32); 11] = [
        (256, 4, 1, size.0),
        (257, 4, 1, size.1),
        // A single value stands in the tag itself.
        (258, 3, samples, if samples == 1 { 8 } else { bits }),
        (259, 3, 1, 1),
        (262, 3, 1, u32::from(photometric)),
        (273, 4, 1, strip),
        (274, 3, 1, u32::from(orientation)),
        (277, 3, 1, samples),
        (278, 4, 1, size.1),
        (279, 4, 1, pixels.len() as u32),
        (284, 3, 1, 1),
    ];
    let mut file = b"II\x2a\0\x08\0\0\0\x0b\0".to_vec();
    for (tag, kind, count, value) in tags {
        file.extend(tag.to_le_bytes());
        file.extend(kind.to_le_bytes());
        file.extend(count.to_le_bytes());
        file.extend(value.to_le_bytes());
    }
    file.extend([0; 4]);
    file.extend([8, 0, 8, 0, 8, 0, 8, 0]);
    file.extend(pixels);
    file
}

/// A PNG that only says how large it is; `colour` 2 is RGB, 6 RGBA (PNG 1.2, 4.1.1).
pub(crate) fn empty_png(width: u32, height: u32, bits: u8, colour: u8) -> Vec<u8> {
    let mut header = b"IHDR".to_vec();
    header.extend(width.to_be_bytes());
    header.extend(height.to_be_bytes());
    header.extend([bits, colour, 0, 0, 0]);
    let mut file = b"\x89PNG\r\n\x1a\n\0\0\0\x0d".to_vec();
    file.extend(&header);
    file.extend(crc32(&header).to_be_bytes());
    // A first piece of image data, too short for a row.
    let data = b"IDAT\x78\x9c\x63\0\0";
    file.extend(b"\0\0\0\x05");
    file.extend(data);
    file.extend(crc32(data).to_be_bytes());
    file
}

pub(crate) fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0, |crc, &byte| {
        (0..8).fold(crc ^ u32::from(byte), |c, _| {
            (c >> 1) ^ (0xedb8_8320 & 0_u32.wrapping_sub(c & 1))
        })
    })
}
