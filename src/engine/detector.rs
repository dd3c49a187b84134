//! YuNet (2023mar): where the faces are, and five landmarks of each.
//!
//! Input: planes in the order BGR, 0-255, sides in multiples of 32. Outputs per stride and
//! cell: class, objectness, box, landmarks, decoded as OpenCV's `FaceDetectorYN` does
//! (agrees to 3e-5 px).

use rten_tensor::Tensor;
use rten_tensor::prelude::*;

use super::EngineError;
use super::model::Network;
use super::pyramid::{Pyramid, at_level};

/// A face below this confidence is none (OpenCV's sample for this model says 0.6).
const MIN_CONFIDENCE: f32 = 0.6;

/// Two boxes that share more than this part of their union show one face (OpenCV: 0.3).
const MAX_OVERLAP: f32 = 0.3;

/// The strides of the network's three output maps.
const STRIDES: [usize; 3] = [8, 16, 32];

/// A face at least this confident needs no second look: tight selfies score 0.64-0.84 where
/// they are drawn too large, and 0.90 and more where they are not.
const SURE: f32 = 0.85;

/// A face that takes more than this part of the frame is drawn small and with room around it;
/// YuNet was trained on faces of about 10-300 px.
const TIGHT: f32 = 0.6;

/// A face at least this wide, of the picture's longer side, is near: 32 px in the coarse pass.
const NEAR: f32 = 1.0 / 8.0;

/// The longer side of the picture in the first pass: 9 ms, against 60 ms for [`FINE`].
const COARSE: f32 = 256.0;

/// The longer side of the picture at the network's usual size.
const FINE: f32 = 640.0;

/// Black around a tight face: makes a canvas of 640 px with [`COARSE`].
const ROOM: f32 = 192.0;

/// The sides of the canvas are multiples of the largest stride.
const GRID: f32 = 32.0;

/// The outputs in the order of [`STRIDES`].
const OUTPUTS: [&str; 12] = [
    "cls_8", "cls_16", "cls_32", "obj_8", "obj_16", "obj_32", "bbox_8", "bbox_16", "bbox_32",
    "kps_8", "kps_16", "kps_32",
];

/// A face that the detector saw, in pixels of the full picture.
#[derive(Clone, Debug, PartialEq)]
pub struct Detection {
    /// 0 to 1.
    pub confidence: f32,
    /// Left, top, right, bottom; may reach outside the picture.
    pub bbox: [f32; 4],
    /// The eye on the picture's left, the other eye, nose tip, mouth corners.
    pub landmarks: [[f32; 2]; 5],
}

impl Detection {
    /// The box's width.
    pub fn width(&self) -> f32 {
        self.bbox[2] - self.bbox[0]
    }

    /// The box's height.
    pub fn height(&self) -> f32 {
        self.bbox[3] - self.bbox[1]
    }

    /// Width times height of the box.
    pub fn area(&self) -> f32 {
        area(&self.bbox)
    }
}

/// All faces, the largest first.
///
/// A picture with a near face is looked at in 256 px, where faces down to 1/25 of the longer
/// side are seen, and its largest face once more by itself. If no good near face is there,
/// the whole is looked at in 640 px: faces down to 1/64 of the longer side.
pub fn find_faces(network: &Network, picture: &Pyramid) -> Result<Vec<Detection>, EngineError> {
    let mut faces = glance(network, picture)?;
    if faces.first().is_some_and(|face| is_near(face, picture.size())) {
        refine_largest(network, picture, &mut faces)?;
        return Ok(faces);
    }
    let fine = pass(network, picture, &Letterbox::whole(picture.size(), FINE, 0.0))?;
    let settled = fine
        .first()
        .is_some_and(|face| face.confidence >= SURE && filled(face, picture.size()) <= TIGHT);
    if settled {
        return Ok(fine);
    }
    let roomy = pass(network, picture, &Letterbox::whole(picture.size(), COARSE, ROOM))?;
    // In the order of the list where confidences are equal, so that it is decided.
    let sets = [faces, roomy, fine];
    let best = |set: &Vec<Detection>| set.first().map_or(0.0, |face| face.confidence);
    Ok(sets.into_iter().max_by(|a, b| best(a).total_cmp(&best(b))).unwrap_or_default())
}

