//! The `didit-face` binary: keeps the process's memory private, and passes its arguments and environment
//! to the library.

use std::ffi::OsString;
use std::process::ExitCode;

#[cfg(target_env = "musl")]
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    keep_memory_private();
    let arguments: Vec<OsString> = std::env::args_os().collect();
    let exit = didit_face::run(&arguments, didit_face::Environment::of_process());
    ExitCode::from(exit.code())
}

/// Keeps keys, passwords and photos out of core dumps and, on Linux, away from other processes of
/// the same user: no debugger can attach, and `/proc/PID/environ` and `mem` are closed. If the
/// system refuses, only this protection is lost.
#[cfg(unix)]
fn keep_memory_private() {
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
fn keep_memory_private() {}
