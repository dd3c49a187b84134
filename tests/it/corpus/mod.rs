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

use didit_face::batch::manifest::Shard;
use proptest::prelude::*;

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

proptest! {
    #[test]
    fn quoted_cells_of_a_manifest_round_trip(
        cells in prop::collection::vec(("[^\0]{1,9}", "[^\0]{1,9}", "[^\0]{0,9}"), 1..9),
    ) {
        // Blanks at the ends are trimmed.
        let cells: Vec<_> =
            cells.iter().map(|(a, b, c)| [a, b, c].map(|cell| format!("x{cell}x"))).collect();
        let mut writer = csv::Writer::from_writer(Vec::new());
        writer.write_record(["id", "note", "user_image", "ref_image"]).unwrap();
        for (number, [user, reference, note]) in cells.iter().enumerate() {
            writer.write_record([&number.to_string(), note, user, reference]).unwrap();
        }
        let mut manifest = manifest::manifest(&writer.into_inner().unwrap(), Shard::default());
        let census = manifest.check(Path::new("/nowhere")).unwrap().unwrap();
        prop_assert_eq!(census.pairs, cells.len() as u64);
        for (pair, [user, reference, note]) in manifest.pairs().unwrap().zip(&cells) {
            let pair = pair.unwrap();
            prop_assert_eq!(&pair.photos, &[user.clone(), reference.clone()]);
            prop_assert_eq!(&pair.extra["note"], note);
        }
    }

    #[test]
    fn any_manifest_is_checked_or_refused(text in prop::collection::vec(any::<u8>(), 0..200)) {
        manifest::check(&text);
        manifest::check(&[b"user_image,ref_image\n", text.as_slice()].concat());
    }
}
