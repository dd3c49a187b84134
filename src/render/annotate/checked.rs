//! The annotated picture for `check`.

use image::Rgb;

use super::panel::{Face, Panel};
use super::{AMBER, GREEN, Print, RED, Sheet, facts};
use crate::engine::{Attributes, Detection};
use crate::preflight::{Finding, Inspection, Level};
use crate::render::check::summary;

/// Shows each photo below its findings, with an empty field for photos that can't be decoded.
pub fn sheet(photos: &[(Inspection, Option<Print>)]) -> Sheet<'_> {
    let levels: Vec<_> = photos.iter().map(|(inspection, _)| inspection.level()).collect();
    let worst = levels.iter().copied().max().unwrap_or_default();
    let lines = vec![
        headline(worst, &levels),
        summary(&levels),
        "checked on this machine; nothing was sent".to_owned(),
    ];
    let panels = photos.iter().map(|(inspection, print)| panel(print.as_ref(), inspection));
    Sheet { colour: colour(worst), lines, panels: panels.collect() }
}

fn panel<'a>(print: Option<&'a Print>, inspection: &Inspection) -> Panel<'a> {
    let level = inspection.level();
    let seen = inspection.seen.as_ref();
    let turn = seen.map_or(0, |seen| seen.best_angle);
    let counted = seen.map(|seen| facts(seen.faces.len(), "checked", Some(turn)));
    let findings: Vec<_> = inspection.findings.iter().map(Finding::in_words).collect();
    let size = print.map(|print| print.size_turned(turn)).unwrap_or_default();
    let faces = seen.into_iter().flat_map(|seen| &seen.faces);
    let faces = faces.map(|face| in_short(&face.detection, face.attributes, size));
    Panel {
        print,
        turn: Some(turn),
        faces: faces.collect(),
        colour: colour(level),
        title: inspection.name.clone(),
        facts: std::iter::once(level.name().to_owned())
            .chain(counted.into_iter().flatten())
            .collect(),
        remarks: Some(findings.join(" · ")),
    }
}

/// Clips the bounding box, which may extend beyond the picture.
fn in_short(face: &Detection, guess: Option<Attributes>, (width, height): (u32, u32)) -> Face {
    let [left, top, right, bottom] = face.bbox.map(f64::from);
    let across = |x: f64| x.clamp(0.0, width.into());
    let down = |y: f64| y.clamp(0.0, height.into());
    let guess = guess
        .map_or(String::new(), |guess| format!("{:.0} years, {}, ", guess.years(), guess.gender()));
    let label = format!("{guess}{:.0}%, {:.0} px", 100.0 * face.confidence, face.height());
    Face { bbox: Some([across(left), down(top), across(right), down(bottom)]), label }
}

/// States the worst level and how many photos have it.
fn headline(worst: Level, levels: &[Level]) -> String {
    let count = levels.iter().filter(|level| **level == worst).count();
    match (worst.name(), levels.len()) {
        (name, 1) => name[..1].to_uppercase() + &name[1..],
        (_, _) if worst == Level::Fine => "All fine".to_owned(),
        (name, all) => format!("{count} of {all}: {name}"),
    }
}

fn colour(level: Level) -> Rgb<u8> {
    match level {
        Level::Fine => GREEN,
        Level::Warns => AMBER,
        Level::Fails => RED,
    }
}
