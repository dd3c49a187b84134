//! The key is shown to the service only. Every other test looks for it too.

use crate::batch::Batch;
use crate::support::bodies::APPROVED;
use crate::support::{Answer, KEY, Photos, Service, Tool};

#[test]
fn verbose_never_shows_the_key() {
    let photos = Photos::new();
    let file = photos.add("key", format!("{KEY}\n").as_bytes());
    for json in [None, Some("--json")] {
        let service = Service::answering([Answer::new(429, ""), Answer::new(200, APPROVED)]);
        let tool = Tool::matching(&service, &photos).without("DIDIT_API_KEY").args(json);
        let outcome = tool.env("DIDIT_API_KEY_FILE", &file).run();
        outcome.exits(0).details_have("attempt 2");
        assert_eq!(service.requests()[1].header("x-api-key"), [KEY]);
    }
    let tool = Tool::new().env("DIDIT_API_KEY_FILE", &file).pair(&photos).arg("--dry-run");
    tool.run().exits(0).stdout_has("not shown");
}

/// Bodies that echo the key, escaped or not, whole or truncated.
fn echoes() -> Vec<String> {
    let escaped =
        KEY.chars().map(|c| format!("\\u{:04x}", u32::from(c))).collect::<Vec<_>>().concat();
    let mut bodies = vec![
        format!(r#"{{"detail": "Invalid API key: {KEY}"}}"#),
        format!(r#"{{"detail": "Invalid API key: {escaped}"}}"#),
        format!(r#"{{"{KEY}": ["unknown"]}}"#),
        format!("no such key: {KEY}, {KEY}"),
    ];
    // No part of the key may remain after truncation.
    bodies.extend((270..310).map(|at| format!("{} {KEY}", "x".repeat(at))));
    bodies
}

#[test]
fn a_service_that_echoes_the_key_is_not_quoted() {
    for body in echoes() {
        let service = Service::always(Answer::new(401, &body));
        let outcome = Tool::matching(&service, &Photos::new()).hiding(&KEY[..8]).run();
        outcome.fails(4);
    }
    for (status, code) in [(200, 9), (400, 6), (402, 5), (403, 4), (404, 8), (500, 8)] {
        let body = format!(r#"{{"detail": "{KEY}"}}"#);
        let service = Service::always(Answer::new(status, body));
        let outcome = Tool::matching(&service, &Photos::new()).arg("--json").run();
        outcome.exits(code);
    }
}

#[test]
fn a_key_echoed_in_a_header_is_not_quoted() {
    let limited = Answer::new(429, "").header("X-RateLimit-Key", KEY).header("Retry-After", "0");
    let service = Service::answering([limited, Answer::new(200, APPROVED)]);
    Tool::matching(&service, &Photos::new()).run().exits(0).details_have("< x-ratelimit-key: ");
}

#[test]
fn an_echoed_key_is_neither_shown_nor_recorded_in_any_form() {
    let spaced: String = KEY.chars().flat_map(|c| [c, ' ']).collect();
    let spelled = |format: fn(u8) -> String| KEY.bytes().map(format).collect::<String>();
    let hex = spelled(|b| format!("{b:02X}"));
    let percent = spelled(|b| format!("%{b:02x}"));
    for form in [KEY.to_uppercase(), spaced, hex, percent] {
        let body = APPROVED.replace("a1b2c3d4-0001", &format!("a {form}"));
        for json in [None, Some("--json")] {
            let service = Service::always(Answer::new(200, &body));
            let outcome = Tool::matching(&service, &Photos::new()).args(json).run();
            outcome.exits(0).stdout_lacks(&form).stdout_has("(key)");
        }
        let batch = Batch::of(1);
        let service = Service::always(Answer::new(200, &body));
        batch.run(&service);
        let journal = serde_json::to_string(&batch.records()).unwrap();
        assert!(!journal.contains(&form) && journal.contains("(key)"), "{journal}");
        let service = Service::always(Answer::new(503, format!("<title>{form}</title>")));
        Tool::matching(&service, &Photos::new()).run().fails(8).stderr_lacks(&form);
    }
}
