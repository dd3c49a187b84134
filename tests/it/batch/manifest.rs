//! Accepted manifests, and errors found before anything is sent.

use std::collections::BTreeSet;
use std::path::Path;

use super::{Batch, answering, approved};
use crate::support::{Service, Tool};

#[test]
fn columns_in_any_order_with_a_bom_crlf_and_quotes() {
    let batch = Batch::with(
        "\u{feff}group, ref_image ,Threshold,id,user_image,rotate,vendor_data\r\n\
         \"a, \"\"b\"\"\",reference.png,62.5,x,user.jpg,TRUE,\"v,1\"\r\n\
         ,reference.png,,y,user.jpg,,\r\n",
    );
    let service = answering(|_| approved());
    let run = batch.tool(&service).args(["-t", "10", "--vendor-data", "all", "--jobs", "1"]).run();
    run.exits(0);
    let requests = service.requests();
    let sent = |i: usize, field| requests[i].field(field);
    assert_eq!(sent(0, "face_match_score_decline_threshold").as_deref(), Some("62.5"));
    assert_eq!(sent(0, "rotate_image").as_deref(), Some("true"));
    assert_eq!(sent(0, "vendor_data").as_deref(), Some("v,1"));
    assert_eq!(sent(1, "face_match_score_decline_threshold").as_deref(), Some("10"));
    assert_eq!(sent(1, "rotate_image").as_deref(), Some("false"));
    assert_eq!(sent(1, "vendor_data").as_deref(), Some("all"));
    let records = batch.records();
    assert_eq!(records[0]["extra"], serde_json::json!({"group": "a, \"b\""}));
    assert_eq!(records[0]["threshold"], 62.5);
}

#[test]
fn a_malformed_manifest_is_refused_with_line_numbers_and_nothing_is_sent() {
    let service = answering(|_| approved());
    for (manifest, said) in [
        ("", "is empty"),
        ("user_image,ref_image\n", "has no pairs"),
        ("user_image,id\nuser.jpg,1\n", "no column `ref_image`"),
        ("ref_image\nuser.jpg\n", "no column `user_image`"),
        ("user_image,ref_image,Id,id\n,,,\n", "the column `id` twice"),
        ("user_image,ref_image\nuser.jpg\n", "line 2: it has 1 cell, but the header has 2"),
        ("user_image,ref_image\nuser.jpg,\n", "line 2: ref_image is empty"),
        ("id,user_image,ref_image\n,a,b\n", "line 2: the id is empty"),
        (
            "id,user_image,ref_image\n1,\"a\n\",b\n1,c,d\n",
            "line 4: duplicate id `1` (first seen on line 2)",
        ),
        (
            "id,user_image,ref_image\r\n\r\n3,a,b\r\n3,a,b\r\n",
            "line 4: duplicate id `3` (first seen on line 3)",
        ),
        (
            "sep=;\r\nid;user_image;ref_image\r\n3;a;b\r\n3;a;b\r\n",
            "line 4: duplicate id `3` (first seen on line 3)",
        ),
        (
            "user_image;ref_image;;\nuser.jpg;reference.png;x;\n",
            "line 2: it has 4 cells, but the header has 2",
        ),
        ("threshold,user_image,ref_image\n101,a,b\n", "line 2: the threshold `101` must be"),
        ("threshold,user_image,ref_image\nNaN,a,b\n", "line 2: the threshold `NaN` must be"),
        ("rotate,user_image,ref_image\nmaybe,a,b\n", "line 2: rotate is `maybe`"),
        // The csv crate takes the rest of the file for one cell.
        (
            "user_image,ref_image\na,b\na,\"b\nc,d\ne,f\n",
            "line 3: a quoted cell has no closing quote",
        ),
        ("user_image,ref_image,note\na,b,\"", "line 2: a quoted cell has no closing quote"),
        ("user_image,ref_image\na,b\n\0\na,b\n", "line 3: it has 1 cell"),
    ] {
        let batch = Batch::with(manifest);
        batch.run(&service).fails(6).stderr_has(said);
        assert!(!batch.journal.exists(), "{manifest}");
    }
    let batch = Batch::with(b"user_image,ref_image\n\xff,b\n");
    batch.run(&service).fails(6).stderr_has("line 2: is not UTF-8");
    assert_eq!(service.requests().len(), 0);
}

#[test]
fn the_csv_of_every_spreadsheet_is_read() {
    for manifest in [
        "user_image;ref_image;id\nuser.jpg;reference.png;a,b\n",
        "sep=;\r\nid;user_image;ref_image\r\na,b;user.jpg;reference.png\r\n",
        "\u{feff}id\tuser_image\tref_image\t\t\r\na,b\tuser.jpg\treference.png\t\t\r\n",
        "id,user_image,ref_image,,\n\"a,b\",user.jpg,reference.png,,\n",
        "id,user_image,ref_image\n\"a,b\",user.jpg,reference.png,,\n",
    ] {
        let batch = Batch::with(manifest);
        batch.run(&answering(|_| approved())).exits(0);
        assert_eq!(batch.records()[0]["id"], "a,b", "{manifest:?}");
    }
}

