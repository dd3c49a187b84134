//! What came back.

use std::time::Duration;

/// A complete answer within bounds, of any status.
#[derive(Debug, Default)]
pub struct Answer {
    pub status: u16,
    /// The body, byte for byte.
    pub body: Vec<u8>,
    /// How many times the request was sent or tried.
    pub attempts: u32,
    /// How long the service asks to wait before the next request.
    pub retry_after: Option<Duration>,
    /// How long the service wants no request from anybody, if it says so.
    pub(super) silence: Option<Duration>,
}

impl Answer {
    /// Whether the service itself wants the request again later, and so has not processed it.
    /// A 503 that names no time may come from a gateway whose upstream took the request.
    pub(super) fn asks_to_be_asked_again(&self) -> bool {
        match self.status {
            429 => true,
            503 => self.retry_after.is_some(),
            _ => false,
        }
    }
}
