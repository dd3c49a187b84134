//! The body of a request on its way: how much of it the connection has taken, and whether it
//! still moves.

use std::mem;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::{Context, Poll, ready};
use std::time::{Duration, Instant};

use bytes::{Bytes, BytesMut};
use http_body::{Body, Frame, SizeHint};
use reqwest::Request;
use reqwest::header::CONTENT_LENGTH;
use tokio::sync::Notify;
use tokio::time::{sleep, timeout};

use super::gate::Gate;
use super::observer::{Event, Observer};

/// What the connection takes at a time. It holds up to 400 KB, so a smaller body counts as taken
/// before any of it was sent.
const CHUNK: usize = 64 * 1024;
/// Pieces below this are cheaper to copy than to send one by one.
const SMALL: usize = 4 * 1024;

/// Why no answer is waited for any longer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Late {
    /// The connection took no more of the body.
    Upload,
    /// The body was taken, but the answer did not come.
    Answer,
}

/// A body that tells how far it is.
pub(super) struct Upload {
    body: reqwest::Body,
    /// What the body gave and the connection has not taken yet.
    chunk: Bytes,
    /// Small pieces, such as the boundaries of a form, that leave together.
    small: BytesMut,
    progress: Arc<UploadProgress>,
    observer: Observer,
}

/// How far a body is, in bytes.
pub(super) struct UploadProgress {
    total: u64,
    taken: AtomicU64,
    moved: Notify,
}

impl Upload {
    /// Has the body of `request` watched.
    pub(super) fn watch(request: &mut Request, observer: &Observer) -> Arc<UploadProgress> {
        let body = request.body_mut().take();
        let length = request.headers().get(CONTENT_LENGTH).and_then(|length| length.to_str().ok());
        let known = body.as_ref().and_then(|body| body.size_hint().exact());
        let total = known.or_else(|| length?.parse().ok()).unwrap_or_default();
        let (taken, moved) = (AtomicU64::new(0), Notify::new());
        let progress = Arc::new(UploadProgress { total, taken, moved });
        *request.body_mut() = body.map(|body| {
            let (progress, observer) = (Arc::clone(&progress), observer.clone());
            let (chunk, small) = (Bytes::new(), BytesMut::new());
            reqwest::Body::wrap(Self { body, chunk, small, progress, observer })
        });
        progress
    }
}

impl Upload {
    fn next_piece(&mut self, context: &mut Context<'_>) -> Poll<Option<reqwest::Result<Bytes>>> {
        // A body of one piece, which may hold a password, is not copied.
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
    /// Whether the connection has taken the whole body. If not, the service can't have received it.
    pub(super) fn is_complete(&self) -> bool {
        self.taken() == self.total
    }

    pub(super) fn taken(&self) -> u64 {
        self.taken.load(Ordering::Acquire)
    }

    fn left(&self) -> u64 {
        self.total - self.taken()
    }

    pub(super) fn total(&self) -> u64 {
        self.total
    }

    /// Returns once the connection has taken the whole body, or has taken nothing for `limit`.
    pub(super) async fn taken_whole(&self, limit: Duration) -> Result<(), Late> {
        while !self.is_complete() {
            timeout(limit, self.moved.notified()).await.map_err(|_| Late::Upload)?;
        }
        Ok(())
    }

    /// Returns when an answer is overdue: `limit` after the upload, and as long again as that
    /// took, since the system buffers up to some megabytes that are yet to be sent. Drops `turn`
    /// when the upload has ended.
    pub(super) async fn overdue(&self, limit: Duration, turn: UploadTurn<'_>) -> Late {
        let started = Instant::now();
        if let Err(late) = self.taken_whole(limit).await {
            return late;
        }
        drop(turn);
        sleep(limit + started.elapsed()).await;
        Late::Answer
    }
}

/// The time in which an upload takes its share of the line.
pub(super) struct UploadTurn<'a> {
    gate: &'a dyn Gate,
    progress: Arc<UploadProgress>,
    started: Instant,
}

impl<'a> UploadTurn<'a> {
    /// Waits until the upload may begin.
    pub(super) fn begin(gate: &'a dyn Gate, progress: &Arc<UploadProgress>) -> Self {
        gate.begin_upload();
        Self { gate, progress: Arc::clone(progress), started: Instant::now() }
    }
}

impl Drop for UploadTurn<'_> {
    fn drop(&mut self) {
        self.gate.end_upload(self.progress.taken(), self.started.elapsed());
    }
}

impl Body for Upload {
    type Data = Bytes;
    type Error = reqwest::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, reqwest::Error>>> {
        let Some(piece) = ready!(self.next_piece(context)?) else { return Poll::Ready(None) };
        let size = piece.len() as u64;
        let taken = self.progress.taken.fetch_add(size, Ordering::AcqRel) + size;
        self.progress.moved.notify_one();
        self.observer.tell(Event::Sent { bytes: taken });
        Poll::Ready(Some(Ok(Frame::data(piece))))
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.progress.left())
    }
}
