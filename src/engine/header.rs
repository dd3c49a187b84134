//! What a picture says of itself before it is decoded.

use std::io::Cursor;

use image::metadata::Orientation;
use image::{ImageDecoder, ImageReader};

use super::EngineError;

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
    let undecodable = |reason: String| EngineError::Undecodable { reason };
    let reader = ImageReader::new(Cursor::new(photo)).with_guessed_format();
    let reader = reader.map_err(|e| undecodable(e.to_string()))?;
    let mut decoder = reader.into_decoder().map_err(|e| undecodable(e.to_string()))?;
    let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    Ok(Header { size: decoder.dimensions(), orientation: orientation.to_exif() })
}
