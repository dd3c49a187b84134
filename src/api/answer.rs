//! An answer of the service.

use std::time::Duration;

/// A complete answer within the size limit, with any status.
#[derive(Debug, Default)]
pub struct Answer {
    pub status: u16,
    /// The body, byte for byte.
    pub body: Vec<u8>,
    pub attempts: u32,
    /// How long the service asks to wait before the next request.
    pub retry_after: Option<Duration>,
    /// How long all requests should pause.
    pub(super) silence: Option<Duration>,
}

impl Answer {
    /// Whether the service asks for the request to be sent again later, and so has not processed it.
    /// A 503 without a time may come from a gateway whose upstream took the request.
    pub(super) fn asks_to_be_asked_again(&self) -> bool {
        match self.status {
            429 => true,
            503 => self.retry_after.is_some(),
            _ => false,
        }
    }
}
