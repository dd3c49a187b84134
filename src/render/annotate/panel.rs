//! One photo with its faces, below its caption.

use image::Rgb;

use super::canvas::{Canvas, Paint, Rect};
use super::font::{Font, Line};
use super::labels::Labels;
use super::placement::Placement;
use super::print::Print;
use super::{INK, WHITE};

/// The space above a caption.
const PADDING: i32 = 12;
/// The height of a line, and of one that is wrapped.
const LINE_HEIGHT: i32 = 36;
const NEXT_LINE: i32 = 27;
/// Panel widths; even a narrow photo needs space for its caption.
const WIDTHS: std::ops::RangeInclusive<i32> = 480..=2400;
/// The maximum number of faces to box; more would hide the photo.
const FACES: usize = 50;

const GREY: Rgb<u8> = Rgb([225, 225, 225]);
const FAINT_INK: Rgb<u8> = Rgb([100, 100, 100]);
const BLACK: Rgb<u8> = Rgb([0, 0, 0]);

pub(super) struct Panel {
    /// `None` if the photo can't be shown.
    pub(super) print: Option<Print>,
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

impl Panel {
    /// The width of the panel for a photo that is drawn `height` pixels high.
    pub(super) fn width(&self, height: i32) -> i32 {
        let shown = f64::from(height);
        let (width, height) = self.size();
        let scale = shown / f64::from(height);
        let width = (f64::from(width) * scale).round() as i32;
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

    /// Width and height of the processed photo.
    fn size(&self) -> (u32, u32) {
        self.print.as_ref().map_or((1, 1), |print| print.size_turned(self.turn.unwrap_or(0)))
    }

    pub(super) fn draw(&self, canvas: &mut Canvas, font: &Font, area: Rect) {
        canvas.fill(area, Paint(GREY, 1.0));
        if let Some(print) = &self.print {
            self.draw_photo(print, canvas, font, area);
        }
    }

    fn draw_photo(&self, print: &Print, canvas: &mut Canvas, font: &Font, area: Rect) {
        let placement = Placement::within(area, self.size());
        let shown = placement.area;
        let (width, height) = (shown.width as u32, shown.height as u32);
        let photo = print.turned(self.turn.unwrap_or(0), width, height);
        canvas.place(&photo, shown.x, shown.y);
        let boxes = self.boxes(placement);
        // The first face is the compared one: its frame is drawn last, on top, and its label is
        // placed first.
        let look = |i| if i == 0 { Look::strong(self.colour) } else { Look::FAINT };
        let placed: Vec<_> = boxes
            .iter()
            .enumerate()
            .filter_map(|(i, (face, rect))| Some((look(i), face, (*rect)?)))
            .collect();
        for (look, _, rect) in placed.iter().rev() {
            look.frame(canvas, *rect);
        }
        let mut labels = Labels::new(shown, placed.iter().map(|(_, _, rect)| *rect).collect());
        for (look, face, rect) in &placed {
            look.label(canvas, font, &mut labels, *rect, &face.label);
        }
    }

    fn boxes(&self, placement: Placement) -> Vec<(&Face, Option<Rect>)> {
        let place = |face: &Face| self.turn.and(face.bbox).and_then(|bbox| placement.of(bbox));
        self.faces.iter().take(FACES).map(|face| (face, place(face))).collect()
    }
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

const RIM: i32 = 1;
const PAD: i32 = 6;

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

    fn frame(&self, canvas: &mut Canvas, rect: Rect) {
        canvas.frame(rect, self.line, self.paint);
        canvas.frame(rect.grown(self.line), RIM, self.rim);
    }

    fn label(&self, canvas: &mut Canvas, font: &Font, labels: &mut Labels, face: Rect, text: &str) {
        if text.is_empty() {
            return;
        }
        let line = font.line(text, self.text, labels.area.width - 2 * PAD);
        let size = (font.width_of(&line) + 2 * PAD, font.height_of(&line) + 2);
        if let Some(plate) = labels.place(face, self.line + RIM, size) {
            canvas.fill(plate, self.plate);
            canvas.write(font, &line, plate.x + PAD, plate.y + 1, WHITE);
        }
    }
}
