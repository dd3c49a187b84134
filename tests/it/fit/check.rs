//! `--check`, and all three in a batch.

use std::path::Path;

use image::{ImageFormat, Rgb};

use super::*;
use crate::photos::{encode, hopper, png};

#[test]
fn an_unusable_photo_is_not_sent() {
    let wall = png(RgbImage::from_pixel(300, 300, Rgb([90, 120, 90])));
    let outcome = refused(&wall, &["--check"]);
    outcome.stderr_has("no face found").stderr_has("retake it").stderr_has("nothing was sent");
    let (outcome, images) = sent(&wall, &png(noisy(&hopper(), 40, 50, 0)), &["--check"]);
    outcome.fails(6).stderr_has("selfie.jpg` is unusable").stderr_has("id card.png` is unusable");
    outcome.stderr_has("retake it").stderr_has("nothing was sent");
    assert_eq!(images.len(), 0);
    let (outcome, images) = sent(&fine(), &wall, &["--check"]);
    outcome.fails(6).stderr_has("id card.png").stderr_has("no face found");
    assert_eq!(images.len(), 0);
    refused(&jpeg(&hopper(), 90)[..20_000], &["--check"]).stderr_has("part of it is missing");
    let tiny = test_pictures::resize(&hopper(), 40, 47, imageops::FilterType::Triangle);
    refused(&png(tiny), &["--check"]).stderr_has("pixels high");
    // Without the check, the service decides.
    assert_eq!(sent_one(&wall, &[]).1, wall);
}

#[test]
fn warnings_are_shown_and_the_pair_is_sent() {
    let turned = png(imageops::rotate90(&hopper()));
    let (outcome, image) = sent_one(&turned, &["--check"]);
    assert!(image == turned);
    outcome
        .stderr_has("warning: ")
        .stderr_has("selfie.jpg: looks rotated by 270 degrees: retry with --rotate");
    let (outcome, _) = sent_one(&turned, &["--check", "--rotate"]);
    assert_eq!(outcome.stderr, "");
    let (outcome, _) = sent_one(&turned, &["--check", "--quiet"]);
    assert_eq!(outcome.stderr, "");
    sent_one(&fine(), &["--check"]).0.stderr_lacks("selfie.jpg");
}

fn batch(service: &Service, folder: &Path, options: &[&str]) -> Outcome {
    let tool = Tool::at(service).arg("batch").arg(folder.join("pairs.csv"));
    tool.arg("-o")
        .arg(folder.join("results.jsonl"))
        .arg("--base-dir")
        .arg(folder)
        .args(options)
        .run()
}

#[test]
fn a_batch_checks_and_fits_its_pairs() {
    let photos = Photos::new();
    photos.add("wall.png", &png(RgbImage::from_pixel(300, 300, Rgb([90, 120, 90]))));
    photos.add("hopper.bmp", &encode(hopper(), ImageFormat::Bmp));
    photos.add("turned.png", &png(imageops::rotate90(&hopper())));
    photos.add("fine.jpg", &talkative_jpeg(&hopper(), 1));
    let manifest = "user_image,ref_image,rotate\nwall.png,fine.jpg,\nhopper.bmp,fine.jpg,\nturned.png,fine.jpg,true\nturned.png,hopper.bmp,\n";
    photos.add("pairs.csv", manifest.as_bytes());
    let service = Service::approving();
    let options = ["--fit", "--check", "--strip-metadata"];
    let outcome = batch(&service, photos.folder(), &options);
    outcome.exits(10).stderr_has("BMP -> JPEG");
    assert_eq!(outcome.stderr.matches("looks rotated by 270 degrees").count(), 1);
    assert_eq!(service.requests().len(), 3);
    service.requests().iter().for_each(|request| has_no_secret(&request.body));
    let journal = std::fs::read_to_string(photos.folder().join("results.jsonl")).unwrap();
    let failed = journal.lines().find(|line| line.contains("no face found")).unwrap();
    let failed: serde_json::Value = serde_json::from_str(failed).unwrap();
    assert_eq!((&failed["exit_code"], &failed["attempts"]), (&6.into(), &0.into()));
    // Judged pairs are neither fitted nor sent again.
    let outcome = batch(&service, photos.folder(), &options);
    outcome.exits(10).stderr_lacks("BMP -> JPEG");
    assert_eq!(service.requests().len(), 3);
}
