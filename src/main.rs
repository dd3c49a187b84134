//! The `didit-face` binary: passes the process's arguments and environment to the library.

use std::ffi::OsString;
use std::process::ExitCode;

#[cfg(target_env = "musl")]
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    didit_face::process::keep_memory_private();
    let arguments: Vec<OsString> = std::env::args_os().collect();
    let exit = didit_face::run(&arguments, didit_face::Environment::of_process());
    ExitCode::from(exit.code())
}
