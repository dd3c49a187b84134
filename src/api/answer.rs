//! An answer of the service, or of something on the way to it.

use std::time::Duration;

use super::provenance::{Author, Ending};
use crate::values::tag::RequestTag;

/// A complete answer within the size limit, with any status.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    /// The body, byte for byte.
    pub body: Vec<u8>,
    pub attempts: u32,
    /// How long the service asks to wait before the next request.
    pub retry_after: Option<Duration>,
    /// What the request was tagged with, in the end.
    pub tag: Option<RequestTag>,
    /// Whether a cache gave it: it is older than the request.
    pub is_stale: bool,
    pub(super) author: Author,
    /// Whether the whole request had been sent when the answer came.
    pub(super) is_uploaded: bool,
    /// How long all requests should pause.
    pub(super) silence: Option<Duration>,
}

impl Answer {
    pub(super) fn ending(&self) -> Ending {
        Ending::Answered {
            status: self.status,
            by_service: self.author == Author::Service,
            is_uploaded: self.is_uploaded,
        }
    }

    /// The title or first line, if a gateway on the way answered in the service's place.
    pub fn page(&self) -> Option<&str> {
        self.author.page()
    }

    pub(super) fn asks_for_a_pause(&self) -> bool {
        self.status == 429 || self.status == 503 && self.retry_after.is_some()
    }
}

#[cfg(test)]
impl Default for Answer {
    fn default() -> Self {
        Self {
            status: 200,
            body: Vec::new(),
            attempts: 1,
            retry_after: None,
            tag: None,
            is_stale: false,
            author: Author::Service,
            is_uploaded: true,
            silence: None,
        }
    }
}
