//! Identifiers: of a session, of a request, of an account.

use std::fmt;
use std::str::FromStr;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

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

/// A random UUID, sent as `metadata.didit_face_request` and echoed by the service.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct RequestTag(Uuid);

impl RequestTag {
    /// The key in a request's `metadata`.
    pub const KEY: &str = "didit_face_request";

    pub fn random() -> Self {
        Self(Uuid::new_v4())
    }
}

impl fmt::Display for RequestTag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// The longest possible address (RFC 5321, section 4.5.3.1.3).
const LONGEST_EMAIL: usize = 254;

/// An address with a name, one `@` and a domain. Only its mail server knows whether it exists.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Email(String);

impl Email {
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Email {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        const WANTED: &str = "must be an email address, such as you@company.com";
        let (name, domain) = text.rsplit_once('@').ok_or(WANTED)?;
        let is_odd = |c: char| c.is_whitespace() || c.is_control() || c == '@';
        let has_dots = domain.split('.').count() > 1 && domain.split('.').all(|l| !l.is_empty());
        let is_usable = !name.is_empty() && has_dots && text.len() <= LONGEST_EMAIL;
        if !is_usable || name.contains(is_odd) || domain.contains(is_odd) {
            return Err(WANTED);
        }
        Ok(Self(text.to_owned()))
    }
}
