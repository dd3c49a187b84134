//! With `--fit`, boxes belong to the photo that was sent; reports draw them on the file.

use std::fs;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use image::{Rgb, RgbImage, imageops};
use serde_json::Value;

use super::Batch;
use crate::photos::{astronaut, jpeg, sample};
use crate::support::Tool;

const GREEN: Rgb<u8> = Rgb([26, 127, 55]);
const SIDE: u32 = 1536;

/// A run of the built-in engine on a large photo, optionally sideways.
fn judged(options: &[&str], is_sideways: bool) -> Batch {
    let batch = Batch::with("id,user_image,ref_image\na,large.jpg,card.jpg\n");
    let large =
        test_pictures::resize(&astronaut(), SIDE, SIDE + 64, imageops::FilterType::Triangle);
    let large = if is_sideways { imageops::rotate270(&large) } else { large };
    batch.photos.add("large.jpg", &jpeg(&large, 95));
    batch.photos.add("card.jpg", &sample("astronaut_id_card.jpg"));
    let tool = Tool::plain().args(["batch", "--local", "--rotate"]).args(options);
    let tool = tool.arg(&batch.manifest).arg("-o").arg(&batch.journal);
    let run = tool.arg("--base-dir").arg(batch.photos.folder()).run();
    assert_eq!(run.code, Some(0), "{:?}", batch.records());
    batch
}

fn report(batch: &Batch, options: &[&str]) {
    let tool = Tool::plain().arg("report").arg(&batch.journal).args(options);
    tool.arg("--base-dir").arg(batch.photos.folder()).run().exits(0);
}

/// Left, top, right and bottom of the frame around the face of the left photo.
fn frame(batch: &Batch) -> [u32; 4] {
    let folder = batch.photos.folder().join("pictures");
    report(batch, &["--pictures", folder.to_str().unwrap()]);
    let picture = image::open(folder.join("a.png")).unwrap().into_rgb8();
    let (width, top) = (picture.width() / 2, picture.height() - 920);
    let framed = picture
        .enumerate_pixels()
        .filter(|(x, y, pixel)| *x < width && *y > top && **pixel == GREEN);
    let (xs, ys): (Vec<_>, Vec<_>) = framed.map(|(x, y, _)| (x, y)).unzip();
    let ends = |all: &[u32]| (*all.iter().min().unwrap(), *all.iter().max().unwrap());
    let ((left, right), (top, bottom)) = (ends(&xs), ends(&ys));
    [left, top, right, bottom]
}

/// The pair's row in the page, and its embedded face.
fn page(batch: &Batch) -> (Value, RgbImage) {
    let page = batch.photos.folder().join("report.html");
    report(batch, &["--embed-thumbnails", "-o", page.to_str().unwrap()]);
    let page = fs::read_to_string(page).unwrap();
    let data = page.split(r#"id="data">"#).nth(1).unwrap().split("</script>").next().unwrap();
    let data: Value = serde_json::from_str(data).unwrap();
    let row = data[1].clone();
    let face = STANDARD.decode(row[15][0].as_str().unwrap()).unwrap();
    (row, image::load_from_memory(&face).unwrap().into_rgb8())
}

#[test]
fn boxes_are_drawn_in_the_same_place_with_fit() {
    for is_sideways in [false, true] {
        let (whole, fitted) = (judged(&[], is_sideways), judged(&["--fit=100KB"], is_sideways));
        assert!(whole.records()[0]["sent_sizes"].is_null());
        let sizes = fitted.records()[0]["sent_sizes"].clone();
        let sent: Vec<u64> =
            sizes[0].as_array().unwrap().iter().map(|n| n.as_u64().unwrap()).collect();
        assert!(sent[0] < u64::from(SIDE) * 3 / 4 && sizes[1].is_null(), "{sizes}");
        let (expected, found) = (frame(&whole), frame(&fitted));
        for (expected, found) in expected.iter().zip(found) {
            assert!(expected.abs_diff(found) <= 12, "{expected:?} is drawn at {found:?}");
        }
        let ((row, face), (whole_row, whole_face)) = (page(&fitted), page(&whole));
        assert_eq!(row[12][0][3], sizes[0], "the page's script scales by it");
        assert!(whole_row[12][0].get(3).is_none());
        assert_eq!(row[12][0][1].as_u64(), Some(if is_sideways { 90 } else { 0 }));
        let (a, b) = (
            face.as_raw(),
            test_pictures::resize(
                &whole_face,
                face.width(),
                face.height(),
                imageops::FilterType::Triangle,
            ),
        );
        let difference: u64 =
            a.iter().zip(b.as_raw()).map(|(a, b)| u64::from(a.abs_diff(*b))).sum();
        let mean = difference / a.len() as u64;
        assert!(mean < 24, "the same part of the photo: {mean}");
    }
}

#[test]
fn a_journal_without_sizes_is_still_read() {
    let batch = judged(&["--fit=100KB"], false);
    let with_sizes = frame(&batch);
    let text = fs::read_to_string(&batch.journal).unwrap();
    let mut record: Value = serde_json::from_str(text.trim_end()).unwrap();
    record.as_object_mut().unwrap().remove("sent_sizes");
    fs::write(&batch.journal, record.to_string() + "\n").unwrap();
    fs::remove_dir_all(batch.photos.folder().join("pictures")).unwrap();
    assert_ne!(frame(&batch), with_sizes);
}
