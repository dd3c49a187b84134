//! `check --annotate`: the picture of checked photos.

use std::fs;
use std::path::PathBuf;

use image::{Rgb, RgbImage, imageops};

use crate::photos::{hopper, jpeg, png};
use crate::support::{Outcome, Photos, Tool};

const GREEN: Rgb<u8> = Rgb([26, 127, 55]);
const AMBER: Rgb<u8> = Rgb([154, 103, 0]);
const RED: Rgb<u8> = Rgb([196, 32, 38]);
/// Where the first photo begins, and how high it is.
const LEFT: u32 = 24;
const TOP: u32 = 272;
const HEIGHT: u32 = 900;

/// `check` of these photos, drawn.
fn drawn(files: &[&[u8]], options: &[&str]) -> (Outcome, Photos, PathBuf) {
    let photos = Photos::new();
    let names: Vec<_> =
        files.iter().enumerate().map(|(i, file)| photos.add(&format!("{i}.jpg"), file)).collect();
    let picture = photos.folder().join("out.png");
    let tool = Tool::plain().arg("check").args(names).arg("--annotate").arg(&picture);
    (tool.args(options).run(), photos, picture)
}

fn read(picture: &PathBuf) -> RgbImage {
    image::load_from_memory(&fs::read(picture).unwrap()).unwrap().into_rgb8()
}

/// Whether any pixel of this part has this colour.
fn has(picture: &RgbImage, from: u32, to: u32, colour: Rgb<u8>) -> bool {
    (from..to).any(|x| (TOP..TOP + HEIGHT).any(|y| *picture.get_pixel(x, y) == colour))
}

#[test]
fn photos_are_side_by_side_in_the_colours_of_their_levels() {
    let (upright, turned) = (jpeg(&hopper(), 90), png(imageops::rotate90(&hopper())));
    let (outcome, _photos, file) = drawn(&[&upright, &turned, b"no photo"], &[]);
    outcome.exits(6).stdout_has("1 fine, 1 warns, 1 fails");
    let picture = read(&file);
    // 512 x 600 twice, one of them turned upright again, and a field for what can't be shown.
    assert_eq!(picture.dimensions(), (4 * LEFT + 768 + 768 + 900, TOP + HEIGHT + LEFT));
    assert_eq!(picture.get_pixel(5, 5), &RED);
    let second = 2 * LEFT + 768;
    assert!(has(&picture, LEFT, LEFT + 768, GREEN) && !has(&picture, LEFT, LEFT + 768, AMBER));
    assert!(has(&picture, second, second + 768, AMBER));
    assert_eq!(picture.get_pixel(second + 768 + LEFT + 5, TOP + 5), &Rgb([225, 225, 225]));
    #[cfg(unix)]
    assert_eq!(crate::support::process::mode(&file), 0o600);
}

#[test]
fn many_photos_are_drawn_in_rows_of_three() {
    let face = jpeg(&hopper(), 90);
    let blank = png(RgbImage::from_pixel(300, 400, Rgb([120, 120, 120])));
    let photos = [face.as_slice(), &face, &blank, b"no photo", &face];
    let (outcome, _photos, file) = drawn(&photos, &[]);
    outcome.exits(6);
    let picture = read(&file);
    let (photo, caption) = (768, 120);
    assert_eq!(picture.width(), 4 * LEFT + 2 * photo + 675);
    let second = TOP + HEIGHT + LEFT + caption;
    assert_eq!(picture.height(), second + HEIGHT + LEFT);
    let has = |x: u32, y: u32, colour: Rgb<u8>| {
        let inside = (x..x + 675).flat_map(|x| (y..y + HEIGHT).map(move |y| (x, y)));
        inside.into_iter().any(|(x, y)| *picture.get_pixel(x, y) == colour)
    };
    let third = 3 * LEFT + 2 * photo;
    assert!(has(LEFT, TOP, GREEN) && has(2 * LEFT + photo, TOP, GREEN));
    assert!(!has(third, TOP, GREEN) && has(third, TOP, Rgb([120, 120, 120])));
    // A field for what can't be shown is a square.
    assert!(!has(LEFT, second, GREEN) && has(2 * LEFT + HEIGHT, second, GREEN));
}

#[test]
fn the_box_is_on_the_face_of_the_turned_photo() {
    let turned = png(imageops::rotate270(&hopper()));
    let (outcome, _photos, file) = drawn(&[&turned], &["--rotate"]);
    outcome.exits(0);
    let (_upright, _photos, other) = drawn(&[&png(hopper())], &[]);
    let [turned, upright] = [read(&file), read(&other)];
    assert_eq!(turned.get_pixel(5, 5), &GREEN);
    // Turned back, it is the same photo, and the same face.
    let boxed = |picture: &RgbImage| {
        let green = |&(x, y): &(u32, u32)| *picture.get_pixel(x, y) == GREEN;
        let all: Vec<_> = (LEFT..LEFT + 768)
            .flat_map(|x| (TOP..TOP + HEIGHT).map(move |y| (x, y)))
            .filter(green)
            .collect();
        let side = |of: fn(&(u32, u32)) -> u32| {
            (all.iter().map(of).min().unwrap(), all.iter().map(of).max().unwrap())
        };
        [side(|p| p.0), side(|p| p.1)]
    };
    let ends = |sides: [(u32, u32); 2]| sides.map(|(low, high)| [low, high]).concat();
    for (a, b) in ends(boxed(&turned)).into_iter().zip(ends(boxed(&upright))) {
        assert!(a.abs_diff(b) <= 12, "{a} and {b}");
    }
}

#[test]
fn an_existing_file_is_kept() {
    let photos = Photos::new();
    let photo = photos.add("fine.jpg", &jpeg(&hopper(), 90));
    let mine = photos.add("out.png", b"mine");
    let run = |options: &[&str]| {
        Tool::plain().arg("check").arg(&photo).arg("--annotate").arg(&mine).args(options).run()
    };
    run(&[]).fails(11).stderr_has("already exists");
    assert_eq!(fs::read(&mine).unwrap(), b"mine");
    run(&["--force", "--json"]).exits(0).stdout_has("\"level\":\"fine\"");
    assert_eq!(read(&mine).get_pixel(5, 5), &GREEN);
}

#[test]
fn too_many_photos_are_refused_before_any_is_examined() {
    let (outcome, _photos, file) = drawn(&[b"no photo".as_slice(); 13], &[]);
    outcome.fails(2).stderr_has("at most 12 photos, not 13");
    assert!(!file.exists());
}
