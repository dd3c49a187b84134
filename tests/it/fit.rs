//! `--fit`, `--check`, `--strip-metadata`: what is sent, what is said, what is not sent.

use std::path::Path;

use didit_face::error::{Error, Kind};
use didit_face::preflight::{CheckOptions, Inspector};
use didit_face::prepare::fit::{Fitted, fit};
use didit_face::values::size::PhotoSize;
use image::codecs::jpeg::JpegEncoder;
use image::codecs::png::PngEncoder;
use image::{ExtendedColorType, ImageEncoder, ImageFormat, Rgb, RgbImage, imageops};

use crate::photos::{astronaut, encode, exif, hopper, jpeg, png, sample, tiff};
use crate::support::bodies::APPROVED;
use crate::support::photos::LIMIT;
use crate::support::{Answer, Outcome, Photos, Service, Tool};

/// `match` of two photos with `options`, and the photos that came to the service.
fn sent(user: &[u8], reference: &[u8], options: &[&str]) -> (Outcome, Vec<Vec<u8>>) {
    let service = Service::always(Answer::new(200, APPROVED));
    let photos = Photos::of(user, reference);
    let outcome = Tool::matching(&service, &photos).args(options).run();
    let requests = service.requests();
    let parts = requests.iter().flat_map(super::support::service::Request::parts);
    let images = parts.filter(|part| part.file_name.is_some()).map(|part| part.bytes);
    (outcome, images.collect())
}

/// The one photo as it came to the service.
#[track_caller]
fn sent_one(user: &[u8], options: &[&str]) -> (Outcome, Vec<u8>) {
    let (outcome, mut images) = sent(user, &fine(), options);
    outcome.exits(0);
    assert_eq!(images.len(), 2);
    (outcome, images.remove(0))
}

#[track_caller]
fn refused(user: &[u8], options: &[&str]) -> Outcome {
    let (outcome, images) = sent(user, &fine(), options);
    assert_eq!(images.len(), 0);
    outcome.fails(6).stderr_has("selfie.jpg");
    outcome
}

fn fine() -> Vec<u8> {
    sample("grace_hopper.jpg")
}

fn decoded(bytes: &[u8]) -> RgbImage {
    image::load_from_memory(bytes).unwrap().into_rgb8()
}

/// Noise that nothing compresses well: a few megabytes with few pixels.
fn noisy(picture: &RgbImage, width: u32, height: u32, level: u32) -> RgbImage {
    let mut large = imageops::resize(picture, width, height, imageops::FilterType::Triangle);
    let mut state = 1_u32;
    for value in large.iter_mut() {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        let noise = i32::try_from((state >> 16) % (2 * level + 1)).unwrap();
        let noise = noise - i32::try_from(level).unwrap();
        *value = u8::try_from((i32::from(*value) + noise).clamp(0, 255)).unwrap();
    }
    large
}

/// An EXIF block with an orientation and the place where the photo was taken
/// (Exif 2.32, 4.6.6: the GPS IFD).
fn with_gps(orientation: u16) -> Vec<u8> {
    let mut block = b"MM\0\x2a\0\0\0\x08\0\x02".to_vec();
    block.extend(b"\x01\x12\0\x03\0\0\0\x01");
    block.extend(orientation.to_be_bytes());
    block.extend([0, 0]);
    block.extend(b"\x88\x25\0\x04\0\0\0\x01\0\0\0\x26\0\0\0\0");
    block.extend(b"\0\x02\0\x01\0\x02\0\0\0\x02N\0\0\0\0\x02\0\x05\0\0\0\x03\0\0\0\x44\0\0\0\0");
    block.extend(b"\0\0\0\x30\0\0\0\x01\0\0\0\x0c\0\0\0\x01\0\0\0\x22\0\0\0\x01GPS-48-12-34");
    block
}

const SECRETS: [&str; 4] = ["GPS-48-12-34", "xmp-secret", "iptc-secret", "comment-secret"];