#[test]
fn if_all_photos_are_missing_the_hint_names_base_dir() {
    let batch = Batch::with("user_image,ref_image\nno.jpg,none.png\n");
    let service = answering(|_| approved());
    batch.run(&service).exits(10).stderr_has("--base-dir");
    assert_eq!(service.requests().len(), 0);
}

#[test]
fn a_missing_folder_is_not_called_a_file() {
    let batch = Batch::of(1);
    let service = answering(|_| approved());
    let run = |journal: &Path, folder: &Path| {
        let tool = Tool::at(&service).arg("batch").arg(&batch.manifest).arg("-o").arg(journal);
        tool.arg("--base-dir").arg(folder).run()
    };
    let nowhere = Path::new("/nowhere");
    run(&nowhere.join("x.jsonl"), batch.photos.folder()).fails(11).stderr_has("no such folder");
    run(&batch.journal, nowhere).fails(6).stderr_has("--base-dir `/nowhere` doesn't exist");
    run(&batch.journal, &batch.manifest).fails(6).stderr_has("is not a folder");
    assert_eq!(service.connections(), 0);
}

#[test]
fn the_first_twenty_problems_are_listed() {
    let rows = "a,b,999\n".repeat(45);
    let batch = Batch::with(format!("user_image,ref_image,threshold\n{rows}"));
    let service = answering(|_| approved());
    let run = batch.run(&service);
    run.exits(6).stderr_has("has 45 problems (first 20 listed)").stderr_has("line 21: ");
    run.stderr_lacks("line 22: ");
    batch.tool(&service).arg("--json").run().exits(6).stderr_has("and 25 more\"");
    assert_eq!(service.connections(), 0);
}

#[test]
fn a_bad_photo_fails_only_its_row() {
    let batch = Batch::with(
        "user_image,ref_image\nmissing.jpg,reference.png\nuser.jpg,reference.png\nuser.jpg,pairs.csv\n",
    );
    let service = answering(|_| approved());
    let run = batch.run(&service);
    run.exits(10).stderr_has("line 2: no such file: `missing.jpg`");
    run.stderr_has("no verdict for 2 of 3 pairs");
    assert_eq!(service.requests().len(), 1);
    let mut records = batch.records();
    records.sort_by_key(|record| record["id"].as_str().unwrap().to_owned());
    assert_eq!((&records[0]["exit_code"], &records[0]["attempts"]), (&6.into(), &0.into()));
    assert_eq!(records[0]["error"]["kind"], "input");
    assert_eq!((&records[1]["exit_code"], &records[1]["id"]), (&0.into(), &"2".into()));
    assert_eq!(records[2]["error"]["maybe_billed"], false);
}

#[test]
fn standard_input_and_row_numbers_as_ids() {
    let batch = Batch::with("");
    let service = answering(|_| approved());
    let rows = "user_image,ref_image\nuser.jpg,reference.png\n\nreference.png,user.jpg\n";
    let tool = Tool::at(&service).args(["batch", "-", "-o"]);
    let tool = tool.arg(&batch.journal).arg("--base-dir").arg(batch.photos.folder());
    tool.args(["--rate", "6000"]).stdin(rows).run().exits(0);
    assert_eq!(batch.judged(), ["1", "2"]);
}

#[test]
fn shards_cover_every_pair_once() {
    let batch = Batch::of(30);
    let service = answering(|_| approved());
    let mut all = BTreeSet::new();
    for shard in ["1/4", "2/4", "3/4", "4/4"] {
        batch.tool(&service).args(["--shard", shard]).run().exits(0);
    }
    for request in service.requests() {
        assert!(all.insert(request.field("vendor_data")), "sent twice");
    }
    assert_eq!(all.len(), 30);
}

#[test]
fn the_worst_pair_decides_the_exit_code() {
    use super::{declined, in_review};
    for (odd, code) in [("p1", 1), ("p2", 3), ("none", 0)] {
        let batch = Batch::of(3);
        let service: Service = answering(move |id| match id {
            id if id != odd => approved(),
            "p1" => declined(),
            _ => in_review(),
        });
        batch.run(&service).exits(code);
        batch.run(&service).exits(code);
        assert_eq!(service.requests().len(), 3, "the second run sends nothing");
    }
}

#[test]
fn a_dry_run_sends_and_writes_nothing() {
    let batch = Batch::of(3);
    let service = answering(|_| approved());
    let run = batch.tool(&service).arg("--dry-run").without("DIDIT_API_KEY").run();
    run.exits(0).stdout_has("Would send    3 of 3 pairs");
    assert_eq!(service.requests().len(), 0);
    assert!(!batch.journal.exists());
}

#[cfg(unix)]
#[test]
fn a_manifest_from_a_pipe_needs_a_folder_for_temporary_files() {
    let batch = Batch::of(1);
    let service = answering(|_| approved());
    let tool = Tool::at(&service).args(["batch", "-", "-o"]).arg(&batch.journal);
    let run = tool.env("TMPDIR", "/nowhere/At-All").stdin("user_image,ref_image\na,b\n").run();
    run.fails(6).stderr_has("`/nowhere/At-All`").stderr_has("TMPDIR");
    assert_eq!(service.connections(), 0);
}
