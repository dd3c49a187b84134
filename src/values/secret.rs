//! Secrets: types whose `Debug` shows nothing, and a filter for text from outside that echoes them.

use std::fmt::Write as _;
use std::ops::Range;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use reqwest::header::HeaderValue;
use secrecy::zeroize::Zeroizing;
use secrecy::{ExposeSecret, SecretString};

/// The byte order mark, which editors on Windows put before text.
pub const MARK: char = '\u{feff}';

/// A key that is valid in a header. Its `Debug` shows nothing; it is zeroed when dropped.
#[derive(Clone, Debug)]
pub struct ApiKey(SecretString);

impl ApiKey {
    /// Trims `text`, of a byte order mark too. The error says what is wrong, without showing any of it.
    pub fn new(text: &SecretString) -> Result<Self, &'static str> {
        let key = text.expose_secret().trim_matches(|c: char| c.is_whitespace() || c == MARK);
        if key.is_empty() {
            Err("is empty")
        } else if key.lines().count() > 1 {
            Err("has more than one line")
        } else if !key.bytes().all(|b| b.is_ascii_graphic()) {
            Err("has characters that keys never have (spaces, control or non-ASCII characters)")
        } else {
            Ok(Self(SecretString::from(key)))
        }
    }

    /// The key itself, for the user who asked for it.
    pub fn reveal(&self) -> &str {
        self.0.expose_secret()
    }

    /// The value of the `x-api-key` header, hidden in request dumps. Its last copy is zeroed.
    pub fn header(&self) -> Option<HeaderValue> {
        sensitive(self.reveal().as_bytes().to_vec())
    }
}

/// Gives access to the account for a while.
#[derive(Clone, Debug)]
pub struct AccessToken(SecretString);

impl AccessToken {
    /// `None` if the token isn't valid in a header.
    pub fn new(text: String) -> Option<Self> {
        let token = SecretString::from(text);
        let text = token.expose_secret();
        let is_usable = !text.is_empty() && text.bytes().all(|b| b.is_ascii_graphic());
        is_usable.then_some(Self(token))
    }

    pub fn header(&self) -> Option<HeaderValue> {
        sensitive(format!("Bearer {}", self.0.expose_secret()).into_bytes())
    }

    pub(crate) fn reveal(&self) -> &str {
        self.0.expose_secret()
    }
}

/// A header value that is hidden in request dumps and whose last copy is zeroed.
fn sensitive(bytes: Vec<u8>) -> Option<HeaderValue> {
    let bytes = Bytes::from_owner(Zeroizing::new(bytes));
    let mut value = HeaderValue::from_maybe_shared(bytes).ok()?;
    value.set_sensitive(true);
    Some(value)
}

/// A password that follows the service's rules, or that an account already has.
#[derive(Clone, Debug)]
pub struct Password(SecretString);

impl Password {
    /// The password of an existing account, which may be older than the rules.
    pub fn existing(text: SecretString) -> Result<Self, String> {
        if text.expose_secret().is_empty() { Err("is empty".to_owned()) } else { Ok(Self(text)) }
    }

    /// The error names every rule that `text` breaks, and shows none of it.
    pub fn new(text: SecretString) -> Result<Self, String> {
        match missing(text.expose_secret()).split_last() {
            None => Ok(Self(text)),
            Some((last, [])) => Err(format!("needs {last}")),
            Some((last, others)) => Err(format!("needs {} and {last}", others.join(", "))),
        }
    }

    pub fn reveal(&self) -> &str {
        self.0.expose_secret()
    }
}

/// The rules that `password` breaks.
fn missing(password: &str) -> Vec<&'static str> {
    const SPECIAL: &str = "!@#$%^&*()_+-=[]{}|;:,.<>?";
    let has = |is: fn(char) -> bool| password.chars().any(is);
    let rules = [
        (password.chars().count() >= 8, "at least 8 characters"),
        (has(|c| c.is_ascii_uppercase()), "an upper-case letter"),
        (has(|c| c.is_ascii_lowercase()), "a lower-case letter"),
        (has(|c| c.is_ascii_digit()), "a digit"),
        (has(|c| SPECIAL.contains(c)), "one of !@#$%^&*()_+-=[]{}|;:,.<>?"),
    ];
    rules.into_iter().filter(|(kept, _)| !kept).map(|(_, rule)| rule).collect()
}

/// The code that the service mails; valid once.
#[derive(Clone, Debug)]
pub struct Code(SecretString);

impl Code {
    pub const LENGTH: usize = 6;

    /// Joins `pieces` without the spaces and dashes that mail programs and people insert.
    pub fn new(pieces: &[SecretString]) -> Result<Self, &'static str> {
        let is_gap = |c: &char| c.is_whitespace() || matches!(c, '-' | '\u{2010}'..='\u{2015}');
        let pieces = pieces.iter().map(ExposeSecret::expose_secret);
        let mut text = String::with_capacity(pieces.clone().map(str::len).sum());
        text.extend(pieces.flat_map(str::chars).filter(|c| !is_gap(c)));
        let code = SecretString::from(text);
        let text = code.expose_secret();
        if text.len() == Self::LENGTH && text.bytes().all(|b| b.is_ascii_alphanumeric()) {
            Ok(Self(code))
        } else {
            Err("must be 6 letters and digits, as in the email")
        }
    }

    pub fn reveal(&self) -> &str {
        self.0.expose_secret()
    }
}

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
                // A shorter one stands in every text.
                if form.len() > 2 {
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
