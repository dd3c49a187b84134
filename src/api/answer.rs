//! What came back.

use std::time::Duration;

/// A complete answer within bounds, whatever its status.
#[derive(Debug)]
pub struct Answer {
    /// The HTTP status.
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