/// The faces that a pass in 256 px sees, the largest first.
pub fn glance(network: &Network, picture: &Pyramid) -> Result<Vec<Detection>, EngineError> {
    pass(network, picture, &Letterbox::whole(picture.size(), COARSE, 0.0))
}

/// Whether a face is large enough in the coarse pass, and sure enough, to look no further.
fn is_near(face: &Detection, (width, height): (u32, u32)) -> bool {
    let share = face.width() / width.max(height) as f32;
    face.confidence >= SURE && share >= NEAR
}

/// The part of the frame that a face takes, in the direction where it takes more.
fn filled(face: &Detection, (width, height): (u32, u32)) -> f32 {
    (face.width() / width as f32).max(face.height() / height as f32)
}

/// Looks at the largest face again at the size where box and landmarks are most exact.
fn refine_largest(
    network: &Network,
    picture: &Pyramid,
    faces: &mut [Detection],
) -> Result<(), EngineError> {
    let Some(largest) = faces.first_mut() else { return Ok(()) };
    let size = picture.size();
    let part = if filled(largest, size) > TIGHT {
        Letterbox::whole(size, COARSE, ROOM).around(&largest.bbox, 0.25)
    } else {
        Letterbox::whole(size, FINE, 0.0).around(&largest.bbox, 0.35)
    };
    let seen = pass(network, picture, &part)?;
    let same = |face: &&Detection| overlap(&face.bbox, &largest.bbox) > MAX_OVERLAP;
    if let Some(refined) = seen.iter().find(same).filter(|face| face.confidence >= SURE) {
        *largest = refined.clone();
    }
    Ok(())
}

/// Runs the network once and returns the faces it sees, the largest first.
fn pass(
    network: &Network,
    picture: &Pyramid,
    letterbox: &Letterbox,
) -> Result<Vec<Detection>, EngineError> {
    let planes = letterbox.draw(picture);
    let maps = network.run(&planes.view(), OUTPUTS)?;
    let mut faces = Vec::new();
    for (i, stride) in STRIDES.into_iter().enumerate() {
        let [cls, obj, bbox, kps] = [0, 3, 6, 9].map(|k| maps[k + i].as_slice());
        decode_map(letterbox, stride, [cls, obj, bbox, kps], &mut faces);
    }
    let mut faces = suppress(faces);
    faces.sort_by(|a, b| b.area().total_cmp(&a.area()));
    Ok(faces)
}

/// How a picture, or a part of it, is laid on the detector's canvas.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Letterbox {
    /// Canvas pixels for a pixel of the picture.
    scale: f32,
    /// Where the picture's left upper corner lies on the canvas; negative for a part of it.
    offset: [f32; 2],
    /// Width and height of the canvas, multiples of 32.
    canvas: [usize; 2],
}

impl Letterbox {
    /// The whole picture, its longer side `fit` pixels long, with at least `margin` pixels of
    /// black on all sides.
    fn whole((width, height): (u32, u32), fit: f32, margin: f32) -> Self {
        let scale = fit / width.max(height) as f32;
        let drawn = [width, height].map(|side| (side as f32 * scale).round().max(1.0));
        let canvas = drawn.map(|side| ((side + 2.0 * margin) / GRID).ceil() as usize * 32);
        let offset = [0, 1].map(|i| ((canvas[i] as f32 - drawn[i]) / 2.0).floor());
        Self { scale, offset, canvas }
    }

    /// The part of this canvas around `bbox` (in pixels of the picture), on the same grid, so
    /// that the network sees there what it would see in the whole.
    fn around(&self, bbox: &[f32; 4], context: f32) -> Self {
        let room = context * (bbox[2] - bbox[0]).max(bbox[3] - bbox[1]) * self.scale;
        let [mut offset, mut canvas] = [self.offset, [0.0; 2]];
        let mut cells = [0; 2];
        for i in 0..2 {
            let start = bbox[i] * self.scale + self.offset[i] - room;
            let end = bbox[i + 2] * self.scale + self.offset[i] + room;
            canvas[i] = (start / GRID).floor();
            cells[i] = ((end / GRID).ceil() - canvas[i]).max(1.0) as usize;
            offset[i] -= canvas[i] * GRID;
        }
        Self { scale: self.scale, offset, canvas: cells.map(|n| 32 * n) }
    }

