//! Makes an "ID card" photo, `assets/samples/astronaut_id_card.jpg`, from `astronaut.png`: we found
//! no two photos of one person under a suitable licence.

use std::fs::File;
use std::io::BufWriter;
use std::path::Path;

use image::codecs::jpeg::JpegEncoder;
use image::imageops::interpolate_bilinear;
use image::{ImageError, Rgb, RgbImage};

const SIZE: (u32, u32) = (300, 375);

/// Centre and width of the crop in the portrait, in pixels.
const CENTRE: (f32, f32) = (226.0, 146.0);
const WIDTH: f32 = 216.0;

/// Counter-clockwise, in degrees.
const TURN: f32 = 4.0;

fn main() -> Result<(), ImageError> {
    let samples = Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/samples");
    let portrait = image::open(samples.join("astronaut.png"))?.into_rgb8();
    let file = BufWriter::new(File::create(samples.join("astronaut_id_card.jpg"))?);
    JpegEncoder::new_with_quality(file, 80).encode_image(&id_card(&portrait))
}

#[allow(clippy::cast_precision_loss, reason = "coordinates are small")]
fn id_card(portrait: &RgbImage) -> RgbImage {
    let (sin, cos) = TURN.to_radians().sin_cos();
    let scale = WIDTH / SIZE.0 as f32;
    RgbImage::from_fn(SIZE.0, SIZE.1, |x, y| {
        let right = (x as f32 - SIZE.0 as f32 / 2.0) * scale;
        let down = (y as f32 - SIZE.1 as f32 / 2.0) * scale;
        let at = (CENTRE.0 + cos * right - sin * down, CENTRE.1 + sin * right + cos * down);
        let pixel = interpolate_bilinear(portrait, at.0, at.1).unwrap_or(Rgb([0; 3]));
        Rgb(pixel.0.map(flatten))
    })
}

/// Less contrast and slightly brighter, like a printed card.
#[allow(clippy::cast_possible_truncation, reason = "at most 242")]
fn flatten(channel: u8) -> u8 {
    ((u32::from(channel) * 7 + 640) / 10) as u8
}
