//! The identifier of a session, checked so that it can't lead to another path.

use std::fmt;
use std::str::FromStr;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// Real ids have 36 characters.
const LONGEST: usize = 128;
/// Everything but RFC 3986's unreserved characters.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');

const WANTED: &str = "must be a request id, such as 7cdda24e-311a-46d3-a3bb-e5d9b564ce73";

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionId(String);

impl SessionId {
    pub fn as_path_segment(&self) -> String {
        utf8_percent_encode(&self.0, RESERVED).to_string()
    }

    /// Only a UUID, as all real ids are.
    pub fn of_uuid(text: &str) -> Result<Self, &'static str> {
        match uuid::Uuid::try_parse(text) {
            Ok(_) if text.len() == 36 => Ok(Self(text.to_owned())),
            _ => Err(WANTED),
        }
    }

    /// Whether `other` is the same id; a UUID may be in either case.
    pub fn is(&self, other: &str) -> bool {
        self.0.eq_ignore_ascii_case(other)
    }
}

impl FromStr for SessionId {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let is_odd = |c: char| c.is_whitespace() || c.is_control() || matches!(c, '/' | '\\');
        // `.` and `..` stay path segments even when they are percent-encoded.
        let is_path = text.chars().all(|c| c == '.');
        if text.is_empty() || text.len() > LONGEST || is_path || text.contains(is_odd) {
            return Err(WANTED);
        }
        Ok(Self(text.to_owned()))
    }
}

impl fmt::Display for SessionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::Base;

    #[test]
    fn no_identifier_leads_to_another_path() {
        let base = Base::parse("https://a.example").unwrap();
        for (id, segment) in [
            ("a1b2-C3_x", "a1b2-C3_x"),
            ("a?x=1", "a%3Fx%3D1"),
            ("a#b", "a%23b"),
            ("a%2fb", "a%252fb"),
            ("%2e%2e", "%252e%252e"),
            ("ü", "%C3%BC"),
            ("a1b2c3d4-...", "a1b2c3d4-..."),
        ] {
            let id: SessionId = id.parse().unwrap();
            let path = format!("/v3/session/{}/decision/", id.as_path_segment());
            assert_eq!(base.join(&path).path(), format!("/v3/session/{segment}/decision/"));
        }
    }

    #[test]
    fn paths_are_not_ids() {
        let long = "a".repeat(129);
        for text in ["", ".", "..", "...", "a/b", "../x", "a\\b", "a b", "a\nb", "a\u{85}b", &long]
        {
            assert!(text.parse::<SessionId>().is_err(), "{text:?}");
        }
    }
}
