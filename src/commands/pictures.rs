//! Pictures for `report`, from the journal and the photos: each pair as it was judged (`--pictures`),
//! and the compared faces (`--embed-thumbnails`).

#![allow(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    reason = "pixels of a photo; casts of floats saturate"
)]

use std::collections::{HashMap, HashSet};
use std::fs;
use std::io::Cursor;
use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use image::codecs::jpeg::JpegEncoder;
use image::{Rgb, RgbImage, imageops};

use super::new_file::NewFile;
use super::parallel::on_all_cores;
use crate::error::{Error, Kind, Result, reason};
use crate::panics;
use crate::photo::{MOST_BYTES, Source};
use crate::picture::decode;
use crate::render::annotate::judged::{self, Subject};
use crate::render::annotate::placement::{boxes, turn};
use crate::render::annotate::{Print, png};
use crate::render::{Console, counting};
use crate::report::{Entry, Report, located};
use crate::values::digest;
use crate::values::system::is_device_on_windows;
use crate::values::text::{self, QUOTED, excerpt};

/// How many pairs without a picture are named.
const NAMED: usize = 10;

pub(super) struct Folder(PathBuf);

/// What came of a picture; one that can't be written stops no other.
enum Drawn {
    Written,
    Impossible(String),
    Unwritten(Error),
}

impl Folder {
    /// Creates the folder with mode 0700, unless it exists.
    pub(super) fn prepare(path: &Path) -> Result<Self, Error> {
        make(path).map_err(|e| {
            let what = format!("can't create the folder `{}`: {}", path.display(), reason(&e));
            Error::new(Kind::Output, what)
        })?;
        Ok(Self(path.to_owned()))
    }

    pub(super) fn join(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    /// Draws all pairs, and warns of those that can't be drawn.
    pub(super) fn fill(&self, report: &Report<'_>, force: bool, console: &Console) -> Result<()> {
        let (mut names, base_dir) = (FileNames::default(), &report.settings.base_dir);
        let work: Vec<_> = report
            .entries()
            .map(|e| e.map(|e| (names.of(&e.id, "png"), e)))
            .collect::<Result<_, _>>()?;
        let bar = counting(console, work.len(), "pictures");
        let photos = |entry: &Entry| entry.photos.each_ref().map(|name| base_dir.join(name));
        let inputs: Vec<_> = work.iter().flat_map(|(_, entry)| photos(entry)).collect();
        let draw = |(name, entry): &(String, Entry)| -> Result<Drawn> {
            let file = NewFile::prepare("the picture", &self.join(name), force)
                .and_then(|file| file.keeping(&inputs));
            Ok(match (file, drawn(entry, base_dir)?) {
                (Err(e), _) => Drawn::Unwritten(e),
                (_, Err(why)) => {
                    Drawn::Impossible(format!("`{}`: {why}", excerpt(&entry.id, QUOTED)))
                }
                (Ok(file), Ok(picture)) => {
                    file.write(&picture).map_or_else(Drawn::Unwritten, |()| Drawn::Written)
                }
            })
        };
        let results = on_all_cores(&work, draw, || bar.inc(1))?;
        bar.finish_and_clear();
        let (mut without, mut unwritten) = (Vec::new(), Vec::new());
        for result in results {
            match result {
                Drawn::Written => {}
                Drawn::Impossible(why) => without.push(why),
                Drawn::Unwritten(e) => unwritten.push(e),
            }
        }
        let written = work.len() - without.len() - unwritten.len();
        let pictures = text::count(written as u64, "picture");
        console.note(&format!("{pictures} in `{}`", self.0.display()));
        for pair in without.iter().take(NAMED) {
            console.warn(&format!("no picture of {pair}"));
        }
        if without.len() > NAMED {
            console.warn(&format!("{} more pairs have no picture", without.len() - NAMED));
        }
        let others = unwritten.len().saturating_sub(1);
        match unwritten.into_iter().next() {
            None => Ok(()),
            Some(first) if others == 0 => Err(first.into()),
            Some(first) => {
                let others = text::count(others as u64, "other picture");
                let what = format!("{} (and {others})", first.message());
                Err(first.with_message(what).into())
            }
        }
    }
}

/// The picture of a pair, or why it can't be drawn.
fn drawn(entry: &Entry, folder: &Path) -> Result<Result<Vec<u8>, String>> {
    let print = |place: usize| {
        let name = &entry.photos[place];
        let bytes = judged_photo(entry, place, folder)?;
        Print::decode(name, &bytes).map_err(|e| format!("`{name}`: {e}"))
    };
    let photos = match (print(0), print(1)) {
        (Ok(user), Ok(reference)) => [user, reference],
        (Err(why), _) | (_, Err(why)) => return Ok(Err(why)),
    };
    Ok(Ok(png(&judged::sheet(&photos, &subject(entry)).draw()?)?))
}

fn subject(entry: &Entry) -> Subject<'_> {
    let score = match &entry.score {
        Some(score) => format!("score {score} of 100 · threshold {}", entry.threshold),
        None => format!("no score · threshold {}", entry.threshold),
    };
    let judge = if entry.status.is_judged() {
        format!("judged by {}", entry.judge)
    } else {
        format!("not judged; asked: {}", entry.judge)
    };
    let request = entry.request_id.as_ref().map(|id| format!("request {id}"));
    let identity = [Some(format!("pair {}", entry.id)), request, Some(entry.finished_at.clone())];
    Subject {
        status: entry.verdict.map(|verdict| verdict.status()),
        headline: entry.status.name().to_owned(),
        score,
        caveats: std::iter::once(judge).chain(entry.remarks()).collect(),
        identity: identity.into_iter().flatten().collect(),
        at_fault: entry.verdict.and_then(|verdict| {
            judged::at_fault(&verdict, entry.faces.each_ref().map(|image| image.faces.len()))
        }),
        images: entry.faces.each_ref(),
    }
}

