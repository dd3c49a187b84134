//! Follows a request's body on its way to the connection: how much has been taken, and whether the
//! upload has stalled.

use std::future::Future;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, ready};
use std::time::{Duration, Instant};
use std::{fmt, mem};

use bytes::{Bytes, BytesMut};
use http_body::{Body, Frame, SizeHint};
use reqwest::Request;
use reqwest::header::CONTENT_LENGTH;
use tokio::sync::Notify;
use tokio::time::{Sleep, sleep, timeout_at};

use super::request::{Event, Observer};
use crate::values::text;

/// The size of one write. The connection buffers up to 400 KB, so a smaller body counts as taken
/// before any of it is sent.
const CHUNK: usize = 64 * 1024;
/// Smaller pieces are cheaper to copy than to send one by one.
const SMALL: usize = 4 * 1024;

/// A service that refuses an upload by its headers answers within a round trip; connecting took one
/// or more. Meanwhile the upload waits for a part of that time: if a piece were written after the
/// refused connection is reset, the write would fail, and hyper doesn't read after that. Later
/// answers are seen between two pieces.
const WAIT: f32 = 0.5;
/// The time to connect includes a name lookup, which says nothing about the line.
const LONGEST_WAIT: Duration = Duration::from_millis(250);
/// After an upload that broke, maybe before its answer could be read.
const WAIT_AGAIN: Duration = Duration::from_millis(100);

/// Why the wait for an answer ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Late {
    /// The connection took no more of the body.
    Upload,
    /// The body was taken, but the answer did not come.
    Answer,
}

/// A body that reports its progress.
pub(super) struct Upload {
    body: reqwest::Body,
    /// Read from the body, but not taken by the connection yet.
    chunk: Bytes,
    /// Small pieces, such as a form's boundaries, to be sent together.
    small: BytesMut,
    started: Instant,
    at_least: Duration,
    pause: Pause,
    progress: Arc<UploadProgress>,
    observer: Observer,
}

/// What happens before the next piece.
enum Pause {
    /// The connection has just been made.
    Beginning,
    Waiting(Pin<Box<Sleep>>),
    /// Lets hyper write the last piece, and read what has arrived.
    Between,
    Over,
}

/// In bytes.
pub(super) struct UploadProgress {
    total: u64,
    taken: AtomicU64,
    moved_at: Mutex<Instant>,
    /// Notified only at the end: waking the waiting thread takes longer than sending a piece.
    completed: Notify,
    /// Set at the end, before the last piece leaves.
    is_open: Arc<AtomicBool>,
}

impl Upload {
    pub(super) fn watch(
        request: &mut Request,
        observer: &Observer,
        is_open: &Arc<AtomicBool>,
        is_first: bool,
    ) -> Arc<UploadProgress> {
        let body = request.body_mut().take();
        let length = request.headers().get(CONTENT_LENGTH).and_then(|length| length.to_str().ok());
        let known = body.as_ref().and_then(|body| body.size_hint().exact());
        let total = known.or_else(|| length?.parse().ok()).unwrap_or_default();
        let progress = Arc::new(UploadProgress {
            total,
            taken: AtomicU64::new(0),
            moved_at: Mutex::new(Instant::now()),
            completed: Notify::new(),
            is_open: Arc::clone(is_open),
        });
        *request.body_mut() = body.map(|body| {
            let (progress, observer) = (Arc::clone(&progress), observer.clone());
            let (chunk, small, started) = (Bytes::new(), BytesMut::new(), Instant::now());
            let at_least = if is_first { Duration::ZERO } else { WAIT_AGAIN };
            let pause = if total > CHUNK as u64 { Pause::Beginning } else { Pause::Over };
            reqwest::Body::wrap(Self {
                body,
                chunk,
                small,
                started,
                at_least,
                pause,
                progress,
                observer,
            })
        });
        progress
    }

