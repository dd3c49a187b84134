//! The `didit-face` binary: hands the process's arguments and environment over.

use std::ffi::OsString;
use std::process::ExitCode;

fn main() -> ExitCode {
    let arguments: Vec<OsString> = std::env::args_os().collect();
    let exit = didit_face::run(&arguments, didit_face::Environment::of_process());
    ExitCode::from(exit.code())
}
