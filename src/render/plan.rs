//! The output of `--dry-run`: the request that would be sent.

use serde_json::json;

use crate::api::{Base, FaceMatch};
use crate::values::json::SCHEMA;
use crate::values::text::safe;

pub struct Plan<'a> {
    request: &'a FaceMatch,
    /// `None` with `--local`, where nothing is sent.
    url: Option<String>,
    key: &'a str,
}

impl<'a> Plan<'a> {
    /// `key` says whether there is a key, without revealing it.
    pub fn new(request: &'a FaceMatch, base: &Base, is_local: bool, key: &'a str) -> Self {
        let url = (!is_local).then(|| base.join(FaceMatch::PATH).to_string());
        Self { request, url, key }
    }

    pub fn as_text(&self) -> String {
        let mut lines = vec!["Dry run: everything checked, nothing sent, no verdict.".to_owned()];
        lines.push(match &self.url {
            Some(url) => format!("POST {url}"),
            None => "compare on this machine with the built-in engine".to_owned(),
        });
        lines.push(format!("x-api-key: ({})", self.key));
        for (field, photo, file_name) in self.request.images() {
            lines.push(format!(
                "{field}: {}, {} bytes, sent as {file_name} ({})",
                photo.name(),
                photo.size(),
                photo.format().media_type()
            ));
        }
        lines.extend(self.request.fields().iter().map(|(name, value)| format!("{name}: {value}")));
        lines.iter().map(|line| safe(line)).collect::<Vec<_>>().join("\n") + "\n"
    }

    pub fn as_json(&self) -> String {
        let mut sent = json!({});
        for (field, photo, file_name) in self.request.images() {
            sent[field] = json!({
                "file": photo.name(),
                "sent_as": file_name,
                "content_type": photo.format().media_type(),
                "bytes": photo.size(),
            });
        }
        for (name, value) in self.request.fields() {
            sent[name] = value.into();
        }
        let plan = json!({"schema": SCHEMA, "dry_run": true, "url": self.url, "api_key": self.key, "fields": sent});
        format!("{plan}\n")
    }
}
