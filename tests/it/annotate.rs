//! `--annotate`: the picture of a pair, and the file for it.

use std::fs;
use std::path::{Path, PathBuf};

use didit_face::picture::decode::rotate;
use image::{Rgb, RgbImage, imageops};
use serde_json::{Value, json};

use crate::photos::{astronaut, exif, hopper, jpeg, png, sample};
use crate::support::{Answer, Outcome, Photos, Service, Tool, bodies, names};

const GREEN: Rgb<u8> = Rgb([26, 127, 55]);
const RED: Rgb<u8> = Rgb([196, 32, 38]);
/// Where the photos begin, and how high they are.
const LEFT: u32 = 24;
const TOP: u32 = 268;
const HEIGHT: u32 = 900;

/// A photo of one colour.
fn plain(width: u32, height: u32) -> RgbImage {
    RgbImage::from_pixel(width, height, Rgb([90, 120, 200]))
}

fn entity(bbox: &Value) -> Value {
    json!({"bbox": bbox, "age": 30.0, "gender": "female", "confidence": 0.9})
}

/// An answer with these images in it.
fn answer(status: &str, user: &Value, reference: &Value) -> Answer {
    let body = json!({"request_id": "r", "face_match": {
        "status": status, "score": 80, "user_image": user, "ref_image": reference, "warnings": []}});
    Answer::new(200, body.to_string())
}

fn nothing() -> Value {
    json!({"entities": [], "best_angle": 0})
}

struct Run {
    outcome: Outcome,
    photos: Photos,
    service: Service,
}

impl Run {
    /// A match with this answer, drawn into `file`.
    fn new(photos: Photos, answer: Answer, file: &Path, options: &[&str]) -> Self {
        let service = Service::answering([answer]);
        let file = photos.folder().join(file);
        let tool = Tool::matching(&service, &photos).arg("--annotate").arg(file);
        let outcome = tool.args(options).run();
        Self { outcome, photos, service }
    }

    fn file(&self) -> PathBuf {
        self.photos.folder().join("out.png")
    }

    fn picture(&self) -> RgbImage {
        decoded(&self.file())
    }
}

fn decoded(file: &Path) -> RgbImage {
    let bytes = fs::read(file).unwrap();
    assert_eq!(image::guess_format(&bytes).unwrap(), image::ImageFormat::Png);
    image::load_from_memory(&bytes).unwrap().into_rgb8()
}

/// The picture of an Approved with this user image.
fn with_user(user: &RgbImage, report: &Value) -> RgbImage {
    let photos = Photos::of(&png(user.clone()), &png(plain(450, 900)));
    let run = Run::new(photos, answer("Approved", report, &nothing()), "out.png".as_ref(), &[]);
    run.outcome.exits(0);
    run.picture()
}

/// Whether any pixel of the photos, but not of the banner, has this colour.
fn has(picture: &RgbImage, colour: Rgb<u8>) -> bool {
    picture.enumerate_pixels().any(|(_, y, p)| y >= TOP - 10 && *p == colour)
}

#[test]
fn both_photos_are_side_by_side_in_a_private_file() {
    let photos = Photos::of(&png(plain(600, 150)), &png(plain(500, 1000)));
    let run = Run::new(photos, Answer::new(200, bodies::DECLINED), "out.png".as_ref(), &[]);
    run.outcome.exits(1).stdout_has("Declined");
    assert_eq!(run.outcome.stderr, "");
    let picture = run.picture();
    // 600 x 150 at this height is too wide; 500 x 1000 is narrow, and centred.
    assert_eq!(picture.dimensions(), (3 * LEFT + 2400 + 480, TOP + HEIGHT + LEFT));
    assert_eq!(picture.get_pixel(5, 5), &RED);
    assert_eq!(picture.get_pixel(LEFT + 1200, TOP + 450), &Rgb([90, 120, 200]));
    assert_eq!(picture.get_pixel(LEFT + 1200, TOP + 20), &Rgb([225, 225, 225]));
    for x in [15 + 1, 465 - 1] {
        let pixel = picture.get_pixel(2 * LEFT + 2400 + x, TOP + 899);
        assert_eq!(pixel, &Rgb([90, 120, 200]), "{x}");
    }
    // The answer's boxes are outside of such small photos.
    assert!(!has(&picture, RED));
    #[cfg(unix)]
    assert_eq!(crate::support::process::mode(run.file()), 0o600);
    assert_eq!(names(run.photos.folder()).len(), 3, "two photos and the picture");
}

#[test]
fn the_compared_face_is_boxed_in_the_colour_of_the_verdict() {
    let faces = [entity(&json!([400, 500, 420, 530])), entity(&json!([100, 200, 300, 400]))];
    let picture = with_user(&plain(500, 600), &json!({"entities": faces, "best_angle": 0}));
    // 600 pixels are drawn as 900.
    let at = |x: u32, y: u32| *picture.get_pixel(LEFT + x * 3 / 2, TOP + y * 3 / 2);
    for (x, y) in [(200, 199), (200, 401), (99, 300), (301, 300)] {
        assert_eq!(at(x, y), GREEN, "{x}, {y}");
    }
    for (x, y) in [(200, 300), (102, 202), (298, 398), (410, 515), (50, 300)] {
        assert_eq!(at(x, y), Rgb([90, 120, 200]), "{x}, {y}");
    }
    let faint = at(410, 499);
    assert!(faint != GREEN && faint != Rgb([90, 120, 200]), "{faint:?}");
}

