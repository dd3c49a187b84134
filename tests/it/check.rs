//! `check`: findings, output and exit codes.

use std::path::PathBuf;

use didit_face::photo::gather;
use didit_face::preflight::Inspection;
use didit_face::render::{self, Paint, Stream};
use image::{Rgb, RgbImage, imageops};
use serde_json::Value;

use crate::photos::{astronaut, encode, exif, hopper, jpeg, png, tiff};
use crate::support::{Outcome, Photos, Tool};

/// `check --json` of `files`, which are written to a folder first.
fn check(files: &[(&str, &[u8])], options: &[&str]) -> (Outcome, Vec<Value>) {
    let photos = Photos::new();
    let paths: Vec<PathBuf> = files.iter().map(|(name, bytes)| photos.add(name, bytes)).collect();
    let outcome = Tool::plain().args(["check", "--json"]).args(options).args(paths).run();
    let reports = serde_json::from_value(outcome.json()).expect("one array");
    (outcome, reports)
}

/// The codes of a photo's findings, and the exit code.
fn codes(bytes: &[u8], options: &[&str]) -> (Vec<String>, Option<i32>) {
    let (outcome, reports) = check(&[("photo", bytes)], options);
    let findings = reports[0]["findings"].as_array().expect("a list");
    let codes = findings.iter().map(|finding| finding["code"].as_str().unwrap().to_owned());
    (codes.collect(), outcome.code)
}

#[track_caller]
fn finds(bytes: &[u8], code: &str, exit: i32) {
    assert_eq!(codes(bytes, &[]), (vec![code.to_owned()], Some(exit)));
}

fn mapped(picture: &RgbImage, map: impl Fn(f32) -> f32) -> RgbImage {
    let mut picture = picture.clone();
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "saturates")]
    picture.pixels_mut().for_each(|p| p.0 = p.0.map(|v| map(f32::from(v)) as u8));
    picture
}

fn shrunk(picture: &RgbImage, divisor: u32) -> RgbImage {
    let (width, height) = (picture.width() / divisor, picture.height() / divisor);
    test_pictures::resize(picture, width, height, imageops::FilterType::Lanczos3)
}

#[test]
fn a_good_photo_is_fine_and_measured() {
    let (outcome, reports) = check(&[("hopper.jpg", &jpeg(&hopper(), 90))], &[]);
    outcome.exits(0);
    let report = &reports[0];
    assert_eq!(report["level"], "fine");
    assert_eq!(
        (&report["format"], &report["width"], &report["height"]),
        (&"JPEG".into(), &512.into(), &600.into())
    );
    assert_eq!(
        (&report["faces"], &report["angle"], &report["exif_orientation"]),
        (&1.into(), &0.into(), &1.into())
    );
    let within = |name: &str, low: f64, high: f64| {
        let value = report["face"][name].as_f64().expect(name);
        assert!((low..high).contains(&value), "{name} {value}");
    };
    within("height", 190.0, 230.0);
    within("share", 0.08, 0.15);
    within("roll", -5.0, 5.0);
    within("yaw", -10.0, 10.0);
    within("sharpness", 300.0, 1500.0);
    within("brightness", 120.0, 160.0);
    within("contrast", 150.0, 220.0);
    within("clipped", 0.0, 0.05);
}

#[test]
fn each_problem_is_found_with_its_level() {
    finds(&png(mapped(&hopper(), |v| 0.17 * v)), "dark", 0);
    finds(&png(mapped(&hopper(), |v| 0.05 * v)), "dark", 6);
    finds(&png(mapped(&hopper(), |v| 0.25 * v + 96.0)), "flat", 0);
    finds(&png(imageops::blur(&hopper(), 5.0)), "blurred", 0);
    finds(&png(imageops::blur(&hopper(), 8.0)), "blurred", 6);
    finds(&png(shrunk(&hopper(), 8)), "small-face", 0);
    finds(&png(imageops::rotate90(&hopper())), "turned", 0);
    finds(&png(RgbImage::from_pixel(300, 300, Rgb([90, 120, 90]))), "no-face", 6);
    finds(b"GIF89a", "damaged", 6);
    finds(b"%PDF-1.7", "format", 6);
    finds(b"", "format", 6);
    finds(&jpeg(&hopper(), 90)[..20_000], "damaged", 6);
}

#[test]
fn two_faces_of_one_size_get_a_warning() {
    let mut twins = RgbImage::new(1024, 600);
    imageops::replace(&mut twins, &hopper(), 0, 0);
    imageops::replace(&mut twins, &hopper(), 512, 0);
    finds(&png(twins), "several-faces", 0);
    let mut crowd = RgbImage::new(800, 600);
    imageops::replace(&mut crowd, &hopper(), 0, 0);
    imageops::replace(&mut crowd, &shrunk(&hopper(), 2), 530, 0);
    assert_eq!(codes(&png(crowd), &[]), (vec![], Some(0)));
}

#[test]
fn a_drawing_is_not_fine() {
    let (codes, _) = codes(include_bytes!("data/cartoon_a.png"), &[]);
    assert!(codes.iter().any(|code| code == "doubtful-face" || code == "no-face"), "{codes:?}");
}

