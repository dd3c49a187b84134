//! Reads a picture's header without decoding its pixels.

use bytes::Bytes;
use image::ImageDecoder;

use super::decode::{orientation_of, picture_in, reader};
use super::{Error, guard, heic, jpeg, jpeg2000, tiff};
use crate::photo::jpeg::Jpeg;
use crate::photo::{Foreign, Format, webp};

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
    let photo = &picture_in(photo).ok()?;
    // ICC.1:2022, 7.2.6: the colour space of the data, at byte 16 of the header.
    let is_rgb_profile = |profile: &Vec<u8>| {
        profile.get(16..20) == Some(b"RGB ") && profile.len() <= LONGEST_PROFILE
    };
    match Foreign::of(photo) {
        Foreign::Heic => return heic::profile(photo).filter(is_rgb_profile),
        Foreign::Jpeg2000 => return jpeg2000::profile(photo).filter(is_rgb_profile),
        _ => {}
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
        let photo = &picture_in(photo)?;
        let size = match (Format::of(photo), Foreign::of(photo)) {
            (Some(Format::Jpeg), _) => jpeg::size(&Jpeg::walk(photo).ok_or(Error::NotAnImage)?)?,
            (Some(Format::Tiff), _) | (None, Foreign::BigTiff) => tiff::size(photo)?,
            (None, Foreign::Heic) => heic::size(photo)?,
            (None, Foreign::Jpeg2000) => jpeg2000::size(photo)?,
            _ => reader(photo)?.into_decoder()?.dimensions(),
        };
        Ok(Header { size, orientation: orientation_of(photo).to_exif() })
    })
}