#[cfg(unix)]
fn make(path: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::DirBuilderExt;
    fs::DirBuilder::new().recursive(true).mode(0o700).create(path)
}

#[cfg(not(unix))]
fn make(path: &Path) -> std::io::Result<()> {
    fs::create_dir_all(path)
}

const SIDE: u32 = 240;
const QUALITY: u8 = 80;
/// How much to show around the box, relative to its size.
const AROUND: f64 = 0.5;
const FRAME: Rgb<u8> = Rgb([255, 214, 0]);

/// The faces of each pair by its id, if both photos are unchanged: cut out, boxed, and encoded for the
/// page.
pub(super) fn faces(report: &Report<'_>) -> Result<HashMap<String, [String; 2]>> {
    let entries: Vec<_> = report.entries().collect::<Result<_, _>>()?;
    let faces = |entry: &Entry| {
        let face = |place| face(entry, place, &report.settings.base_dir);
        let faces = panics::caught(|| Some([face(0)?, face(1)?])).flatten();
        Ok(faces.map(|faces| (entry.id.clone(), faces)))
    };
    Ok(on_all_cores(&entries, faces, || ())?.into_iter().flatten().collect())
}

fn face(entry: &Entry, place: usize, folder: &Path) -> Option<String> {
    let picture = decode::upright(&judged_photo(entry, place, folder).ok()?).ok()?;
    let image = &entry.faces[place];
    let face = match (turn(image), boxes(image, picture.dimensions()).first()) {
        (Some(turn), Some(Some(bbox))) => boxed(decode::rotate(&picture, turn), *bbox),
        _ => picture,
    };
    let (width, height) = face.dimensions();
    let scale = |side: u32| (side * SIDE / width.max(height)).max(1);
    let face = imageops::thumbnail(&face, scale(width), scale(height));
    let mut jpeg = Cursor::new(Vec::new());
    JpegEncoder::new_with_quality(&mut jpeg, QUALITY).encode_image(&face).ok()?;
    Some(STANDARD.encode(jpeg.into_inner()))
}

