//! Photos as they really come, written by `tests/decoders/kinds.py`: decoded as Pillow and OpenCV do,
//! named, or refused with the reason.

use std::path::Path;

use didit_face::picture::decode::upright;
use image::{ImageEncoder, Rgb, RgbImage, Rgba, RgbaImage, imageops};
use serde_json::Value;

use crate::photos::{astronaut, encode, hopper, jpeg, png, tiff};
use crate::support::{Photos, Service, Tool};

fn kind(name: &str) -> Vec<u8> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/data/photos");
    std::fs::read(folder.join("kinds").join(name))
        .unwrap_or_else(|_| std::fs::read(folder.join("layouts").join(name)).unwrap())
}

/// The mean difference of a decoded file from a picture.
#[allow(clippy::cast_precision_loss, reason = "small pictures")]
fn difference(name: &str, wanted: &RgbImage) -> f64 {
    let picture = upright(&kind(name).into()).unwrap_or_else(|e| panic!("{name}: {e}"));
    assert_eq!(picture.dimensions(), wanted.dimensions(), "{name}");
    let sum: u64 = picture.iter().zip(wanted.iter()).map(|(a, b)| u64::from(a.abs_diff(*b))).sum();
    sum as f64 / wanted.len() as f64
}

fn source() -> RgbImage {
    image::load_from_memory(&kind("heic-source.png")).unwrap().into_rgb8()
}

#[test]
fn every_kind_shows_the_same_picture() {
    for name in [
        "jfif-adobe-0.jpg",
        "jfif-ids-rgb.jpg",
        "adobe-1-ids-rgb.jpg",
        "adobe-0-ids-123.jpg",
        "adobe-short.jpg",
        "no-tables.jpg",
        "heic-index-0.heic",
        "heic-no-matrix.heic",
        "heic-msf1.heic",
        "lossy.jp2",
        "lossy.j2k",
        "dg2-jpeg.bin",
        "dg2-jp2.bin",
        "dg2-j2k.bin",
        "no-strip-lengths.tif",
    ] {
        let difference = difference(name, &source());
        assert!(difference < 3.0, "{name}: {difference}");
    }
    let mut turned = image::DynamicImage::from(source());
    turned.apply_orientation(image::metadata::Orientation::from_exif(7).unwrap());
    assert!(difference("heic-turned-7.heic", &turned.into_rgb8()) < 3.0);
}

#[test]
fn colours_are_mixed_as_elsewhere() {
    let ycck = image::load_from_memory(&kind("ycck-adobe-1.png")).unwrap().into_rgb8();
    assert!(difference("ycck-adobe-1.jpg", &ycck) < 3.0);
    // As Pillow makes grey of colours: ITU-R BT.601.
    let luma = |[r, g, b]: [u8; 3]| {
        let [r, g, b] = [r, g, b].map(u32::from);
        u8::try_from((r * 19595 + g * 38470 + b * 7471 + 0x8000) >> 16).unwrap()
    };
    let mut grey = source();
    grey.pixels_mut().for_each(|pixel| pixel.0 = [luma(pixel.0); 3]);
    assert!(difference("grey-unspecified.tif", &grey) < 1.0);
    // Premultiplied by its own grey, on white.
    let mut white = source();
    for (pixel, alpha) in white.pixels_mut().zip(grey.pixels()) {
        pixel.0 = pixel.0.map(|v| {
            u8::try_from(u16::from(v) * u16::from(alpha.0[0]) / 255).unwrap() + (255 - alpha.0[0])
        });
    }
    assert!(difference("premultiplied.heic", &white) < 4.0);
}

/// The findings of `check`: their codes and messages.
fn findings(bytes: &[u8], options: &[&str]) -> Vec<(String, String)> {
    let photos = Photos::new();
    let photo = photos.add("photo", bytes);
    let run = Tool::plain().args(["check", "--json"]).args(options).arg(photo).run();
    let reports: Value = run.json();
    let findings = reports[0]["findings"].as_array().unwrap().clone();
    let text = |finding: &Value, key: &str| finding[key].as_str().unwrap().to_owned();
    findings
        .iter()
        .map(|f| (text(f, "code"), text(f, "message") + ": " + &text(f, "advice")))
        .collect()
}

