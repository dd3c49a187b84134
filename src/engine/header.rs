//! What a picture says of itself before it is decoded.

use image::metadata::Orientation;
use image::{ImageDecoder, ImageError};

use super::decode::reader;
use super::{EngineError, orientation};

/// What the header says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Header {
    /// Width and height as stored, before the EXIF orientation is applied.
    pub size: (u32, u32),
    /// The EXIF orientation, 1 to 8; 1 where there is none.
    pub orientation: u8,
}

/// Reads the header of a picture, told by its content.
pub fn read(photo: &[u8]) -> Result<Header, EngineError> {
    let undecodable = |e: ImageError| EngineError::Undecodable { reason: e.to_string() };
    let mut decoder = reader(photo)?.into_decoder().map_err(undecodable)?;
    let orientation = orientation::of(&mut decoder, photo).unwrap_or(Orientation::NoTransforms);
    Ok(Header { size: decoder.dimensions(), orientation: orientation.to_exif() })
}
