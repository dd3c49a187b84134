//! One photo with its faces, below its caption.

use std::path::Path;

use bytes::Bytes;
use fast_image_resize::images::{Image, ImageRef};
use fast_image_resize::{FilterType, PixelType, ResizeAlg, ResizeOptions, Resizer};
use image::imageops::thumbnail;
use image::{Rgb, RgbImage};

use super::canvas::{Canvas, Paint, Rect};
use super::font::{Font, Line};
use super::placement::{Labels, Placement};
use super::{HEIGHT, INK, WHITE};
use crate::picture::{self, decode};

/// The longest side at which a photo is drawn, in any rotation.
const LONGEST: u32 = 2048;
/// The space above a caption.
const PADDING: i32 = 12;
const LINE_HEIGHT: i32 = 36;
const NEXT_LINE: i32 = 27;
/// Panel widths; even a narrow photo needs space for its caption.
const WIDTHS: std::ops::RangeInclusive<i32> = 480..=2400;
/// The maximum number of faces to box; more would hide the photo.
const FACES: usize = 50;

const GREY: Rgb<u8> = Rgb([225, 225, 225]);
const FAINT_INK: Rgb<u8> = Rgb([100, 100, 100]);
const BLACK: Rgb<u8> = Rgb([0, 0, 0]);

/// A decoded photo with its EXIF orientation applied, downscaled to the size needed for drawing:
/// ready before the answer arrives.
pub struct Print {
    pub(super) name: String,
    size: (u32, u32),
    picture: RgbImage,
}

impl Print {
    pub fn decode(name: &str, bytes: &Bytes) -> Result<Self, picture::Error> {
        let picture = decode::upright(bytes)?;
        let file = Path::new(name).file_name();
        let name = file.map_or(name.into(), |file| file.to_string_lossy()).into_owned();
        let (width, height) = picture.dimensions();
        let longest = width.max(height);
        let reduce = |side: u32| (side * LONGEST / longest).max(1);
        let small = (longest > LONGEST).then(|| thumbnail(&picture, reduce(width), reduce(height)));
        Ok(Self { name, size: (width, height), picture: small.unwrap_or(picture) })
    }

    /// Width and height of the original photo after a clockwise rotation by `degrees`.
    pub(super) fn size_turned(&self, degrees: u16) -> (u32, u32) {
        let (width, height) = self.size;
        if matches!(degrees, 90 | 270) { (height, width) } else { (width, height) }
    }

    fn turned(&self, degrees: u16, width: u32, height: u32) -> RgbImage {
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

pub(super) struct Panel<'a> {
    /// `None` if the photo can't be shown.
    pub(super) print: Option<&'a Print>,
    /// The clockwise rotation in degrees, if known.
    pub(super) turn: Option<u16>,
    /// The compared face comes first.
    pub(super) faces: Vec<Face>,
    pub(super) colour: Rgb<u8>,
    pub(super) title: String,
    pub(super) facts: Vec<String>,
    /// The last lines of the caption, wrapped.
    pub(super) remarks: Option<String>,
}

pub(super) struct Face {
    /// Left, top, right, bottom, in pixels of the processed photo.
    pub(super) bbox: Option<[f64; 4]>,
    pub(super) label: String,
}

/// Lines with their colours and heights.
pub(super) struct Caption(Vec<(Line, Rgb<u8>, i32)>);

impl Caption {
    pub(super) fn height(&self) -> i32 {
        PADDING + self.0.iter().map(|(_, _, height)| height).sum::<i32>()
    }

    pub(super) fn draw(&self, canvas: &mut Canvas, font: &Font, x: i32, top: i32) {
        let mut y = top + PADDING - 2;
        for (line, ink, height) in &self.0 {
            canvas.write(font, line, x, y, *ink);
            y += height;
        }
    }
}

impl Panel<'_> {
    pub(super) fn width(&self) -> i32 {
        let (width, height) = self.size();
        let width = (f64::from(width) * f64::from(HEIGHT) / f64::from(height)).round() as i32;
        width.clamp(*WIDTHS.start(), *WIDTHS.end())
    }

