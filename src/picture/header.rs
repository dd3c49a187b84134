//! Reads a picture's header without decoding its pixels.

use bytes::Bytes;
use image::ImageDecoder;
use image::metadata::Orientation;

use super::decode::{exif_orientation, reader};
use super::{Error, guard, heic, jpeg, tiff, webp};
use crate::photo::jpeg::Jpeg;
use crate::photo::{Foreign, Format};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Header {
    /// Width and height before the EXIF orientation is applied.
    pub size: (u32, u32),
    /// The EXIF orientation, 1 to 8; 1 by default.
    pub orientation: u8,
}

/// Larger than the profiles of common cameras and screens.
const LONGEST_PROFILE: usize = 1024 * 1024;

/// The picture's ICC profile, if it is an RGB profile and so applies to the decoded picture.
pub fn rgb_profile(photo: &Bytes) -> Option<Vec<u8>> {
    guard::read(|| Ok(profile(photo))).ok()?
}

fn profile(photo: &Bytes) -> Option<Vec<u8>> {
    // ICC.1:2022, 7.2.6: the colour space of the data, at byte 16 of the header.
    let is_rgb_profile = |profile: &Vec<u8>| {
        profile.get(16..20) == Some(b"RGB ") && profile.len() <= LONGEST_PROFILE
    };
    if Foreign::of(photo) == Foreign::Heic {
        return heic::profile(photo).filter(is_rgb_profile);
    }
    let mut decoder = reader(photo).ok()?.into_decoder().ok()?;
    let is_rgb = decoder.color_type().has_color();
    let profile = match Format::of(photo) {
        Some(Format::WebP) => webp::chunk(photo, *b"ICCP")?.to_vec(),
        _ => decoder.icc_profile().ok()??,
    };
    Some(profile).filter(|profile| is_rgb && is_rgb_profile(profile))
}

pub fn read(photo: &Bytes) -> Result<Header, Error> {
    guard::read(|| {
        let (size, orientation) = match (Format::of(photo), Foreign::of(photo)) {
            (Some(Format::Jpeg), _) => {
                let jpeg = Jpeg::walk(photo).ok_or(Error::NotAnImage)?;
                (jpeg::size(&jpeg)?, jpeg.orientation().and_then(Orientation::from_exif))
            }
            (Some(Format::Tiff), _) | (None, Foreign::BigTiff) => tiff::header(photo)?,
            (None, Foreign::Heic) => (heic::size(photo)?, None),
            _ => {
                let mut decoder = reader(photo)?.into_decoder()?;
                (decoder.dimensions(), exif_orientation(&mut decoder, photo))
            }
        };
        let orientation = orientation.unwrap_or(Orientation::NoTransforms).to_exif();
        Ok(Header { size, orientation })
    })
}