#[track_caller]
fn has_no_secret(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    for secret in SECRETS {
        assert!(!text.contains(secret), "{secret}");
    }
}

fn segment(marker: u8, contents: &[u8]) -> Vec<u8> {
    let length = u16::try_from(contents.len() + 2).unwrap().to_be_bytes();
    [&[0xff, marker], length.as_slice(), contents].concat()
}

/// A JPEG with everything that a phone, an editor and an agency put into it, and a preview
/// with a place of its own after its end.
fn talkative_jpeg(picture: &RgbImage, orientation: u16) -> Vec<u8> {
    let plain = jpeg(picture, 90);
    let gps = [b"Exif\0\0".as_slice(), &with_gps(orientation)].concat();
    [
        &plain[..2],
        &segment(0xe1, &gps),
        &segment(0xe1, b"http://ns.adobe.com/xap/1.0/\0xmp-secret"),
        &segment(0xe2, b"MPF\0GPS-48-12-34"),
        &segment(0xed, b"Photoshop 3.0\08BIM iptc-secret"),
        &segment(0xfe, b"comment-secret"),
        &plain[2..],
        &plain[..2],
        &segment(0xe1, &gps),
        &plain[2..],
    ]
    .concat()
}

fn orientation(bytes: &[u8]) -> u8 {
    didit_face::picture::header::read(&bytes.to_vec().into()).unwrap().orientation
}

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
        imageops::resize(&hopper(), 1500, 1750, imageops::FilterType::Triangle),
        ImageFormat::Tiff,
    );
    assert!(large.len() > LIMIT);
    let (outcome, image) = sent_one(&large, &["--fit"]);
    assert_eq!(decoded(&image).dimensions(), (1500, 1750));
    outcome.stderr_has("TIFF -> JPEG").stderr_has("1500x1750").stderr_lacks("1500x1750 ->");
}

/// `person` made to fit who stands in so much noise that the picture has to be scaled down.
/// Without the tool's own process, whose time is limited: unoptimised, this takes a while.
fn fit_in_a_crowd(person: &RgbImage) -> Result<Fitted, Error> {
    let mut crowd = noisy(&RgbImage::from_pixel(2, 2, Rgb([127; 3])), 3000, 3000, 127);
    imageops::replace(&mut crowd, person, 0, 0);
    let inspector = Inspector::new(CheckOptions::default());
    let result =
        fit(&inspector, "crowd.bmp", &encode(crowd, ImageFormat::Bmp).into(), PhotoSize::default());
    result.map_err(|e| e.downcast().unwrap())
}

#[test]
fn a_face_that_was_lower_than_200_pixels_is_no_reason_to_refuse() {
    // Some 105 pixels.
    let small = imageops::resize(&hopper(), 256, 300, imageops::FilterType::Triangle);
    let fitted = fit_in_a_crowd(&small).unwrap();
    assert!((LIMIT * 8 / 10..=LIMIT).contains(&fitted.photo.size()), "{}", fitted.photo.size());
    assert!(fitted.summary.contains("3000x3000 -> "), "{}", fitted.summary);
}

#[test]
fn a_face_never_falls_under_200_pixels() {
    // Some 210 pixels: there is no way down.
    let error = fit_in_a_crowd(&hopper()).err().unwrap();
    assert_eq!((error.kind(), error.next_step()), (Kind::Input, Some("crop it to the face")));
    assert!(error.message().contains("200 pixels high"), "{error}");
}

