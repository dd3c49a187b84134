//! The output of `check`: a column per photo for a few, a row per photo for many, or JSON.

use comfy_table::{Cell, Table};
use serde_json::{Value, json};

use super::console::{Paint, Stream};
use super::or_dash;
use super::table::{badge, drawn, frame, keep_whole, path};
use crate::engine::Face;
use crate::engine::Portrait;
use crate::engine::measure::Measures;
use crate::picture::decode::Header;
use crate::preflight::{Inspection, Level};
use crate::values::json::{SCHEMA, rounded};
use crate::values::text::{self, safe};

/// Only problems are coloured.
const PAINTS: [(&str, Paint); 2] = [("warns", Paint::Warning), ("fails", Paint::Error)];
/// The maximum number of photos to show side by side, with all measurements.
const SIDE_BY_SIDE: usize = 3;

/// Reports as a table, with a last line that counts the levels of all photos.
pub fn table(stream: Stream, inspections: &[&Inspection], levels: &[Level]) -> String {
    if inspections.is_empty() {
        return format!("{}\n", summary(levels));
    }
    let table = if inspections.len() <= SIDE_BY_SIDE {
        columns(stream, inspections)
    } else {
        rows(stream, inspections)
    };
    format!("{}\n\n{}\n", drawn(stream, &table, &PAINTS), summary(levels))
}

pub fn json(inspections: &[&Inspection]) -> String {
    let inspections: Vec<String> =
        inspections.iter().map(|inspection| in_json(inspection).to_string()).collect();
    format!("[{}]\n", inspections.join(",\n "))
}

pub(super) fn summary(levels: &[Level]) -> String {
    let count = |level| levels.iter().filter(|one| **one == level).count();
    let photos = text::count(levels.len() as u64, "photo");
    let [fine, warns, fails] = [Level::Fine, Level::Warns, Level::Fails].map(count);
    let levels = [(fine, Level::Fine), (warns, Level::Warns), (fails, Level::Fails)];
    let levels = levels.iter().filter(|(count, _)| *count > 0);
    let levels: Vec<_> = levels.map(|(count, level)| format!("{count} {}", level.name())).collect();
    format!("{photos}: {}", levels.join(", "))
}

type Show = fn(&Inspection) -> Option<String>;

/// The rows of photos side by side, as in `match`; one without any value is left out.
const ROWS: [(&str, Show); 13] = [
    ("Level", |photo| Some(badge(photo.level().name()))),
    ("Format", |photo| (!photo.format.is_empty()).then(|| photo.format.to_owned())),
    ("Pixels", pixels),
    ("Size", |photo| (photo.bytes > 0).then(|| text::size(photo.bytes))),
    ("EXIF orientation", |photo| photo.header.map(|header| orientation(header.orientation))),
    ("Faces", faces),
    ("Angle", |photo| Some(format!("{} degrees", photo.seen.as_ref()?.best_angle))),
    ("Face", |photo| {
        let [left, top, right, bottom] = photo.seen.as_ref()?.largest()?.bbox;
        Some(format!("({left:.0}, {top:.0}) to ({right:.0}, {bottom:.0})"))
    }),
    ("Face height", |photo| {
        let seen = photo.seen.as_ref()?;
        let face = seen.largest()?;
        let percent = 100.0 * seen.share(face);
        Some(format!("{:.0} px, {percent:.0}% of the picture's area", face.height()))
    }),
    ("Head", |photo| {
        let Measures { roll, yaw, .. } = photo.seen.as_ref()?.measures?;
        let (roll, yaw) = (roll.abs(), yaw.abs());
        Some(format!("tilted by {roll:.0} and turned sideways by about {yaw:.0} degrees"))
    }),
    ("Sharpness", |photo| Some(format!("{:.0}", photo.seen.as_ref()?.measures?.sharpness))),
    ("Light", |photo| {
        let Measures { brightness, contrast, clipped, .. } = photo.seen.as_ref()?.measures?;
        let clipped = 100.0 * clipped;
        Some(format!("brightness {brightness:.0}, contrast {contrast:.0}, {clipped:.0}% clipped"))
    }),
    ("Advice", advice),
];

