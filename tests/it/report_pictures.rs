//! `report --pictures` and `--embed-thumbnails`: drawn from the journal and the photos alone.

use std::fs;
use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use image::{Rgb, RgbImage, imageops};
use serde_json::{Value, json};

use crate::batch::{Batch, answering};
use crate::photos::png;
use crate::support::{Answer, Outcome, Service, Tool, names};

const GREEN: Rgb<u8> = Rgb([26, 127, 55]);
const RED: Rgb<u8> = Rgb([196, 32, 38]);
const PLAIN: Rgb<u8> = Rgb([90, 120, 200]);
const SPOT: Rgb<u8> = Rgb([250, 0, 0]);
/// The corner of the first photo, and the scale of 600 pixels.
const LEFT: u32 = 24;
const TOP: u32 = 268;
const GROWTH: u32 = 3;
const SHRINKAGE: u32 = 2;
/// Where the face is.
const BOX: [u32; 4] = [100, 200, 300, 400];
/// The rows of a picture with pair, request and time.
const IDENTITY: std::ops::Range<u32> = 108..140;

/// A plain photo with a spot where the face is.
fn photo() -> RgbImage {
    let mut photo = RgbImage::from_pixel(500, 600, PLAIN);
    let [left, top, right, bottom] = BOX;
    let spot = RgbImage::from_pixel(right - left, bottom - top, SPOT);
    imageops::replace(&mut photo, &spot, left.into(), top.into());
    photo
}

/// A service that finds the spot; it declines `no` and loses `lost`.
fn service() -> Service {
    answering(|id| {
        let status = if id == "no" { "Declined" } else { "Approved" };
        let image = json!({"best_angle": 0, "entities": [{"bbox": BOX, "confidence": 0.9}]});
        let score = if id == "no" { 20 } else { 80 };
        let body = json!({"request_id": format!("request-{id}"), "face_match": {"status": status,
            "score": score, "user_image": image, "ref_image": image, "warnings": []}});
        Answer::new(if id == "lost" { 500 } else { 200 }, body.to_string())
    })
}

struct Judged {
    batch: Batch,
    service: Service,
    paid: usize,
}

impl Judged {
    /// These pairs, judged.
    fn new(ids: &[&str]) -> Self {
        let mut manifest = "id,user_image,ref_image,vendor_data\n".to_owned();
        for (i, id) in ids.iter().enumerate() {
            manifest += &format!("\"{id}\",{i}.png,card.png,{id}\n");
        }
        let batch = Batch::with(manifest);
        for i in 0..ids.len() {
            batch.photos.add(&format!("{i}.png"), &png(photo()));
        }
        batch.photos.add("card.png", &png(photo()));
        let service = service();
        batch.run(&service);
        let paid = service.requests().len();
        Self { batch, service, paid }
    }

    /// `report` of the journal, which must not ask the service.
    fn report(&self, options: &[&str]) -> Outcome {
        let tool = Tool::with_base(&self.service.base()).arg("report").arg(&self.batch.journal);
        let run = tool.arg("--base-dir").arg(self.batch.photos.folder()).args(options).run();
        assert_eq!(self.service.requests().len(), self.paid, "a report sends nothing");
        run
    }

    fn folder(&self) -> PathBuf {
        self.batch.photos.folder().join("pictures")
    }

    fn draw(&self, options: &[&str]) -> Outcome {
        let folder = self.folder().display().to_string();
        self.report(&[&["--format", "md", "--pictures", &folder], options].concat())
    }
}

fn read(file: &Path) -> RgbImage {
    image::load_from_memory(&fs::read(file).unwrap()).unwrap().into_rgb8()
}

#[test]
fn each_pair_is_drawn_with_its_boxes_in_a_private_file() {
    let judged = Judged::new(&["yes", "no", "lost", "../../away"]);
    judged.draw(&[]).exits(0).stderr_has("4 pictures in `");
    let names = names(&judged.folder());
    assert_eq!(names[1..], ["lost.png", "no.png", "yes.png"]);
    assert!(names[0].starts_with("_.._away~"), "{names:?}");
    for (name, colour) in [("yes", GREEN), ("no", RED)] {
        let picture = read(&judged.folder().join(format!("{name}.png")));
        assert_eq!(picture.width(), 3 * LEFT + 2 * 750);
        for panel in [LEFT, 2 * LEFT + 750] {
            let at = |x: u32, y: u32| {
                *picture.get_pixel(panel + x * GROWTH / SHRINKAGE, TOP + y * GROWTH / SHRINKAGE)
            };
            for (x, y) in [(102, 202), (298, 398)] {
                assert_eq!(at(x, y), SPOT, "{name}: the photo itself");
            }
            for (x, y) in [(200, 199), (200, 401), (99, 300), (301, 300)] {
                assert_eq!(at(x, y), colour, "{name}: {x}, {y}");
            }
        }
    }
    // Its banner has another height.
    let lost = read(&judged.folder().join("lost.png"));
    let has = |colour| lost.pixels().any(|pixel| *pixel == colour);
    assert!(has(SPOT) && !has(GREEN), "the photos, without boxes");
    #[cfg(unix)]
    {
        use crate::support::process::mode;
        assert_eq!(mode(judged.folder()), 0o700);
        for name in names {
            assert_eq!(mode(judged.folder().join(&name)), 0o600, "{name}");
        }
    }
}

/// Where two pictures differ: from the first to the last row.
fn difference(one: &RgbImage, other: &RgbImage) -> Option<(u32, u32)> {
    assert_eq!(one.dimensions(), other.dimensions());
    let rows: Vec<_> = (0..one.height())
        .filter(|y| (0..one.width()).any(|x| one.get_pixel(x, *y) != other.get_pixel(x, *y)))
        .collect();
    Some((*rows.first()?, *rows.last()?))
}

