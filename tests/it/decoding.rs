//! Photos that break a decoder: only a bad photo, exit code 6.

use std::path::{Path, PathBuf};

use bytes::Bytes;
use didit_face::photo::jpeg::Jpeg;
use didit_face::photo::parts::{is_chip_record, portrait};
use didit_face::photo::tiff::Directory;
use didit_face::picture::{Error, decode::upright};
use image::{RgbImage, Rgba, RgbaImage};
use serde_json::Value;

use crate::photos::{png, sample};
use crate::support::{Outcome, Photos, Service, Tool};

fn data(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/data/photos").join(name)
}

/// A good photo, and one that makes the TIFF decoder panic (tiff 0.11.3, image.rs:919).
fn with_one_that_panics() -> Photos {
    let photos = Photos::of(&sample("grace_hopper.jpg"), &sample("grace_hopper.jpg"));
    std::fs::copy(data("planar_tiled.tif"), photos.folder().join("planar.tif")).unwrap();
    photos
}

/// Refused with the photo's name and a plain message.
#[track_caller]
fn is_bad_photo(outcome: &Outcome) {
    let refused = outcome.fails(6);
    refused.stderr_has("planar.tif");
    assert!(["hint: ", "convert it"].iter().any(|advice| outcome.stderr.contains(advice)));
    refused.stderr_lacks("panic").stderr_lacks("bug").stderr_lacks(".rs");
}

#[test]
fn check_reports_a_bad_photo_next_to_a_good_one() {
    let photos = with_one_that_panics();
    let run = Tool::plain().args(["check", "--json"]).arg(photos.folder()).run();
    let reports = run.exits(6).json();
    let levels: Vec<_> = reports.as_array().unwrap().iter().map(|r| &r["level"]).collect();
    assert_eq!(levels, ["fine", "fails", "fine"]);
    assert_eq!(run.stderr, "");
}

#[test]
fn match_refuses_a_photo_that_crashes_its_decoder() {
    let photos = with_one_that_panics();
    let pair = [photos.user.clone(), photos.folder().join("planar.tif")];
    let service = Service::approving();
    let picture = photos.folder().join("out.png").display().to_string();
    for options in
        [&["--local"][..], &["--check"], &["--annotate", &picture], &["--fit", "--strip-metadata"]]
    {
        let tool = Tool::at(&service).arg("match").args(&pair).args(options);
        is_bad_photo(&tool.run());
    }
    assert_eq!(service.connections(), 0);
}

#[test]
fn a_batch_judges_the_other_pairs() {
    let photos = with_one_that_panics();
    let manifest = "user_image,ref_image\nselfie.jpg,planar.tif\nselfie.jpg,id card.png\nplanar.tif,selfie.jpg\n";
    photos.add("pairs.csv", manifest.as_bytes());
    let results = photos.folder().join("results.jsonl");
    let folder = [std::ffi::OsStr::new("--base-dir"), photos.folder().as_os_str()];
    let batch = Tool::plain().args(["batch", "--local"]).arg(photos.folder().join("pairs.csv"));
    batch.arg("-o").arg(&results).args(folder).run().exits(10).stderr_lacks("panic");
    let page = photos.folder().join("report.html");
    let report = Tool::plain().arg("report").arg(&results).arg("-o").arg(page);
    report.arg("--embed-thumbnails").args(folder).run().exits(0).stderr_lacks("panic");
    let journal = std::fs::read_to_string(results).unwrap();
    let records = journal.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    let mut codes: Vec<_> = records.filter_map(|record| record["exit_code"].as_i64()).collect();
    codes.sort_unstable();
    assert_eq!(codes, [0, 6, 6]);
}

#[cfg(unix)]
#[test]
fn the_stand_in_answers_400() {
    let server = crate::support::server::Server::start(&[]);
    let photos = with_one_that_panics();
    let pair = [photos.folder().join("planar.tif"), photos.user.clone()];
    let run = server.tool().arg("match").args(pair).arg("--json").run();
    run.exits(6);
    let error: Value = serde_json::from_str(&run.stderr).unwrap();
    assert_eq!(error["error"]["http_status"], 400);
    assert!(run.stderr.contains("user_image"), "{}", run.stderr);
}

