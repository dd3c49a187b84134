//! The key is shown to the service only. Every other test looks for it too.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use didit_face::values::secret::{AccessToken, ApiKey, Code, Password, Redactor};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use proptest::prelude::*;
use secrecy::SecretString;

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

fn key(text: &str) -> Result<ApiKey, &'static str> {
    ApiKey::new(&SecretString::from(text))
}

#[test]
fn whitespace_around_a_key_is_trimmed() {
    let key = key("\u{feff} sk_live-1\r\n").unwrap();
    assert_eq!(key.header().unwrap(), "sk_live-1");
}

#[test]
fn debug_shows_nothing() {
    let key = key("sk_live-1").unwrap();
    assert!(!format!("{key:?} {:?}", key.header()).contains("sk_live"));
}

#[test]
fn a_token_is_hidden_but_valid_in_a_header() {
    let token = AccessToken::new("abc.def-1".to_owned()).unwrap();
    assert!(!format!("{token:?} {:?}", token.header()).contains("abc"));
    assert_eq!(token.header().unwrap(), "Bearer abc.def-1");
    for text in ["", "a b", "a\nb", "ü"] {
        assert!(AccessToken::new(text.to_owned()).is_none(), "{text:?}");
    }
}

#[test]
fn characters_invalid_in_a_header_are_refused() {
    for text in ["", " \n", "a\nb", "a b", "a\u{7f}", "schlüssel", "a\0b"] {
        assert!(key(text).is_err(), "{text:?}");
    }
}

#[test]
fn every_broken_password_rule_is_named() {
    let missing = |text: &str| Password::new(SecretString::from(text)).unwrap_err();
    assert_eq!(
        missing(""),
        "needs at least 8 characters, an upper-case letter, a lower-case letter, a digit and \
         one of !@#$%^&*()_+-=[]{}|;:,.<>?"
    );
    assert_eq!(
        missing("Passw0r"),
        "needs at least 8 characters and one of !@#$%^&*()_+-=[]{}|;:,.<>?"
    );
    assert_eq!(missing("passw0rd!"), "needs an upper-case letter");
    assert!(missing("Passw0rd'").starts_with("needs one of"));
    let good = Password::new(SecretString::from("MyStr0ng!Pass")).unwrap();
    assert!(!format!("{good:?}").contains("Str0ng"));
    assert_eq!(good.reveal(), "MyStr0ng!Pass");
}

#[test]
fn a_code_is_cleaned_and_checked() {
    let code = |pieces: &[&str]| {
        Code::new(&pieces.iter().map(|p| SecretString::from(*p)).collect::<Vec<_>>())
    };
    for pieces in [&["A3K9F2"][..], &[" A3K-9F2 "], &["A3K", "9F2"], &["A3K \u{2013}9F2"]] {
        assert_eq!(code(pieces).unwrap().reveal(), "A3K9F2");
    }
    for pieces in [&["A3K9F"][..], &["A3K9F2X"], &[""], &["A3K9Fä"], &["A3K9F!"]] {
        assert!(code(pieces).is_err());
    }
    assert!(!format!("{:?}", code(&["A3K9F2"])).contains("A3K9F2"));
}

fn redactor(secret: &str) -> Redactor {
    let mut redactor = Redactor::default();
    redactor.add(secret, "key");
    redactor
}

fn forms(secret: &str) -> Vec<String> {
    let spaced: Vec<_> = secret.chars().map(String::from).collect();
    let bytes = |format: fn(u8) -> String| secret.bytes().map(format).collect::<String>();
    let spelled: Vec<_> = secret.chars().map(|c| format!("\\u{:04x}", u32::from(c))).collect();
    vec![
        secret.to_owned(),
        secret.to_uppercase(),
        spaced.join(" "),
        spaced.join("\n"),
        serde_json::to_string(secret).unwrap(),
        spelled.concat(),
        utf8_percent_encode(secret, NON_ALPHANUMERIC).to_string(),
        bytes(|b| format!("%{b:02X}")),
        bytes(|b| format!("{b:02x}")),
        bytes(|b| format!("{b:02X}:")),
        STANDARD.encode(secret),
        base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(secret),
        STANDARD.encode(format!("{secret}:")),
        STANDARD.encode(format!("a:{secret}")),
        STANDARD.encode(format!("ab:{secret}x")),
        STANDARD.encode(format!("abcd{secret}xy")),
    ]
}

proptest! {
    #[test]
    fn no_form_of_a_secret_stays(secret in "[!-~]{8,40}", before in "[a-z ]{0,9}", after in "[a-z ]{0,9}") {
        let redactor = redactor(&secret);
        for form in forms(&secret) {
            let text = format!("{before}<{form}>{after}");
            let redacted = redactor.redact(&text);
            prop_assert!(redacted.is_some(), "{form} of {secret}");
            let redacted = redacted.unwrap();
            prop_assert!(redacted.contains("(key)") && !redacted.contains(&secret), "{redacted}");
        }
    }

    #[test]
    fn other_text_stays(secret in "[A-Z]{8,40}", text in "[0-9{}\", .:-]{0,200}") {
        prop_assert_eq!(redactor(&secret).redact(&text), None);
    }
}

#[test]
fn only_the_secret_is_replaced() {
    let redactor = redactor("sk_live-1");
    assert_eq!(redactor.redact("no sk_live-1 here").as_deref(), Some("no (key) here"));
    assert_eq!(redactor.redact("SK live 1; sk_live-2").as_deref(), Some("(key); sk_live-2"));
    assert_eq!(redactor.redact("sk_live"), None);
    assert_eq!(Redactor::default().redact("sk_live-1"), None);
    // What is too short for a secret would be found everywhere.
    assert_eq!(self::redactor("k").redact("kind"), None);
    assert_eq!(redactor.redact_body(b"\xff".to_vec()), b"\xff");
}
