//! What is known of photos: a column each for a few, a row each for many, JSON with all of it.

use comfy_table::{Cell, Table};
use indicatif::HumanBytes;
use serde_json::{Value, json};

use super::or_dash;
use super::style::{Paint, Stream};
use super::table::{badge, drawn, frame, keep_whole, path};
use crate::preflight::{Finding, Inspection, Largest, Level};
use crate::values::json::rounded;
use crate::values::text::{self, safe};

/// Only what is not fine stands out.
const PAINTS: [(&str, Paint); 2] = [("warns", Paint::Warning), ("fails", Paint::Error)];
/// So many photos have room side by side, with everything that was measured.
const SIDE_BY_SIDE: usize = 3;

/// Reports for a person, and a last line that sums up the levels of all photos.
pub fn table(stream: Stream, reports: &[&Inspection], levels: &[Level]) -> String {
    if reports.is_empty() {
        return format!("{}\n", summary(levels));
    }
    let table = if reports.len() <= SIDE_BY_SIDE {
        columns(stream, reports)
    } else {
        rows(stream, reports)
    };
    format!("{}\n\n{}\n", drawn(stream, &table, &PAINTS), summary(levels))
}

/// Reports for a script: one array.
pub fn json(reports: &[&Inspection]) -> String {
    let reports: Vec<String> = reports.iter().map(|report| in_json(report).to_string()).collect();
    format!("[{}]\n", reports.join(",\n "))
}

pub(super) fn summary(levels: &[Level]) -> String {
    let count = |level| levels.iter().filter(|one| **one == level).count();
    let photos = text::count(levels.len() as u64, "photo");
    let [fine, warns, fails] = [Level::Fine, Level::Warns, Level::Fails].map(count);
    format!("{photos}: {fine} fine, {warns} with warnings, {fails} unusable")
}

/// Photos side by side, as `match` shows them.
fn columns(stream: Stream, reports: &[&Inspection]) -> Table {
    let mut table = frame(stream);
    table.add_row(
        std::iter::once(Cell::new("Photo")).chain(reports.iter().map(|report| path(&report.name))),
    );
    let mut row = |label: &str, show: &dyn Fn(&Inspection) -> String| {
        let cells = reports.iter().map(|report| Cell::new(show(report)).set_delimiter(' '));
        table.add_row(std::iter::once(Cell::new(label)).chain(cells));
    };
    row("Level", &|report| badge(report.level().name()));
    row("Format", &|report| or_dash((!report.format.is_empty()).then_some(report.format)));
    row("Pixels", &pixels);
    row("Size", &|report| HumanBytes(report.bytes as u64).to_string());
    row("EXIF turn", &|report| {
        report.header.map_or("-".to_owned(), |h| orientation(h.orientation))
    });
    row("Faces", &faces);
    row("Angle", &|report| {
        report.seen.as_ref().map_or("-".to_owned(), |seen| format!("{} degrees", seen.angle))
    });
    row("Face", &|report| {
        of_face(report, |face| {
            let [left, top, right, bottom] = face.bbox;
            format!("({left:.0}, {top:.0}) to ({right:.0}, {bottom:.0})")
        })
    });
    row("Face height", &|report| {
        of_face(report, |face| {
            format!("{:.0} px, {:.0} % of the picture's area", face.height, 100.0 * face.share)
        })
    });
    row("Held", &|report| {
        of_measures(report, |m| {
            format!("tilted {:.0}, turned aside about {:.0} degrees", m.roll.abs(), m.yaw.abs())
        })
    });
    row("Sharpness", &|report| of_measures(report, |m| format!("{:.0}", m.sharpness)));
    row("Light", &|report| {
        of_measures(report, |m| {
            let clipped = 100.0 * m.clipped;
            format!(
                "brightness {:.0}, contrast {:.0}, {clipped:.0} % clipped",
                m.brightness, m.contrast
            )
        })
    });
    row("Advice", &|report| advice(&report.findings));
    table
}

fn rows(stream: Stream, reports: &[&Inspection]) -> Table {
    let mut table = frame(stream);
    table.set_header(["Photo", "Level", "Pixels", "Faces", "Advice"]);
    for report in reports {
        table.add_row([
            path(&report.name),
            Cell::new(badge(report.level().name())),
            Cell::new(pixels(report)),
            Cell::new(faces(report)),
            Cell::new(advice(&report.findings)),
        ]);
    }
    keep_whole(&mut table, &[1, 2, 3]);
    table
}

