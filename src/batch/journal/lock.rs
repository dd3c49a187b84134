//! One run at a time writes a journal.

#[cfg(not(windows))]
use std::fs::TryLockError;
use std::fs::{File, OpenOptions};
use std::path::Path;

use super::write::{not_opened, output};
use crate::error::Error;
#[cfg(not(windows))]
use crate::error::reason;

/// Opens the journal for this run alone; others may still read it.
#[cfg(not(windows))]
pub(super) fn open_alone(options: &mut OpenOptions, path: &Path) -> Result<File, Error> {
    let file = options.open(path).map_err(|e| not_opened(path, &e))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(in_use(path)),
        Err(TryLockError::Error(e)) => {
            Err(output(path, &format!("can't be locked against other runs: {}", reason(&e)))
                .hint("put it on a local disk"))
        }
    }
}

/// A lock would keep readers such as `report` out on Windows; a share mode keeps out only writers.
#[cfg(windows)]
pub(super) fn open_alone(options: &mut OpenOptions, path: &Path) -> Result<File, Error> {
    use std::os::windows::fs::OpenOptionsExt;

    const FILE_SHARE_READ: u32 = 1;
    options.share_mode(FILE_SHARE_READ).open(path).map_err(|e| {
        if !is_shared_out(&e) {
            not_opened(path, &e)
        } else if File::open(path).is_err_and(|e| is_shared_out(&e)) {
            // A run lets others read.
            output(path, "is open in another program").hint("close it there")
        } else {
            output(path, "is in use by another run, or open in another program")
                .hint("wait for that run to finish, or close that program")
        }
    })
}

/// Whether others that hold the file don't allow to open it.
#[cfg(windows)]
fn is_shared_out(e: &std::io::Error) -> bool {
    const ERROR_SHARING_VIOLATION: i32 = 32;
    e.raw_os_error() == Some(ERROR_SHARING_VIOLATION)
}

/// Whether a run is writing it.
#[cfg(not(windows))]
pub fn is_in_use(path: &Path) -> bool {
    File::open(path)
        .is_ok_and(|file| matches!(file.try_lock_shared(), Err(TryLockError::WouldBlock)))
}

#[cfg(windows)]
pub fn is_in_use(path: &Path) -> bool {
    File::options().append(true).open(path).is_err_and(|e| is_shared_out(&e))
}

#[cfg(not(windows))]
fn in_use(path: &Path) -> Error {
    output(path, "is in use by another run").hint("wait for that run to finish, or stop it")
}
