//! The tag that ties an answer to its request.

use std::fmt;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

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
