//! API key, password and emailed code: types whose `Debug` shows nothing.

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

#[cfg(test)]
mod tests {
    use super::*;

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
}
