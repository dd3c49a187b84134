//! Where a journal's photos are, and whether they are still those that were judged.

use std::fs::{self, File};
use std::path::{Path, PathBuf};

use crate::values::digest;

/// The path of the photo `name`. A journal may come from Windows: where there is no file with a
/// backslash in its name, backslashes separate folders.
pub fn located(base: &Path, name: &str) -> PathBuf {
    let path = base.join(name);
    if !cfg!(windows) && name.contains('\\') && !path.exists() {
        return base.join(name.replace('\\', "/"));
    }
    path
}

/// Whether `name` starts at a root of this system or of another one.
pub(super) fn is_rooted(name: &str) -> bool {
    let is_drive = |name: &[u8]| matches!(name, [drive, b':', ..] if drive.is_ascii_alphabetic());
    name.starts_with(['/', '\\']) || is_drive(name.as_bytes())
}

/// The part of `name` after its folders, on any system.
pub(super) fn last_part(name: &str) -> &str {
    name.rsplit(['/', '\\']).next().unwrap_or(name)
}

/// The SHA-256 of a regular file; opening anything else could block.
pub(super) fn sha256(path: &Path) -> Option<String> {
    let is_file = fs::metadata(path).is_ok_and(|metadata| metadata.is_file());
    let file = is_file.then(|| File::open(path).ok()).flatten()?;
    digest::hex_of(&[], file).ok()
}
