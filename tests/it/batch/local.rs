//! `batch --local`: the built-in engine judges, with no key and nothing sent.

use super::Batch;
use crate::support::Tool;
use crate::support::photos::sample;

#[test]
fn the_engine_judges_all_pairs_and_a_second_run_none() {
    let rows = "id,user_image,ref_image\n\
        same,astronaut.png,astronaut_id_card.jpg\n\
        other,astronaut.png,grace_hopper.jpg\n\
        missing,astronaut.png,nobody.jpg\n";
    let batch = Batch::with(rows);
    let run = || {
        let tool = Tool::plain().args(["batch", "--local", "--json"]).arg(&batch.manifest);
        tool.arg("-o").arg(&batch.journal).arg("--base-dir").arg(sample("")).run()
    };
    let first = run();
    first.exits(10).stderr_has("nobody.jpg");
    let summary = first.json();
    assert_eq!((&summary["approved"], &summary["declined"]), (&1.into(), &1.into()));
    assert_eq!(summary["credits"], 0);
    for record in batch.records().iter().filter(|record| !record["status"].is_null()) {
        assert_eq!(record["response"]["engine"]["name"], "built-in");
        let version = record["response"]["engine"]["version"].as_str().unwrap();
        assert_eq!(record["options"]["judged_by"], format!("built-in engine {version}"));
    }
    run().exits(10);
    assert_eq!(batch.judged(), ["other", "same"], "judged pairs are not judged again");
}