    pub(super) fn caption(&self, font: &Font, (width, height): (i32, i32)) -> Caption {
        let area = Rect { x: 0, y: 0, width, height };
        let mut facts = self.facts.clone();
        let boxes = self.boxes(Placement::within(area, self.size()));
        let missing = boxes.iter().filter(|(_, rect)| rect.is_none()).count();
        if missing > 0 && self.print.is_some() {
            facts.push(format!("{missing} not drawn: box outside the photo"));
        }
        let title = (font.fitted(&self.title, 26.0, width), INK, LINE_HEIGHT);
        let facts = (font.fitted(&facts.join(" · "), 20.0, width), self.colour, LINE_HEIGHT);
        let mut lines = vec![title, facts];
        if let Some(remarks) = &self.remarks {
            let remarks = font.wrapped(remarks, 20.0, width).into_iter();
            lines.extend(remarks.map(|line| (line, FAINT_INK, NEXT_LINE)));
            // An empty remark still takes a line, so that captions line up.
            lines.iter_mut().last().into_iter().for_each(|line| line.2 = LINE_HEIGHT);
        }
        Caption(lines)
    }

    pub(super) fn draw(&self, canvas: &mut Canvas, font: &Font, area: Rect) {
        canvas.fill(area, Paint(GREY, 1.0));
        let Some(print) = self.print else { return };
        let placement = Placement::within(area, self.size());
        let shown = placement.area;
        let (width, height) = (shown.width as u32, shown.height as u32);
        canvas.place(&print.turned(self.turn.unwrap_or(0), width, height), shown.x, shown.y);
        // The first face is the compared one: its frame is drawn last, on top, and its label is
        // placed first.
        let look = |i| if i == 0 { Look::strong(self.colour) } else { Look::FAINT };
        let boxes = self.boxes(placement).into_iter().enumerate();
        let placed: Vec<_> =
            boxes.filter_map(|(i, (face, rect))| Some((look(i), face, rect?))).collect();
        for (look, _, rect) in placed.iter().rev() {
            canvas.frame(*rect, look.line, look.paint);
            canvas.frame(rect.grown(look.line), RIM, look.rim);
        }
        let mut labels = Labels::new(shown, placed.iter().map(|(_, _, rect)| *rect).collect());
        for (look, face, rect) in placed.iter().filter(|(_, face, _)| !face.label.is_empty()) {
            let line = font.line(&face.label, look.text, shown.width - 2 * PAD);
            let size = (font.width_of(&line) + 2 * PAD, font.height_of(&line) + 2);
            if let Some(plate) = labels.place(*rect, look.line + RIM, size) {
                canvas.fill(plate, look.plate);
                canvas.write(font, &line, plate.x + PAD, plate.y + 1, WHITE);
            }
        }
    }

    /// Width and height of the processed photo.
    fn size(&self) -> (u32, u32) {
        self.print.map_or((1, 1), |print| print.size_turned(self.turn.unwrap_or(0)))
    }

    fn boxes(&self, placement: Placement) -> Vec<(&Face, Option<Rect>)> {
        let place = |face: &Face| self.turn.and(face.bbox).and_then(|bbox| placement.of(bbox));
        self.faces.iter().take(FACES).map(|face| (face, place(face))).collect()
    }
}

const RIM: i32 = 1;
const PAD: i32 = 6;

/// How the frame of a face looks, and its label.
struct Look {
    line: i32,
    paint: Paint,
    /// Outlines the frame, so that it is visible on any photo.
    rim: Paint,
    text: f32,
    plate: Paint,
}

impl Look {
    const FAINT: Self = Self {
        line: 2,
        paint: Paint(WHITE, 0.65),
        rim: Paint(BLACK, 0.35),
        text: 17.0,
        plate: Paint(BLACK, 0.45),
    };

    fn strong(colour: Rgb<u8>) -> Self {
        let paint = Paint(colour, 1.0);
        Self { line: 5, paint, rim: Paint(WHITE, 1.0), text: 24.0, plate: paint }
    }
}