fn decoded(name: &str) -> Result<RgbImage, Error> {
    upright(&std::fs::read(data(name)).unwrap().into())
}

/// The mean difference of the pixels' values.
#[allow(clippy::cast_precision_loss, reason = "small pictures")]
fn difference(a: &RgbImage, b: &RgbImage) -> f64 {
    assert_eq!(a.dimensions(), b.dimensions());
    let sum: u64 = a.iter().zip(b.iter()).map(|(a, b)| u64::from(a.abs_diff(*b))).sum();
    sum as f64 / a.len() as f64
}

/// The same picture written by cjpeg (see `tests/decoders`) with different losses.
#[test]
fn jpegs_of_every_layout_show_the_same_picture() {
    let plain = decoded("layouts/2x2-base.jpg").unwrap();
    let names = [
        "2x2-ni",
        "2x2-nirst",
        "2x2-ni2",
        "1x1_2x2_2x2-base",
        "1x2_2x1_2x1-prog",
        "3x1-base",
        "3x1-prog",
        "2x2-progrst",
        "4x2-base",
        "rgb",
        "gap",
        "no-end",
    ];
    for name in names {
        let picture = decoded(&format!("layouts/{name}.jpg"));
        let picture = picture.unwrap_or_else(|e| panic!("{name}: {e}"));
        let difference = difference(&plain, &picture);
        // Luma coarser than chroma loses more.
        let bound = if name.starts_with('1') { 8.0 } else { 4.0 };
        assert!(difference < bound, "{name}: {difference}");
    }
}

#[test]
fn unsupported_jpegs_are_refused_with_a_reason() {
    for (name, what) in [
        ("arith", "arithmetic-coded JPEGs can't be read"),
        ("4x1_2x1_2x1-ni", "JPEGs with this chroma subsampling can't be read"),
    ] {
        assert_eq!(decoded(&format!("layouts/{name}.jpg")).unwrap_err().to_string(), what);
    }
}

/// A JPEG broken from the middle of its scan on, in common ways.
#[test]
fn a_jpeg_without_half_of_its_pixels_is_damaged() {
    for name in ["2x2-base", "2x2-ni", "1x1_2x2_2x2-base", "2x2-progrst"] {
        let whole = std::fs::read(data(&format!("layouts/{name}.jpg"))).unwrap();
        let start = whole.windows(2).position(|pair| pair == [0xff, 0xda]).unwrap();
        let (half, _) = whole.split_at(start + (whole.len() - start) / 2);
        let (mut ones, middle) = (whole.clone(), half.len());
        ones[middle..middle + 40].copy_from_slice(&[0xff, 0].repeat(20));
        for (how, file) in
            [("cut", half.to_vec()), ("glued", [half, &whole].concat()), ("garbled", ones)]
        {
            let result = upright(&file.into());
            assert!(matches!(result, Err(Error::Damaged(_))), "{name} {how}: {result:?}");
        }
    }
    // With an end marker it looks complete, but pixels are missing.
    let whole = std::fs::read(data("layouts/2x2-base.jpg")).unwrap();
    let ended = [&whole[..whole.len() / 2], &[0xff, 0xd9]].concat();
    assert!(matches!(upright(&ended.into()), Err(Error::Damaged(_))));
    // Too little is missing to be visible.
    let nearly = &whole[..whole.len() - whole.len() / 200];
    assert!(upright(&nearly.to_vec().into()).is_ok());
}

#[test]
fn tiffs_of_every_layout_show_the_same_picture() {
    let plain = decoded("layouts/rgb.tif").unwrap();
    for name in ["rgb-jpeg", "ycbcr", "alpha-associated"] {
        let picture = decoded(&format!("layouts/{name}.tif"));
        let picture = picture.unwrap_or_else(|e| panic!("{name}: {e}"));
        let difference = difference(&plain, &picture);
        // Losses of the encoder: chroma along edges, colours.
        let bound = if name == "rgb-jpeg" { 8.0 } else { 1.5 };
        assert!(difference < bound, "{name}: {difference}");
    }
    assert!(decoded("layouts/grey-alpha.tif") == decoded("layouts/grey.png"));
    for (name, what) in [
        ("palette", "TIFFs with a palette can't be read"),
        ("palette-4", "TIFFs with a palette can't be read"),
        ("fill-order-2", "TIFFs with reversed bits (FillOrder 2) can't be read"),
    ] {
        assert_eq!(decoded(&format!("layouts/{name}.tif")).unwrap_err().to_string(), what);
    }
}

