//! A photo that is decoded and ready to be drawn before the answer arrives.

use std::path::Path;
use std::sync::Arc;

use bytes::Bytes;
use fast_image_resize::images::{Image, ImageRef};
use fast_image_resize::{FilterType, PixelType, ResizeAlg, ResizeOptions, Resizer};
use image::RgbImage;
use image::imageops::thumbnail;

use super::Layout;
use crate::picture::{self, decode};

/// A decoded photo with its EXIF orientation applied, downscaled to the size needed for drawing.
#[derive(Clone)]
pub struct Print {
    /// The file name.
    pub(super) name: String,
    size: (u32, u32),
    picture: Arc<RgbImage>,
}

impl Print {
    /// Decodes a photo at the size that `layout` needs.
    pub fn decode(name: &str, bytes: &Bytes, layout: Layout) -> Result<Self, picture::Error> {
        let picture = decode::upright(bytes)?;
        let file = Path::new(name).file_name();
        Ok(Self {
            name: file.map_or(name.into(), |file| file.to_string_lossy()).into_owned(),
            size: picture.dimensions(),
            picture: Arc::new(reduced(picture, layout.longest)),
        })
    }

    /// Width and height of the original photo after a clockwise rotation by `degrees`.
    pub(super) fn size_turned(&self, degrees: u16) -> (u32, u32) {
        let (width, height) = self.size;
        if matches!(degrees, 90 | 270) { (height, width) } else { (width, height) }
    }

    pub(super) fn turned(&self, degrees: u16, width: u32, height: u32) -> RgbImage {
        let turned = decode::rotate(&self.picture, degrees);
        let mut drawn = RgbImage::new(width, height);
        let options = ResizeOptions::new().resize_alg(ResizeAlg::Convolution(FilterType::Bilinear));
        let from = ImageRef::new(turned.width(), turned.height(), &turned, PixelType::U8x3);
        let to = Image::from_slice_u8(width, height, &mut drawn, PixelType::U8x3);
        if let (Ok(from), Ok(mut to)) = (from, to) {
            // Fails only for sizes and pixels that differ in kind, which these don't.
            let _ = Resizer::new().resize(&from, &mut to, &options);
        }
        drawn
    }
}

fn reduced(picture: RgbImage, most: u32) -> RgbImage {
    let (width, height) = picture.dimensions();
    let longest = width.max(height);
    if longest <= most {
        return picture;
    }
    let reduce = |side: u32| (side * most / longest).max(1);
    thumbnail(&picture, reduce(width), reduce(height))
}
