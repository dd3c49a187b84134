//! Detects faces and their five landmarks with YuNet (2023mar).
//!
//! The network's outputs are decoded as in OpenCV's `FaceDetectorYN` (they agree to 3e-5 px).

use anyhow::Result;

use super::letterbox::Letterbox;
use super::pyramid::Pyramid;
use super::yunet::{Map, OUTPUTS, Yunet};

/// Detections below this confidence are dropped (OpenCV's sample for this model says 0.6).
const MIN_CONFIDENCE: f32 = 0.6;

/// Bounding boxes with a larger intersection over union belong to the same face (OpenCV: 0.3).
const MAX_OVERLAP: f32 = 0.3;

/// The strides of the network's three output maps.
const STRIDES: [f32; 3] = [8.0, 16.0, 32.0];

/// A detection this confident needs no second look: tight selfies score 0.64-0.84 if they are drawn
/// too large, and at least 0.90 otherwise.
const SURE: f32 = 0.85;

/// A face that fills a larger share of the frame is drawn smaller, with a border: YuNet was trained
/// on faces of about 10-300 px.
const TIGHT: f32 = 0.6;

/// A face at least this wide, relative to the picture's longer side, is near: 32 px in the coarse
/// pass.
const NEAR: f32 = 1.0 / 8.0;

/// The longer side of the picture in the first pass: a sixth of the work of [`FINE`].
const COARSE: f32 = 256.0;

/// The longer side of the picture in the fine pass, the network's usual input size.
const FINE: f32 = 640.0;

/// Pictures with at least this aspect ratio are strips: see [`STRIP_SIDE`].
const STRIP: f32 = 3.0;

/// The shorter side of a strip in the fine pass, and the limit for its longer side. With a longer
/// side of [`FINE`], a portrait as high as the strip would have too few pixels.
const STRIP_SIDE: f32 = 256.0;
const STRIP_LENGTH: f32 = 10_240.0;

/// The maximum width of a face in the second look; more costs time and gains nothing.
const EXACT: f32 = 220.0;

/// Faces with at least this share of the largest one's area get a second look too: it changes areas
/// by about a tenth, which may change which face is the largest.
const CLOSE: f32 = 0.75;

/// The black border around a tight face: with [`COARSE`], the canvas becomes 640 px.
const ROOM: f32 = 192.0;

/// A detected face, in pixels of the full-size picture.
#[derive(Clone, Debug, PartialEq)]
pub struct Detection {
    /// 0 to 1.
    pub confidence: f32,
    /// Left, top, right, bottom; may extend beyond the picture.
    pub bbox: [f32; 4],
    /// The eye on the picture's left, the other eye, the nose tip and the mouth corners.
    pub landmarks: [[f32; 2]; 5],
}

impl Detection {
    pub fn width(&self) -> f32 {
        self.bbox[2] - self.bbox[0]
    }

    pub fn height(&self) -> f32 {
        self.bbox[3] - self.bbox[1]
    }

    pub fn area(&self) -> f32 {
        area(&self.bbox)
    }
}

/// Detects all faces, the largest first.
///
/// A coarse pass at 256 px finds faces down to 1/25 of the longer side. If the largest is near,
/// only it and its rivals get a second look. Otherwise, a fine pass over the whole picture at 640
/// px finds faces down to 1/64 of the longer side.
pub fn find_faces(network: &Yunet, picture: &Pyramid) -> Result<Vec<Detection>> {
    let mut faces = glance(network, picture)?;
    if faces.first().is_some_and(|face| is_near(face, picture.size())) {
        let rivals = CLOSE * faces[0].area();
        for face in faces.iter_mut().filter(|face| face.area() >= rivals) {
            refine(network, picture, face)?;
        }
        largest_first(&mut faces);
        return Ok(faces);
    }
    let fit = fine_fit(picture.size());
    let fine = pass(network, picture, &Letterbox::whole(picture.size(), fit, 0.0))?;
    let settled = fine
        .first()
        .is_some_and(|face| face.confidence >= SURE && filled(face, picture.size()) <= TIGHT);
    if settled {
        return Ok(fine);
    }
    let roomy = pass(network, picture, &Letterbox::whole(picture.size(), COARSE, ROOM))?;
    // On a tie, `max_by` takes the last.
    let sets = [faces, roomy, fine];
    let best = |set: &Vec<Detection>| set.first().map_or(0.0, |face| face.confidence);
    Ok(sets.into_iter().max_by(|a, b| best(a).total_cmp(&best(b))).unwrap_or_default())
}

/// The longer side of the picture in the fine pass.
fn fine_fit((width, height): (u32, u32)) -> f32 {
    let (longer, shorter) = (width.max(height) as f32, width.min(height) as f32);
    if longer < STRIP * shorter {
        return FINE;
    }
    // Never upscaled.
    (longer * (STRIP_SIDE / shorter).min(1.0)).clamp(FINE, STRIP_LENGTH)
}

