//! What is sent: once, to one place, and nothing else.

use crate::support::bodies::APPROVED;
use crate::support::message::{Part, Request};
use crate::support::photos::{BIG_ENDIAN_TIFF, JPEG, PNG, TIFF, WEBP, padded};
use crate::support::{Answer, KEY, Photos, Service, Tool};

const PATH: &str = "/v3/face-match/";

fn sent(photos: &Photos, options: &[&str]) -> Request {
    let service = Service::approving();
    Tool::matching(&service, photos).args(options).run().exits(0);
    service.only_request()
}

fn sent_with(options: &[&str]) -> Request {
    sent(&Photos::new(), options)
}

#[test]
fn method_and_path() {
    let request = sent_with(&[]);
    assert_eq!((request.method.as_str(), request.path.as_str()), ("POST", PATH));
}

#[test]
fn a_base_with_a_path_is_kept() {
    for (suffix, path) in [
        ("/", PATH.to_owned()),
        ("/stand-in", format!("/stand-in{PATH}")),
        ("/a/b/", format!("/a/b{PATH}")),
    ] {
        let service = Service::approving();
        let base = service.base() + suffix;
        Tool::with_base(&base).pair(&Photos::new()).run().exits(0);
        assert_eq!(service.only_request().path, path);
    }
}

#[test]
fn the_key_is_only_in_its_header() {
    let request = sent_with(&["--vendor-data", "x"]);
    assert_eq!(request.header("x-api-key"), [KEY]);
    let holding = request.headers.iter().filter(|(_, value)| value.contains(KEY)).count();
    assert_eq!(holding, 1);
    assert!(!request.path.contains(KEY));
    assert!(!request.body.windows(KEY.len()).any(|window| window == KEY.as_bytes()));
}

#[test]
fn the_other_headers() {
    let request = sent_with(&[]);
    let agent = concat!("didit-face/", env!("CARGO_PKG_VERSION"));
    assert_eq!(request.header("user-agent"), [agent]);
    assert_eq!(request.header("content-length"), [request.body.len().to_string()]);
    assert_eq!(request.header("accept-encoding"), ["gzip"]);
    for absent in ["cookie", "authorization", "referer", "transfer-encoding", "expect"] {
        assert!(request.header(absent).is_empty(), "{absent}");
    }
}

#[test]
fn a_cookie_is_not_sent_back() {
    let cookie = |status| Answer::new(status, "").header("Set-Cookie", "a=b; Path=/");
    let service = Service::answering([cookie(429), Answer::new(200, APPROVED)]);
    Tool::matching(&service, &Photos::new()).run().exits(0);
    assert!(service.requests().iter().all(|request| request.header("cookie").is_empty()));
}

#[test]
fn photos_are_named_by_their_content() {
    for (head, extension, media_type) in [
        (JPEG, "jpg", "image/jpeg"),
        (PNG, "png", "image/png"),
        (WEBP, "webp", "image/webp"),
        (TIFF, "tiff", "image/tiff"),
        (BIG_ENDIAN_TIFF, "tiff", "image/tiff"),
    ] {
        let (user, reference) = (padded(head, 3000), padded(head, 2000));
        // On disk they are `selfie.jpg` and `id card.png`.
        let parts = sent(&Photos::of(&user, &reference), &[]).parts();
        let image = |name: &str, bytes: Vec<u8>| Part {
            name: name.to_owned(),
            file_name: Some(format!("{name}.{extension}")),
            content_type: Some(media_type.to_owned()),
            bytes,
        };
        assert_eq!(parts[0], image("user_image", user));
        assert_eq!(parts[1], image("ref_image", reference));
    }
}

#[test]
fn large_photos_arrive_whole() {
    let (user, reference) = (padded(JPEG, 4_000_000), padded(PNG, 3_000_001));
    let parts = sent(&Photos::of(&user, &reference), &[]).parts();
    assert!(parts[0].bytes == user && parts[1].bytes == reference);
}

#[test]
fn the_fields_of_a_plain_match() {
    let request = sent_with(&[]);
    let names: Vec<_> = request.parts().into_iter().map(|part| part.name).collect();
    let usual = ["user_image", "ref_image", "face_match_score_decline_threshold", "rotate_image"];
    assert_eq!(names, [&usual[..], &["metadata"]].concat());
    assert_eq!(sent_with(&["--no-tag"]).parts().len(), usual.len());
    assert_eq!(request.field("face_match_score_decline_threshold").unwrap(), "30");
    assert_eq!(request.field("rotate_image").unwrap(), "false");
}

