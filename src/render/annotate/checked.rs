//! The annotated picture for `check`.

use std::path::{Path, PathBuf};

use image::Rgb;

use super::banner::Banner;
use super::panel::{Face, Panel};
use super::{AMBER, GREEN, Print, RED, Sheet, faces_in_words, turn_in_words};
use crate::engine::{Attributes, Detection};
use crate::preflight::{Finding, Inspection, Level};
use crate::render::check::summary;

/// Shows each photo below its findings, with an empty field for photos that can't be decoded.
pub fn sheet(photos: &[(Option<Print>, Inspection)]) -> Sheet {
    let levels: Vec<_> = photos.iter().map(|(_, inspection)| inspection.level()).collect();
    let worst = levels.iter().copied().max().unwrap_or_default();
    let lines = vec![
        headline(worst, &levels),
        summary(&levels),
        "checked on this machine; nothing was sent".to_owned(),
    ];
    let names: Vec<_> = photos.iter().map(|(_, inspection)| Path::new(&inspection.name)).collect();
    let panels = photos.iter().map(|(print, inspection)| {
        panel(print.as_ref(), inspection, title(&inspection.name, &names))
    });
    Sheet { banner: Banner { colour: colour(worst), lines }, panels: panels.collect() }
}

fn panel(print: Option<&Print>, inspection: &Inspection, title: String) -> Panel {
    let level = inspection.level();
    let seen = inspection.seen.as_ref();
    let detections = seen.map_or(&[][..], |seen| &seen.faces);
    let guesses = seen.map_or(&[][..], |seen| &seen.attributes).iter().copied();
    let guesses = guesses.chain(std::iter::repeat(None));
    let turn = seen.map_or(Some(0), |seen| Some(seen.best_angle));
    let count = seen.map(|seen| faces_in_words(seen.faces.len(), "checked"));
    let facts = [Some(level.name().to_owned()), count, turn_in_words(turn)];
    let findings: Vec<_> = inspection.findings.iter().map(Finding::in_words).collect();
    let size = print.map(|print| print.size_turned(turn.unwrap_or(0)));
    Panel {
        print: print.cloned(),
        turn,
        faces: detections
            .iter()
            .zip(guesses)
            .map(|(face, guess)| in_short(face, guess, size))
            .collect(),
        colour: colour(level),
        title,
        facts: facts.into_iter().flatten().collect(),
        remarks: Some(findings.join(" · ")),
    }
}

/// The file name, after as many of its folders as tell it from the other `names`.
fn title(name: &str, names: &[&Path]) -> String {
    let name = Path::new(name);
    let end = |path: &Path, parts: usize| {
        let all = path.iter().count();
        path.iter().skip(all.saturating_sub(parts)).collect::<PathBuf>()
    };
    let is_unique = |parts: &usize| {
        let others = names.iter().filter(|other| **other != name);
        let ours = end(name, *parts);
        others.into_iter().all(|other| end(other, *parts) != ours)
    };
    let all = name.iter().count();
    let parts = (1..all).find(is_unique).unwrap_or(all);
    end(name, parts).display().to_string()
}

/// Clips the bounding box, which may extend beyond the picture.
fn in_short(face: &Detection, guess: Option<Attributes>, size: Option<(u32, u32)>) -> Face {
    let (width, height) = size.unwrap_or_default();
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn photos_of_one_name_are_told_apart_by_their_folders() {
        let titles = |names: &[&str]| -> Vec<String> {
            let paths: Vec<_> = names.iter().map(Path::new).collect();
            names.iter().map(|name| title(name, &paths)).collect()
        };
        assert_eq!(
            titles(&["x/selfies/1001.jpg", "x/cards/1001.jpg", "x/cards/1002.jpg"]),
            ["selfies/1001.jpg", "cards/1001.jpg", "1002.jpg"]
        );
        assert_eq!(titles(&["a/x/1.jpg", "b/x/1.jpg"]), ["a/x/1.jpg", "b/x/1.jpg"]);
        assert_eq!(titles(&["1.jpg", "x/1.jpg"]), ["1.jpg", "x/1.jpg"]);
        assert_eq!(titles(&["x/1.jpg", "x/1.jpg", "standard input"])[0], "1.jpg");
    }
}
