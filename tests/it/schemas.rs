//! JSON of our own making is as `docs/schema/` says. (Errors are checked in every test.)

use serde_json::{Value, json};

use crate::support::bodies::{APPROVED, DECLINED, verdict};
use crate::support::schema::conforms;
use crate::support::{Answer, Outcome, Photos, Service, Tool};

const ID: &str = "7cdda24e-311a-46d3-a3bb-e5d9b564ce73";

/// The one line of JSON on stdout, which ends.
fn line(outcome: &Outcome) -> Value {
    assert!(outcome.stdout.ends_with('\n') && outcome.stdout.lines().count() == 1, "{outcome:#?}");
    outcome.json()
}

fn in_short(body: &str, options: &[&str]) -> (Outcome, Value) {
    let service = Service::always(Answer::new(200, body));
    let tool = Tool::matching(&service, &Photos::new());
    let outcome = tool.arg("--json=verdict").args(options).run();
    let value = line(&outcome);
    conforms("verdict", &value);
    assert_eq!(outcome.code, value["exit_code"].as_i64().map(|code| i32::try_from(code).unwrap()));
    (outcome, value)
}

#[test]
fn the_verdict_says_what_the_exit_code_says() {
    let (outcome, value) = in_short(APPROVED, &[]);
    outcome.exits(0);
    for (key, wanted) in [
        ("schema", json!(1)),
        ("verdict", json!("Approved")),
        ("score", json!(80)),
        ("threshold", json!(30)),
        ("reason", json!(null)),
        ("decided_by", json!("judge")),
        ("warnings", json!([])),
        ("request_id", json!("a1b2c3d4-0001")),
        ("charged", json!("yes")),
    ] {
        assert_eq!(value[key], wanted, "{key}");
    }
    assert!(value["judged_by"].as_str().unwrap().starts_with("127.0.0.1:"), "{value}");
    let (outcome, value) = in_short(DECLINED, &["-t", "62.50"]);
    outcome.exits(1).stdout_has(r#""score":24.87,"threshold":62.5,"reason":"low_similarity""#);
    assert_eq!(value["warnings"], json!(["LOW_FACE_MATCH_SIMILARITY"]));
    for option in ["--review-below=90", "--one-face"] {
        let approved = verdict("Approved", &json!(80));
        let (outcome, value) = in_short(&approved, &[option]);
        outcome.exits(3).stderr_lacks("error");
        assert_eq!(value["verdict"], "In Review");
        assert_eq!(value["decided_by"], option.split('=').next().unwrap());
    }
    let sandbox =
        r#"{"environment": "sandbox", "face_match": {"status": "Approved", "score": 99}}"#;
    let (_, value) = in_short(sandbox, &[]);
    assert_eq!(value["charged"], "no");
    assert!(value["judged_by"].as_str().unwrap().starts_with("sandbox of "), "{value}");
}

#[test]
fn only_match_has_a_verdict_to_print() {
    let outcome = Tool::new().args(["balance", "--json=verdict"]).run();
    outcome.exits(2).stderr_has("`--json=verdict` works only with `match`");
    Tool::new().args(["balance", "--json=fast"]).run().exits(2);
}

/// `while read` needs the line end.
#[test]
fn json_ends_with_a_line_end() {
    for body in [APPROVED.to_owned(), format!("{APPROVED}\n")] {
        let service = Service::always(Answer::new(200, &body));
        let outcome = Tool::matching(&service, &Photos::new()).arg("--json").run();
        assert_eq!(outcome.exits(0).stdout, format!("{APPROVED}\n"));
    }
}

#[test]
fn dry_runs_and_erasures() {
    let dry_run = |options: &[&str]| {
        line(
            Tool::new()
                .pair(&Photos::new())
                .args(["--dry-run", "--json"])
                .args(options)
                .run()
                .exits(0),
        )
    };
    conforms("dry-run", &dry_run(&["--vendor-data", "u", "--rotate", "--no-save"]));
    let service = Service::answering([Answer::new(204, ""), Answer::new(404, "")]);
    let arguments = ["delete", "--yes", "--json", ID, "11111111-2222-3333-4444-555555555555"];
    conforms("delete", &line(Tool::at(&service).args(arguments).run().exits(0)));
}

#[test]
fn checks_and_local_verdicts() {
    use crate::support::photos::sample;

    let (face, photos) = (sample("astronaut.png"), Photos::new());
    let unreadable = photos.folder().join("none.jpg");
    let tool = Tool::plain().args(["check", "--json"]).args([&face, &photos.user, &unreadable]);
    conforms("check", &tool.run().exits(6).json());
    let tool = Tool::plain().args(["match", "--local", "--json=verdict"]);
    let value = line(tool.args([&face, &face]).run().exits(0));
    conforms("verdict", &value);
    assert_eq!(value["charged"], "no");
    assert!(value["judged_by"].as_str().unwrap().starts_with("built-in engine "), "{value}");
}

#[test]
fn batches_their_journal_and_what_settles_it() {
    let photos = Photos::new();
    let manifest = photos.add(
        "pairs.csv",
        format!("id,user_image,ref_image,expect\na,{0},{1},approved\nb,{0},{1},declined\nc,{0},none.jpg,\n",
            photos.user.display(), photos.reference.display()).as_bytes(),
    );
    let journal = photos.folder().join("results.jsonl");
    let service = Service::answering([
        Answer::new(200, APPROVED),
        Answer::new(
            200,
            format!(
                r#"{{"request_id": "{ID}", "face_match": {{"status": "In Review", "score": 50}}}}"#
            ),
        ),
        Answer::new(404, r#"{"detail": "Not found."}"#),
    ]);
    let batch = |service: &Service| {
        Tool::at(service)
            .args(["batch", "--json", "--jobs", "1", "--retries", "0"])
            .arg(&manifest)
            .arg("-o")
            .arg(&journal)
    };
    conforms("batch-summary", &line(&batch(&service).arg("--dry-run").run()));
    let text =
        |outcome: &Outcome| outcome.stdout.lines().next().map(str::to_owned).unwrap_or_default();
    let outcome = batch(&service).run();
    conforms("batch-summary", &serde_json::from_str(&text(outcome.exits(10))).unwrap());
    let lines = std::fs::read_to_string(&journal).unwrap();
    assert!(lines.lines().count() >= 5, "{lines}");
    for line in lines.lines() {
        conforms("journal", &serde_json::from_str(line).unwrap());
    }
    let outcome = Tool::at(&service).args(["decision", "--json", "--journal"]).arg(&journal).run();
    conforms("settlement-summary", &serde_json::from_str(&text(&outcome)).unwrap());
}

#[cfg(unix)]
#[test]
fn serve_and_the_sessions_of_an_identifier() {
    use crate::support::photos::sample;
    use crate::support::server::Server;

    let value: Value = serde_json::from_str(&Server::start(&["--json"]).exports).unwrap();
    conforms("serve", &value);
    let server = Server::start(&[]);
    let photo = sample("astronaut.png");
    let sessions = |id: &str, json: Option<&str>| {
        server.tool().args(["decision", "--vendor-data", id]).args(json).run()
    };
    for _ in 0..2 {
        let tool = server.tool().args(["match", "--vendor-data", "user 1", "--json=verdict"]);
        let matched = tool.args([&photo, &photo]).run().exits(0).json();
        let id = matched["request_id"].as_str().unwrap();
        sessions(" user 1 ", None).exits(0).stdout_has(id).stdout_has("Approved");
    }
    let value = line(sessions("user 1", Some("--json")).exits(0));
    conforms("sessions", &value);
    assert_eq!((&value["count"], &value["exit_code"]), (&json!(2), &json!(0)));
    let outcome = sessions("user 2", None);
    outcome.fails(8).stderr_has("has no session with the vendor data `user 2`");
}

fn undescribed(schema: &Value, path: &str) -> Vec<String> {
    let mut found = Vec::new();
    for (name, value) in schema.as_object().into_iter().flatten() {
        let at = format!("{path}/{name}");
        let is_property = path.ends_with("/properties");
        if is_property && ["description", "$ref", "const"].iter().all(|key| value[key].is_null()) {
            found.push(at.clone());
        }
        found.extend(undescribed(value, &at));
    }
    let items = schema.as_array().into_iter().flatten();
    found.extend(items.flat_map(|item| undescribed(item, path)));
    found
}

#[test]
fn every_key_is_described() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/schema");
    for file in std::fs::read_dir(folder).unwrap() {
        let file = file.unwrap().path();
        let schema = serde_json::from_slice(&std::fs::read(&file).unwrap()).unwrap();
        assert_eq!(undescribed(&schema, ""), [""; 0], "{}", file.display());
    }
}
