//! `--strip-metadata`.

use image::codecs::png::PngEncoder;
use image::{ExtendedColorType, ImageEncoder, ImageFormat};

use super::*;
use crate::photos::{exif, hopper, tiff};

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
fn a_jpeg_keeps_what_its_colours_need() {
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
fn a_tiff_is_stripped_by_converting_it_to_jpeg() {
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

#[test]
fn a_minimal_block_with_an_orientation_is_read() {
    let photo = test_pictures::jpeg(&hopper(), 90, &[], &exif(3)).unwrap();
    assert_eq!(orientation(&sent_one(&photo, &["--strip-metadata"]).1), 3);
}