#[test]
fn rotate_and_fit_change_the_findings() {
    let turned = png(imageops::rotate270(&astronaut()));
    let (_, reports) = check(&[("turned", &turned)], &[]);
    assert_eq!(reports[0]["angle"], 90);
    assert_eq!(reports[0]["findings"][0]["message"], "looks rotated by 90 degrees");
    assert_eq!(reports[0]["findings"][0]["advice"], "retry with --rotate");
    assert_eq!(codes(&turned, &["--rotate"]), (vec![], Some(0)));
    let bitmap = encode(hopper(), image::ImageFormat::Bmp);
    finds(&bitmap, "format", 6);
    assert_eq!(codes(&bitmap, &["--fit"]), (vec![], Some(0)));
}

#[test]
fn a_photo_over_the_limit_is_still_examined() {
    let mut large = jpeg(&hopper(), 90);
    large.resize(6_000_000, 0);
    let (outcome, reports) = check(&[("large.jpg", &large)], &[]);
    outcome.exits(6);
    assert_eq!(reports[0]["faces"], 1);
    assert_eq!(reports[0]["findings"][0]["code"], "bytes");
    assert_eq!(codes(&large, &["--fit"]), (vec![], Some(0)));
}

#[test]
fn the_exif_orientation_is_applied() {
    let on_its_side = imageops::rotate270(&hopper());
    let mut photo = Vec::new();
    let mut encoder = image::codecs::jpeg::JpegEncoder::new_with_quality(&mut photo, 90);
    image::ImageEncoder::set_exif_metadata(&mut encoder, exif(6)).unwrap();
    encoder.encode_image(&on_its_side).unwrap();
    let (_, reports) = check(&[("photo.jpg", &photo)], &[]);
    assert_eq!((&reports[0]["exif_orientation"], &reports[0]["angle"]), (&6.into(), &0.into()));
    assert_eq!((&reports[0]["width"], &reports[0]["level"]), (&600.into(), &"fine".into()));
}

/// The decoder would allocate the memory before it checks the length.
#[cfg(unix)]
#[test]
fn the_claimed_length_of_an_exif_block_is_not_allocated() {
    let mut photo = Vec::new();
    let mut encoder = image::codecs::webp::WebPEncoder::new_lossless(&mut photo);
    image::ImageEncoder::set_exif_metadata(&mut encoder, exif(6)).unwrap();
    let turned = image::DynamicImage::from(imageops::rotate270(&shrunk(&hopper(), 2)));
    turned.write_with_encoder(encoder).unwrap();
    let (_, reports) = check(&[("photo.webp", &photo)], &[]);
    assert_eq!((&reports[0]["exif_orientation"], &reports[0]["angle"]), (&6.into(), &0.into()));

    let block = photo.windows(4).rposition(|name| name == b"EXIF").unwrap();
    photo[block + 4..block + 8].copy_from_slice(&u32::MAX.to_le_bytes());
    let photos = Photos::new();
    let path = photos.add("photo.webp", &photo);
    let tool = Tool::plain().arg("check").arg(path).after("ulimit -v 3000000");
    Outcome::of(&{ tool }.output().unwrap()).exits(0);
}

#[test]
fn decoders_never_write_to_stderr() {
    // The decoder writes to stderr about an overlong text.
    let mut endless = tiff((2, 1), &[200; 6], 2, 1);
    endless[84..90].copy_from_slice(&[2, 0, 0xff, 0xff, 0xff, 0x7f]);
    let (outcome, reports) = check(&[("endless.tiff", &endless)], &[]);
    outcome.exits(6);
    assert_eq!((outcome.stderr.as_str(), &reports[0]["level"]), ("", &"fails".into()));
}

#[test]
fn many_photos_come_in_order_and_the_worst_decides() {
    let photo = jpeg(&shrunk(&hopper(), 2), 90);
    let names: Vec<String> = (0..40).map(|i| format!("many/{i:02}.jpg")).collect();
    let photos = Photos::new();
    std::fs::create_dir(photos.folder().join("many")).unwrap();
    for name in &names {
        photos.add(name, &photo);
    }
    photos.add("many/notes.txt", b"no photo");
    photos.add("many/.hidden.jpg", b"no photo");
    let run =
        |path: &str| Tool::plain().args(["check", "--json"]).arg(photos.folder().join(path)).run();
    for outcome in [run("many"), run("many/*.jpg")] {
        outcome.exits(0);
        let reports = outcome.json();
        let files = reports
            .as_array()
            .unwrap()
            .iter()
            .map(|report| report["file"].as_str().unwrap().to_owned());
        let wanted = names.iter().map(|name| photos.folder().join(name).display().to_string());
        assert!(files.eq(wanted));
    }
    photos.add("many/empty.jpg", b"");
    run("many").exits(6);
    let table = Tool::plain().arg("check").arg(photos.folder().join("many")).run();
    assert!(table.stdout.ends_with("41 photos: 40 fine, 1 fails\n"));
}