    fn undo(&self, x: f32, y: f32) -> [f32; 2] {
        [(x - self.offset[0]) / self.scale, (y - self.offset[1]) / self.scale]
    }

    /// The canvas as planes in the order BGR.
    fn draw(&self, picture: &Pyramid) -> Tensor<f32> {
        let (level, halvings) = picture.level_for(self.scale);
        let full = picture.size();
        let [width, height] = self.canvas;
        let columns = taps(self.offset[0], self.scale, width, full.0, halvings, level.width());
        let rows = taps(self.offset[1], self.scale, height, full.1, halvings, level.height());
        let stride = 3 * level.width() as usize;
        let pixels = level.as_raw();
        let mut planes = vec![0.0; 3 * width * height];
        let (blue, rest) = planes.split_at_mut(width * height);
        let (green, red) = rest.split_at_mut(width * height);
        for y in &rows {
            let upper = &pixels[y.near * stride..][..stride];
            let lower = &pixels[y.far * stride..][..stride];
            for x in &columns {
                let [near, far] = [3 * x.near, 3 * x.far];
                let mix = |c: usize| {
                    let top = blend(upper[near + c], upper[far + c], x.weight);
                    let bottom = blend(lower[near + c], lower[far + c], x.weight);
                    top + (bottom - top) * y.weight
                };
                let at = y.target * width + x.target;
                (red[at], green[at], blue[at]) = (mix(0), mix(1), mix(2));
            }
        }
        Tensor::from_data(&[1, 3, height, width], planes)
    }
}

/// One row or column of the canvas: which two of the level it lies between.
struct Tap {
    target: usize,
    near: usize,
    far: usize,
    /// The part of `far`.
    weight: f32,
}

/// The taps of one axis; where the picture does not reach there are none.
fn taps(offset: f32, scale: f32, canvas: usize, full: u32, halvings: u32, side: u32) -> Vec<Tap> {
    let last = side as usize - 1;
    let mut taps = Vec::with_capacity(canvas);
    for target in 0..canvas {
        let centre = (target as f32 + 0.5 - offset) / scale;
        if !(0.0..full as f32).contains(&centre) {
            continue;
        }
        let at = at_level(centre - 0.5, halvings).clamp(0.0, last as f32);
        let near = (at as usize).min(last);
        taps.push(Tap { target, near, far: (near + 1).min(last), weight: at - near as f32 });
    }
    taps
}

fn blend(near: u8, far: u8, weight: f32) -> f32 {
    let near = f32::from(near);
    near + (f32::from(far) - near) * weight
}

fn decode_map(letterbox: &Letterbox, stride: usize, maps: [&[f32]; 4], faces: &mut Vec<Detection>) {
    let [cls, obj, bbox, kps] = maps;
    let columns = letterbox.canvas[0] / stride;
    let step = stride as f32;
    for (cell, (class, object)) in cls.iter().zip(obj).enumerate() {
        let confidence = (class.clamp(0.0, 1.0) * object.clamp(0.0, 1.0)).sqrt();
        if confidence < MIN_CONFIDENCE {
            continue;
        }
        let (row, column) = ((cell / columns) as f32, (cell % columns) as f32);
        let b = &bbox[4 * cell..4 * cell + 4];
        let (x, y) = ((column + b[0]) * step, (row + b[1]) * step);
        let (w, h) = (b[2].exp() * step, b[3].exp() * step);
        let [left, top] = letterbox.undo(x - w / 2.0, y - h / 2.0);
        let [right, bottom] = letterbox.undo(x + w / 2.0, y + h / 2.0);
        let mut landmarks = [[0.0; 2]; 5];
        for (k, landmark) in kps[10 * cell..10 * cell + 10].chunks_exact(2).zip(&mut landmarks) {
            *landmark = letterbox.undo((k[0] + column) * step, (k[1] + row) * step);
        }
        faces.push(Detection { confidence, bbox: [left, top, right, bottom], landmarks });
    }
}

