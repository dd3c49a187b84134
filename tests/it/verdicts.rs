//! Verdicts that can be trusted: exit code, table, JSON.

use serde_json::{Value, json};

use crate::support::bodies::{APPROVED, DECLINED, verdict};
use crate::support::{Answer, Outcome, Photos, Service, Tool};

/// `match` with `options` against a service that answers `body`, and must be asked once.
fn judged_with(body: &str, options: &[&str]) -> Outcome {
    let service = Service::always(Answer::new(200, body));
    let outcome = Tool::matching(&service, &Photos::new()).args(options).run();
    let request = service.only_request();
    assert_eq!((request.method.as_str(), request.path.as_str()), ("POST", "/v3/face-match/"));
    outcome
}

fn judged(body: &str) -> Outcome {
    judged_with(body, &[])
}

fn face_match(members: &Value) -> String {
    json!({ "face_match": members }).to_string()
}

#[test]
fn each_status_has_its_code() {
    for (status, code) in [("Approved", 0), ("Declined", 1), ("In Review", 3)] {
        let outcome = judged(&verdict(status, &json!(80)));
        outcome.exits(code).stdout_has(status);
        assert_eq!(outcome.stderr, "");
    }
}

#[test]
fn the_documented_examples_are_read() {
    judged(APPROVED).exits(0).stdout_has("Approved  score 80 of 100: high confidence");
    let declined = judged(DECLINED);
    declined
        .exits(1)
        .stdout_has("Declined  score 24.87 of 100: very low, very likely different people");
    assert_eq!(declined.row("Vendor data"), ["user-123"]);
}