#[test]
fn only_the_photo_without_a_face_is_red() {
    let user = json!({"entities": [entity(&json!([100, 200, 300, 400]))], "best_angle": 0});
    let body = json!({"request_id": "r", "face_match": {"status": "Declined", "score": null,
        "user_image": user, "ref_image": nothing(), "warnings": [{"risk": "NO_FACE_DETECTED"}]}});
    let photos = Photos::of(&png(plain(500, 600)), &png(plain(450, 900)));
    let run = Run::new(photos, Answer::new(200, body.to_string()), "out.png".as_ref(), &[]);
    run.outcome.exits(1).stdout_has("no face in the reference image, take another photo");
    let picture = run.picture();
    assert!(!has(&picture, RED), "the box of the other photo");
    // The captions, below the banner.
    let is_red = |x: u32, width: u32| {
        let caption = imageops::crop_imm(&picture, x, TOP - 82, width, 82).to_image();
        caption.pixels().any(|pixel| *pixel == RED)
    };
    assert!(!is_red(0, LEFT + 750) && is_red(LEFT + 750, LEFT + 480));
}

#[test]
fn boxes_are_placed_in_the_turned_photo() {
    // A red spot shows where the box has to be.
    let spot = |photo: &mut RgbImage, x: u32, y: u32| {
        imageops::replace(
            photo,
            &RgbImage::from_pixel(60, 30, Rgb([250, 0, 0])),
            x.into(),
            y.into(),
        );
    };
    let mut turned = plain(600, 400);
    spot(&mut turned, 100, 50);
    for angle in [90, 180, 270] {
        let report = json!({"entities": [entity(&json!([100, 50, 160, 80]))], "best_angle": angle});
        let picture = with_user(&rotate(&turned, 360 - angle), &report);
        assert_eq!(picture.width(), 3 * LEFT + 1350 + 480, "{angle}");
        let at = |x: u32, y: u32| *picture.get_pixel(LEFT + x * 9 / 4, TOP + y * 9 / 4);
        for (x, y) in [(102, 52), (158, 78)] {
            assert_eq!(at(x, y), Rgb([250, 0, 0]), "{angle}: {x}, {y}");
        }
        for (x, y) in [(130, 49), (130, 81), (99, 65), (161, 65)] {
            assert_eq!(at(x, y), GREEN, "{angle}: {x}, {y}");
        }
    }
}

#[test]
fn the_exif_orientation_is_applied_before_the_angle() {
    let mut upright = plain(400, 600);
    imageops::replace(&mut upright, &RgbImage::from_pixel(80, 80, Rgb([250, 0, 0])), 40, 480);
    let photo = test_pictures::jpeg(&imageops::rotate270(&upright), 100, &[], &exif(6)).unwrap();
    let photos = Photos::of(&photo, &png(plain(450, 900)));
    let report = json!({"entities": [entity(&json!([40, 480, 120, 560]))], "best_angle": 0});
    let run = Run::new(photos, answer("Approved", &report, &nothing()), "out.png".as_ref(), &[]);
    let picture = run.picture();
    let at = |x: u32, y: u32| *picture.get_pixel(LEFT + x * 3 / 2, TOP + y * 3 / 2);
    assert!(at(80, 520).0[0] > 200 && at(80, 520).0[2] < 60, "{:?}", at(80, 520));
    assert_eq!(at(39, 520), GREEN);
}

/// The photo of a picture, without its caption.
fn photo(picture: &RgbImage) -> RgbImage {
    let bottom = picture.height() - TOP;
    imageops::crop_imm(picture, 0, TOP, picture.width(), bottom).to_image()
}

#[test]
fn boxes_outside_the_photo_are_not_drawn() {
    let bare = |angle: i64| photo(&with_user(&plain(500, 600), &json!({"best_angle": angle})));
    let upright = bare(0);
    let boxes = [
        json!([-5, 10, 100, 100]),
        json!([10, 10, 501, 100]),
        json!([10, 10, 100, 100_000]),
        json!([100, 100, 10, 10]),
        json!([0, 0, 1e308, 1e308]),
        json!(["10", 10, 100, 100]),
        json!([10, 10, 100]),
    ];
    let entities: Vec<_> = boxes.iter().map(entity).collect();
    let report = json!({"entities": entities, "best_angle": 0});
    assert!(photo(&with_user(&plain(500, 600), &report)) == upright);
    // It fits the original photo, but not the processed one.
    let report = json!({"entities": [entity(&json!([10, 510, 100, 590]))], "best_angle": 90});
    assert!(photo(&with_user(&plain(500, 600), &report)) == bare(90));
    // The photo's size at an angle of 45 is unknown.
    let report = json!({"entities": [entity(&json!([10, 10, 90, 90]))], "best_angle": 45});
    assert!(photo(&with_user(&plain(500, 600), &report)) == upright);
}