#[test]
fn a_size_is_kept_to() {
    let large = jpeg(&noisy(&hopper(), 1280, 1500, 20), 95);
    assert!(large.len() > 900_000, "{}", large.len());
    let (outcome, image) = sent_one(&large, &["--fit=400KB"]);
    assert!((250_000..=400_000).contains(&image.len()), "{}", image.len());
    outcome.stderr_has("selfie.jpg: ").stderr_has(" KB, 1280x1500 -> ");
    // The face has some 525 of 1500 rows, and keeps at least 200.
    assert!(decoded(&image).height() > 575);
    let (_, again) = sent_one(&large, &["--fit=400KB"]);
    assert!(again == image, "the same photo gives the same bytes");
    let (outcome, image) = sent_one(&large, &["--fit"]);
    assert!(image == large && outcome.stderr.is_empty());
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
fn a_face_is_not_made_lower_for_a_size() {
    let photo = jpeg(&noisy(&hopper(), 512, 600, 40), 97);
    let (outcome, image) = sent_one(&photo, &["--fit=30KB"]);
    assert!(image.len() > 30_000 && image.len() <= photo.len());
    let inspector = Inspector::new(CheckOptions::default());
    let height = inspector.face_height(&decoded(&image)).unwrap().unwrap();
    // Measured at another scale, it may differ by a pixel or two.
    assert!((198.0..215.0).contains(&height), "{height}");
    outcome.stderr_has("its face needs these pixels");
}

#[test]
fn a_wrong_size_is_a_wrong_command_line() {
    for size in ["--fit=6MB", "--fit=1KB", "--fit=small", "--fit="] {
        Tool::new().args(["match", "a.jpg", "b.jpg", size]).run().fails(2).stderr_has("--fit");
    }
}

#[test]
fn other_formats_become_jpeg() {
    for format in [ImageFormat::Bmp, ImageFormat::Gif, ImageFormat::Pnm, ImageFormat::Qoi] {
        let photo = encode(hopper(), format);
        refused(&photo, &[]).stderr_has("--fit");
        let (outcome, image) = sent_one(&photo, &["--fit"]);
        assert_eq!(image::guess_format(&image).unwrap(), ImageFormat::Jpeg);
        assert_eq!(decoded(&image).dimensions(), (512, 600));
        outcome.stderr_has(" -> JPEG, ").stderr_has("512x600");
    }
}

#[test]
fn big_tiff_too() {
    // BigTIFF: a 64-bit header, and the tags of `photos::tiff` with 64-bit values.
    let pixels = hopper().into_raw();
    let strip = 16 + 8 + 10 * 20 + 8_u64;
    let tags: [(u16, u16, u64, u64); 10] = [
        (256, 4, 1, 512),
        (257, 4, 1, 600),
        (258, 3, 3, 0x0008_0008_0008),
        (259, 3, 1, 1),
        (262, 3, 1, 2),
        (273, 16, 1, strip),
        (277, 3, 1, 3),
        (278, 4, 1, 600),
        (279, 16, 1, pixels.len() as u64),
        (284, 3, 1, 1),
    ];
    let mut file = b"II\x2b\0\x08\0\0\0\x10\0\0\0\0\0\0\0\x0a\0\0\0\0\0\0\0".to_vec();
    for (tag, kind, count, value) in tags {
        file.extend(tag.to_le_bytes());
        file.extend(kind.to_le_bytes());
        file.extend(count.to_le_bytes());
        file.extend(value.to_le_bytes());
    }
    file.extend([0; 8]);
    file.extend(pixels);
    refused(&file, &[]).stderr_has("BigTIFF").stderr_has("--fit");
    assert_eq!(decoded(&sent_one(&file, &["--fit"]).1).dimensions(), (512, 600));
}

#[test]
fn what_nothing_here_decodes_is_said_with_a_way_out() {
    for options in [&[][..], &["--fit"]] {
        let avif = refused(b"\0\0\0\x18ftypavif\0\0\0\0", options);
        avif.stderr_has("AVIF").stderr_has("avifdec").stderr_lacks("--fit");
        refused(b"%PDF-1.7", options).stderr_has("a PDF").stderr_lacks("--fit");
        refused(b"no photo", options).stderr_has("not an image").stderr_lacks("--fit");
        refused(b"", options).stderr_has("empty").stderr_lacks("--fit");
    }
    refused(b"GIF89a", &["--fit"]).stderr_has("the file is damaged");
}

#[test]
fn a_huge_file_is_not_read_to_its_end() {
    let photos = Photos::new();
    let path = photos.add("sparse.bmp", b"BM");
    std::fs::File::options().write(true).open(&path).unwrap().set_len(1 << 40).unwrap();
    let service = Service::always(Answer::new(200, APPROVED));
    let tool = Tool::with_base(&service.base()).arg("match").arg("--fit");
    tool.args([&path, &photos.user]).run().fails(6).stderr_has("over 64 MB");
    assert_eq!(service.connections(), 0);
}

#[test]
fn what_is_made_to_fit_is_upright_and_says_nothing_of_its_place() {
    let on_its_side = noisy(&imageops::rotate270(&hopper()), 3000, 2560, 60);
    let mut photo = Vec::new();
    let mut encoder = JpegEncoder::new_with_quality(&mut photo, 97);
    encoder.set_exif_metadata(with_gps(6)).unwrap();
    encoder.encode_image(&on_its_side).unwrap();
    assert!(photo.len() > LIMIT && orientation(&photo) == 6);
    let (_, image) = sent_one(&photo, &["--fit", "--check"]);
    let (width, height) = decoded(&image).dimensions();
    assert!(height > width && orientation(&image) == 1);
    has_no_secret(&image);
    assert!(!image.windows(6).any(|bytes| bytes == b"Exif\0\0"));
}

#[test]
fn the_colour_profile_goes_along_if_it_speaks_of_the_same_colours() {
    let picture = noisy(&hopper(), 2560, 3000, 120);
    for (space, is_kept) in [(b"RGB ", true), (b"CMYK", false)] {
        // ICC.1:2022, 7.2: a header of 128 bytes, the colour space at 16.
        let mut profile = vec![7; 200];
        profile[16..20].copy_from_slice(space);
        let mut photo = Vec::new();
        let mut encoder = JpegEncoder::new_with_quality(&mut photo, 97);
        encoder.set_icc_profile(profile.clone()).unwrap();
        encoder.encode_image(&picture).unwrap();
        let (_, image) = sent_one(&photo, &["--fit"]);
        assert_eq!(image.windows(200).any(|bytes| bytes == profile), is_kept);
    }
}

#[test]
fn the_engine_takes_fitted_photos_too() {
    let photos =
        Photos::of(&encode(astronaut(), ImageFormat::Bmp), &sample("astronaut_id_card.jpg"));
    let run = |options: &[&str]| Tool::plain().pair(&photos).arg("--local").args(options).run();
    run(&[]).fails(6).stderr_has("--fit");
    run(&["--fit", "--check", "--strip-metadata"]).exits(0).stderr_has("BMP -> JPEG");
}

#[test]
fn a_photo_of_no_use_is_not_sent() {
    let wall = png(RgbImage::from_pixel(300, 300, Rgb([90, 120, 90])));
    let outcome = refused(&wall, &["--check"]);
    outcome.stderr_has("no face found").stderr_has("take it again").stderr_has("nothing was sent");
    let (outcome, images) = sent(&wall, &png(noisy(&hopper(), 40, 50, 0)), &["--check"]);
    outcome.fails(6).stderr_has("selfie.jpg` is unusable").stderr_has("id card.png` is unusable");
    outcome.stderr_has("take it again").stderr_has("nothing was sent");
    assert_eq!(images.len(), 0);
    let (outcome, images) = sent(&fine(), &wall, &["--check"]);
    outcome.fails(6).stderr_has("id card.png").stderr_has("no face found");
    assert_eq!(images.len(), 0);
    refused(&jpeg(&hopper(), 90)[..20_000], &["--check"]).stderr_has("part of it is missing");
    let tiny = imageops::resize(&hopper(), 64, 75, imageops::FilterType::Triangle);
    refused(&png(tiny), &["--check"]).stderr_has("pixels high");
    // Without the check it is the service's to say.
    assert_eq!(sent_one(&wall, &[]).1, wall);
}

#[test]
fn warnings_are_said_and_the_pair_is_sent() {
    let turned = png(imageops::rotate90(&hopper()));
    let (outcome, image) = sent_one(&turned, &["--check"]);
    assert!(image == turned);
    outcome.stderr_has("warning: ").stderr_has("selfie.jpg: turned by 270 degrees: use --rotate");
    let (outcome, _) = sent_one(&turned, &["--check", "--rotate"]);
    assert_eq!(outcome.stderr, "");
    let (outcome, _) = sent_one(&turned, &["--check", "--quiet"]);
    assert_eq!(outcome.stderr, "");
    assert_eq!(sent_one(&fine(), &["--check"]).0.stderr, "");
}

#[test]
fn a_jpeg_is_stripped_without_loss() {
    for turn in [1, 6] {
        let photo = talkative_jpeg(&hopper(), turn);
        assert!(SECRETS.iter().all(|s| String::from_utf8_lossy(&photo).contains(s)));
        let (outcome, image) = sent_one(&photo, &["--strip-metadata"]);
        has_no_secret(&image);
        assert_eq!(
            (outcome.stderr.as_str(), orientation(&image)),
            ("", u8::try_from(turn).unwrap())
        );
        assert!(decoded(&image) == decoded(&photo));
        assert!(image.len() < jpeg(&hopper(), 90).len() + 64);
    }
}

#[test]
fn what_a_jpeg_needs_for_its_colours_is_kept() {
    let plain = jpeg(&hopper(), 90);
    let profile = segment(0xe2, b"ICC_PROFILE\0\x01\x01profile");
    let adobe = segment(0xee, b"Adobe\0\x64\0\0\0\0\x01");
    let photo = [&plain[..2], &profile, &adobe, &segment(0xfe, b"comment-secret"), &plain[2..]];
    let (_, image) = sent_one(&photo.concat(), &["--strip-metadata"]);
    has_no_secret(&image);
    for kept in [profile, adobe] {
        assert!(image.windows(kept.len()).any(|bytes| bytes == kept));
    }
}

#[test]
fn a_progressive_jpeg_is_stripped_between_its_scans_too() {
    let mut photo = Vec::new();
    let mut encoder = jpeg_encoder::Encoder::new(&mut photo, 90);
    encoder.set_progressive(true);
    encoder.encode(&hopper(), 512, 600, jpeg_encoder::ColorType::Rgb).unwrap();
    // Before the tables of the second scan.
    let first = photo.windows(2).position(|bytes| bytes == [0xff, 0xda]).unwrap();
    let between = photo[first + 2..]
        .windows(2)
        .position(|bytes| bytes == [0xff, 0xc4] || bytes == [0xff, 0xda]);
    let between = first + 2 + between.unwrap();
    let comment = segment(0xfe, b"comment-secret");
    let talkative = [&photo[..between], &comment, &photo[between..]].concat();
    let (_, image) = sent_one(&talkative, &["--strip-metadata"]);
    assert!(image == photo);
}

#[test]
fn a_png_is_stripped_without_loss() {
    let mut photo = Vec::new();
    let mut encoder = PngEncoder::new(&mut photo);
    encoder.set_exif_metadata(with_gps(8)).unwrap();
    encoder.write_image(&hopper(), 512, 600, ExtendedColorType::Rgb8).unwrap();
    photo.extend(b"comment-secret");
    assert!(String::from_utf8_lossy(&photo).contains(SECRETS[0]));
    let (_, image) = sent_one(&photo, &["--strip-metadata"]);
    has_no_secret(&image);
    assert_eq!(orientation(&image), 8);
    assert!(decoded(&image) == decoded(&photo));
    let mut photo = Vec::new();
    let mut text_encoder = png::Encoder::new(&mut photo, 512, 600);
    text_encoder.set_color(png::ColorType::Rgb);
    text_encoder.add_text_chunk("Comment".to_owned(), "comment-secret".to_owned()).unwrap();
    text_encoder.add_itxt_chunk("XML:com.adobe.xmp".to_owned(), "xmp-secret".to_owned()).unwrap();
    text_encoder.write_header().unwrap().write_image_data(&hopper()).unwrap();
    let (_, image) = sent_one(&photo, &["--strip-metadata"]);
    has_no_secret(&image);
    assert!(decoded(&image) == decoded(&photo));
}

#[test]
fn a_webp_is_stripped_without_loss() {
    for turn in [1, 6] {
        let mut photo = Vec::new();
        let mut encoder = image::codecs::webp::WebPEncoder::new_lossless(&mut photo);
        encoder.set_exif_metadata(with_gps(turn)).unwrap();
        encoder.write_image(&hopper(), 512, 600, ExtendedColorType::Rgb8).unwrap();
        assert!(String::from_utf8_lossy(&photo).contains(SECRETS[0]));
        let (_, image) = sent_one(&photo, &["--strip-metadata"]);
        has_no_secret(&image);
        assert_eq!(orientation(&image), u8::try_from(turn).unwrap());
        assert!(decoded(&image) == decoded(&photo));
    }
}

#[test]
fn a_tiff_is_stripped_by_making_a_jpeg_of_it() {
    let photo = tiff((512, 600), &hopper(), 2, 1);
    refused(&photo, &["--strip-metadata"]).stderr_has("TIFF").stderr_has("--fit");
    assert!(sent_one(&photo, &["--fit"]).1 == photo);
    let (outcome, image) = sent_one(&photo, &["--fit", "--strip-metadata"]);
    outcome.stderr_has("TIFF -> JPEG");
    assert_eq!(image::guess_format(&image).unwrap(), ImageFormat::Jpeg);
}

#[test]
fn a_damaged_photo_is_not_stripped() {
    let outcome = refused(&jpeg(&hopper(), 90)[..100], &["--strip-metadata"]);
    outcome.stderr_has("damaged");
    let (_, image) = sent_one(&jpeg(&hopper(), 90)[..20_000], &["--strip-metadata"]);
    assert!(!image.ends_with(&[0xff, 0xd9]));
    refused(b"\x89PNG\r\n\x1a\n\0\0\0\xffIHDR", &["--strip-metadata"]).stderr_has("damaged");
    refused(b"RIFF\xff\0\0\0WEBPVP8 ", &["--strip-metadata"]).stderr_has("damaged");
}

fn batch(service: &Service, folder: &Path, options: &[&str]) -> Outcome {
    let tool = Tool::with_base(&service.base()).arg("batch").arg(folder.join("pairs.csv"));
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
    let service = Service::always(Answer::new(200, APPROVED));
    let options = ["--fit", "--check", "--strip-metadata"];
    let outcome = batch(&service, photos.folder(), &options);
    outcome.exits(10).stderr_has("BMP -> JPEG");
    assert_eq!(outcome.stderr.matches("turned by 270 degrees").count(), 1);
    assert_eq!(service.requests().len(), 3);
    service.requests().iter().for_each(|request| has_no_secret(&request.body));
    let journal = std::fs::read_to_string(photos.folder().join("results.jsonl")).unwrap();
    let failed = journal.lines().find(|line| line.contains("no face found")).unwrap();
    let failed: serde_json::Value = serde_json::from_str(failed).unwrap();
    assert_eq!((&failed["exit_code"], &failed["attempts"]), (&6.into(), &0.into()));
    // What is judged is neither fitted nor sent again.
    let outcome = batch(&service, photos.folder(), &options);
    outcome.exits(10).stderr_lacks("BMP -> JPEG");
    assert_eq!(service.requests().len(), 3);
}

#[test]
fn a_minimal_block_with_an_orientation_is_read() {
    let mut photo = Vec::new();
    let mut encoder = JpegEncoder::new_with_quality(&mut photo, 90);
    encoder.set_exif_metadata(exif(3)).unwrap();
    encoder.encode_image(&hopper()).unwrap();
    assert_eq!(orientation(&sent_one(&photo, &["--strip-metadata"]).1), 3);
}

/// For the measure in docs-fit.md: the photo is left in the folder that `FIT_PHOTOS` names.
#[test]
#[ignore = "makes the photos of a measure"]
fn photos_of_the_measure() {
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
