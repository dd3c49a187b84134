//! `--fit` for photos that are too large.

use didit_face::error::{Error, Kind};
use didit_face::preflight::Inspector;
use didit_face::prepare::fit::fit;
use didit_face::prepare::{Prepared, Remark};
use didit_face::values::quantity::PhotoSize;
use image::{ImageFormat, Rgb};

use super::*;
use crate::photos::{encode, hopper, png};
use crate::support::photos::LIMIT;

#[test]
fn a_photo_that_fits_is_untouched() {
    for photo in [jpeg(&hopper(), 90), png(hopper()), talkative_jpeg(&hopper(), 6)] {
        let (outcome, image) = sent_one(&photo, &["--fit"]);
        assert!(image == photo);
        assert_eq!(outcome.stderr, "");
    }
}

#[test]
fn a_photo_over_the_limit_is_scaled_down_only_as_far_as_needed() {
    let large = jpeg(&noisy(&hopper(), 2560, 3000, 120), 97);
    assert!(large.len() > LIMIT, "{}", large.len());
    refused(&large, &[]).stderr_has("5 MB").stderr_has("--fit");
    let (outcome, image) = sent_one(&large, &["--fit"]);
    assert!((LIMIT * 8 / 10..=LIMIT).contains(&image.len()), "{}", image.len());
    let (width, height) = decoded(&image).dimensions();
    assert!(width < 2560 && width.abs_diff(height * 2560 / 3000) <= 1, "{width} x {height}");
    outcome.stderr_has(&format!("2560x3000 -> {width}x{height}"));
    outcome.stderr_has("selfie.jpg: ").stderr_has(" MB -> ");
    assert_eq!(outcome.stderr.lines().count(), 1);
    let (outcome, none) = sent(&large, &fine(), &["--fit", "--dry-run"]);
    assert_eq!((outcome.exits(0).code, none.len()), (Some(0), 0));
}

#[test]
fn a_large_file_keeps_its_pixels_if_they_fit() {
    let large = encode(
        test_pictures::resize(&hopper(), 1500, 1750, imageops::FilterType::Triangle),
        ImageFormat::Tiff,
    );
    assert!(large.len() > LIMIT);
    let (outcome, image) = sent_one(&large, &["--fit"]);
    assert_eq!(decoded(&image).dimensions(), (1500, 1750));
    outcome.stderr_has("TIFF -> JPEG").stderr_has("1500x1750").stderr_lacks("1500x1750 ->");
}

/// Fits `person` in so much noise that the picture has to be scaled down. Not in the tool's process,
/// which has a time limit: unoptimised, this takes a while.
fn fit_in_a_crowd(person: &RgbImage) -> Result<Prepared, Error> {
    let mut crowd = noisy(&RgbImage::from_pixel(2, 2, Rgb([127; 3])), 3000, 3000, 127);
    imageops::replace(&mut crowd, person, 0, 0);
    let inspector = Inspector::default();
    let result =
        fit(&inspector, "crowd.bmp", &encode(crowd, ImageFormat::Bmp).into(), PhotoSize::default());
    result.map_err(|e| e.downcast().unwrap())
}

#[test]
fn a_face_already_under_200_pixels_is_accepted() {
    // About 105 pixels.
    let small = test_pictures::resize(&hopper(), 256, 300, imageops::FilterType::Triangle);
    let fitted = fit_in_a_crowd(&small).unwrap();
    assert!((LIMIT * 8 / 10..=LIMIT).contains(&fitted.photo.size()), "{}", fitted.photo.size());
    let [Remark::Note(summary)] = &fitted.remarks[..] else { panic!("it says what it did") };
    assert!(summary.contains("3000x3000 -> "), "{summary}");
}

#[test]
fn a_face_is_never_shrunk_under_200_pixels() {
    // About 210 pixels, which can't be reduced.
    let error = fit_in_a_crowd(&hopper()).err().unwrap();
    assert_eq!((error.kind(), error.next_step()), (Kind::Input, Some("crop it to the face")));
    assert!(error.message().contains("200 pixels high"), "{error}");
}

