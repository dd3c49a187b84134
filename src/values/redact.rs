//! Hides secrets in what comes from outside, in any form in which it may echo them.

use std::fmt::Write as _;
use std::ops::Range;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use secrecy::zeroize::Zeroizing;

/// Shorter forms would be found everywhere.
const SHORTEST: usize = 6;

/// Secrets to hide, compared without case and separators: as they are, and in base64 and hex.
/// Escapes of JSON and URLs are undone first.
#[derive(Clone, Default)]
pub struct Redactor(Vec<Needle>);

/// No `Debug`: it holds the secret.
#[derive(Clone)]
struct Needle {
    form: Zeroizing<Vec<char>>,
    /// Whether letters and digits are enough to tell it by.
    is_bare: bool,
    label: &'static str,
}

/// A text's characters, as far as they are compared, and where each stands.
struct Reading {
    chars: Zeroizing<Vec<char>>,
    places: Vec<Range<usize>>,
}

type Undo = fn(&str) -> Option<(char, usize)>;

impl Redactor {
    /// Hides `secret` from now on, as `(label)`.
    pub fn add(&mut self, secret: &str, label: &'static str) {
        let mut add = |form: &str| {
            // Its own characters may look like escapes.
            for undo in [None, Some(escaped as Undo)] {
                let bare = Reading::of(form, true, undo).chars;
                let is_bare = bare.len() >= SHORTEST;
                let form = if is_bare { bare } else { Reading::of(form, false, undo).chars };
                if !form.is_empty() {
                    self.0.push(Needle { form, is_bare, label });
                }
            }
        };
        add(secret);
        let mut hex = Zeroizing::new(String::with_capacity(2 * secret.len()));
        for byte in secret.bytes() {
            // Writing to a String can't fail.
            let _ = write!(hex, "{byte:02x}");
        }
        add(&hex);
        // In the middle of other bytes, its first and last characters depend on them.
        for before in 0..3 {
            let bytes = Zeroizing::new([&[0; 2][..before], secret.as_bytes()].concat());
            let text = Zeroizing::new(STANDARD.encode(&bytes));
            let text = text.trim_end_matches('=');
            let whole = if bytes.len() % 3 == 0 { text.len() } else { text.len() - 1 };
            add(&text[[0, 2, 3][before]..whole]);
        }
    }

    /// `text` with each secret replaced; `None` if it holds none.
    pub fn redact(&self, text: &str) -> Option<String> {
        let mut found: Vec<(Range<usize>, &str)> = Vec::new();
        // A secret that holds what looks like an escape may also stand there as it is.
        for undo in [None, Some(escaped as Undo)] {
            let readings = [false, true].map(|is_bare| Reading::of(text, is_bare, undo));
            for needle in &self.0 {
                let places = readings[usize::from(needle.is_bare)].places_of(&needle.form);
                found.extend(places.map(|place| (place, needle.label)));
            }
        }
        found.sort_by_key(|(place, _)| (place.start, usize::MAX - place.end));
        let (mut out, mut end) = (String::new(), 0);
        for (place, label) in &found {
            if place.start >= end {
                out += &format!("{}({label})", &text[end..place.start]);
            }
            end = end.max(place.end);
        }
        (!found.is_empty()).then(|| out + &text[end..])
    }

    /// The same for a body, which stays as it is without a secret.
    pub fn redact_body(&self, body: Vec<u8>) -> Vec<u8> {
        let redacted = self.redact(&String::from_utf8_lossy(&body));
        redacted.map_or(body, String::into_bytes)
    }
}

fn is_compared(c: char, bare: bool) -> bool {
    if bare { c.is_alphanumeric() } else { !c.is_whitespace() && c != '\\' }
}

impl Reading {
    fn of(text: &str, bare: bool, undo: Option<Undo>) -> Self {
        let mut reading =
            Self { chars: Zeroizing::new(Vec::with_capacity(text.len())), places: Vec::new() };
        let mut at = 0;
        while let Some(c) = text[at..].chars().next() {
            let escape = undo.and_then(|undo| undo(&text[at..]));
            let (c, length) = escape.unwrap_or((c, c.len_utf8()));
            if is_compared(c, bare) {
                reading.chars.push(c.to_ascii_lowercase());
                reading.places.push(at..at + length);
            }
            at += length;
        }
        reading
    }

    fn places_of<'a>(&'a self, form: &'a [char]) -> impl Iterator<Item = Range<usize>> + 'a {
        let windows = self.chars.windows(form.len()).enumerate();
        let hits = windows.filter(move |(_, window)| *window == form);
        hits.map(|(at, _)| self.places[at].start..self.places[at + form.len() - 1].end)
    }
}

/// The character that `text` begins with as `\u0041`, `%41` or `\n`, and the escape's length.
fn escaped(text: &str) -> Option<(char, usize)> {
    let hex = |range: Range<usize>| u32::from_str_radix(text.get(range)?, 16).ok();
    match text.as_bytes() {
        [b'\\', b'u', ..] => Some((char::from_u32(hex(2..6)?)?, 6)),
        [b'%', ..] => Some((char::from_u32(hex(1..3)?).filter(char::is_ascii)?, 3)),
        // Not letters of their own.
        [b'\\', b'n' | b'r' | b't' | b'f' | b'b', ..] => Some((' ', 2)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
    use proptest::prelude::*;

    use super::*;

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
        assert_eq!(redactor.redact_body(b"\xff".to_vec()), b"\xff");
    }
}
