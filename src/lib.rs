//! Compares two photos of a face, with Didit's Face Match API or on this machine.
//!
//! The library exists for the `didit-face` binary, its benchmarks and its tests.
//! [`run`] reads straight down: command line, settings, command, failure, exit code.

pub mod api;
pub mod batch;
pub mod cli;
pub mod commands;
pub mod engine;
pub mod error;
pub mod exit;
pub mod interrupt;
pub mod pair;
pub mod panics;
pub mod photo;
pub mod picture;
pub mod preflight;
pub mod prepare;
pub mod render;
pub mod report;
pub mod server;
pub mod values;
pub mod verdict;

use std::ffi::OsString;
use std::panic;

use crate::cli::Cli;
use crate::cli::settings::Settings;
use crate::commands::Context;
use crate::error::Error;
use crate::exit::Exit;
use crate::render::Console;

pub use crate::cli::settings::Environment;

/// Runs the tool with `arguments` (the program's name first), and returns how it ended.
///
/// Writes to stdout and stderr. A panic exits with [`Exit::Internal`].
pub fn run(arguments: &[OsString], environment: Environment) -> Exit {
    let console = cli::usage::console(arguments, &environment);
    panic::set_hook(Box::new(move |bug| {
        if !panics::are_caught() {
            console.fail(&Error::internal(&bug_location(bug)));
        }
    }));
    let run = panic::AssertUnwindSafe(|| parsed(arguments, environment, &console));
    panic::catch_unwind(run).unwrap_or(Exit::Internal)
}

fn parsed(arguments: &[OsString], environment: Environment, console: &Console) -> Exit {
    let cli = match Cli::parse_arguments(arguments) {
        Ok(cli) => cli,
        Err(e) => return cli::usage::report(&e, arguments, console),
    };
    let settings = match Settings::resolve(&cli.global, &environment) {
        Ok(settings) => settings,
        Err(e) => return failed(&e.hint(cli::usage::where_to_look(arguments)), console),
    };
    let console =
        Console::new(settings.style, settings.quiet, settings.verbose, settings.json.is_some());
    settings.origins().iter().for_each(|line| console.detail(line));
    interrupt::install(move |e| {
        render::clear_progress();
        console.fail(e);
    });
    let context = Context { settings, environment, console };
    commands::run(&cli.command, &context).unwrap_or_else(|e| failed(&Error::of(e), &console))
}

fn failed(error: &Error, console: &Console) -> Exit {
    console.fail(error);
    Exit::from(error.kind())
}

/// Where it panicked, without the message, which could quote data from outside.
fn bug_location(bug: &panic::PanicHookInfo<'_>) -> String {
    bug.location().map_or_else(
        || "a panic".to_owned(),
        |at| format!("a panic at {}:{}", at.file(), at.line()),
    )
}