#[test]
fn hostile_text_only_changes_the_text() {
    let texts = ["\u{1b}[2J\u{202e}\u{0}\n", &"W".repeat(500_000), "日本語🙂\u{fff0}", ""];
    let face = |i: usize| {
        json!({"bbox": [400, 500, 490, 590], "age": 1e300, "gender": texts[i % 4],
            "confidence": -1e300})
    };
    // Of equal faces, the first is compared.
    for first in [1, 2] {
        let faces: Vec<_> =
            (first..first + 4).map(face).chain((0..1000).map(|_| face(0))).collect();
        let picture = with_user(&plain(500, 600), &json!({"entities": faces, "best_angle": 0}));
        assert_eq!(picture.dimensions(), (3 * LEFT + 750 + 480, TOP + HEIGHT + LEFT));
        assert!(has(&picture, GREEN));
        // The label stays with its own photo.
        let beside = imageops::crop_imm(&picture, LEFT + 751 + 23, TOP, 450, HEIGHT).to_image();
        assert!(!beside.pixels().any(|pixel| *pixel == GREEN));
    }
}

#[test]
fn an_existing_file_is_kept_and_nothing_is_sent() {
    let photos = Photos::of(&png(plain(50, 60)), &png(plain(50, 60)));
    let mine = photos.add("out.png", b"mine");
    let run = Run::new(photos, Answer::new(200, bodies::APPROVED), "out.png".as_ref(), &[]);
    run.outcome.fails(11).stderr_has("out.png` already exists").stderr_has("--force");
    assert_eq!((run.service.connections(), fs::read(&mine).unwrap()), (0, b"mine".to_vec()));
    let dry = Tool::new().pair(&run.photos).arg("--dry-run").arg("--annotate").arg(&mine).run();
    dry.fails(11);
    let forced =
        Run::new(run.photos, Answer::new(200, bodies::APPROVED), "out.png".as_ref(), &["--force"]);
    forced.outcome.exits(0);
    assert_eq!(forced.picture().get_pixel(0, 0), &GREEN);
}

#[test]
fn drawing_problems_are_reported_before_anything_is_sent() {
    let plain_photos = || Photos::of(&png(plain(50, 60)), &png(plain(50, 60)));
    let approved = || Answer::new(200, bodies::APPROVED);
    let nowhere = Run::new(plain_photos(), approved(), "no/such/out.png".as_ref(), &[]);
    nowhere
        .outcome
        .fails(11)
        .stderr_has("the picture can't be written")
        .stderr_has("no such folder");
    let folder = Run::new(plain_photos(), approved(), "".as_ref(), &["--force"]);
    folder.outcome.fails(11).stderr_has("it is a folder");
    let damaged = Run::new(Photos::new(), approved(), "out.png".as_ref(), &[]);
    damaged.outcome.fails(6).stderr_has("selfie.jpg").stderr_has("leave out --annotate");
    let long =
        Run::new(plain_photos(), approved(), format!("{}.png", "o".repeat(300)).as_ref(), &[]);
    long.outcome.fails(11).stderr_has("the picture can't be written");
    for run in [nowhere, folder, damaged, long] {
        assert_eq!(run.service.connections(), 0);
        assert!(!run.file().exists());
    }
    Tool::plain().args(["match", "a", "b", "--force"]).run().fails(2);
}

#[test]
fn the_verdict_is_shown_even_if_the_picture_cannot_be_written() {
    let photos = Photos::of(&png(plain(50, 60)), &png(plain(50, 60)));
    let file = photos.folder().join("out.png");
    let late = file.clone();
    let service = Service::start(move |connection| {
        while connection.request() {
            // Another process is faster.
            fs::write(&late, "theirs").unwrap();
            connection.send(Answer::new(200, bodies::APPROVED).bytes());
        }
    });
    let outcome = Tool::matching(&service, &photos).arg("--annotate").arg(&file).run();
    outcome.exits(11).stdout_has("Approved").stderr_has("already exists");
    assert_eq!(fs::read(&file).unwrap(), b"theirs");
    let outcome = Tool::matching(&service, &photos)
        .args(["--json", "--force", "--annotate"])
        .arg(photos.folder().join("other.png"))
        .run();
    assert_eq!((outcome.code, outcome.stdout.trim_end()), (Some(0), bodies::APPROVED));
}

#[test]
fn local_verdicts_are_drawn_too() {
    let photos =
        Photos::of(&sample("astronaut_id_card.jpg"), &png(imageops::rotate270(&astronaut())));
    let file = photos.folder().join("out.png");
    let run = |user: &Path| {
        let tool = Tool::plain().arg("match").arg(user).arg(&photos.reference);
        tool.args(["--local", "--rotate", "--force", "--annotate"]).arg(&file).run()
    };
    run(&photos.user).exits(0);
    assert!(has(&decoded(&file), GREEN));
    let stranger = photos.add("hopper.jpg", &jpeg(&hopper(), 90));
    run(&stranger).exits(1);
    assert!(has(&decoded(&file), RED));
}
