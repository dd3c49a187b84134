//! Reads error bodies: the text for people, and the stable code that some have.

use serde_json::{Map, Value};

use super::provenance::{has_messages, without_mark};
use crate::values::text::excerpt;

/// In characters; longer messages are cut off.
const MESSAGE_LIMIT: usize = 300;
/// The maximum number of messages shown from one answer.
const MESSAGES: usize = 8;
/// Members that hold one or more messages for people.
const ENVELOPES: [&str; 8] = [
    "detail",
    "error",
    "message",
    "errors",
    "error_description",
    "non_field_errors",
    "fault",
    "faultstring",
];

/// The text for people in an error body of any shape: `detail`, `error`, `message`, an array of
/// messages per field, a bare array. A gateway's page has none.
///
/// Nothing else is quoted: an unknown answer may describe a person.
pub(super) struct ErrorBody {
    messages: String,
    code: Option<String>,
}

impl ErrorBody {
    pub(super) fn read(status: u16, body: &[u8]) -> Self {
        let value: Value = serde_json::from_slice(without_mark(body)).unwrap_or_default();
        let mut messages = Vec::new();
        collect(None, &value, matches!(status, 400..=499), &mut messages);
        messages.retain(|message| !message.trim().is_empty());
        messages.truncate(MESSAGES);
        Self { messages: excerpt(&messages.join("; "), MESSAGE_LIMIT), code: find_code(&value) }
    }

    /// The messages and the code, or `otherwise` if there are none.
    pub(super) fn or(&self, otherwise: &str) -> String {
        let messages = if self.messages.is_empty() { otherwise } else { &self.messages };
        match &self.code {
            Some(code) if messages.is_empty() => format!("`{code}`"),
            Some(code) if code != messages => format!("{messages} (`{code}`)"),
            _ => messages.to_owned(),
        }
    }

    /// Whether one of the words in the code is one of `words`.
    pub(super) fn code_has(&self, words: &[&str]) -> bool {
        let code = self.code.as_deref().unwrap_or_default().to_lowercase();
        code.split(['_', '-', '.']).any(|word| words.contains(&word))
    }

    pub(super) fn mentions(&self, words: &[&str]) -> bool {
        let text = self.messages.to_lowercase();
        words.iter().any(|word| text.contains(word))
    }
}

/// Collects the messages of `field`. Members other than [`ENVELOPES`] count only `with_fields`:
/// when the request was at fault.
fn collect(field: Option<&str>, value: &Value, with_fields: bool, messages: &mut Vec<String>) {
    match value {
        Value::String(text) => messages.push(match field {
            Some(field) => format!("{field}: {text}"),
            None => text.clone(),
        }),
        Value::Array(values) => {
            for value in values {
                collect(field, value, with_fields, messages);
            }
        }
        Value::Object(members) => collect_members(field, members, with_fields, messages),
        _ => {}
    }
}

fn collect_members(
    field: Option<&str>,
    members: &Map<String, Value>,
    with_fields: bool,
    messages: &mut Vec<String>,
) {
    let has_envelope = members.keys().any(|key| ENVELOPES.contains(&key.as_str()));
    let is_flat = !members.values().any(Value::is_object);
    for (key, value) in members {
        if ENVELOPES.contains(&key.as_str()) {
            collect(field, value, with_fields, messages);
        } else if with_fields && is_of_messages(value, has_envelope || !is_flat) {
            collect(Some(key), value, with_fields, messages);
        }
    }
}

/// Whether a field's value can be messages: arrays of strings, maybe nested, or a single string if
/// nothing else can be the message.
fn is_of_messages(value: &Value, has_others: bool) -> bool {
    match value {
        Value::String(_) => !has_others,
        _ => has_messages(value),
    }
}

/// The `code`, next to the message or in its envelope.
fn find_code(value: &Value) -> Option<String> {
    let is_code = |text: &&str| {
        let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.');
        (1..=64).contains(&text.len()) && text.chars().all(is_plain)
    };
    [&value["code"], &value["error"]["code"], &value["detail"]["code"]]
        .into_iter()
        .find_map(|code| code.as_str().filter(is_code).map(str::to_owned))
}

#[cfg(test)]
mod tests {
    use super::*;

    const NONE: &str = "no reason given";

    #[test]
    fn the_human_part_is_found_in_every_shape() {
        for (body, said) in [
            (r#"{"ref_image": ["No file was submitted."]}"#, "ref_image: No file was submitted."),
            (r#"["Amount must be at least $50."]"#, "Amount must be at least $50."),
            (r#"{"detail": {"email": ["taken", "odd"]}}"#, "email: taken; email: odd"),
            (r#"{"email": "taken"}"#, "email: taken"),
            (r#"{"message": "a\u001b[31mb"}"#, r"a\u{1b}[31mb"),
            (
                r#"{"detail": "Gone.", "code": "application_deleted"}"#,
                "Gone. (`application_deleted`)",
            ),
            (r#"{"error": {"code": "key_expired", "message": "Old."}}"#, "Old. (`key_expired`)"),
            (r#"{"metadata": {"a": ["Bad."], "b": [{"c": ["Odd."]}]}}"#, "a: Bad.; c: Odd."),
            (
                r#"{"fault": {"faultstring": "Quota", "detail": {"errorcode": "policies.Q"}}}"#,
                "errorcode: policies.Q; Quota",
            ),
            ("\u{feff}{\"detail\": \"No.\"}", "No."),
            ("plain text", NONE),
            ("null", NONE),
        ] {
            assert_eq!(ErrorBody::read(400, body.as_bytes()).or(NONE), said, "{body}");
        }
        let long = format!(r#"{{"detail": "{}"}}"#, "x".repeat(5000));
        let long = ErrorBody::read(400, long.as_bytes());
        assert_eq!(long.or(NONE).chars().count(), MESSAGE_LIMIT + 1);
    }

    #[test]
    fn personal_data_is_not_quoted() {
        let verdict = r#"{"request_id": "r1", "vendor_data": "ann", "face_match": {"status": "Approved", "score": 80,
            "user_image": {"entities": [{"gender": "male", "age": 27.6}]}, "warnings": [{"risk": "X"}]}}"#;
        for (status, body) in [
            (206, verdict),
            (206, r#"{"gender": "male", "names": ["Ann"]}"#),
            (206, "gender: male"),
            (500, r#"{"vendor_data": "ann"}"#),
            (400, verdict),
            (400, r#"{"detail": "Bad.", "vendor_data": "ann", "user": {"gender": "male"}}"#),
        ] {
            let said = ErrorBody::read(status, body.as_bytes()).or(NONE);
            assert!(said == NONE || said == "Bad.", "{said}");
        }
    }

    #[test]
    fn a_code_is_known_by_its_words() {
        let said = |code: &str| ErrorBody::read(403, format!(r#"{{"code": "{code}"}}"#).as_bytes());
        assert!(said("contract_billing_suspended").code_has(&["billing"]));
        assert!(said("IP-not-allowed").code_has(&["ip"]));
        assert!(!said("recipient").code_has(&["ip"]));
        assert!(!ErrorBody::read(403, b"{\"code\": 5, \"detail\": \"ip\"}").code_has(&["ip"]));
    }
}
