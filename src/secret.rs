//! The API key: a type that shows itself to nobody but the request that needs it.

use reqwest::header::HeaderValue;
use secrecy::{ExposeSecret, SecretString};

/// A key that can stand in a header. Its `Debug` shows nothing; it is zeroed when dropped.
#[derive(Clone, Debug)]
pub struct ApiKey(SecretString);

impl ApiKey {
    /// Takes `text` without the white space around it; the error says what is wrong
    /// with it, without showing any of it.
    pub fn new(text: &SecretString) -> Result<Self, &'static str> {
        let key = text.expose_secret().trim();
        if key.is_empty() {
            Err("is empty")
        } else if key.lines().count() > 1 {
            Err("has more than one line")
        } else if !key.bytes().all(|b| b.is_ascii_graphic()) {
            Err("has characters that no key has (spaces, control or non-ASCII characters)")
        } else {
            Ok(Self(SecretString::from(key)))
        }
    }

    /// The value of the `x-api-key` header, marked so that no dump of a request shows it.
    pub fn header(&self) -> Option<HeaderValue> {
        let mut value = HeaderValue::from_str(self.0.expose_secret()).ok()?;
        value.set_sensitive(true);
        Some(value)
    }

    /// `text` without this key, should somebody have written it there.
    pub fn blotted_out(&self, text: &str) -> String {
        text.replace(self.0.expose_secret(), "(key)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(text: &str) -> Result<ApiKey, &'static str> {
        ApiKey::new(&SecretString::from(text))
    }

    #[test]
    fn white_space_around_a_key_is_dropped() {
        let key = key(" sk_live-1\r\n").unwrap();
        assert_eq!(key.header().unwrap(), "sk_live-1");
    }

    #[test]
    fn debug_shows_nothing() {
        let key = key("sk_live-1").unwrap();
        assert!(!format!("{key:?} {:?}", key.header()).contains("sk_live"));
    }

    #[test]
    fn a_key_is_blotted_out_wherever_it_stands() {
        let key = key("sk_live-1").unwrap();
        assert_eq!(key.blotted_out("sk_live-1: sk_live-12, sk_live-"), "(key): (key)2, sk_live-");
    }

    #[test]
    fn what_cannot_stand_in_a_header_is_refused() {
        for text in ["", " \n", "a\nb", "a b", "a\u{7f}", "schlüssel", "a\0b"] {
            assert!(key(text).is_err(), "{text:?}");
        }
    }
}