#[test]
fn a_picture_names_its_pair_its_request_and_its_time() {
    let judged = Judged::new(&["yes"]);
    let drawn = |change: &dyn Fn(&mut Value)| {
        let mut record = judged.batch.records().remove(0);
        change(&mut record);
        fs::write(&judged.batch.journal, format!("{record}\n")).unwrap();
        drop(fs::remove_dir_all(judged.folder()));
        judged.draw(&[]).exits(0);
        let id = record["id"].as_str().unwrap();
        read(&judged.folder().join(format!("{id}.png")))
    };
    let before = drawn(&|_| ());
    assert_eq!(difference(&before, &drawn(&|_| ())), None, "the same again");
    for (member, value) in [
        ("id", "other"),
        ("request_id", "request-other"),
        ("finished_at", "2031-01-01T00:00:00.000000Z"),
    ] {
        let is = judged.batch.records()[0][member].clone();
        let with = |value: &Value| {
            drawn(&|record| {
                record[member] = value.clone();
                if member == "request_id" {
                    // A record that contradicts its answer is damage.
                    record["response"][member] = value.clone();
                }
            })
        };
        let (first, last) = difference(&before, &with(&value.into())).unwrap();
        assert!(IDENTITY.contains(&first) && IDENTITY.contains(&last), "{member}: {first}-{last}");
        assert_eq!(difference(&before, &with(&is)), None, "{member}");
    }
}

#[test]
fn only_selected_pairs_are_drawn_and_nothing_is_overwritten() {
    let judged = Judged::new(&["yes", "no"]);
    judged.draw(&["--only", "declined"]).exits(0);
    assert_eq!(names(&judged.folder()), ["no.png"]);
    fs::write(judged.folder().join("yes.png"), "mine").unwrap();
    judged.draw(&[]).exits(11).stderr_has("already exists").stderr_has("--force");
    assert_eq!(fs::read(judged.folder().join("yes.png")).unwrap(), b"mine");
    judged.draw(&["--force"]).exits(0);
    assert_eq!(read(&judged.folder().join("yes.png")).get_pixel(5, 5), &GREEN);
}

#[test]
fn a_picture_that_cannot_be_written_stops_no_other() {
    let judged = Judged::new(&["yes", "no", "lost"]);
    for name in ["yes.png", "no.png"] {
        fs::create_dir_all(judged.folder().join(name)).unwrap();
    }
    let run = judged.draw(&["--force"]);
    run.exits(11).stderr_has("1 picture in `").stderr_has("it is a folder (and 1 other picture)");
    assert_eq!(read(&judged.folder().join("lost.png")).width(), 3 * LEFT + 2 * 750);
}

#[test]
fn a_photo_that_has_changed_is_not_drawn_under_an_old_verdict() {
    let judged = Judged::new(&["yes", "no"]);
    judged.batch.photos.add("0.png", &png(RgbImage::from_pixel(500, 600, PLAIN)));
    let run = judged.draw(&[]);
    run.exits(0).stderr_has("1 picture in").stderr_has("no picture of `yes`").stderr_has("changed");
    assert_eq!(names(&judged.folder()), ["no.png"]);
    let page = faces(&judged.report(&["--format", "html", "--embed-thumbnails"]));
    assert_eq!(
        page.iter().map(|(id, faces)| (id.as_str(), faces.len())).collect::<Vec<_>>(),
        [("no", 2), ("yes", 0)]
    );
}

/// The pairs of a page, and the pictures in it.
fn faces(run: &Outcome) -> Vec<(String, Vec<RgbImage>)> {
    run.exits(0);
    let (_, data) = run.stdout.split_once("id=\"data\">").unwrap();
    let (data, _) = data.split_once("</script>").unwrap();
    let rows: Vec<Value> = serde_json::from_str(data).unwrap();
    let pictures = |row: &Value| {
        let pictures = row[15].as_array().cloned().unwrap_or_default();
        let decoded = pictures.iter().map(|text| STANDARD.decode(text.as_str().unwrap()).unwrap());
        decoded.map(|file| image::load_from_memory(&file).unwrap().into_rgb8()).collect()
    };
    rows[1..].iter().map(|row| (row[0].as_str().unwrap().to_owned(), pictures(row))).collect()
}

#[test]
fn thumbnails_show_the_boxed_face_of_both_photos() {
    let judged = Judged::new(&["yes"]);
    let pairs = faces(&judged.report(&["--format", "html", "--embed-thumbnails"]));
    let [(id, pictures)] = pairs.as_slice() else { panic!("{pairs:?}") };
    assert_eq!((id.as_str(), pictures.len()), ("yes", 2));
    for picture in pictures {
        // 200 pixels of face, and half as many on each side.
        assert_eq!(picture.dimensions(), (240, 240));
        let is_near = |x: u32, y: u32, colour: Rgb<u8>| {
            let pixel = picture.get_pixel(x, y);
            pixel.0.iter().zip(colour.0).all(|(a, b)| a.abs_diff(b) < 40)
        };
        assert!(is_near(120, 120, SPOT) && is_near(20, 20, PLAIN) && is_near(220, 220, PLAIN));
        // The frame, between face and background.
        for (x, y) in [(61, 120), (178, 120), (120, 61), (120, 178)] {
            assert!(!is_near(x, y, SPOT) && !is_near(x, y, PLAIN), "{x}, {y}");
        }
    }
    let without = faces(&judged.report(&["--format", "html"]));
    assert!(without[0].1.is_empty(), "only on request");
}
