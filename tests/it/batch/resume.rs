//! Continuing a run: the journal is read before the photos.

use std::fs;
use std::time::{Duration, SystemTime};

use super::{Batch, answering, approved, declined, in_review};
use crate::support::photos::{JPEG, LIMIT, padded};
use crate::support::{Answer, Tool};

/// Options that change how photos are prepared neither refuse a judged pair nor send it again.
#[test]
fn other_ways_to_prepare_photos_leave_judged_pairs_alone() {
    use crate::photos::sample;
    let batch = Batch::with("id,user_image,ref_image\nlarge,large.jpg,card.jpg\n");
    // Padded after its end, which --fit removes.
    let mut large = sample("astronaut_id_card.jpg");
    large.resize(LIMIT + 1000, 0);
    batch.photos.add("large.jpg", &large);
    batch.photos.add("card.jpg", &sample("grace_hopper.jpg"));
    let service = answering(|_| approved());
    batch.tool(&service).arg("--fit").run().exits(0);
    let journal = fs::read(&batch.journal).unwrap();
    // Without --fit, the photo is too large to send.
    for options in [&[][..], &["--check"], &["--strip-metadata"], &["--fit", "--check"]] {
        let run = batch.tool(&service).args(options).run();
        run.exits(0).stderr_has("1 of 1 pairs: 1 approved");
    }
    assert_eq!(service.requests().len(), 1);
    assert_eq!(fs::read(&batch.journal).unwrap(), journal);
}

#[test]
fn a_bad_photo_is_recorded_once() {
    let rows = "id,user_image,ref_image\na,missing.jpg,reference.png\nb,pairs.csv,reference.png\n";
    let batch = Batch::with(rows);
    batch.photos.add("big.jpg", &padded(JPEG, LIMIT + 1));
    let service = answering(|_| approved());
    batch.run(&service).exits(10);
    let journal = fs::read(&batch.journal).unwrap();
    for _ in 0..3 {
        batch.run(&service).exits(10).stderr_has("no verdict for 2 of 2 pairs");
    }
    assert_eq!(fs::read(&batch.journal).unwrap(), journal);
    fs::rename(batch.photos.folder().join("big.jpg"), batch.photos.folder().join("missing.jpg"))
        .unwrap();
    batch.run(&service).exits(10);
    assert_eq!(batch.records().len(), 3, "the photo is bad for another reason");
    batch.photos.add("missing.jpg", &padded(JPEG, 900));
    batch.run(&service).exits(10);
    assert_eq!(batch.judged(), ["a"]);
}

#[test]
fn trust_mtime_skips_photos_that_look_unchanged() {
    let batch = Batch::of(2);
    let service = answering(|_| approved());
    batch.run(&service).exits(0);
    let photo = batch.photos.folder().join("user1.jpg");
    let file = || fs::File::options().write(true).open(&photo).unwrap();
    let time = file().metadata().unwrap().modified().unwrap();
    // The same size and time but other bytes: the documented risk.
    fs::write(&photo, padded(b"\xff\xd8\xff\xe1", 401)).unwrap();
    file().set_modified(time).unwrap();
    let trusting = || batch.tool(&service).arg("--trust-mtime");
    trusting().run().exits(0);
    assert_eq!(service.requests().len(), 2, "treated as unchanged");
    batch.run(&service).exits(0).stderr_has("`p1` is sent again");
    assert_eq!(service.requests().len(), 3, "the hash is the default");
    // Another time: the hash decides.
    file().set_modified(SystemTime::now() + Duration::from_secs(9)).unwrap();
    trusting().run().exits(0);
    assert_eq!(service.requests().len(), 3);
    fs::write(&photo, padded(JPEG, 402)).unwrap();
    trusting().run().exits(0).stderr_has("`p1` is sent again");
    assert_eq!(service.requests().len(), 4);
    trusting().args(["-t", "31"]).run().exits(0);
    assert_eq!(service.requests().len(), 4, "a higher threshold is free");
}

#[test]
fn exit_zero_on_verdicts_keeps_the_codes_of_failures() {
    for (answer, code) in
        [(declined(), 0), (in_review(), 0), (Answer::new(400, "{}"), 10), (Answer::new(401, ""), 4)]
    {
        let batch = Batch::of(2);
        let service = answering(move |id| if id == "p1" { answer.clone() } else { approved() });
        batch.tool(&service).arg("--exit-zero-on-verdicts").run().exits(code);
    }
    let missing = ["batch", "--exit-zero-on-verdicts", "missing.csv", "-o", "x.jsonl"];
    Tool::new().args(missing).run().fails(6);
}
