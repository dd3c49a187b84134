//! Reads a judged photo, if it still exists and hasn't changed.

use std::path::Path;

use bytes::Bytes;

use crate::photo::{MOST_BYTES, Source};
use crate::report::{Entry, located};
use crate::values::digest;

/// Reads photo `place` (0: user image, 1: reference image) of a pair, or says why it can't be used.
pub(super) fn read(entry: &Entry, place: usize, folder: &Path) -> Result<Bytes, String> {
    let name = &entry.photos[place];
    let bytes = Source::Path(located(folder, name)).read(MOST_BYTES);
    let bytes = bytes.map_err(|e| e.message().to_owned())?;
    match &entry.sha256[place] {
        Some(sha256) if *sha256 == digest::hex(&bytes) => Ok(bytes),
        Some(_) => Err(format!("`{name}` has changed since it was judged")),
        None => Err(format!("the journal does not say what `{name}` was")),
    }
}
