//! What happens to a request, told while it happens.

use std::io::{self, Cursor, Read};
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use reqwest::Method;
use reqwest::blocking::Body;

/// What happens to a request, for whoever wants to show it.
#[derive(Debug)]
pub enum Event<'a> {
    /// An attempt begins.
    Sending {
        /// The HTTP method.
        method: &'a Method,
        /// The whole URL.
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
    /// An answer came.
    Answered {
        /// The HTTP status.
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

/// Who is told of [`Event`]s.
#[derive(Clone)]
pub struct Observer {
    tell: Arc<dyn Fn(Event<'_>) + Send + Sync>,
    counts_bytes: bool,
}

impl Observer {
    /// `tell` is called with every event; with [`Event::Sent`] only if `counts_bytes`,
    /// since to count them costs some 20 ms for two large photos.
    pub fn new(counts_bytes: bool, tell: impl Fn(Event<'_>) + Send + Sync + 'static) -> Self {
        Self { tell: Arc::new(tell), counts_bytes }
    }

    pub(super) fn tell(&self, event: Event<'_>) {
        (self.tell)(event);
    }

    /// A body that is told of as it is sent, if that is wanted.
    pub(super) fn body(&self, bytes: &Bytes) -> Body {
        if !self.counts_bytes {
            return Body::from(bytes.clone());
        }
        let length = bytes.len() as u64;
        let counted = Counted { bytes: Cursor::new(bytes.clone()), observer: self.clone() };
        Body::sized(counted, length)
    }
}

/// The body, counted as it is handed to the connection.
struct Counted {
    bytes: Cursor<Bytes>,
    observer: Observer,
}

impl Read for Counted {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.bytes.read(buffer)?;
        self.observer.tell(Event::Sent { bytes: self.bytes.position() });
        Ok(count)
    }
}