#[test]
fn what_nobody_reads_is_refused_by_name() {
    let mut rgb32 = tiff((2, 1), &[7; 6 * 4], 2, 1);
    rgb32[142..150].copy_from_slice(&[32, 0, 32, 0, 32, 0, 8, 0]);
    let mut thumbnail = tiff((2, 1), &[7; 6], 2, 1);
    // In place of the number of rows, which has a default.
    thumbnail[106..118].copy_from_slice(&[254, 0, 4, 0, 1, 0, 0, 0, 1, 0, 0, 0]);
    let mut flat = jpeg(&source(), 90);
    let frame = flat.windows(2).position(|marker| marker == [0xff, 0xc0]).unwrap();
    flat[frame + 5..frame + 7].fill(0);
    let png = png(source());
    let xcode = [&png[..8], b"\0\0\0\x04CgBI\x50\0\x20\x02\x2b\xd5\xb3\x7f", &png[8..]].concat();
    for (photo, why) in [
        (thumbnail, "whose first picture is a thumbnail"),
        (flat, "JPEGs that give their height at the end (DNL)"),
        (xcode, "PNGs that Xcode has rewritten (CgBI)"),
        (rgb32, "TIFFs with more than 16 bits a colour"),
    ] {
        let found = findings(&photo, &[]);
        assert_eq!(found[0].0, "unsupported", "{found:?}");
        assert!(found[0].1.contains(why) && found[0].1.contains("convert it"), "{found:?}");
    }
}

#[test]
fn damaged_photos_are_not_just_to_be_converted() {
    let [jp2, j2k, dg2] = ["lossy.jp2", "lossy.j2k", "dg2-jp2.bin"].map(kind);
    let mut webp = encode(hopper(), image::ImageFormat::WebP);
    webp.truncate(webp.len() - 2);
    for photo in [&jp2[..jp2.len() / 2], &j2k[..j2k.len() / 2], &dg2[..dg2.len() - 9], &webp] {
        let found = findings(photo, &[]);
        assert_eq!(found.len(), 1, "{found:?}");
        assert_eq!(found[0].0, "damaged", "{found:?}");
    }
}

#[test]
fn a_webp_may_lack_the_metadata_that_it_announces() {
    let mut photo = Vec::new();
    let mut encoder = image::codecs::webp::WebPEncoder::new_lossless(&mut photo);
    encoder.set_icc_profile(vec![0; 4]).unwrap();
    encoder
        .write_image(&source(), source().width(), source().height(), image::ExtendedColorType::Rgb8)
        .unwrap();
    photo[20] |= 0x0c;
    assert!(upright(&photo.into()).unwrap() == source());
}

#[test]
fn a_thumbnail_is_never_sent_for_the_photo() {
    let mut thumbnail = tiff((2, 1), &[7; 6], 2, 1);
    thumbnail[106..118].copy_from_slice(&[254, 0, 4, 0, 1, 0, 0, 0, 1, 0, 0, 0]);
    let photos = Photos::of(&thumbnail, &jpeg(&hopper(), 90));
    let service = Service::approving();
    for options in [&[][..], &["--fit"]] {
        let run = Tool::matching(&service, &photos).args(options).run();
        run.fails(6).stderr_has("whose first picture is a thumbnail");
    }
    assert_eq!(service.connections(), 0);
}

