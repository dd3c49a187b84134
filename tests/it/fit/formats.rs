//! `--fit` for other formats, orientations and colour profiles.

use image::ImageFormat;

use super::*;
use crate::photos::{astronaut, encode, hopper};
use crate::support::photos::LIMIT;

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
fn a_bigtiff_becomes_jpeg() {
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
fn undecodable_formats_get_a_hint() {
    for options in [&[][..], &["--fit"]] {
        let avif = refused(b"\0\0\0\x18ftypavif\0\0\0\0", options);
        avif.stderr_has("AVIF").stderr_has("avifdec").stderr_has("on a Mac: sips");
        avif.stderr_lacks("--fit").stderr_lacks("\\u{");
        refused(b"%PDF-1.7", options).stderr_has("convert it to JPEG").stderr_lacks("--fit");
        refused(b"no photo", options).stderr_has("not an image").stderr_lacks("convert");
        refused(b"", options).stderr_has("empty").stderr_lacks("--fit");
    }
    refused(b"GIF89a", &["--fit"]).stderr_has("the file is damaged");
}

#[test]
fn a_huge_file_is_not_read_to_its_end() {
    let photos = Photos::new();
    let path = photos.add("sparse.bmp", b"BM");
    std::fs::File::options().write(true).open(&path).unwrap().set_len(1 << 40).unwrap();
    let service = Service::approving();
    let tool = Tool::at(&service).arg("match").arg("--fit");
    tool.args([&path, &photos.user]).run().fails(6).stderr_has("over 64 MB");
    assert_eq!(service.connections(), 0);
}

#[test]
fn a_fitted_photo_is_upright_and_has_no_gps() {
    let on_its_side = noisy(&imageops::rotate270(&hopper()), 3000, 2560, 60);
    let photo = test_pictures::jpeg(&on_its_side, 97, &[], &with_gps(6)).unwrap();
    assert!(photo.len() > LIMIT && orientation(&photo) == 6);
    let (_, image) = sent_one(&photo, &["--fit", "--check"]);
    let (width, height) = decoded(&image).dimensions();
    assert!(height > width && orientation(&image) == 1);
    has_no_secret(&image);
    assert!(!image.windows(6).any(|bytes| bytes == b"Exif\0\0"));
}

#[test]
fn an_rgb_colour_profile_is_kept() {
    let picture = noisy(&hopper(), 2560, 3000, 120);
    for (space, is_kept) in [(b"RGB ", true), (b"CMYK", false)] {
        // ICC.1:2022, 7.2: a header of 128 bytes, the colour space at 16.
        let mut profile = vec![7; 200];
        profile[16..20].copy_from_slice(space);
        let photo = test_pictures::jpeg(&picture, 97, &profile, &[]).unwrap();
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
