//! Permissions of a key, which `--deny` can revoke.

use std::str::FromStr;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Permission {
    Match,
    /// List sessions and read their decisions.
    Sessions,
    /// See the photos of a session. Without it, their URLs are null.
    Media,
    Delete,
    /// See the balance and top it up.
    Billing,
}

impl FromStr for Permission {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Ok(match text {
            "match" => Self::Match,
            "sessions" => Self::Sessions,
            "media" => Self::Media,
            "delete" => Self::Delete,
            "billing" => Self::Billing,
            _ => return Err("must be match, sessions, media, delete or billing"),
        })
    }
}