#[test]
fn other_files_are_named_not_denied() {
    let mut dicom = vec![0; 128];
    dicom.extend(b"DICM");
    for (bytes, what) in [
        (b"\xff\x0a\xfa\x1f".as_slice(), "a JPEG XL image"),
        (b"\0\0\0\x0cJXL \r\n\x87\n", "a JPEG XL image"),
        (b"8BPS\0\x01", "a PSD file"),
        (b"\0\0\x01\0\x01\0\x10\x10", "an ICO file"),
        (b"\0\0\x02\0\0\0\0\0\0\0\0\0\x60\0\x48\0\x18\x20....", "a TGA file"),
        (b"\0\0\0\x18ftypcrx \0\0\0\x01crx isom", "a CR3 file"),
        (b"FUJIFILMCCD-RAW 0201", "a RAF file"),
        (b"\0\0\0\x14ftypqt  \0\0\x02\0qt  ", "a MOV video"),
        (b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom", "an MP4 video"),
        (b"\0\0\0\x08wide\0\0\x10\0mdat", "a MOV video"),
        (b"\0\0\x02\0\x01\0\x20\x20\0\0", "a CUR file"),
        (b"\xff\xa0\xff\xa8", "a WSQ image"),
        (b"\x01\xda\x01\x01\0\x03", "an SGI image"),
        (b"\x59\xa6\x6a\x95", "a Sun raster file"),
        (b"\x8aMNG\r\n\x1a\n", "an MNG file"),
        (b"\x8bJNG\r\n\x1a\n", "a JNG file"),
        (b"\x0a\x03\x01\x08", "a PCX file"),
        (&[&[1, 0, 0, 0], &[0; 36][..], b" EMF"].concat(), "an EMF file"),
        (b"\x30\x26\xb2\x75\x8e\x66\xcf\x11\xa6\xd9", "a WMV video"),
        (b"FLV\x01\x05", "an FLV video"),
        (&[&b"G\x40\0\x10"[..], &[0; 184], b"G\x40"].concat(), "an MPEG video"),
        (b"\0\0\0\x18ftypavci\0\0\0\0mif1avci", "an HEIF image"),
        (b"\xef\xbb\xbf<?xml version='1.0'?>\n<svg width='9'/>", "an SVG image"),
        (b"\n <svg/>", "an SVG image"),
        (b"\xef\xbb\xbf\r\n%PDF-1.7", "a PDF"),
        (b"PK\x03\x04\x14\0", "an Office document or ZIP archive"),
        (b"%PDF-1.7", "a PDF"),
        (&dicom, "a DICOM file"),
    ] {
        let found = findings(bytes, &[]);
        assert_eq!(found, [("format".to_owned(), format!("{what}: convert it to JPEG"))]);
    }
    for (brands, what) in [
        (b"\0\0\0\x18ftypmsf1\0\0\0\0heicmif1", "HEIC"),
        (b"\0\0\0\x18ftypisom\0\0\0\0mp41heic", "HEIC"),
        (b"\0\0\0\x18ftypmif1\0\0\0\0avifmiaf", "AVIF"),
        (b"\0\0\0\x18ftypavif\0\0\0\0mif1heic", "AVIF"),
    ] {
        assert_eq!(didit_face::photo::format_name(brands), what);
    }
}

/// A portrait on a transparent ground whose colours show a larger one.
fn hiding() -> RgbaImage {
    let large = test_pictures::resize(&astronaut(), 1024, 1024, imageops::FilterType::Triangle);
    let mut picture = RgbaImage::from_fn(1536, 1024, |x, y| {
        let Rgb([r, g, b]) = *large.get_pixel(x.min(1023), y);
        Rgba([r, g, b, 0])
    });
    let small = image::DynamicImage::from(hopper()).into_rgba8();
    imageops::replace(&mut picture, &small, 1024, 300);
    picture
}

#[test]
fn faces_below_transparent_pixels_are_found_and_fit_removes_them() {
    let has = |photo: &[u8], options: &[&str]| {
        findings(photo, options).iter().any(|(code, _)| code == "hidden-by-transparency")
    };
    let photo = png(hiding());
    assert!(has(&photo, &[]) && !has(&photo, &["--fit"]));
    let opaque = png(image::DynamicImage::from(hopper()).into_rgba8());
    assert!(!has(&opaque, &[]));
    let sent = |user: &[u8]| {
        let photos = Photos::of(user, &jpeg(&hopper(), 90));
        let service = Service::approving();
        let run = Tool::matching(&service, &photos).arg("--fit").run();
        (run.exits(0).stderr.clone(), service.only_request().parts()[0].bytes.clone())
    };
    let (stderr, image) = sent(&photo);
    assert!(stderr.contains("PNG -> JPEG") && stderr.contains("transparent"), "{stderr}");
    let shown = image::load_from_memory(&image).unwrap().into_rgb8();
    assert!(shown.get_pixel(300, 300).0.iter().all(|value| *value > 245));
    assert!(sent(&opaque) == (String::new(), opaque));
}

/// A face that only the transparency draws, over the colours of another one at the same place.
#[test]
fn another_face_at_the_same_place_is_found() {
    let below = image::DynamicImage::from(hopper()).into_luma8();
    let scaled = test_pictures::resize(&astronaut(), 977, 977, imageops::FilterType::Triangle);
    let shown = imageops::crop_imm(&scaled, 155, 2, 512, 600).to_image();
    let shown = image::DynamicImage::from(shown).into_luma8();
    let hiding = |below: &image::GrayImage| {
        let pixel = |x, y| {
            // From 0 to 126, and from 128 to 255 when blended with white.
            let colour = below.get_pixel(x, y).0[0] / 2;
            let wanted = 128 + shown.get_pixel(x, y).0[0] / 2;
            let alpha = 255 * u32::from(255 - wanted) / u32::from(255 - colour);
            image::Rgba([colour, colour, colour, u8::try_from(alpha).unwrap()])
        };
        png(image::RgbaImage::from_fn(512, 600, pixel))
    };
    let finds = |photo: &[u8]| {
        findings(photo, &[]).iter().any(|(code, _)| code == "hidden-by-transparency")
    };
    assert!(finds(&hiding(&below)));
    assert!(!finds(&hiding(&shown)));
}

#[test]
fn what_programs_read_differently_is_found_and_fit_converts_it() {
    let grey = image::DynamicImage::from(hopper()).into_luma16();
    let grey_16 = png(grey);
    let turned = tiff((600, 512), &imageops::rotate270(&hopper()), 2, 6);
    let mut negative = image::DynamicImage::from(hopper()).into_luma8();
    image::imageops::invert(&mut negative);
    let white = tiff((512, 600), &negative, 0, 1);
    for (photo, why) in
        [(grey_16, "16-bit grey"), (turned, "a TIFF on its side"), (white, "grey where 0 is white")]
    {
        let found = findings(&photo, &[]);
        let wanted =
            format!("programs read it differently: {why}: use --fit to convert it to JPEG");
        assert!(found.contains(&("read-differently".to_owned(), wanted)), "{found:?}");
        let lists = |options: &[&str]| {
            findings(&photo, options).iter().any(|(code, _)| code == "read-differently")
        };
        assert!(!lists(&["--fit"]));
        let photos = Photos::of(&photo, &jpeg(&hopper(), 90));
        let service = Service::approving();
        let run = Tool::matching(&service, &photos).args(["--fit", "--check"]).run();
        run.exits(0).stderr_has(" -> JPEG, ").stderr_has(why);
        let image = service.only_request().parts()[0].bytes.clone();
        assert_eq!(image::guess_format(&image).unwrap(), image::ImageFormat::Jpeg);
    }
    let plain = findings(&encode(hopper(), image::ImageFormat::Tiff), &[]);
    assert!(plain.iter().all(|(code, _)| code != "read-differently"), "{plain:?}");
}

#[test]
fn a_folder_is_searched_by_content() {
    let photos = Photos::new();
    for folder in ["d", "d/@eaDir", "d/more"] {
        std::fs::create_dir(photos.folder().join(folder)).unwrap();
    }
    let photo = jpeg(&hopper(), 90);
    for name in ["d/IMG_1.HIF", "d/no extension", "d/more/a.jpg_original", "d/@eaDir/thumb.jpg"] {
        photos.add(name, &photo);
    }
    photos.add("d/zero.jpg", b"");
    photos.add("d/BM notes", b"BM is a signature");
    photos.add("d/clip.mov", b"\0\0\0\x14ftypqt  \0\0\x02\0qt  ");
    photos.add("d/.DS_Store", b"");
    let list = || {
        let run = Tool::plain().args(["check", "--json"]).arg(photos.folder().join("d")).run();
        let reports = run.exits(6).json();
        let name = |report: &Value| {
            let path = report["file"].as_str().unwrap().to_owned();
            path.rsplit_once("/d/").map_or(path.clone(), |(_, name)| name.to_owned())
        };
        (reports.as_array().unwrap().iter().map(name).collect::<Vec<_>>(), run.stderr)
    };
    let found = ["IMG_1.HIF", "more/a.jpg_original", "no extension", "zero.jpg"];
    let (names, stderr) = list();
    assert_eq!(names, found);
    assert_eq!(stderr, "note: skipped 4 other files: 2 hidden or system, 2 not an image\n");
    #[cfg(unix)]
    {
        use std::os::unix::fs::symlink;
        symlink("..", photos.folder().join("d/more/loop")).unwrap();
        symlink("more", photos.folder().join("d/a link")).unwrap();
        let pipe = photos.folder().join("d/pipe.jpg");
        assert!(std::process::Command::new("mkfifo").arg(pipe).status().unwrap().success());
        symlink("gone.jpg", photos.folder().join("d/link.jpg")).unwrap();
        let (names, stderr) = list();
        assert_eq!(
            names,
            ["IMG_1.HIF", "link.jpg", "more/a.jpg_original", "no extension", "zero.jpg"]
        );
        assert!(stderr.contains("d/a link`, a link to a folder seen before"), "{stderr}");
        assert!(stderr.contains("loop`, a link to a folder seen before"), "{stderr}");
        assert!(stderr.contains("2 hidden or system, 3 not an image"), "{stderr}");
    }
}

#[test]
fn an_output_never_replaces_an_input() {
    let photo = jpeg(&hopper(), 90);
    let photos = Photos::of(&photo, &photo);
    let (user, reference) = (&photos.user, &photos.reference);
    let run = |output: &Path| {
        let check =
            Tool::plain().arg("check").arg(user).arg("--annotate").arg(output).arg("--force");
        check.run().fails(11).stderr_has("which is read");
        let tool = Tool::plain().args(["match", "--local", "--force"]).args([reference, user]);
        tool.arg("--annotate").arg(output).run().fails(11).stderr_has("which is read");
        assert!(std::fs::read(user).unwrap() == photo);
    };
    run(user);
    run(&photos.folder().join(".").join("selfie.jpg"));
    #[cfg(unix)]
    {
        let link = photos.folder().join("link.png");
        std::os::unix::fs::symlink(user, &link).unwrap();
        run(&link);
    }
}