#[test]
fn transparency_is_blended_with_white() {
    let half = RgbaImage::from_pixel(1, 1, Rgba([0, 100, 255, 128]));
    assert_eq!(upright(&png(half).into()).unwrap().get_pixel(0, 0).0, [127, 177, 255]);
}

/// SOI, APP1 with an end marker inside, a gap, SOS with a restart and fill bytes, EOI, more.
const SEGMENTS: &[u8] =
    b"\xff\xd8\xff\xe1\x00\x04\xff\xd9gap\xff\xff\xda\x00\x02sc\xff\xd0an\xff\x00\xff\xff\xd9\xff\xe1";

#[test]
fn a_jpeg_ends_at_its_own_end_marker_or_at_another_picture() {
    let jpeg = Jpeg::walk(SEGMENTS).unwrap();
    let found: Vec<_> = jpeg.segments.iter().map(|s| (s.marker, s.scan)).collect();
    assert_eq!(found, [(0xe1, &b""[..]), (0xda, b"sc\xff\xd0an\xff\x00")]);
    assert!(jpeg.has_end);
    for end in 2..SEGMENTS.len() - 3 {
        assert!(!Jpeg::walk(&SEGMENTS[..end]).unwrap().has_end, "{end}");
    }
    let glued = [&SEGMENTS[..20], SEGMENTS].concat();
    let jpeg = Jpeg::walk(&glued).unwrap();
    assert_eq!((jpeg.has_end, jpeg.segments.len()), (false, 2));
}

/// The decoder prints to stderr if a string in a TIFF is too long.
#[test]
fn a_string_longer_than_its_tiff_is_a_flaw() {
    let flaw = |file: &[u8]| Directory::of(file).and_then(|directory| directory.flaw());
    let little = b"II*\0\x08\0\0\0\x02\0\x0e\x01\x04\0\0\0\0\x80....\x0f\x01\x02\0\x22\0\0\0....";
    assert!(flaw(little).is_none());
    let mut longer = *little;
    longer[26] += 1;
    assert!(flaw(&longer).is_some());
    longer[8] = 1; // the directory ends before it
    assert!(flaw(&longer).is_none());
    let big =
        b"MM\0\x2b\0\x08\0\0\0\0\0\0\0\0\0\x10\0\0\0\0\0\0\0\x01\x01\x0f\0\x02\0\0\x80\0\0\0\0\0";
    assert!(flaw(big).is_some());
    for end in 0..big.len() {
        assert!(end > 27 || flaw(&big[..end]).is_none());
    }
}

#[test]
fn the_portrait_in_a_chips_record_is_found_or_cut_short() {
    let file = b"\x75\x81\x0c\x7f\x61\x09\x5f\x2e\x06\xff\xd8\xff\xe0ab";
    let with_more = Bytes::from([&file[..], b"more"].concat());
    assert_eq!(portrait(&with_more).as_deref(), Some(&b"\xff\xd8\xff\xe0ab"[..]));
    for end in 0..file.len() {
        assert_eq!(portrait(&file[..end].to_vec().into()), None, "{end}");
    }
    for (file, is_record) in [(&file[..], true), (b"u", false), (b"unknown text", false)] {
        assert_eq!(is_chip_record(file), is_record);
    }
}

#[test]
fn an_heic_is_decoded_or_damaged() {
    let plain = decoded("layouts/plain.heic").unwrap();
    let difference = difference(&decoded("layouts/heic-source.png").unwrap(), &plain);
    assert!(difference < 4.0, "{difference}");
    let whole = std::fs::read(data("layouts/plain.heic")).unwrap();
    for end in [20, 200, whole.len() / 2] {
        let result = upright(&whole[..end].to_vec().into());
        assert!(matches!(result, Err(Error::Damaged(_))), "{end}: {result:?}");
    }
}