#[test]
fn every_spelling_of_a_score_is_read() {
    for (score, shown, words) in [
        ("0", "0", "very low"),
        ("-0", "0", "very low"),
        ("29.999999999999", "29.999999999999", "very low"),
        ("30", "30", "low, likely different people"),
        ("49.9", "49.9", "low, likely"),
        ("50.0", "50", "moderate, possible match"),
        ("69.99", "69.99", "moderate"),
        ("7e1", "70", "high confidence, likely same person"),
        ("8.75E+1", "87.5", "high confidence"),
        ("900e-1", "90", "very high confidence, very likely same person"),
        ("100.00", "100", "very high"),
    ] {
        let body = format!(r#"{{"face_match": {{"status": "Declined", "score": {score}}}}}"#);
        let text = format!("Declined  score {shown} of 100: {words}");
        judged(&body).exits(1).stdout_has(&text);
    }
}

#[test]
fn at_the_threshold_either_verdict_stands() {
    for (status, code) in [("Approved", 0), ("Declined", 1)] {
        let body = verdict(status, &json!(62.5));
        judged_with(&body, &["-t", "62.5"]).exits(code);
    }
}

#[test]
fn declined_without_a_face_has_no_score() {
    let body = face_match(&json!({
        "status": "Declined",
        "score": null,
        "user_image": {"entities": [], "best_angle": 0},
        "warnings": [{"risk": "NO_FACE_DETECTED", "long_description": "No face was found."}],
    }));
    let outcome = judged(&body);
    outcome.exits(1).stdout_has("Declined  no score").stdout_has("take another photo");
    assert_eq!(outcome.row("Faces"), ["none found", "none found"]);
    assert_eq!(outcome.row("Warning"), ["NO_FACE_DETECTED: No face was found."]);
}

#[test]
fn the_table_shows_everything() {
    let outcome = judged_with(APPROVED, &["--threshold", "62.5"]);
    outcome.exits(0);
    for (label, cells) in [
        ("File", vec!["selfie.jpg", "id card.png"]),
        ("Faces", vec!["1", "1"]),
        ("Age", vec!["28 years", "22 years"]),
        ("Gender", vec!["male", "male"]),
        ("Detection", vec!["72%", "72%"]),
        ("Box", vec!["(40, 40) to (100, 100)", "(156, 234) to (679, 898)"]),
        ("Size", vec!["60 x 60 px", "523 x 664 px"]),
        ("Angle", vec!["0 degrees", "0 degrees"]),
        ("Threshold", vec!["62.5"]),
        ("Request", vec!["a1b2c3d4-0001"]),
        ("Time", vec!["2025-05-01 13:11:07 UTC"]),
    ] {
        let row = outcome.row(label);
        assert_eq!(row.len(), cells.len(), "{row:?}");
        // File cells have the whole path.
        assert!(row.iter().zip(&cells).all(|(is, want)| is.ends_with(want)), "{row:?}");
    }
    assert!(!outcome.stdout.contains("Other faces"));
}

#[test]
fn the_largest_of_several_faces_comes_first() {
    let body = face_match(&json!({
        "status": "Approved",
        "score": 91,
        "user_image": {"best_angle": 90, "entities": [
            {"age": 11, "bbox": [0, 0, 10, 10]},
            {"age": 55, "bbox": [0, 0, 500, 500], "gender": "female"},
            {"age": 33, "bbox": [0, 0, 50, 50]},
        ]},
        "ref_image": {"entities": [{"age": 54, "bbox": [0, 0, 9, 9]}]},
    }));
    let outcome = judged(&body);
    outcome.exits(0);
    assert_eq!(outcome.row("Faces"), ["3 (largest compared)", "1"]);
    assert_eq!(outcome.row("Age"), ["55 years", "54 years"]);
    assert_eq!(outcome.row("Angle"), ["90 degrees", "-"]);
    let other = outcome.stdout.find("33 years, (0, 0)").expect("the second largest");
    let last = outcome.stdout.find("11 years, (0, 0)").expect("the smallest");
    assert!(other < last);
}

#[test]
fn unknown_warnings_are_shown() {
    let body = face_match(&json!({
        "status": "In Review",
        "score": 55,
        "warnings": [
            {"risk": "BRAND_NEW_RISK", "short_description": "Something new"},
            {"risk": "ANOTHER", "short_description": "short", "long_description": "long"},
            {"risk": "BARE"},
        ],
    }));
    let outcome = judged(&body);
    outcome.exits(3);
    for text in ["BRAND_NEW_RISK: Something new", "ANOTHER: long", "BARE"] {
        outcome.stdout_has(text);
    }
}

#[test]
fn missing_members_are_left_out() {
    for extra in [
        json!({}),
        json!({"user_image": null, "ref_image": {"entities": null}, "warnings": null}),
        json!({"user_image": {"entities": [{}, null]}, "ref_image": {"entities": [{"age": null}]}}),
        json!({"user_image": {"entities": [{"bbox": [1, 2], "confidence": "high"}]}}),
    ] {
        let mut members = json!({"status": "Approved", "score": 77});
        members.as_object_mut().unwrap().extend(extra.as_object().unwrap().clone());
        let body = json!({"face_match": members, "metadata": null, "created_at": null});
        let outcome = judged(&body.to_string());
        outcome.exits(0).stdout_has("Approved  score 77");
        assert_eq!(outcome.row("Age"), ["-", "-"]);
        assert_eq!(outcome.row("Request"), ["-"]);
        assert_eq!(outcome.row("Time"), ["-"]);
    }
}

#[test]
fn json_is_the_body_byte_for_byte() {
    for (body, code) in [
        (APPROVED.to_owned(), 0),
        (DECLINED.to_owned(), 1),
        (
            "\r\n{ \"new\":\t[1.0, 1e2,\"\\u00e9é\"] ,\"face_match\" :{\"score\":100.00,\"zz\":{},\
             \"status\":\"Appro\\u0076ed\"}}\n\n "
                .to_owned(),
            0,
        ),
    ] {
        let outcome = judged_with(&body, &["--json"]);
        outcome.exits(code);
        let body = format!("{body}\n");
        assert_eq!((outcome.stdout.as_str(), outcome.stderr.as_str()), (body.as_str(), ""));
    }
}

#[test]
fn quiet_keeps_the_exit_code() {
    for (body, code) in [(APPROVED, 0), (DECLINED, 1)] {
        let outcome = judged_with(body, &["-q"]);
        outcome.exits(code);
        assert_eq!((outcome.stdout.as_str(), outcome.stderr.as_str()), ("", ""));
    }
    let outcome = judged_with(APPROVED, &["-q", "--json"]);
    assert_eq!(outcome.exits(0).stdout, format!("{APPROVED}\n"));
}

#[test]
fn review_below_turns_an_approval_into_a_review() {
    for (limit, code) in [("80", 0), ("80.01", 3), ("100", 3), ("0", 0)] {
        let outcome = judged_with(APPROVED, &["--review-below", limit]);
        outcome.exits(code);
        assert_eq!(outcome.stdout.contains("--review-below"), code == 3, "{outcome:#?}");
        assert_eq!(outcome.stdout.starts_with("In Review"), code == 3, "{outcome:#?}");
    }
}

#[test]
fn review_below_keeps_the_json_and_says_so() {
    let outcome = judged_with(APPROVED, &["--json", "--review-below", "90"]);
    outcome.exits(3).stderr_has("--review-below 90").stderr_has("In Review");
    assert_eq!(outcome.stdout, format!("{APPROVED}\n"));
    assert_eq!(outcome.stderr.lines().count(), 1);
}

#[test]
fn review_below_never_loosens() {
    for limit in ["0", "24", "100"] {
        let outcome = judged_with(DECLINED, &["--review-below", limit]);
        outcome.exits(1);
        outcome.stdout_lacks("review");
    }
    for score in [json!(10), json!(null)] {
        let body = verdict("In Review", &score);
        judged_with(&body, &["--review-below", "5"]).exits(3);
    }
    let below_threshold = verdict("Approved", &json!(20));
    judged_with(&below_threshold, &["--review-below", "90"]).fails(9);
}

/// A verdict with a warning, and one face in each photo.
fn warned(status: &str, score: &Value, risk: &str) -> String {
    let image = json!({"entities": [{"bbox": [0, 0, 9, 9]}], "best_angle": 0});
    let warnings = json!([{"risk": risk, "log_type": "error", "short_description": "So."}]);
    face_match(&json!({
        "status": status, "score": score, "user_image": image, "ref_image": image, "warnings": warnings,
    }))
}

#[test]
fn approved_with_a_missing_face_is_never_accepted() {
    for risk in ["NO_REFERENCE_IMAGE", "NO_FACE_DETECTED", "no_face_detected"] {
        judged(&warned("Approved", &json!(97.5), risk)).fails(9).stderr_has("face is missing");
    }
    judged(&warned("Approved", &json!(97.5), "SOMETHING_ELSE")).exits(0);
    for warnings in [json!(["NO_FACE_DETECTED"]), json!({"risk": "NO_FACE_DETECTED"})] {
        let body = face_match(&json!({"status": "Approved", "score": 90, "warnings": warnings}));
        judged(&body).fails(9);
    }
}

#[test]
fn zero_with_a_missing_face_is_not_a_score() {
    for (status, code) in [("Declined", 1), ("In Review", 3)] {
        for score in [json!(0), json!(0.0), json!(null)] {
            let outcome = judged(&warned(status, &score, "NO_REFERENCE_IMAGE"));
            outcome.exits(code).stdout_has(&format!("{status}  no score"));
            outcome.stdout_has("no face to compare").stdout_has("take another photo");
            outcome.stdout_lacks("different people");
        }
    }
    judged(&warned("Declined", &json!(0), "LOW_FACE_MATCH_SIMILARITY"))
        .exits(1)
        .stdout_has("score 0 of 100: very low, very likely different people");
}

#[test]
fn a_declined_pair_says_why() {
    for (score, risk, reason) in [
        (json!(0), "NO_REFERENCE_IMAGE", "no_face: take another photo"),
        (json!(null), "", "no_face: take another photo"),
        (json!(30), "", "low_similarity: probably another person"),
        (json!(80), "LOW_FACE_MATCH_SIMILARITY", "low_similarity: probably another person"),
    ] {
        let outcome = judged(&warned("Declined", &score, risk));
        assert_eq!(outcome.exits(1).row("Reason"), [reason]);
    }
    for (status, score) in [("Declined", 80), ("In Review", 20), ("Approved", 90)] {
        let outcome = judged(&verdict(status, &json!(score)));
        outcome.stdout_lacks("Reason");
    }
}

fn with_faces(status: &str, faces: [usize; 2]) -> String {
    let image = |count| json!({"entities": vec![json!({"bbox": [0, 0, 9, 9]}); count]});
    let [user, reference] = faces.map(image);
    face_match(&json!({"status": status, "score": 90, "user_image": user, "ref_image": reference}))
}

#[test]
fn one_face_only_tightens() {
    for faces in [[2, 1], [1, 2], [0, 1], [0, 0], [3, 3]] {
        let body = with_faces("Approved", faces);
        judged(&body).exits(0);
        let outcome = judged_with(&body, &["--one-face"]);
        let [user, reference] = faces;
        let s = if user == 1 { "" } else { "s" };
        let counts =
            format!("{user} face{s} in the user image and {reference} in the reference image");
        outcome.exits(3).stdout_has("In Review").stdout_has("--one-face").stdout_has(&counts);
        let json = judged_with(&body, &["--one-face", "--json"]);
        assert_eq!(json.exits(3).stdout, format!("{body}\n"));
        json.stderr_has("--one-face").stderr_has(&counts);
        assert_eq!(json.stderr.lines().count(), 1);
        judged_with(&with_faces("Declined", faces), &["--one-face"]).exits(1);
        judged_with(&with_faces("In Review", faces), &["--one-face"]).exits(3);
    }
    judged_with(&with_faces("Approved", [1, 1]), &["--one-face"]).exits(0);
    judged_with(&with_faces("Approved", [1, 1]), &["--one-face", "--review-below", "95"]).exits(3);
    // An answer that names no faces shows none.
    judged_with(&verdict("Approved", &json!(90)), &["--one-face"]).exits(3);
}

fn with_ages(status: &str, ages: [Value; 2], warnings: &[&str]) -> String {
    let [user, reference] = ages.map(|age| json!({"entities": [{"age": age}]}));
    let warnings: Vec<_> = warnings.iter().map(|risk| json!({"risk": risk})).collect();
    let images = json!({"status": status, "score": 90, "user_image": user,
        "ref_image": reference, "warnings": warnings});
    face_match(&images)
}

#[test]
fn review_young_only_tightens() {
    let young = [json!(11.9), json!(30)];
    for ages in [young.clone(), [json!(30), json!(3)], [json!(30), Value::Null]] {
        let body = with_ages("Approved", ages.clone(), &[]);
        judged(&body).exits(0);
        judged_with(&body, &["--review-young"]).exits(3).stdout_has("--review-young");
        judged_with(&with_ages("Declined", ages, &[]), &["--review-young"]).exits(1);
    }
    let adults = [json!(12), json!(70)];
    judged_with(&with_ages("Approved", adults.clone(), &[]), &["--review-young"]).exits(0);
    let warned = with_ages("Approved", adults.clone(), &["YOUNG_FACE"]);
    judged_with(&warned, &["--review-young"]).exits(3);
    judged_with(&with_ages("In Review", adults, &[]), &["--review-young"]).exits(3);
}

#[test]
fn different_photos_only_tightens() {
    let adults = [json!(30), json!(30)];
    let warned = |status| with_ages(status, adults.clone(), &["SAME_PICTURE"]);
    judged(&warned("Approved")).exits(0);
    let outcome = judged_with(&warned("Approved"), &["--different-photos"]);
    outcome.exits(3).stdout_has("--different-photos: both photos are the same picture");
    judged_with(&warned("Declined"), &["--different-photos"]).exits(1);
    judged_with(&with_ages("Approved", adults, &[]), &["--different-photos"]).exits(0);
}

/// Said before the request is sent; the service doesn't say it.
#[test]
fn one_file_twice_is_the_same_picture() {
    let service = Service::approving();
    let photos = Photos::new();
    let photo = photos.user.display().to_string();
    let run = |options: &[&str]| {
        Tool::at(&service).arg("match").args([&photo, &photo]).args(options).run()
    };
    run(&[]).exits(0).stderr_has("the same picture");
    run(&["--different-photos"]).exits(3).stderr_has("the same picture");
    run(&["--dry-run"]).exits(0).stderr_has("the same picture");
}

#[test]
fn a_sandbox_verdict_is_labelled() {
    for (status, code) in [("Approved", 0), ("Declined", 1), ("In Review", 3)] {
        let face_match = json!({"status": status, "score": 80});
        let body = json!({"environment": "sandbox", "face_match": face_match}).to_string();
        assert!(judged(&body).exits(code).row("Sandbox")[0].contains("not a real verdict"));
        let json = judged_with(&body, &["--json"]);
        assert_eq!(json.exits(code).stdout, format!("{body}\n"));
        json.stderr_has("sandbox");
        let live = body.replace("sandbox", "live");
        assert!(!judged(&live).exits(code).stdout.contains("andbox"));
    }
}

/// The output of `match` on a terminal.
#[cfg(unix)]
fn on_a_terminal(options: &[&str]) -> String {
    let service = Service::approving();
    let mut screen = crate::support::screen::Screen::new();
    let photos = Photos::new();
    let tool = Tool::matching(&service, &photos).args(options).arg("--color=never");
    let mut child = screen.start(tool);
    assert_eq!(child.wait().unwrap().code(), Some(0));
    screen.take_all();
    screen.text().replace('\n', "")
}

#[cfg(unix)]
#[test]
fn a_stored_request_says_how_to_look_it_up() {
    let said = "hint: look it up: didit-face decision a1b2c3d4-0001";
    let text = on_a_terminal(&[]);
    assert!(text.contains(said) && !text.contains("didit-face delete"), "{text}");
    for options in [&["--no-save"], &["--json"], &["-q"]] {
        let text = on_a_terminal(options);
        assert!(!text.contains("didit-face decision"), "{options:?}: {text}");
    }
    let script = judged(APPROVED);
    script.exits(0).stderr_lacks("didit-face decision");
}

#[test]
fn a_declined_sideways_photo_gets_a_hint() {
    use crate::photos::{astronaut, hopper, png};
    let hint = "hint: `";
    let declined = |user: Vec<u8>, options: &[&str]| {
        let service = Service::always(Answer::new(200, DECLINED));
        let photos = Photos::of(&user, &png(hopper()));
        let run = Tool::matching(&service, &photos).args(options).run();
        run.exits(1);
        assert_eq!(service.requests().len(), 1);
        run.stderr
    };
    let turned = || png(image::imageops::rotate270(&astronaut()));
    let said = declined(turned(), &[]);
    assert!(
        said.starts_with(hint)
            && said.ends_with("selfie.jpg` looks rotated by 90°; retry with --rotate\n"),
        "{said}"
    );
    for options in [&["--rotate"], &["-q"], &["--json"]] {
        assert_eq!(declined(turned(), options), "", "{options:?}");
    }
    assert_eq!(declined(png(astronaut()), &[]), "");
}
