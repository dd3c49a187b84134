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
