//! What happens to a request, told while it happens.

use std::sync::Arc;
use std::time::Duration;

use reqwest::Method;

/// What happens to a request, to be shown or logged.
#[derive(Debug)]
pub enum Event<'a> {
    /// An attempt begins.
    Sending {
        method: &'a Method,
        url: &'a str,
        /// The size of the body.
        bytes: u64,
        /// 1 for the first.
        attempt: u32,
    },
    /// So many bytes of the body were handed to the connection.
    Sent {
        /// Since the attempt began.
        bytes: u64,
    },
    Answered {
        status: u16,
        /// The size of the body.
        bytes: usize,
        /// Since the attempt began.
        elapsed: Duration,
        /// `Retry-After` and the `X-RateLimit-` headers.
        rate_limit: &'a [(String, String)],
    },
    /// An attempt failed and is repeated after a wait.
    Waiting {
        /// What went wrong.
        why: &'a str,
        /// Until the next attempt.
        wait: Duration,
    },
}

/// Receives [`Event`]s.
#[derive(Clone)]
pub struct Observer(Arc<dyn Fn(Event<'_>) + Send + Sync>);

impl Observer {
    /// `tell` is called with every event.
    pub fn new(tell: impl Fn(Event<'_>) + Send + Sync + 'static) -> Self {
        Self(Arc::new(tell))
    }

    pub(super) fn tell(&self, event: Event<'_>) {
        (self.0)(event);
    }
}
