//! The engine on all kinds of files, and its answers.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that fails may panic")]
#![allow(clippy::cast_possible_truncation, reason = "colours that wrap around")]

use std::thread;

use bytes::Bytes;
use didit_face::engine::answer::{Details, body};
use didit_face::engine::{Comparison, EngineError, Flaw, Role, Rotation, VERSION};
use didit_face::picture;
use didit_face::verdict::{Status, Threshold, Verdict};
use image::codecs::{jpeg::JpegEncoder, png::PngEncoder, webp::WebPEncoder};
use image::{DynamicImage, ImageEncoder, ImageFormat, Rgb, RgbImage, Rgba, RgbaImage, imageops};
use serde_json::{Value, json, value::RawValue};

use crate::photos::{ENGINE, astronaut, empty_png, encode, exif, hopper, jpeg, png, sample, tiff};

fn details() -> Details<'static> {
    Details {
        threshold: Threshold::default(),
        request_id: "00000000-0000-4000-8000-000000000000",
        created_at: "2026-01-02T03:04:05.678901Z",
        vendor_data: None,
        metadata: None,
    }
}

fn compare(user: &[u8], reference: &[u8]) -> Comparison {
    let [user, reference] = [user, reference].map(|file| file.to_vec().into());
    ENGINE.compare(&user, &reference, Rotation::AsIs).unwrap()
}

fn answer(comparison: &Comparison) -> Value {
    let body = body(comparison, &details()).unwrap();
    Verdict::read(&body, Threshold::default()).unwrap();
    serde_json::from_slice(&body).unwrap()
}

/// The distance between a file's face and the astronaut's.
fn distance(file: &[u8]) -> f32 {
    compare(file, &sample("astronaut.png")).distance.unwrap()
}

fn error(file: &[u8]) -> picture::Error {
    let error = ENGINE.inspect(&file.to_vec().into(), Rotation::Search).unwrap_err();
    let EngineError::Picture(error) = error else { panic!("{error:?}") };
    error
}

/// The astronaut's head and shoulders.
fn head() -> RgbImage {
    imageops::crop_imm(&astronaut(), 96, 16, 256, 256).to_image()
}