#[test]
fn a_photo_fits_the_given_size() {
    let large = jpeg(&noisy(&hopper(), 1280, 1500, 20), 95);
    assert!(large.len() > 900_000, "{}", large.len());
    let (outcome, image) = sent_one(&large, &["--fit=400KB"]);
    assert!((250_000..=400_000).contains(&image.len()), "{}", image.len());
    outcome.stderr_has("selfie.jpg: ").stderr_has(" KB, 1280x1500 -> ");
    // The face has about 525 of 1500 rows, and keeps at least 200.
    assert!(decoded(&image).height() > 575);
    let (_, again) = sent_one(&large, &["--fit=400KB"]);
    assert!(again == image, "the same photo gives the same bytes");
    let (outcome, image) = sent_one(&large, &["--fit"]);
    assert!(image == large && outcome.stderr.is_empty());
}

#[test]
fn large_photos_hint_at_fit() {
    let large = crate::support::photos::padded(&fine(), 3_600_000);
    let hint = |user: &[u8], options: &[&str]| {
        let outcome = sent(user, &fine(), options).0;
        outcome.stderr.lines().find(|line| line.starts_with("hint: sent ")).map(str::to_owned)
    };
    let larger = crate::support::photos::padded(&fine(), 4_600_000);
    assert_eq!(hint(&large, &[]), None);
    let expected = "hint: sent 4.7 MB; --fit=500KB sends about 562 KB".to_owned();
    assert_eq!(hint(&larger, &[]), Some(expected));
    for quiet in ["--json", "--quiet", "--json=verdict", "--fit"] {
        assert_eq!(hint(&larger, &[quiet]), None, "{quiet}");
    }
}

#[test]
fn a_photo_far_over_a_size_is_halved_and_turned_upright() {
    let photo = talkative_jpeg(&noisy(&imageops::rotate270(&hopper()), 3000, 2560, 8), 6);
    assert!(photo.len() > 1_500_000, "{}", photo.len());
    let (outcome, image) = sent_one(&photo, &["--fit=500KB"]);
    outcome.stderr_has("2560x3000 -> 1280x1500");
    assert!((300_000..=500_000).contains(&image.len()), "{}", image.len());
    assert_eq!((decoded(&image).dimensions(), orientation(&image)), ((1280, 1500), 1));
}

#[test]
fn a_given_size_never_shrinks_a_face_too_far() {
    let photo = jpeg(&noisy(&hopper(), 512, 600, 40), 97);
    let (outcome, image) = sent_one(&photo, &["--fit=30KB"]);
    assert!(image.len() > 30_000 && image.len() <= photo.len());
    let inspector = Inspector::default();
    let height = inspector.face_height(&decoded(&image)).unwrap().unwrap();
    // Measured at another scale, it may differ by a pixel or two.
    assert!((198.0..215.0).contains(&height), "{height}");
    outcome.stderr_has("its face needs these pixels");
}

#[test]
fn an_invalid_size_is_a_usage_error() {
    for size in ["--fit=6MB", "--fit=1KB", "--fit=small", "--fit="] {
        Tool::new().args(["match", "a.jpg", "b.jpg", size]).run().fails(2).stderr_has("--fit");
    }
}

/// For benchmarks: writes the photos to the folder `FIT_PHOTOS`.
#[test]
#[ignore = "makes photos for benchmarks"]
fn photos_for_the_benchmark() {
    let folder = std::path::PathBuf::from(std::env::var_os("FIT_PHOTOS").unwrap());
    let quality = |picture: &RgbImage, quality: u8| {
        let mut bytes = Vec::new();
        let encoder = jpeg_encoder::Encoder::new(&mut bytes, quality);
        let [width, height] = [picture.width(), picture.height()].map(|s| s.try_into().unwrap());
        encoder.encode(picture, width, height, jpeg_encoder::ColorType::Rgb).unwrap();
        bytes
    };
    let mut crowd = noisy(&RgbImage::from_pixel(2, 2, Rgb([127; 3])), 3000, 3000, 127);
    imageops::replace(&mut crowd, &hopper(), 0, 0);
    std::fs::write(folder.join("crowd.jpg"), quality(&crowd, 95)).unwrap();
    std::fs::write(folder.join("48mp.jpg"), quality(&noisy(&hopper(), 6192, 7752, 14), 89))
        .unwrap();
}