fn columns(stream: Stream, inspections: &[&Inspection]) -> Table {
    let mut table = frame(stream);
    let names = inspections.iter().map(|inspection| path(&inspection.name));
    table.add_row(std::iter::once(Cell::new("Photo")).chain(names));
    for (label, show) in ROWS {
        let values: Vec<_> = inspections.iter().map(|inspection| show(inspection)).collect();
        if values.iter().any(Option::is_some) {
            let cells =
                values.into_iter().map(|value| Cell::new(or_dash(value)).set_delimiter(' '));
            table.add_row(std::iter::once(Cell::new(label)).chain(cells));
        }
    }
    table
}

fn rows(stream: Stream, inspections: &[&Inspection]) -> Table {
    let mut table = frame(stream);
    table.set_header(["Photo", "Level", "Pixels", "Faces", "Advice"]);
    for inspection in inspections {
        table.add_row([
            path(&inspection.name),
            Cell::new(badge(inspection.level().name())),
            Cell::new(or_dash(pixels(inspection))),
            Cell::new(or_dash(faces(inspection))),
            Cell::new(or_dash(advice(inspection))),
        ]);
    }
    keep_whole(&mut table, &[1, 2, 3]);
    table
}

fn pixels(inspection: &Inspection) -> Option<String> {
    inspection.header.map(|Header { size: (width, height), .. }| format!("{width} x {height}"))
}

fn faces(inspection: &Inspection) -> Option<String> {
    inspection.seen.as_ref().map(|seen| seen.faces.len().to_string())
}

/// An EXIF orientation and its meaning (EXIF 2.32, tag 0x0112).
fn orientation(number: u8) -> String {
    let meaning = match number {
        1 => "none",
        2 => "mirrored",
        3 => "180 degrees",
        4 => "mirrored upside down",
        5 => "mirrored, 270 degrees",
        6 => "90 degrees",
        7 => "mirrored, 90 degrees",
        _ => "270 degrees",
    };
    format!("{number} ({meaning})")
}

fn advice(inspection: &Inspection) -> Option<String> {
    let lines = inspection.findings.iter().map(|finding| safe(&finding.in_words()).into_owned());
    lines.reduce(|lines, line| format!("{lines}\n{line}"))
}

fn in_json(inspection: &Inspection) -> Value {
    let findings = inspection.findings.iter().map(|finding| {
        json!({
            "level": finding.level.name(),
            "code": finding.code,
            "message": finding.what,
            "advice": finding.advice,
        })
    });
    let face = inspection.seen.as_ref().and_then(face_in_json);
    json!({
        "schema": SCHEMA,
        "file": inspection.name,
        "level": inspection.level().name(),
        "findings": findings.collect::<Vec<_>>(),
        "format": (!inspection.format.is_empty()).then_some(inspection.format),
        "bytes": inspection.bytes,
        "width": inspection.header.map(|header| header.size.0),
        "height": inspection.header.map(|header| header.size.1),
        "exif_orientation": inspection.header.map(|header| header.orientation),
        "faces": inspection.seen.as_ref().map(|seen| seen.faces.len()),
        "angle": inspection.seen.as_ref().map(|seen| seen.best_angle),
        "face": face,
    })
}

fn face_in_json(seen: &Portrait) -> Option<Value> {
    let face = seen.largest()?;
    let of = |show: fn(&Measures) -> f32, decimals| {
        seen.measures.map(|measures| rounded(show(&measures), decimals))
    };
    Some(json!({
        "bbox": face.bbox.map(|value| rounded(value, 1)),
        "height": rounded(face.height(), 1),
        "share": rounded(seen.share(face), 4),
        "confidence": rounded(face.confidence, 4),
        "single_face": rounded(single_face(&seen.faces), 1),
        "eye_distance": of(|m| m.eye_distance, 1),
        "roll": of(|m| m.roll, 1),
        "yaw": of(|m| m.yaw, 1),
        "sharpness": of(|m| m.sharpness, 1),
        "brightness": of(|m| m.brightness, 1),
        "contrast": of(|m| m.contrast, 1),
        "dynamic_range": of(|m| m.dynamic_range, 2),
        "clipped": of(|m| m.clipped, 4),
        "recognisability": of(|m| m.recognisability, 1),
    }))
}

/// 100 for a single face, 0 for two of one size.
fn single_face(faces: &[Face]) -> f32 {
    let area = |face: &Face| face.detection.area();
    100.0 * (1.0 - faces.get(1).map_or(0.0, area) / faces.first().map_or(1.0, area))
}