/// Non-maximum suppression: of boxes that overlap only the most confident stays.
fn suppress(mut faces: Vec<Detection>) -> Vec<Detection> {
    faces.sort_by(|a, b| b.confidence.total_cmp(&a.confidence));
    let mut kept: Vec<Detection> = Vec::new();
    for face in faces {
        if kept.iter().all(|k| overlap(&k.bbox, &face.bbox) <= MAX_OVERLAP) {
            kept.push(face);
        }
    }
    kept
}

/// Intersection over union.
fn overlap(a: &[f32; 4], b: &[f32; 4]) -> f32 {
    let width = (a[2].min(b[2]) - a[0].max(b[0])).max(0.0);
    let height = (a[3].min(b[3]) - a[1].max(b[1])).max(0.0);
    let shared = width * height;
    shared / (area(a) + area(b) - shared)
}

fn area(b: &[f32; 4]) -> f32 {
    (b[2] - b[0]) * (b[3] - b[1])
}

#[cfg(test)]
#[allow(clippy::float_cmp, reason = "exact by construction")]
mod tests {
    use super::*;

    fn face(confidence: f32, bbox: [f32; 4]) -> Detection {
        Detection { confidence, bbox, landmarks: [[0.0; 2]; 5] }
    }

    #[test]
    fn the_letterbox_keeps_the_shape_and_is_undone() {
        let letterbox = Letterbox::whole((1200, 800), 640.0, 0.0);
        assert_eq!(letterbox.canvas, [640, 448]);
        assert_eq!(letterbox.offset, [0.0, 10.0]);
        let [x, y] = letterbox.undo(320.0, 10.0);
        assert!((x - 600.0).abs() < 1e-3 && y.abs() < 1e-3);
    }

    #[test]
    fn extreme_shapes_have_a_canvas() {
        for size in [(1, 1), (1, 5000), (65_535, 1)] {
            let letterbox = Letterbox::whole(size, 256.0, 0.0);
            assert!(letterbox.canvas.iter().all(|&side| (32..=256).contains(&side)), "{size:?}");
            let picture = Pyramid::new(image::RgbImage::new(size.0, size.1));
            letterbox.draw(&picture);
        }
    }

    #[test]
    fn a_part_lies_on_the_grid_of_the_whole() {
        let whole = Letterbox::whole((1000, 1000), 640.0, 0.0);
        let part = whole.around(&[400.0, 300.0, 500.0, 420.0], 0.35);
        assert_eq!(part.canvas, [128, 160]);
        for i in 0..2 {
            assert!(((whole.offset[i] - part.offset[i]) % GRID).abs() < 1e-3);
        }
        let inside = part.undo(0.0, 0.0);
        assert!(inside[0] <= 400.0 && inside[1] <= 300.0);
    }

    #[test]
    fn the_canvas_is_bgr_and_black_around() {
        let picture = Pyramid::new(image::RgbImage::from_pixel(4, 2, image::Rgb([200, 100, 50])));
        let planes = Letterbox::whole((4, 2), 64.0, 16.0).draw(&picture);
        assert_eq!(planes.shape(), [1, 3, 64, 96]);
        assert_eq!(planes[[0, 0, 32, 48]], 50.0);
        assert_eq!(planes[[0, 2, 32, 48]], 200.0);
        assert_eq!(planes[[0, 1, 0, 0]], 0.0);
    }

    #[test]
    fn of_boxes_on_one_face_the_most_confident_stays() {
        let kept = suppress(vec![
            face(0.7, [1.0, 1.0, 11.0, 11.0]),
            face(0.9, [0.0, 0.0, 10.0, 10.0]),
            face(0.8, [20.0, 0.0, 30.0, 10.0]),
        ]);
        assert_eq!(kept.iter().map(|f| f.confidence).collect::<Vec<_>>(), [0.9, 0.8]);
    }

    #[test]
    fn overlap_is_shared_area_over_all_area() {
        let a = [0.0, 0.0, 2.0, 2.0];
        assert!((overlap(&a, &a) - 1.0).abs() < 1e-6);
        assert!((overlap(&a, &[1.0, 0.0, 3.0, 2.0]) - 1.0 / 3.0).abs() < 1e-6);
        assert!(overlap(&a, &[5.0, 5.0, 6.0, 6.0]).abs() < 1e-6);
    }
}
