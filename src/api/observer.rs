//! Reports the progress of a request.

use std::sync::Arc;
use std::time::Duration;

use reqwest::Method;

/// A step of a request, to show or log.
#[derive(Debug)]
pub enum Event<'a> {
    Sending {
        method: &'a Method,
        url: &'a str,
        /// The size of the body.
        bytes: u64,
        /// 1 for the first.
        attempt: u32,
    },
    /// The connection took more of the body.
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
    /// An attempt failed; the next one follows after a wait.
    Waiting { why: &'a str, wait: Duration },
}

#[derive(Clone)]
pub struct Observer(Arc<dyn Fn(Event<'_>) + Send + Sync>);

impl Observer {
    pub fn new(tell: impl Fn(Event<'_>) + Send + Sync + 'static) -> Self {
        Self(Arc::new(tell))
    }

    pub(super) fn tell(&self, event: Event<'_>) {
        (self.0)(event);
    }
}
