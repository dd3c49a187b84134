//! Bytes that are recognised as photos, without real pixels.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use tempfile::TempDir;

pub(crate) const JPEG: &[u8] = b"\xff\xd8\xff\xe0\0\x10JFIF\0";
pub(crate) const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR";
pub(crate) const WEBP: &[u8] = b"RIFF\x24\0\0\0WEBPVP8 ";
pub(crate) const TIFF: &[u8] = b"II\x2a\0\x08\0\0\0";
pub(crate) const BIG_ENDIAN_TIFF: &[u8] = b"MM\0\x2a\0\0\0\x08";

/// The service's limit.
pub(crate) const LIMIT: usize = 5 * 1024 * 1024;

/// A sample photo.
pub(crate) fn sample(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/samples").join(name)
}

/// `head`, filled up to `size` bytes that hold every value, line ends and dashes included.
pub(crate) fn padded(head: &[u8], size: usize) -> Vec<u8> {
    let filling = (0..=u8::MAX).chain(*b"\r\n--\r\n").cycle();
    head.iter().copied().chain(filling).take(size).collect()
}

/// A folder with a pair of photos, deleted with its last user.
pub(crate) struct Photos {
    folder: Arc<TempDir>,
    pub(crate) user: PathBuf,
    pub(crate) reference: PathBuf,
}

impl Photos {
    /// A JPEG and a PNG of a few hundred bytes.
    pub(crate) fn new() -> Self {
        Self::of(&padded(JPEG, 700), &padded(PNG, 600))
    }

    pub(crate) fn of(user: &[u8], reference: &[u8]) -> Self {
        let folder = Arc::new(tempfile::tempdir().expect("a folder"));
        let write = |name: &str, bytes: &[u8]| {
            let path = folder.path().join(name);
            fs::write(&path, bytes).expect("written");
            path
        };
        let (user, reference) = (write("selfie.jpg", user), write("id card.png", reference));
        Self { folder, user, reference }
    }

    pub(crate) fn share(&self) -> Arc<TempDir> {
        Arc::clone(&self.folder)
    }

    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// One more file in the folder.
    pub(crate) fn add(&self, name: &str, bytes: &[u8]) -> PathBuf {
        let path = self.folder.path().join(name);
        fs::write(&path, bytes).expect("written");
        path
    }
}