#[test]
fn the_answer_has_the_services_shape() {
    let metadata = RawValue::from_string(r#"{"b": 1.10, "a": null}"#.to_owned()).unwrap();
    let details = Details { vendor_data: Some("user-1"), metadata: Some(&metadata), ..details() };
    let comparison = compare(&sample("astronaut.png"), &sample("grace_hopper.jpg"));
    let bytes = body(&comparison, &details).unwrap();
    let text = std::str::from_utf8(&bytes).unwrap();
    assert!(text.contains(r#""metadata":{"b": 1.10, "a": null}"#), "{text}");
    let answer: Value = serde_json::from_str(text).unwrap();
    let face_match = &answer["face_match"];
    assert_eq!(answer["request_id"], details.request_id);
    assert_eq!(answer["created_at"], details.created_at);
    assert_eq!(answer["vendor_data"], "user-1");
    assert_eq!(answer["engine"], json!({"name": "built-in", "version": VERSION}));
    assert_eq!(face_match["status"], "Declined");
    assert_eq!(face_match["ref_image"]["best_angle"], 0);
    let entity = &face_match["user_image"]["entities"][0];
    let members: Vec<_> = entity.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(members, ["age", "bbox", "confidence", "gender", "race"]);
    assert_eq!((&entity["gender"], &entity["race"]), (&json!("female"), &Value::Null));
    // Nothing that shows it has to round it again.
    let age = entity["age"].as_f64().unwrap();
    assert_eq!(age.to_string(), format!("{age:.1}"));
    assert!(entity["bbox"].as_array().unwrap().iter().all(Value::is_u64));
    let warning = &face_match["warnings"][0];
    assert_eq!(warning["risk"], "LOW_FACE_MATCH_SIMILARITY");
    assert_eq!(warning["feature"], "FACEMATCH");
    assert_eq!(warning["log_type"], "error");
    assert_eq!(warning["additional_data"], Value::Null);
    assert_eq!(face_match["warnings"].as_array().unwrap().len(), 1);
    let verdict = Verdict::read(&bytes, details.threshold).unwrap();
    assert_eq!(verdict.status(), Status::Declined);
    assert_eq!(verdict.score(), comparison.score);
}

#[test]
fn the_status_follows_score_and_threshold() {
    let comparison = compare(&sample("astronaut.png"), &sample("astronaut_id_card.jpg"));
    let score = comparison.score.unwrap().to_string();
    for (threshold, status) in [("30", "Approved"), (&score, "Approved"), ("99.99", "Declined")] {
        let details = Details { threshold: threshold.parse().unwrap(), ..details() };
        let bytes = body(&comparison, &details).unwrap();
        let answer: Value = serde_json::from_slice(&bytes).unwrap();
        assert_eq!(answer["face_match"]["status"], status, "{threshold}");
        assert_eq!(answer["face_match"]["score"].to_string(), score);
        let warnings = answer["face_match"]["warnings"].as_array().unwrap().len();
        // The card was made from the portrait: they are the same picture.
        assert_eq!(warnings, 1 + usize::from(status == "Declined"));
    }
}

#[test]
fn without_a_face_nothing_is_scored() {
    let scene = png(RgbImage::from_fn(300, 200, |x, y| Rgb([x as u8, y as u8, (x ^ y) as u8])));
    let face = sample("astronaut_id_card.jpg");
    for (user, reference, missing) in [
        (&scene, &face, vec!["user image"]),
        (&face, &scene, vec!["reference image"]),
        (&scene, &scene, vec!["user image", "reference image"]),
    ] {
        let answer = answer(&compare(user, reference));
        assert_eq!(answer["face_match"]["status"], "Declined");
        assert_eq!(answer["face_match"]["score"], Value::Null);
        let warnings = answer["face_match"]["warnings"].as_array().unwrap();
        assert_eq!(warnings.len(), missing.len());
        for (warning, photo) in warnings.iter().zip(missing) {
            assert_eq!(warning["risk"], "NO_FACE_DETECTED");
            assert!(warning["long_description"].as_str().unwrap().contains(photo));
        }
    }
}

#[test]
fn drawings_are_never_approved_without_a_warning() {
    let [one, other] =
        [&include_bytes!("data/cartoon_a.png")[..], &include_bytes!("data/cartoon_d.png")[..]];
    for (user, reference) in [(one, other), (one, one), (one, &sample("astronaut.png")[..])] {
        let answer = answer(&compare(user, reference));
        let warnings = answer["face_match"]["warnings"].as_array().unwrap();
        let risks: Vec<_> = warnings.iter().map(|w| w["risk"].as_str().unwrap()).collect();
        let no_face = risks.contains(&"NO_FACE_DETECTED");
        assert!(no_face || risks.contains(&"LOW_FACE_CONFIDENCE"), "{risks:?}");
        assert_eq!(no_face, answer["face_match"]["score"].is_null());
    }
}

#[test]
fn a_turned_photo_gets_a_warning() {
    let turns = [
        (270, imageops::rotate90(&hopper())),
        (180, imageops::rotate180(&hopper())),
        (90, imageops::rotate270(&astronaut())),
    ];
    for (angle, turned) in turns {
        let comparison = compare(&png(turned), &sample("grace_hopper.jpg"));
        assert!(comparison.user.flaws.contains(&Flaw::Turned(angle)), "{:?}", comparison.user);
        let answer = answer(&comparison);
        let warnings = answer["face_match"]["warnings"].as_array().unwrap();
        let warning = warnings.iter().find(|w| w["risk"] == "FACE_TURNED").unwrap();
        let text = warning["long_description"].as_str().unwrap();
        let words = format!("face looks rotated by {angle} degrees: retry with --rotate");
        assert!(text.starts_with(&format!("In the user image the {words}")), "{text}");
    }
    for photo in ["astronaut.png", "astronaut_id_card.jpg", "grace_hopper.jpg"] {
        assert_eq!(compare(&sample(photo), &sample(photo)).user.flaws, []);
    }
}

#[test]
fn a_rival_face_gets_a_warning() {
    let mut twins = RgbImage::new(1024, 600);
    imageops::replace(&mut twins, &hopper(), 0, 0);
    imageops::replace(&mut twins, &hopper(), 512, 0);
    let answer = answer(&compare(&png(twins), &sample("grace_hopper.jpg")));
    let warnings = answer["face_match"]["warnings"].as_array().unwrap();
    let warning = warnings.iter().find(|warning| warning["risk"] == "SEVERAL_FACES").unwrap();
    assert_eq!(warning["log_type"], "warning");
}

#[test]
fn the_largest_face_is_compared_and_comes_first() {
    let mut both = RgbImage::new(1024, 600);
    imageops::replace(&mut both, &hopper(), 512, 0);
    imageops::replace(&mut both, &astronaut(), 0, 40);
    let both = png(both);
    let comparison = compare(&both, &sample("grace_hopper.jpg"));
    let [first, second] = comparison.user.faces.as_slice() else { panic!("two faces") };
    assert!(first.detection.area() > second.detection.area());
    assert!(first.detection.bbox[0] > 512.0 && second.detection.bbox[2] < 512.0);
    assert!(first.attributes.unwrap().age > 60.0 && second.attributes.unwrap().age < 40.0);
    assert!(comparison.distance.unwrap() < 0.6, "{:?}", comparison.distance);
    assert!(compare(&both, &sample("astronaut.png")).distance.unwrap() > 1.125);
}

#[test]
fn boxes_are_clipped_to_the_picture() {
    let tight = imageops::crop_imm(&hopper(), 200, 150, 140, 170).to_image();
    let answer = answer(&compare(&png(tight), &sample("grace_hopper.jpg")));
    let entity = &answer["face_match"]["user_image"]["entities"][0];
    let bbox: [u32; 4] = serde_json::from_value(entity["bbox"].clone()).unwrap();
    assert!(bbox[2] <= 140 && bbox[3] <= 170 && bbox[0] < bbox[2] && bbox[1] < bbox[3]);
}

/// The risks that the answer warns of when a photo is compared with Hopper's.
fn risks(file: &[u8]) -> Vec<String> {
    let answer = answer(&compare(file, &sample("grace_hopper.jpg")));
    let warnings = answer["face_match"]["warnings"].as_array().unwrap();
    let warned = warnings.iter().filter(|warning| warning["log_type"] == "warning");
    warned.map(|warning| warning["risk"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn poor_photos_get_a_warning() {
    let tiny = test_pictures::resize(&head(), 48, 48, imageops::FilterType::Triangle);
    let blurred = imageops::blur(&head(), 3.0);
    let mut dark = head();
    dark.iter_mut().for_each(|value| *value /= 6);
    let mut shaded = head();
    for (x, _, pixel) in shaded.enumerate_pixels_mut() {
        pixel.0 = pixel.0.map(|value| if x > 128 { value / 8 } else { value });
    }
    let flaws = |file: &[u8]| ENGINE.inspect(&file.to_vec().into(), Rotation::AsIs).unwrap().flaws;
    assert!(flaws(&png(tiny)).iter().any(|flaw| matches!(flaw, Flaw::SmallFace(_))));
    assert!(flaws(&png(blurred.clone())).contains(&Flaw::Blurred));
    assert!(flaws(&png(dark)).contains(&Flaw::Dark));
    assert!(flaws(&png(shaded)).contains(&Flaw::OneSidedLight));
    let answer = answer(&compare(&sample("astronaut.png"), &png(blurred)));
    let warnings = answer["face_match"]["warnings"].as_array().unwrap();
    let text = "In the reference image the face is blurred; the score is less certain than usual.";
    let warning = warnings.iter().find(|warning| warning["long_description"] == text).unwrap();
    assert_eq!(
        (&warning["risk"], &warning["log_type"]),
        (&json!("LOW_IMAGE_QUALITY"), &json!("warning"))
    );
}

#[test]
fn grey_and_small_photos_are_harmless() {
    let small = test_pictures::resize(&head(), 110, 110, imageops::FilterType::Triangle);
    assert_eq!(risks(&png(DynamicImage::from(head()).grayscale())), [""; 0]);
    assert_eq!(risks(&png(small)), [""; 0]);
}

#[test]
fn copies_of_a_picture_are_called_the_same() {
    let small = test_pictures::resize(&hopper(), 200, 234, imageops::FilterType::Triangle);
    let cropped = imageops::crop_imm(&hopper(), 100, 60, 330, 380).to_image();
    for copy in [hopper(), small, cropped, imageops::flip_horizontal(&hopper())] {
        assert_eq!(risks(&jpeg(&copy, 80)), ["SAME_PICTURE"]);
    }
    assert_eq!(risks(&sample("astronaut.png")), [""; 0]);
}

#[test]
fn all_formats_and_pixel_types_are_read() {
    let head = DynamicImage::from(head());
    let (width, height) = (head.width(), head.height());
    let cmyk: Vec<u8> =
        head.to_rgb8().pixels().flat_map(|p| [255 - p[0], 255 - p[1], 255 - p[2], 0]).collect();
    for (name, file) in [
        ("png", encode(head.clone(), ImageFormat::Png)),
        ("jpeg", encode(head.clone(), ImageFormat::Jpeg)),
        ("webp", encode(head.clone(), ImageFormat::WebP)),
        ("tiff", encode(head.clone(), ImageFormat::Tiff)),
        ("16 bits", png(head.to_rgb16())),
        ("16 bits with alpha", png(head.to_rgba16())),
        ("alpha", encode(head.to_rgba8(), ImageFormat::WebP)),
        ("float", encode(head.to_rgb32f(), ImageFormat::Tiff)),
        ("CMYK TIFF", tiff((width, height), &cmyk, 5, 1)),
        ("CMYK JPEG", include_bytes!("data/astronaut_cmyk.jpg").to_vec()),
    ] {
        assert!(distance(&file) < 0.6, "{name}: {}", distance(&file));
    }
    for (name, file) in [
        ("216 colours", palette(&head.to_rgb8())),
        ("grey", png(head.to_luma8())),
        ("grey, 16 bits", png(head.to_luma16())),
        ("grey with alpha", png(head.to_luma_alpha8())),
        ("grey JPEG", encode(head.to_luma8(), ImageFormat::Jpeg)),
    ] {
        assert!(distance(&file) < 0.85, "{name}: {}", distance(&file));
    }
}

/// A PNG with 216 colours.
fn palette(picture: &RgbImage) -> Vec<u8> {
    let step = |channel: u8| (u16::from(channel) + 25) / 51;
    let colours = (0..216_u8).flat_map(|i| [i / 36 * 51, i / 6 % 6 * 51, i % 6 * 51]);
    let pixels = picture.pixels().map(|p| (36 * step(p[0]) + 6 * step(p[1]) + step(p[2])) as u8);
    let mut file = Vec::new();
    let mut encoder = png::Encoder::new(&mut file, picture.width(), picture.height());
    encoder.set_color(png::ColorType::Indexed);
    encoder.set_palette(colours.collect::<Vec<_>>());
    let mut writer = encoder.write_header().unwrap();
    writer.write_image_data(&pixels.collect::<Vec<_>>()).unwrap();
    writer.finish().unwrap();
    file
}

#[test]
fn transparency_is_shown_on_white() {
    let clear = RgbaImage::from_pixel(40, 30, Rgba([0, 0, 0, 0]));
    let picture = didit_face::picture::decode::upright(&png(clear).into()).unwrap();
    assert!(picture.pixels().all(|p| p.0 == [255; 3]));
}

#[test]
fn every_exif_orientation_is_applied_in_every_format() {
    // What a camera stores for each orientation, so that it comes out upright (Exif, 4.6.4).
    let upright = test_pictures::resize(&head(), 128, 112, imageops::FilterType::Triangle);
    for orientation in 1..=8_u16 {
        let stored = match orientation {
            2 => imageops::flip_horizontal(&upright),
            3 => imageops::rotate180(&upright),
            4 => imageops::flip_vertical(&upright),
            5 => imageops::rotate270(&imageops::flip_horizontal(&upright)),
            6 => imageops::rotate270(&upright),
            7 => imageops::rotate90(&imageops::flip_horizontal(&upright)),
            8 => imageops::rotate90(&upright),
            _ => upright.clone(),
        };
        let (mut jpeg, mut png, mut webp) = (Vec::new(), Vec::new(), Vec::new());
        write(JpegEncoder::new_with_quality(&mut jpeg, 95), &stored, orientation);
        write(PngEncoder::new(&mut png), &stored, orientation);
        write(WebPEncoder::new_lossless(&mut webp), &stored, orientation);
        let tiff = tiff(stored.dimensions(), &stored, 2, orientation);
        for (name, file) in [("jpeg", jpeg), ("png", png), ("webp", webp), ("tiff", tiff)] {
            let read = didit_face::picture::decode::upright(&file.into()).unwrap();
            assert_eq!(read.dimensions(), (128, 112), "{name} {orientation}");
            let off = read.iter().zip(upright.iter()).map(|(a, b)| u64::from(a.abs_diff(*b)));
            assert!(off.sum::<u64>() / (read.len() as u64) < 8, "{name} {orientation}");
        }
    }
}

fn write(mut encoder: impl ImageEncoder, picture: &RgbImage, orientation: u16) {
    encoder.set_exif_metadata(exif(orientation)).unwrap();
    let (width, height) = picture.dimensions();
    encoder.write_image(picture, width, height, image::ExtendedColorType::Rgb8).unwrap();
}

#[test]
fn thin_and_tiny_pictures_have_no_face() {
    for (width, height) in [(1, 1), (1, 5000), (5000, 1), (2, 3), (31, 33), (40_000, 2)] {
        let file = png(RgbImage::from_pixel(width, height, Rgb([200, 150, 130])));
        let portrait = ENGINE.inspect(&file.into(), Rotation::Search).unwrap();
        assert_eq!((portrait.faces.len(), portrait.best_angle), (0, 0), "{width} x {height}");
    }
}

#[test]
fn pictures_beyond_the_limits_are_refused_before_they_are_decoded() {
    let mut wide_jpeg = jpeg(&RgbImage::new(8, 8), 50);
    let frame = wide_jpeg.windows(2).position(|pair| pair == [0xff, 0xc0]).unwrap();
    wide_jpeg[frame + 5..frame + 9].fill(0xfe);
    for file in [
        empty_png(60_000, 60_000, 8, 2),
        empty_png(10_001, 10_000, 8, 2),
        empty_png(10_000, 10_000, 16, 6),
        // RGBA, and its RGB copy.
        empty_png(10_000, 7_000, 8, 6),
        empty_png(70_000, 1, 8, 2),
        empty_png(u32::MAX >> 1, u32::MAX >> 1, 16, 6),
        wide_jpeg,
    ] {
        let error = error(&file);
        assert!(matches!(error, picture::Error::TooLarge { .. }), "{error}");
        let said = ["limit is 100 megapixels", "more than 450 MB of memory"];
        assert!(said.iter().any(|part| error.to_string().contains(part)), "{error}");
    }
}

#[test]
fn broken_files_are_undecodable() {
    let head = head();
    let mut files = vec![Vec::new(), b"hello".to_vec(), empty_png(9000, 9000, 8, 2)];
    for format in [ImageFormat::Png, ImageFormat::Jpeg, ImageFormat::WebP, ImageFormat::Tiff] {
        let whole = encode(head.clone(), format);
        files.extend([4, 20, 200, whole.len() / 2].map(|end| whole[..end].to_vec()));
    }
    for file in files {
        let error = error(&file);
        let is_told = matches!(error, picture::Error::NotAnImage | picture::Error::Damaged(_));
        assert!(is_told, "{} {error}", file.len());
    }
}

#[test]
fn the_bad_photo_is_named() {
    let good = Bytes::from(sample("astronaut_id_card.jpg"));
    let bad = Bytes::from_static(b"no picture");
    for (user, reference, role) in
        [(&bad, &good, Role::User), (&good, &bad, Role::Reference), (&bad, &bad, Role::User)]
    {
        let error = ENGINE.compare(user, reference, Rotation::AsIs).unwrap_err();
        assert_eq!(error.role, role);
        let EngineError::Picture(error) = error.error else { panic!("{error:?}") };
        assert_eq!(error.to_string(), "not a JPEG, PNG, WebP or TIFF image");
    }
}

#[test]
fn the_same_photos_get_the_same_answer_under_load() {
    let (user, reference) = (sample("astronaut.png"), sample("grace_hopper.jpg"));
    let alone = compare(&user, &reference);
    thread::scope(|scope| {
        let all = [(); 4].map(|()| scope.spawn(|| compare(&user, &reference)));
        for comparison in all {
            assert_eq!(comparison.join().unwrap(), alone);
        }
    });
}
