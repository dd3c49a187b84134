//! One photo with its faces, under its caption.

use image::Rgb;

use super::canvas::{Canvas, Paint, Rect};
use super::font::Font;
use super::labels::Labels;
use super::placement::{Placement, turn};
use super::print::Print;
use super::{INK, PHOTO_HEIGHT, WHITE};
use crate::answer::{FaceReport, ImageReport};
use crate::render::verdict::in_short;

pub(super) const CAPTION_HEIGHT: i32 = 84;
/// Room for the caption beside a narrow photo, and no end of room for a wide one.
const WIDTHS: std::ops::RangeInclusive<i32> = 480..=2400;
/// The most faces that are boxed; more would hide the photo.
const FACES: usize = 50;

const GREY: Rgb<u8> = Rgb([225, 225, 225]);
const FAINT_INK: Rgb<u8> = Rgb([100, 100, 100]);
const BLACK: Rgb<u8> = Rgb([0, 0, 0]);

pub(super) struct Panel<'a> {
    title: &'static str,
    print: &'a Print,
    report: &'a ImageReport,
    /// `None` if nobody knows how the photo was turned.
    turn: Option<u16>,
}

impl<'a> Panel<'a> {
    pub(super) fn new(title: &'static str, print: &'a Print, report: &'a ImageReport) -> Self {
        Self { title, print, report, turn: turn(report.best_angle) }
    }

    pub(super) fn width(&self) -> i32 {
        let (width, height) = self.size();
        let scale = f64::from(PHOTO_HEIGHT) / f64::from(height);
        let width = (f64::from(width) * scale).round() as i32;
        width.clamp(*WIDTHS.start(), *WIDTHS.end())
    }

    /// Width and height of the photo as it is shown, which is as it was processed.
    fn size(&self) -> (u32, u32) {
        self.print.size_turned(self.turn.unwrap_or(0))
    }

    pub(super) fn draw(&self, canvas: &mut Canvas, font: &Font, colour: Rgb<u8>, area: Rect) {
        let placement = Placement::within(area, self.size());
        let shown = placement.area();
        canvas.fill(area, Paint(GREY, 1.0));
        let (width, height) = (shown.width as u32, shown.height as u32);
        let photo = self.print.turned(self.turn.unwrap_or(0), width, height);
        canvas.place(&photo, shown.x, shown.y);
        let boxes = self.boxes(placement);
        // The compared face comes first: its frame is drawn last, and its label is placed first.
        let look = |i| if i == 0 { Look::strong(colour) } else { Look::FAINT };
        let placed: Vec<_> = boxes
            .iter()
            .enumerate()
            .filter_map(|(i, (face, rect))| Some((look(i), face, (*rect)?)))
            .collect();
        for (look, _, rect) in placed.iter().rev() {
            look.frame(canvas, *rect);
        }
        let mut labels = Labels::new(area, placed.iter().map(|(_, _, rect)| *rect).collect());
        for (look, face, rect) in &placed {
            look.label(canvas, font, &mut labels, *rect, &in_short(face));
        }
        let missing = boxes.iter().filter(|(_, rect)| rect.is_none()).count();
        self.write_caption(canvas, font, area, missing);
    }

    /// The faces, and where they are.
    fn boxes(&self, placement: Placement) -> Vec<(&FaceReport, Option<Rect>)> {
        let place = |face: &FaceReport| self.turn.and(face.bbox).and_then(|b| placement.of(b));
        self.report.faces.iter().take(FACES).map(|face| (face, place(face))).collect()
    }

    fn write_caption(&self, canvas: &mut Canvas, font: &Font, area: Rect, missing: usize) {
        let name = format!("{}: {}", self.title, self.print.name());
        let facts = self.facts(missing).join(" · ");
        for (text, size, y, ink) in [(name, 26.0, 74, INK), (facts, 20.0, 38, FAINT_INK)] {
            let line = font.line(&text, size, area.width);
            canvas.write(font, &line, area.x, area.y - y, ink);
        }
    }

    fn facts(&self, missing: usize) -> Vec<String> {
        let faces = match self.report.faces.len() {
            0 => "no face found".to_owned(),
            1 => "1 face".to_owned(),
            n => format!("{n} faces, the largest compared"),
        };
        let turned = match self.turn {
            Some(0) => None,
            Some(degrees) => Some(format!("turned by {degrees}°")),
            None => Some("turned by an unknown angle".to_owned()),
        };
        let missing = match missing {
            0 => None,
            n => Some(format!("{n} without a box that fits")),
        };
        [Some(faces), turned, missing].into_iter().flatten().collect()
    }
}

/// The width of the rim around a frame's line.
const RIM: i32 = 1;
/// The room on both sides of a label's text.
const PAD: i32 = 6;

/// How a face is drawn.
struct Look {
    line: i32,
    paint: Paint,
    /// Around the line, so that it is seen on any photo.
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

    fn frame(&self, canvas: &mut Canvas, rect: Rect) {
        canvas.frame(rect, self.line, self.paint);
        canvas.frame(rect.grown(self.line), RIM, self.rim);
    }

    fn label(&self, canvas: &mut Canvas, font: &Font, labels: &mut Labels, face: Rect, text: &str) {
        if text.is_empty() {
            return;
        }
        let line = font.line(text, self.text, labels.widest() - 2 * PAD);
        let size = (font.width_of(&line) + 2 * PAD, font.height_of(&line) + 2);
        if let Some(plate) = labels.place(face, self.line + RIM, size) {
            canvas.fill(plate, self.plate);
            canvas.write(font, &line, plate.x + PAD, plate.y + 1, WHITE);
        }
    }
}