/// The part of `picture` around the box, with the box; the whole picture if the box exceeds it.
fn boxed(mut picture: RgbImage, [left, top, right, bottom]: [f64; 4]) -> RgbImage {
    let (width, height) = (f64::from(picture.width()), f64::from(picture.height()));
    let is_within = |low: f64, high: f64, side: f64| 0.0 <= low && low < high && high <= side;
    if !(is_within(left, right, width) && is_within(top, bottom, height)) {
        return picture;
    }
    let side = (right - left).max(bottom - top) * (1.0 + 2.0 * AROUND);
    let span = |low: f64, high: f64, all: f64| {
        let side = side.min(all);
        let from = (f64::midpoint(low, high) - side / 2.0).clamp(0.0, all - side);
        (from as u32, side.max(1.0) as u32)
    };
    let ((x, across), (y, down)) = (span(left, right, width), span(top, bottom, height));
    let line = (across / 80).max(1);
    let [left, top, right, bottom] = [left, top, right, bottom].map(|side| side as u32);
    for (x, y) in (top..bottom).flat_map(|y| (left..right).map(move |x| (x, y))) {
        if x < left + line || y < top + line || x + line >= right || y + line >= bottom {
            picture.put_pixel(x, y, FRAME);
        }
    }
    imageops::crop_imm(&picture, x, y, across, down).to_image()
}

/// Photo `place` of a pair (0: user image, 1: reference image), or why it can't be used: it is gone, or
/// has changed.
fn judged_photo(entry: &Entry, place: usize, folder: &Path) -> Result<Bytes, String> {
    let name = &entry.photos[place];
    let bytes = Source::Path(located(folder, name)).read(MOST_BYTES);
    let bytes = bytes.map_err(|e| e.message().to_owned())?;
    match &entry.sha256[place] {
        Some(sha256) if *sha256 == digest::hex(&bytes) => Ok(bytes),
        Some(_) => Err(format!("`{name}` has changed since it was judged")),
        None => Err(format!("the journal does not say what `{name}` was")),
    }
}

/// File systems take 255 bytes; this leaves room for the hash and the extension.
const LONGEST: usize = 120;

/// The names given so far, in lower case: some file systems ignore case.
#[derive(Default)]
struct FileNames(HashSet<String>);

impl FileNames {
    /// `ID.extension`. The name gets a hash of the id if the id can't be a file name on every
    /// system, or differs from an earlier one only in case.
    fn of(&mut self, id: &str, extension: &str) -> String {
        let mut name: String =
            id.chars().map(|c| if is_plain(c) { c } else { '_' }).take(LONGEST).collect();
        while name.len() > LONGEST {
            name.pop();
        }
        if is_device_on_windows(&name) {
            name.insert(0, '_');
        }
        let is_usable = name == id
            && !name.is_empty()
            && !name.starts_with(['.', '-'])
            && !name.ends_with([' ', '.']);
        if !is_usable || self.0.contains(&name.to_lowercase()) {
            let hash = &digest::hex(id.as_bytes())[..12];
            name = format!("{}~{hash}", name.trim_start_matches(['.', '-']));
        }
        self.0.insert(name.to_lowercase());
        format!("{name}.{extension}")
    }
}

fn is_plain(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '-' | '_' | '.' | ' ' | '+' | '@' | '=' | ',')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_stay_in_the_folder_and_never_collide() {
        let mut names = FileNames::default();
        for id in ["1003", "ann@mail.example", "Kunde 7", "日本"] {
            assert_eq!(names.of(id, "png"), format!("{id}.png"));
        }
        let long = "x".repeat(5000);
        let odd = "../../etc/passwd|a/b|a\\b|a:b||.|..|.x|-rf|a |CON|nul.txt|LPT1.a.b|con.2|COM1.a|aux.|nul .x|COM¹|a\0b|\u{202e}gpj|Same|same|SAME";
        let mut seen = HashSet::new();
        for id in odd.split('|').chain([long.as_str()]) {
            let name = names.of(id, "png");
            assert!(name.len() < 200 && !name.starts_with(['.', '-']), "{name}");
            assert!(!is_device_on_windows(&name), "{name}");
            assert!(!name.contains(['/', '\\', ':', '\0', '\u{202e}']), "{name}");
            assert!(seen.insert(name.to_lowercase()), "{name}");
        }
    }
}
