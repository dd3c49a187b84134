//! Replays the seeds of the fuzz targets and everything they found: see `fuzz/README.md`.

mod answer;
mod image;
mod journal;
mod manifest;
mod metadata;
mod multipart;

use std::fs;
use std::panic::catch_unwind;
use std::path::Path;

/// Runs `check`, as the fuzz target does, on every file of its corpus.
fn replay(target: &str, check: fn(&[u8])) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/data/corpus").join(target);
    let files: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    assert!(files.len() > 5);
    for file in files {
        let bytes = fs::read(&file).unwrap();
        assert!(catch_unwind(|| check(&bytes)).is_ok(), "{}", file.display());
    }
}

#[test]
fn answers_are_verdicts_or_refused() {
    replay("answer", answer::check);
}

#[test]
fn metadata_is_one_object_or_refused() {
    replay("metadata", metadata::check);
}

#[test]
fn manifests_are_valid_or_refused() {
    replay("manifest", manifest::check);
}

#[test]
fn journals_are_continued_or_not_touched() {
    replay("journal", journal::check);
}

#[test]
fn photos_are_decoded_and_stripped_or_refused() {
    replay("image", image::check);
}

#[test]
fn requests_are_answered_or_refused() {
    replay("multipart", multipart::check);
    replay("multipart", multipart::check_to_the_end);
}
