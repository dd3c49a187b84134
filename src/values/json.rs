//! Strict reading of JSON objects, for everything that a verdict depends on.

use std::collections::BTreeMap;
use std::fmt;

use serde::de::{Deserializer, Error as _, IgnoredAny, MapAccess, Visitor};
use serde::{Deserialize, Serialize, Serializer};
use serde_json::Value;
use serde_json::value::RawValue;

/// The version of all JSON of our own making; `docs/schema/` describes it.
pub const SCHEMA: u8 = 1;

/// A member that is always written as [`SCHEMA`]. What older lines say is ignored.
#[derive(Clone, Copy, Debug, Default)]
pub struct Schema;

impl Serialize for Schema {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_u8(SCHEMA)
    }
}

impl<'de> Deserialize<'de> for Schema {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        IgnoredAny::deserialize(from).map(|_| Self)
    }
}

/// The members of an array; empty for anything else.
pub fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

/// A non-empty string.
pub fn text(value: &Value) -> Option<String> {
    value.as_str().filter(|text| !text.is_empty()).map(str::to_owned)
}

/// Rounded, for display.
pub fn rounded(value: f32, decimals: i32) -> f64 {
    let unit = 10_f64.powi(decimals);
    (f64::from(value) * unit).round() / unit
}

/// The members of a JSON object, each as its original text.
///
/// Stricter than a derived struct: an array never passes for an object, and a duplicate key is an
/// error, because two readers could disagree on it.
pub struct Object<'a>(BTreeMap<String, &'a RawValue>);

impl<'a> Object<'a> {
    /// `text` must be one JSON object and nothing else. The error completes "not a JSON object":
    /// a colon and what is wrong with the JSON, if anything.
    pub fn parse(text: &'a str) -> Result<Self, String> {
        let invalid = |e: serde_json::Error| format!(": {e}");
        // Members are kept unread: what can't be read in them (half a surrogate pair, a number
        // like 1e999, a hundred nested arrays) would pass here and fail elsewhere.
        if !serde_json::from_str::<Value>(text).map_err(invalid)?.is_object() {
            return Err(String::new());
        }
        let mut json = serde_json::Deserializer::from_str(text);
        json.deserialize_map(Members).map(Self).map_err(invalid)
    }

    /// The body of an answer. The error completes "the answer can't be trusted: …".
    pub fn of_answer(body: &'a [u8]) -> Result<Self, String> {
        let text = std::str::from_utf8(body).map_err(|_| "it is not UTF-8 text")?;
        Self::parse(text).map_err(|e| format!("it is not a valid JSON object{e}"))
    }

    /// The text of member `key`; `None` if it is missing or `null`.
    pub fn get(&self, key: &str) -> Option<&'a str> {
        let text = self.0.get(key)?.get();
        (text != "null").then_some(text)
    }

    /// Whether member `key` is there, `null` or not.
    pub fn has(&self, key: &str) -> bool {
        self.0.contains_key(key)
    }

    /// Member `key` if it is a string.
    pub fn string(&self, key: &str) -> Option<String> {
        serde_json::from_str(self.get(key)?).ok()
    }
}

struct Members;

impl<'de> Visitor<'de> for Members {
    type Value = BTreeMap<String, &'de RawValue>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<M: MapAccess<'de>>(self, mut map: M) -> Result<Self::Value, M::Error> {
        let mut members = BTreeMap::new();
        while let Some((key, value)) = map.next_entry()? {
            if members.insert(key, value).is_some() {
                return Err(M::Error::custom("duplicate key"));
            }
        }
        Ok(members)
    }
}