    fn pause(&mut self, context: &mut Context<'_>) -> Poll<()> {
        if matches!(self.pause, Pause::Beginning) {
            let wait = self.started.elapsed().mul_f32(WAIT).min(LONGEST_WAIT).max(self.at_least);
            self.pause = Pause::Waiting(Box::pin(sleep(wait)));
        }
        match &mut self.pause {
            Pause::Waiting(wait) => ready!(wait.as_mut().poll(context)),
            Pause::Between => {
                self.pause = Pause::Over;
                context.waker().wake_by_ref();
                return Poll::Pending;
            }
            Pause::Beginning | Pause::Over => {}
        }
        self.pause = Pause::Over;
        Poll::Ready(())
    }

    fn next_piece(&mut self, context: &mut Context<'_>) -> Poll<Option<reqwest::Result<Bytes>>> {
        // A body in one piece isn't copied: it may hold a password.
        while self.chunk.len() < SMALL && self.chunk.len() as u64 != self.progress.left() {
            self.small.extend_from_slice(&mem::take(&mut self.chunk));
            match ready!(Pin::new(&mut self.body).poll_frame(context)?) {
                Some(frame) => self.chunk = frame.into_data().unwrap_or_default(),
                None => break,
            }
        }
        if !self.small.is_empty() {
            return Poll::Ready(Some(Ok(self.small.split().freeze())));
        }
        let size = self.chunk.len().min(CHUNK);
        let chunk = self.chunk.split_to(size);
        Poll::Ready((!chunk.is_empty()).then_some(Ok(chunk)))
    }
}

impl UploadProgress {
    /// Whether the connection has taken the whole body. If not, the service can't have processed it.
    pub(super) fn is_complete(&self) -> bool {
        self.taken() == self.total
    }

    fn taken(&self) -> u64 {
        self.taken.load(Ordering::Acquire)
    }

    fn take(&self, bytes: u64) {
        self.taken.fetch_add(bytes, Ordering::AcqRel);
        *self.moved_at() = Instant::now();
        if self.is_complete() {
            self.is_open.store(true, Ordering::SeqCst);
            self.completed.notify_one();
        }
    }

    fn moved_at(&self) -> MutexGuard<'_, Instant> {
        self.moved_at.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn left(&self) -> u64 {
        self.total - self.taken()
    }

    pub(super) fn total(&self) -> u64 {
        self.total
    }

    /// Returns once the connection has taken the whole body, or has taken nothing for `limit`.
    async fn taken_whole(&self, limit: Duration) -> Result<(), Late> {
        while !self.is_complete() {
            let stalled_at = *self.moved_at() + limit;
            if stalled_at <= Instant::now() {
                return Err(Late::Upload);
            }
            let _ = timeout_at(stalled_at.into(), self.completed.notified()).await;
        }
        Ok(())
    }

    /// Returns when the answer is overdue: `limit` plus the duration of the upload after its end,
    /// since the system may still have megabytes to send.
    pub(super) async fn overdue(&self, limit: Duration) -> Late {
        let started = Instant::now();
        if let Err(late) = self.taken_whole(limit).await {
            return late;
        }
        run_for(limit + started.elapsed()).await;
        Late::Answer
    }
}

/// Sleeps for `time`, without the time for which the process was stopped: what arrived meanwhile is
/// read before it is called late.
async fn run_for(time: Duration) {
    const SLICE: Duration = Duration::from_millis(250);
    let mut left = time;
    while !left.is_zero() {
        let slice = left.min(SLICE);
        sleep(slice).await;
        left -= slice;
    }
}

/// `1.2 MB of 8.4 MB`.
impl fmt::Display for UploadProgress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [taken, total] = [self.taken(), self.total]
            .map(|bytes| text::size(usize::try_from(bytes).unwrap_or(usize::MAX)));
        write!(f, "{taken} of {total}")
    }
}

impl Body for Upload {
    type Data = Bytes;
    type Error = reqwest::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, reqwest::Error>>> {
        ready!(self.pause(context));
        let Some(piece) = ready!(self.next_piece(context)?) else { return Poll::Ready(None) };
        self.pause = Pause::Between;
        self.progress.take(piece.len() as u64);
        self.observer.tell(Event::Sent { bytes: self.progress.taken() });
        Poll::Ready(Some(Ok(Frame::data(piece))))
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.progress.left())
    }
}
