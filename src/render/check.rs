//! The output of `check`: a column per photo for a few, a row per photo for many, or JSON.

use comfy_table::{Cell, Table};
use serde_json::{Value, json};

use super::style::{Paint, Stream};
use super::table::{badge, drawn, frame, keep_whole, path};
use super::{DASH, or_dash};
use crate::engine::Detection;
use crate::engine::examine::Examination;
use crate::engine::measure::Measures;
use crate::picture::header::Header;
use crate::preflight::{Finding, Inspection, Level};
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

/// Shows photos side by side, like `match`. Leaves out rows without a value.
fn columns(stream: Stream, inspections: &[&Inspection]) -> Table {
    let mut table = frame(stream);
    table.add_row(
        std::iter::once(Cell::new("Photo"))
            .chain(inspections.iter().map(|inspection| path(&inspection.name))),
    );
    let mut row = |label: &str, show: &dyn Fn(&Inspection) -> String| {
        let values: Vec<_> = inspections.iter().map(|inspection| show(inspection)).collect();
        if values.iter().any(|value| value != DASH) {
            let cells = values.into_iter().map(|value| Cell::new(value).set_delimiter(' '));
            table.add_row(std::iter::once(Cell::new(label)).chain(cells));
        }
    };
    row("Level", &|inspection| badge(inspection.level().name()));
    row("Format", &|inspection| {
        or_dash((!inspection.format.is_empty()).then_some(inspection.format))
    });
    row("Pixels", &pixels);
    row("Size", &|inspection| {
        or_dash((inspection.bytes > 0).then(|| text::size(inspection.bytes)))
    });
    row("EXIF orientation", &|inspection| {
        or_dash(inspection.header.map(|header| orientation(header.orientation)))
    });
    row("Faces", &faces);
    row("Angle", &|inspection| {
        or_dash(inspection.seen.as_ref().map(|seen| format!("{} degrees", seen.best_angle)))
    });
    row("Face", &|inspection| {
        of_face(inspection, |face, _| {
            let [left, top, right, bottom] = face.bbox;
            format!("({left:.0}, {top:.0}) to ({right:.0}, {bottom:.0})")
        })
    });
    row("Face height", &|inspection| {
        of_face(inspection, |face, seen| {
            let percent = 100.0 * seen.share(face);
            format!("{:.0} px, {percent:.0}% of the picture's area", face.height())
        })
    });
    row("Head", &|inspection| {
        of_measures(inspection, |m| {
            format!(
                "tilted by {:.0} and turned sideways by about {:.0} degrees",
                m.roll.abs(),
                m.yaw.abs()
            )
        })
    });
    row("Sharpness", &|inspection| of_measures(inspection, |m| format!("{:.0}", m.sharpness)));
    row("Light", &|inspection| {
        of_measures(inspection, |m| {
            let clipped = 100.0 * m.clipped;
            format!(
                "brightness {:.0}, contrast {:.0}, {clipped:.0}% clipped",
                m.brightness, m.contrast
            )
        })
    });
    row("Advice", &|inspection| advice(&inspection.findings));
    table
}

fn rows(stream: Stream, inspections: &[&Inspection]) -> Table {
    let mut table = frame(stream);
    table.set_header(["Photo", "Level", "Pixels", "Faces", "Advice"]);
    for inspection in inspections {
        table.add_row([
            path(&inspection.name),
            Cell::new(badge(inspection.level().name())),
            Cell::new(pixels(inspection)),
            Cell::new(faces(inspection)),
            Cell::new(advice(&inspection.findings)),
        ]);
    }
    keep_whole(&mut table, &[1, 2, 3]);
    table
}

fn pixels(inspection: &Inspection) -> String {
    or_dash(
        inspection.header.map(|Header { size: (width, height), .. }| format!("{width} x {height}")),
    )
}

fn faces(inspection: &Inspection) -> String {
    or_dash(inspection.seen.as_ref().map(|seen| seen.faces.len()))
}

fn of_face(inspection: &Inspection, show: impl Fn(&Detection, &Examination) -> String) -> String {
    or_dash(inspection.seen.as_ref().and_then(|seen| Some(show(seen.faces.first()?, seen))))
}

fn of_measures(inspection: &Inspection, show: impl Fn(&Measures) -> String) -> String {
    or_dash(inspection.seen.as_ref().and_then(|seen| seen.measures.as_ref().map(show)))
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

fn advice(findings: &[Finding]) -> String {
    let lines = findings.iter().map(|finding| safe(&finding.in_words()).into_owned());
    let lines = lines.collect::<Vec<_>>();
    or_dash((!lines.is_empty()).then(|| lines.join("\n")))
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

fn face_in_json(seen: &Examination) -> Option<Value> {
    let face = seen.faces.first()?;
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
fn single_face(faces: &[Detection]) -> f32 {
    let second = faces.get(1).map_or(0.0, Detection::area);
    100.0 * (1.0 - second / faces.first().map_or(1.0, Detection::area))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_do_not_move_the_borders() {
        let stream =
            Stream { is_terminal: true, is_coloured: true, has_unicode: true, width: Some(90) };
        for count in [2, 5] {
            let inspection =
                |i: usize| Inspection::unreadable(format!("{i}.jpg"), "no such file", "");
            let inspections: Vec<_> = (0..count).map(inspection).collect();
            let levels: Vec<_> = inspections.iter().map(Inspection::level).collect();
            let text = table(stream, &inspections.iter().collect::<Vec<_>>(), &levels);
            assert!(text.contains(&stream.paint(Paint::Error, "fails")));
            let plain = console::strip_ansi_codes(&text).into_owned();
            let (drawn, _) = plain.split_once("\n\n").unwrap();
            let widths: Vec<_> = drawn.lines().map(|line| line.chars().count()).collect();
            assert!(widths.iter().all(|width| *width == widths[0]), "{plain}");
        }
    }
}