/// The faces found by the coarse pass, the largest first.
pub fn glance(network: &Yunet, picture: &Pyramid) -> Result<Vec<Detection>> {
    pass(network, picture, &Letterbox::whole(picture.size(), COARSE, 0.0))
}

/// Whether a face in the coarse pass is large and confident enough to skip the fine pass.
fn is_near(face: &Detection, (width, height): (u32, u32)) -> bool {
    let share = face.width() / width.max(height) as f32;
    face.confidence >= SURE && share >= NEAR
}

/// The share of the frame's width or height that a face fills, whichever is larger.
fn filled(face: &Detection, (width, height): (u32, u32)) -> f32 {
    (face.width() / width as f32).max(face.height() / height as f32)
}

/// Detects a face again at the scale that gives the most accurate box and landmarks.
fn refine(network: &Yunet, picture: &Pyramid, face: &mut Detection) -> Result<()> {
    let size = picture.size();
    let part = if filled(face, size) > TIGHT {
        Letterbox::whole(size, COARSE, ROOM).around(&face.bbox, 0.25)
    } else {
        let longer = size.0.max(size.1) as f32;
        let fit = FINE.min(longer * EXACT / face.width());
        Letterbox::whole(size, fit, 0.0).around(&face.bbox, 0.35)
    };
    let seen = pass(network, picture, &part)?;
    let same = |other: &&Detection| overlap(&other.bbox, &face.bbox) > MAX_OVERLAP;
    if let Some(refined) = seen.iter().find(same).filter(|other| other.confidence >= SURE) {
        *face = refined.clone();
    }
    Ok(())
}

fn largest_first(faces: &mut [Detection]) {
    faces.sort_by(|a, b| b.area().total_cmp(&a.area()));
}

/// Runs the network once; the largest face is first.
fn pass(network: &Yunet, picture: &Pyramid, letterbox: &Letterbox) -> Result<Vec<Detection>> {
    let maps = network.run(letterbox.draw(picture))?;
    let mut faces = Vec::new();
    for (map, stride) in maps.iter().zip(STRIDES) {
        decode(letterbox, stride, map, &mut faces);
    }
    let mut faces = suppress(faces);
    largest_first(&mut faces);
    Ok(faces)
}

fn decode(letterbox: &Letterbox, stride: f32, map: &Map<OUTPUTS>, faces: &mut Vec<Detection>) {
    for (cell, outputs) in map.pixels.iter().enumerate() {
        let [class, dx, dy, width, height, object, landmarks @ ..] = *outputs;
        let confidence = (sigmoid(class) * sigmoid(object)).sqrt();
        if confidence < MIN_CONFIDENCE {
            continue;
        }
        let (row, column) = ((cell / map.width) as f32, (cell % map.width) as f32);
        let (x, y) = ((column + dx) * stride, (row + dy) * stride);
        let (w, h) = (width.exp() * stride, height.exp() * stride);
        let [left, top] = letterbox.undo(x - w / 2.0, y - h / 2.0);
        let [right, bottom] = letterbox.undo(x + w / 2.0, y + h / 2.0);
        let mut undone = [[0.0; 2]; 5];
        for ([dx, dy], landmark) in landmarks.as_chunks().0.iter().zip(&mut undone) {
            *landmark = letterbox.undo((dx + column) * stride, (dy + row) * stride);
        }
        faces.push(Detection { confidence, bbox: [left, top, right, bottom], landmarks: undone });
    }
}

fn sigmoid(x: f32) -> f32 {
    1.0 / (1.0 + (-x).exp())
}

/// Non-maximum suppression: keeps only the most confident of overlapping boxes.
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
pub fn overlap(a: &[f32; 4], b: &[f32; 4]) -> f32 {
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
    fn suppression_keeps_the_most_confident_box_of_a_face() {
        let kept = suppress(vec![
            face(0.7, [1.0, 1.0, 11.0, 11.0]),
            face(0.9, [0.0, 0.0, 10.0, 10.0]),
            face(0.8, [20.0, 0.0, 30.0, 10.0]),
        ]);
        assert_eq!(kept.iter().map(|f| f.confidence).collect::<Vec<_>>(), [0.9, 0.8]);
    }

    #[test]
    fn overlap_is_intersection_over_union() {
        let a = [0.0, 0.0, 2.0, 2.0];
        assert!((overlap(&a, &a) - 1.0).abs() < 1e-6);
        assert!((overlap(&a, &[1.0, 0.0, 3.0, 2.0]) - 1.0 / 3.0).abs() < 1e-6);
        assert!(overlap(&a, &[5.0, 5.0, 6.0, 6.0]).abs() < 1e-6);
    }
}
