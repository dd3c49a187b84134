//! Photos that a decoder can't take: each a bad photo, exit 6, and nothing more than that.

use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::photos::sample;
use crate::support::bodies::APPROVED;
use crate::support::{Answer, Outcome, Photos, Service, Tool};

fn data(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/data/photos").join(name)
}

/// A sound photo beside one on which the TIFF decoder panics (tiff 0.11.3, image.rs:919).
fn with_one_that_panics() -> Photos {
    let photos = Photos::of(&sample("grace_hopper.jpg"), &sample("grace_hopper.jpg"));
    std::fs::copy(data("planar_tiled.tif"), photos.folder().join("planar.tif")).unwrap();
    photos
}

/// Refused with the photo's name, in plain words.
#[track_caller]
fn is_bad_photo(outcome: &Outcome) {
    let refused = outcome.fails(6);
    refused.stderr_has("planar.tif").stderr_has("hint: ");
    refused.stderr_lacks("panic").stderr_lacks("bug").stderr_lacks(".rs");
}

#[test]
fn check_reports_one_bad_photo_beside_a_good_one() {
    let photos = with_one_that_panics();
    let run = Tool::plain().args(["check", "--json"]).arg(photos.folder()).run();
    let reports: Value = serde_json::from_str(&run.exits(6).stdout).unwrap();
    let levels: Vec<_> = reports.as_array().unwrap().iter().map(|r| &r["level"]).collect();
    assert_eq!(levels, ["fine", "fails", "fine"]);
    assert_eq!(run.stderr, "");
}

#[test]
fn a_match_is_refused() {
    let photos = with_one_that_panics();
    let pair = [photos.user.clone(), photos.folder().join("planar.tif")];
    let service = Service::always(Answer::new(200, APPROVED));
    let picture = photos.folder().join("out.png").display().to_string();
    for options in
        [&["--local"][..], &["--check"], &["--annotate", &picture], &["--fit", "--strip-metadata"]]
    {
        let tool = Tool::with_base(&service.base()).arg("match").args(&pair).args(options);
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

#[cfg(all(feature = "serve", unix))]
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