#[test]
fn missing_photos_are_reported() {
    let photos = Photos::new();
    std::fs::create_dir(photos.folder().join("empty")).unwrap();
    let run = |path: &str| Tool::plain().arg("check").arg(photos.folder().join(path)).run();
    run("empty").fails(6).stderr_has("has no photos in it");
    run("*.nothing").fails(6).stderr_has("matches no file");
    let missing = run("missing.jpg");
    assert_eq!((missing.code, missing.stderr.as_str()), (Some(6), ""));
    missing.stdout_has("can't be read: no such file: check the path\n");
    // Nothing is known of it: there are no rows of dashes.
    let labels: Vec<_> =
        missing.stdout.lines().map(|line| line.split_whitespace().next().unwrap_or("")).collect();
    assert_eq!(labels, ["Photo", "Level", "Advice", "", "1"]);
    Tool::plain().arg("check").run().fails(2);
    Tool::plain().args(["check", "-"]).stdin(jpeg(&hopper(), 90)).run().exits(0);
}

#[test]
fn what_is_not_an_image_gets_no_advice_to_convert_it() {
    let photos = Photos::new();
    let run = |bytes| Tool::plain().arg("check").arg(photos.add("a.jpg", bytes)).run();
    run(b"no photo").exits(6).stdout_has("not an image: choose another file").stdout_lacks("Faces");
    run(b"").exits(6).stdout_has("empty file: take or export it again").stdout_lacks("0 B");
    run(b"%PDF-1.7").exits(6).stdout_has("a PDF: convert it to JPEG");
    let (_, reports) = check(&[("a.jpg", b"no photo")], &[]);
    let finding = &reports[0]["findings"][0];
    assert_eq!(finding["message"], "not an image");
    assert_eq!(finding["advice"], "choose another file");
}

#[test]
fn only_filters_the_levels_but_counts_all_photos() {
    let photos = Photos::new();
    let fine = photos.add("fine.jpg", &jpeg(&hopper(), 90));
    let turned = photos.add("turned.png", &png(imageops::rotate90(&hopper())));
    let bad = photos.add("bad.jpg", b"no photo");
    let run = |options: &[&str]| {
        Tool::plain().arg("check").args([&fine, &turned, &bad]).args(options).run()
    };
    let both = run(&["--only", "fails,warns"]);
    both.exits(6).stdout_has("turned.png").stdout_has("bad.jpg");
    both.stdout_lacks("fine.jpg");
    both.stdout_has("3 photos: 1 fine, 1 warns, 1 fails");
    let json = run(&["--only=warns", "--json"]);
    let reports = json.exits(6).json();
    assert_eq!((reports.as_array().unwrap().len(), &reports[0]["level"]), (1, &"warns".into()));
    let none = Tool::plain().arg("check").arg(&fine).args(["--only", "fails"]).run();
    assert_eq!(none.exits(0).stdout, "1 photo: 1 fine\n");
    run(&["--only", "bad"]).fails(2);
}

#[test]
fn quiet_keeps_the_exit_code() {
    let outcome = Tool::plain().args(["check", "-q", "missing.jpg"]).run();
    assert_eq!((outcome.code, outcome.stdout.as_str()), (Some(6), ""));
}

#[cfg(unix)]
#[test]
fn a_pattern_skips_names_that_are_not_utf8() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;

    let photos = Photos::new();
    photos.add("a.jpg", &jpeg(&hopper(), 90));
    std::fs::write(photos.folder().join(OsStr::from_bytes(b"x\xff.jpg")), b"no photo").unwrap();
    let run = Tool::plain().arg("check").arg(photos.folder().join("a*.jpg")).run();
    run.exits(0).stderr_lacks("panic");
    photos.add(".b.jpg", b"");
    std::fs::create_dir(photos.folder().join(".hidden")).unwrap();
    photos.add(".hidden/c.jpg", b"");
    let found = |pattern: &str| {
        gather::photos(&[photos.folder().join(pattern)]).map_or(0, |all| all.photos.len())
    };
    assert_eq!((found("a*.jpg"), found("**/a*.jpg"), found(".*.jpg")), (1, 1, 1));
    assert_eq!((found(".hidden/*.jpg"), found(".h*/*.jpg"), found("*/*.jpg")), (1, 1, 0));
}

#[test]
fn colours_do_not_move_the_borders() {
    let stream =
        Stream { is_terminal: true, is_coloured: true, has_unicode: true, width: Some(90) };
    for count in [2, 5] {
        let inspection = |i: usize| Inspection::unreadable(format!("{i}.jpg"), "no such file", "");
        let inspections: Vec<_> = (0..count).map(inspection).collect();
        let levels: Vec<_> = inspections.iter().map(Inspection::level).collect();
        let text = render::check::table(stream, &inspections.iter().collect::<Vec<_>>(), &levels);
        assert!(text.contains(&stream.paint(Paint::Error, "fails")));
        let plain = console::strip_ansi_codes(&text).into_owned();
        let (drawn, _) = plain.split_once("\n\n").unwrap();
        let widths: Vec<_> = drawn.lines().map(|line| line.chars().count()).collect();
        assert!(widths.iter().all(|width| *width == widths[0]), "{plain}");
    }
}