#[test]
fn thresholds_are_sent_exactly() {
    for (given, field) in [
        ("0", "0"),
        ("30", "30"),
        ("62.5", "62.5"),
        ("62.50", "62.5"),
        ("080", "80"),
        (".5", "0.5"),
    ] {
        let request = sent_with(&["-t", given]);
        assert_eq!(request.field("face_match_score_decline_threshold").unwrap(), field);
    }
}

#[test]
fn rotate_and_no_save() {
    let request = sent_with(&["--rotate", "--no-save"]);
    assert_eq!(request.field("rotate_image").unwrap(), "true");
    assert_eq!(request.field("save_api_request").unwrap(), "false");
}

#[test]
fn vendor_data_and_metadata_arrive_as_they_are() {
    for text in ["user-1", "José \"J\" O'Neil; 名前\r\n--x\r\n\r\nz", "\u{202e}\u{1f600}", " a "]
    {
        let metadata = serde_json::json!({ "who": text, "n": 1.50 }).to_string();
        let request = sent_with(&["--vendor-data", text, "--metadata", &metadata, "--no-tag"]);
        // The service trims it too.
        assert_eq!(request.field("vendor_data").unwrap(), text.trim());
        assert_eq!(request.field("metadata").unwrap(), metadata);
        assert_eq!(request.parts().len(), 6);
    }
}

#[test]
fn metadata_is_not_rewritten() {
    let odd = "{ \"b\" : 1.50,\t\"a\":[ 1e2 ] }";
    assert_eq!(sent_with(&["--metadata", odd, "--no-tag"]).field("metadata").unwrap(), odd);
    let tagged = sent_with(&["--metadata", odd]).field("metadata").unwrap();
    assert!(tagged.starts_with(r#"{"didit_face_request":""#), "{tagged}");
    assert!(tagged.ends_with(odd.trim_start_matches("{ ")), "{tagged}");
}

#[test]
fn names_on_disk_are_not_sent() {
    let service = Service::approving();
    let photos = Photos::new();
    let (user, reference) =
        (photos.add("maria-garcia.jpg", JPEG), photos.add("g-passport.png", PNG));
    let tool = Tool::at(&service).arg("match").args([user, reference]);
    tool.run().exits(0).stdout_has("maria-garcia.jpg");
    let request = service.only_request();
    let all = format!("{:?}{}", request.headers, String::from_utf8_lossy(&request.body));
    assert!(!all.contains("garcia") && !all.contains("passport"));
}

#[cfg(unix)]
const HOSTILE: &str = "a\x1b[31m\u{202e}gpj\nb\u{9b}.jpg";
#[cfg(unix)]
const HARMLESS: &str = r"a\u{1b}[31m\u{202e}gpj\u{a}b\u{9b}.jpg";

#[cfg(unix)]
#[test]
fn hostile_names_are_escaped() {
    let photos = Photos::new();
    let hostile = photos.add(HOSTILE, JPEG);
    let service = Service::approving();
    let tool = || Tool::at(&service).arg("match");
    let outcome = tool().args([&hostile, &photos.reference]).run();
    outcome.exits(0).stdout_has(HARMLESS);
    std::fs::write(&hostile, "no photo").unwrap();
    let failure = tool().args([&hostile, &photos.reference]).run();
    failure.fails(6).stderr_has(HARMLESS);
    let dry = Tool::new().args(["match", "--dry-run"]).args([&photos.user, &photos.reference]);
    dry.args(["--vendor-data", HOSTILE]).run().exits(0).stdout_has(HARMLESS);
}

#[test]
fn hostile_answers_are_escaped() {
    let hostile = "x\u{1b}]0;owned\u{7}\u{202e}\n\u{200b}y";
    let body = serde_json::json!({
        "request_id": hostile, "created_at": hostile, "vendor_data": hostile,
        "face_match": {
            "status": "Approved", "score": 80,
            "user_image": {"entities": [{"gender": hostile}, {"gender": hostile}]},
            "warnings": [{"risk": hostile, "long_description": hostile}],
        },
    });
    let service = Service::always(Answer::new(200, body.to_string()));
    let outcome = Tool::matching(&service, &Photos::new()).run();
    outcome.exits(0);
    let shown = r"x\u{1b}]0;owned\u{7}\u{202e}\u{a}\u{200b}y";
    assert_eq!(outcome.stdout.matches(shown).count(), 7, "{}", outcome.stdout);
    assert!(outcome.stdout.chars().all(|c| c == '\n' || !c.is_control()));
}

#[test]
fn a_dry_run_sends_nothing() {
    let service = Service::approving();
    let tool = Tool::matching(&service, &Photos::new()).arg("--dry-run");
    tool.run().exits(0).stdout_has("user_image.jpg").stdout_has("nothing sent");
    assert_eq!(service.connections(), 0);
}
