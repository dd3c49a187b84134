//! `completions` and `man`: printed from the command line as it is declared.

mod bash;
mod fish;
mod manual;

use std::path::Path;

use clap::Arg;
use clap::builder::PossibleValue;
use clap_complete::Shell;

use super::Context;
use crate::cli::{self, Man, pages};
use crate::error::{Error, Kind, Result, folder_reason};
use crate::exit::Exit;

const NAME: &str = "didit-face";

pub(super) fn completions(shell: Shell, context: &Context) -> Result<Exit> {
    context.console.result(&completion_script(shell))?;
    Ok(Exit::Done)
}

pub(super) fn man(arguments: &Man, context: &Context) -> Result<Exit> {
    if let Some(folder) = &arguments.dir {
        write_all(folder)?;
    } else {
        context.console.result(manual::page(arguments.command.as_deref()).as_bytes())?;
    }
    Ok(Exit::Done)
}

/// Bash has a script of its own: `clap_complete`'s completes nothing after a subcommand if the
/// program's name has a hyphen, nor file names. Its dynamic engine would run inside the program if
/// a variable is set, and `match` could then exit with 0 without a verdict.
fn completion_script(shell: Shell) -> Vec<u8> {
    let mut command = cli::visible_command();
    match shell {
        Shell::Bash => bash::script(&mut command).into_bytes(),
        Shell::Fish => fish::script(&mut command).into_bytes(),
        _ => {
            let mut script = Vec::new();
            clap_complete::generate(shell, &mut command, NAME, &mut script);
            script
        }
    }
}

/// The possible values of an argument, separated by spaces; empty if it takes any.
fn values(argument: &Arg) -> String {
    let values = argument.get_possible_values();
    values.iter().map(PossibleValue::get_name).collect::<Vec<_>>().join(" ")
}

fn write_all(folder: &Path) -> Result<(), Error> {
    for (name, page) in pages() {
        let path = folder.join(name);
        std::fs::write(&path, page).map_err(|e| {
            let what = format!("`{}` could not be written: {}", path.display(), folder_reason(&e));
            Error::new(Kind::Output, what)
        })?;
    }
    Ok(())
}

fn pages() -> Vec<(String, String)> {
    let commands = pages::PAGES.iter().map(|page| Some(page.command));
    std::iter::once(None)
        .chain(commands)
        .map(|command| (manual::file_name(command), manual::page(command)))
        .collect()
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use clap::ValueEnum;

    use super::*;

    const RENEW: &str = "out of step; run packaging/generate";

    fn folder(name: &str) -> PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR")).join(name)
    }

    #[test]
    fn generated_completions_match_the_files() {
        for shell in Shell::value_variants() {
            let path = folder("completions").join(clap_complete::Generator::file_name(shell, NAME));
            let file = std::fs::read(&path).unwrap_or_default();
            assert!(file == completion_script(*shell), "{}: {RENEW}", path.display());
        }
    }

    #[test]
    fn generated_manual_pages_match_the_files() {
        let pages = pages();
        for (name, page) in &pages {
            let file = std::fs::read_to_string(folder("man").join(name)).unwrap_or_default();
            assert!(file == *page, "man/{name}: {RENEW}");
        }
        assert_eq!(folder("man").read_dir().unwrap().count(), pages.len(), "stale files in man/");
    }

    #[test]
    fn every_visible_option_has_a_place_in_the_manual() {
        for command in cli::visible_command().get_subcommands() {
            let page = manual::page(Some(command.get_name())).replace('\\', "");
            for option in command.get_arguments().filter_map(clap::Arg::get_long) {
                assert!(page.contains(&format!("--{option}")), "{}: {option}", command.get_name());
            }
        }
    }
}
