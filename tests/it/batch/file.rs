//! The journal as a file: removed, replaced, damaged, shared.
#![cfg(unix)]

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::PathBuf;

use super::{Batch, answering, approved};
use crate::support::Service;

/// A service that does something to the journal while the first pair is with it.
fn meddling(act: impl Fn() + Send + Sync + 'static) -> Service {
    answering(move |id| {
        if id == "p0" {
            act();
        }
        approved()
    })
}

fn rescued(batch: &Batch) -> Vec<PathBuf> {
    let files = fs::read_dir(batch.photos.folder()).unwrap().map(|file| file.unwrap().path());
    files.filter(|path| path.to_string_lossy().contains(".rescued-")).collect()
}

#[test]
fn a_journal_that_is_removed_or_replaced_stops_the_run_and_is_rescued() {
    type Act = fn(&std::path::Path);
    let acts: [Act; 3] = [
        |journal| fs::remove_file(journal).unwrap(),
        |journal| {
            let copy = journal.with_extension("copy");
            fs::copy(journal, &copy).unwrap();
            fs::rename(copy, journal).unwrap();
        },
        |journal| {
            let text = fs::read_to_string(journal).unwrap();
            fs::write(journal, text + "\n").unwrap();
        },
    ];
    for act in acts {
        let batch = Batch::of(4);
        let journal = batch.journal.clone();
        let service = meddling(move || act(&journal));
        let run = batch.tool(&service).args(["--jobs", "1"]).run();
        run.fails(11).stderr_has("during the run").stderr_has(".rescued-");
        assert!(service.requests().len() <= 2, "it stopped");
        let files = rescued(&batch);
        assert_eq!(files.len(), 1);
        fs::rename(&files[0], &batch.journal).unwrap();
        batch.run(&service).exits(0);
        assert_eq!(service.requests().len(), 4, "each pair was paid once");
    }
}

#[test]
fn a_byte_order_mark_and_a_blank_first_line_do_no_harm_and_damage_never_pays_again() {
    let batch = Batch::of(2);
    let service = answering(|_| approved());
    batch.run(&service).exits(0);
    let text = fs::read_to_string(&batch.journal).unwrap();
    for start in ["\u{feff}", "\n", "\n\n"] {
        fs::write(&batch.journal, start.to_owned() + &text).unwrap();
        batch.run(&service).exits(0);
    }
    for (damaged, line) in [
        (text.replacen("{\"id\"", "{id", 1), 1),
        (text.replacen("\"status\":\"Approved\"", "\"status\":\"Declined\"", 1), 0),
        (text.replacen("\"score\":80,\"request_id\"", "\"score\":95,\"request_id\"", 1), 0),
    ] {
        assert_ne!(damaged, text);
        fs::write(&batch.journal, &damaged).unwrap();
        let line = if line == 0 { "is damaged on line " } else { "is damaged on line 1" };
        let run = batch.run(&service);
        run.fails(11).stderr_has(line).stderr_has("repair that line").stderr_lacks("another file");
        assert_eq!(fs::read_to_string(&batch.journal).unwrap(), damaged);
    }
    assert_eq!(service.requests().len(), 2);
}

#[test]
fn a_journal_that_others_can_read_is_said_to_be() {
    let batch = Batch::of(1);
    let service = answering(|_| approved());
    batch.run(&service).exits(0).stderr_lacks("chmod");
    fs::set_permissions(&batch.journal, fs::Permissions::from_mode(0o644)).unwrap();
    batch
        .run(&service)
        .exits(0)
        .stderr_has("other users can read the journal")
        .stderr_has("chmod 600");
}
