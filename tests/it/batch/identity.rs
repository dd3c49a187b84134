//! What is the same pair, and what is free.

use std::fs;

use super::{Batch, answering, approved};
use crate::support::photos::{JPEG, padded};
use crate::support::{Answer, Service};

fn scored(score: u32) -> Service {
    answering(move |_| {
        let status = if score < 30 { "Declined" } else { "Approved" };
        Answer::new(200, crate::support::bodies::verdict(status, &score.into()))
    })
}

fn rows(batch: &Batch, names: &[&str]) {
    let rows = names.iter().map(|name| format!("{name}.jpg,reference.png\n"));
    let manifest = "user_image,ref_image\n".to_owned() + &rows.collect::<String>();
    fs::write(&batch.manifest, manifest).unwrap();
}

#[test]
fn without_ids_rows_may_be_added_removed_and_sorted() {
    let batch = Batch::with("");
    for (i, name) in ["a", "b", "c", "d"].into_iter().enumerate() {
        batch.photos.add(&format!("{name}.jpg"), &padded(JPEG, 800 + i));
    }
    let service = answering(|_| approved());
    for (names, paid) in [
        (&["b", "c"][..], 2),
        (&["a", "b", "c"], 3),
        (&["c", "b", "a"], 3),
        (&["c", "a"], 3),
        (&["d", "c", "a", "b"], 4),
        // The same row twice is one pair.
        (&["d", "d"], 4),
    ] {
        rows(&batch, names);
        batch.run(&service).exits(0);
        assert_eq!(service.requests().len(), paid, "{names:?}");
    }
    let report =
        crate::support::Tool::plain().arg("report").arg(&batch.journal).arg("--json").run();
    assert_eq!(report.exits(0).json().as_array().unwrap().len(), 4);
}

#[test]
fn a_stricter_threshold_is_free_and_a_laxer_one_refused() {
    let batch = Batch::of(2);
    let service = scored(40);
    batch.run(&service).exits(0);
    let at = |threshold: &str| batch.tool(&service).args(["--threshold", threshold]);
    at("40").run().exits(0);
    at("50").run().exits(1).stderr_has("2 declined");
    let report = crate::support::Tool::plain().arg("report").arg(&batch.journal).run();
    report.exits(0).stdout_has("decided by a higher threshold");
    at("50").run().exits(1);
    // Between the one that was sent and the one that decided.
    at("45").run().exits(1);
    at("35").run().exits(0);
    let run = at("20").run();
    run.fails(2).stderr_has("--threshold: ").stderr_has("now 20").stderr_has("2 pairs");
    assert_eq!(service.requests().len(), 2);
    at("20").arg("--rejudge").run().exits(0);
    assert_eq!(service.requests().len(), 4);
}

#[test]
fn ids_and_cells_are_trimmed_and_names_taken_in_any_spelling() {
    let batch = Batch::with(
        "ID;User Image;REF-IMAGE;Face_Match_Score_Decline_Threshold;expect\n a ; user.jpg\u{a0};reference.png; 62.5 ;Approved\n",
    );
    let service = answering(|_| approved());
    batch.run(&service).exits(0);
    let record = &batch.records()[0];
    assert_eq!((&record["id"], &record["user_image"]), (&"a".into(), &"user.jpg".into()));
    assert_eq!(
        (record["threshold"].as_f64(), &record["extra"]["expect"]),
        (Some(62.5), &"approved".into())
    );
    let bad = Batch::with("id,user_image,ref_image,treshold\na,user.jpg,reference.png,95\n");
    bad.run(&service).fails(6).stderr_has("`treshold`").stderr_has("did you mean `threshold`");
    let bad = Batch::with("id,user_image,ref_image,expect\na,user.jpg,reference.png,perhaps\n");
    bad.run(&service).fails(6).stderr_has("must be approved or declined");
    let blank = Batch::with("id,user_image,ref_image\na,none.jpg ,reference.png\n");
    blank.tool(&service).arg("--dry-run").run().exits(6).stderr_has("has a blank at an end");
    assert_eq!(service.requests().len(), 1);
}

#[test]
fn only_names_ids_with_commas() {
    let batch = Batch::with(
        "id,user_image,ref_image\n\"Smith, J\",user.jpg,reference.png\nb,user.jpg,reference.png\n",
    );
    let service = answering(|_| approved());
    for only in ["Smith, J", "\"Smith, J\""] {
        batch.tool(&service).args(["--only", only]).run().exits(0);
        assert_eq!(service.requests().len(), 1, "{only}");
    }
    batch.tool(&service).args(["--only", "\"Smith, J\",b"]).run().exits(0);
    assert_eq!(service.requests().len(), 2);
}

#[test]
fn a_row_that_the_check_did_not_see_is_not_sent() {
    let batch = Batch::of(3);
    let manifest = batch.manifest.clone();
    let service = answering(move |id| {
        if id == "p0" {
            let text = fs::read_to_string(&manifest).unwrap();
            fs::write(&manifest, text + "late,user0.jpg,reference.png,late\n").unwrap();
        }
        approved()
    });
    batch.tool(&service).args(["--jobs", "1", "--rate", "6000"]).run().exits(0);
    assert_eq!(batch.judged(), ["p0", "p1", "p2"]);
}

#[test]
fn odd_rows_are_said_before_anything_is_sent() {
    let batch = Batch::with(
        "id,user_image,ref_image,vendor_data\na,user.jpg,user.jpg,v\nb,user.jpg,reference.png,v\n\
         c,user.jpg,reference.png,v\n",
    );
    let service = answering(|_| approved());
    let run = batch.tool(&service).arg("--dry-run").run();
    run.exits(0)
        .stderr_has("1 row has the same photo")
        .stderr_has("the same pair as another row under another id");
    run.stderr_has("2 rows have the vendor_data of another row");
    batch.tool(&service).args(["--dry-run", "-t", "0.6"]).run().exits(0).stderr_has("0 to 100");
    assert_eq!(service.requests().len(), 0);
}
