//! `completions` and `man`: printed from the command line as it is declared.

use clap::{Command, CommandFactory};
use clap_complete::Shell;
use clap_mangen::Man;

use super::Context;
use crate::cli::Cli;
use crate::error::Result;
use crate::exit::Exit;

const NAME: &str = "didit-face";

/// Prints a completion script.
pub(super) fn completions(shell: Shell, context: &Context) -> Result<Exit> {
    context.console.result(&completion_script(shell))?;
    Ok(Exit::Done)
}

/// Prints the manual page.
pub(super) fn man(context: &Context) -> Result<Exit> {
    context.console.result(&manual()?)?;
    Ok(Exit::Done)
}

fn completion_script(shell: Shell) -> Vec<u8> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Cli::command(), NAME, &mut script);
    script
}

/// One page for all commands: a section for each, its options included.
fn manual() -> Result<Vec<u8>> {
    let command = Cli::command();
    let page = Man::new(command.clone());
    let mut roff = Vec::new();
    page.render_title(&mut roff)?;
    page.render_name_section(&mut roff)?;
    page.render_synopsis_section(&mut roff)?;
    page.render_description_section(&mut roff)?;
    page.render_options_section(&mut roff)?;
    for subcommand in command.get_subcommands() {
        roff.extend(section(subcommand)?);
    }
    page.render_extra_section(&mut roff)?;
    page.render_version_section(&mut roff)?;
    Ok(roff)
}

fn section(command: &Command) -> Result<Vec<u8>> {
    let name = format!("{NAME} {}", command.get_name());
    let page = Man::new(command.clone().bin_name(name.clone()).disable_help_flag(true));
    let mut roff = Vec::new();
    page.render_synopsis_section(&mut roff)?;
    page.render_description_section(&mut roff)?;
    page.render_options_section(&mut roff)?;
    page.render_extra_section(&mut roff)?;
    let subsections = String::from_utf8(roff)?.replace(".SH ", ".SS ");
    Ok(format!(".SH \"{}\"\n{subsections}", name.to_uppercase()).into_bytes())
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use clap::ValueEnum;

    use super::*;

    #[test]
    fn the_files_in_completions_are_what_the_command_prints() {
        for shell in Shell::value_variants() {
            let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("completions");
            let path = folder.join(clap_complete::Generator::file_name(shell, NAME));
            let file = std::fs::read(&path).unwrap_or_default();
            let command = format!("didit-face completions {shell} > {}", path.display());
            assert!(file == completion_script(*shell), "out of step: {command}");
        }
    }

    #[test]
    fn the_file_in_man_is_what_the_command_prints() {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("man/didit-face.1");
        let file = std::fs::read(&path).unwrap_or_default();
        assert!(file == manual().unwrap(), "out of step: didit-face man > {}", path.display());
    }

    #[test]
    fn the_manual_has_every_command_and_option() {
        let manual = String::from_utf8(manual().unwrap()).unwrap().replace('\\', "");
        for command in Cli::command().get_subcommands() {
            assert!(manual.contains(&format!("DIDIT-FACE {}", command.get_name().to_uppercase())));
            for option in command.get_arguments().filter_map(clap::Arg::get_long) {
                assert!(manual.contains(&format!("--{option}")), "{option}");
            }
        }
    }
}
