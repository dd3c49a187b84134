//! The process itself: keeps its memory from other users and core dumps.

/// Keeps keys, passwords and photos out of core dumps and, on Linux, away from other processes of
/// the same user: no debugger can attach, and `/proc/PID/environ` and `mem` are closed. If the
/// system refuses, only this protection is lost.
#[cfg(unix)]
pub fn keep_memory_private() {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

    // The hard limit stays: a browser started from here may raise its soft limit again.
    let Rlimit { maximum, .. } = getrlimit(Resource::Core);
    let _ = setrlimit(Resource::Core, Rlimit { current: Some(0), maximum });
    // A handler that core dumps are piped to ignores that limit.
    #[cfg(target_os = "linux")]
    let _ = rustix::process::set_dumpable_behavior(rustix::process::DumpableBehavior::NotDumpable);
}

/// Rust has no safe call that turns off the dumps of one process on Windows.
#[cfg(not(unix))]
pub fn keep_memory_private() {}