fn pixels(report: &Inspection) -> String {
    report.header.map_or("-".to_owned(), |header| format!("{} x {}", header.size.0, header.size.1))
}

fn faces(report: &Inspection) -> String {
    report.seen.as_ref().map_or("-".to_owned(), |seen| seen.faces.len().to_string())
}

fn of_face(report: &Inspection, show: impl Fn(&Largest) -> String) -> String {
    let face = report.seen.as_ref().and_then(|seen| seen.largest);
    face.map_or("-".to_owned(), |face| show(&face))
}

fn of_measures(
    report: &Inspection,
    show: impl Fn(&crate::engine::measure::Measures) -> String,
) -> String {
    let measures = report.seen.as_ref().and_then(|seen| seen.largest?.measures);
    measures.map_or("-".to_owned(), |measures| show(&measures))
}

/// What the number means (EXIF 2.32, tag 0x0112).
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

fn in_json(report: &Inspection) -> Value {
    let findings = report.findings.iter().map(|finding| {
        json!({
            "level": finding.level.name(),
            "code": finding.code,
            "message": finding.what,
            "advice": finding.advice,
        })
    });
    let face = report.seen.as_ref().and_then(|seen| seen.largest);
    json!({
        "file": report.name,
        "level": report.level().name(),
        "findings": findings.collect::<Vec<_>>(),
        "format": (!report.format.is_empty()).then_some(report.format),
        "bytes": report.bytes,
        "width": report.header.map(|header| header.size.0),
        "height": report.header.map(|header| header.size.1),
        "exif_orientation": report.header.map(|header| header.orientation),
        "faces": report.seen.as_ref().map(|seen| seen.faces.len()),
        "angle": report.seen.as_ref().map(|seen| seen.angle),
        "face": face.map(|face| face_in_json(&face)),
    })
}

fn face_in_json(face: &Largest) -> Value {
    let of = |show: fn(&crate::engine::measure::Measures) -> f32, decimals| {
        face.measures.map(|measures| rounded(show(&measures), decimals))
    };
    json!({
        "bbox": face.bbox.map(|value| rounded(value, 1)),
        "height": rounded(face.height, 1),
        "share": rounded(face.share, 4),
        "confidence": rounded(face.confidence, 4),
        "roll": of(|m| m.roll, 1),
        "yaw": of(|m| m.yaw, 1),
        "sharpness": of(|m| m.sharpness, 1),
        "brightness": of(|m| m.brightness, 1),
        "contrast": of(|m| m.contrast, 1),
        "clipped": of(|m| m.clipped, 4),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_path_loses_no_character_beside_others_or_in_a_row_of_its_own() {
        let name = "photographs/customers/2026_11/some-very-long-name-without-an-end.jpg";
        for (count, width) in [(1, 60), (2, 60), (2, 80), (5, 60), (5, 80)] {
            let stream = Stream {
                is_terminal: true,
                is_coloured: false,
                has_unicode: true,
                width: Some(width),
            };
            let report = Inspection::unreadable(name.to_owned(), "has an extension of its own");
            let text = table(stream, &vec![&report; count], &vec![Level::Fails; count]);
            let place = if count > SIDE_BY_SIDE { 1 } else { 2 };
            let cells = text.lines().filter_map(|line| line.split(['│', '┆']).nth(place));
            let cells = cells.map(str::trim).collect::<String>();
            assert!(cells.contains(name), "{width}: {text}");
            assert!(text.lines().all(|line| line.chars().count() <= width.into()), "{text}");
        }
    }

    #[test]
    fn colours_do_not_move_the_borders() {
        let stream =
            Stream { is_terminal: true, is_coloured: true, has_unicode: true, width: Some(90) };
        for count in [2, 5] {
            let report = |i: usize| Inspection::unreadable(format!("{i}.jpg"), "no such file");
            let reports: Vec<_> = (0..count).map(report).collect();
            let levels: Vec<_> = reports.iter().map(Inspection::level).collect();
            let text = table(stream, &reports.iter().collect::<Vec<_>>(), &levels);
            assert!(text.contains(&stream.paint(Paint::Error, "fails")));
            let plain = console::strip_ansi_codes(&text).into_owned();
            let (drawn, _) = plain.split_once("\n\n").unwrap();
            let widths: Vec<_> = drawn.lines().map(|line| line.chars().count()).collect();
            assert!(widths.iter().all(|width| *width == widths[0]), "{plain}");
        }
    }
}
