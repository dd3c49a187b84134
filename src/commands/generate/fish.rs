//! The completion script for fish: `clap_complete`'s, with what that leaves out.

use clap::Command;
use clap_complete::Shell;

use super::{NAME, values};

pub(super) fn script(cli: &mut Command) -> String {
    let mut script = Vec::new();
    clap_complete::generate(Shell::Fish, cli, NAME, &mut script);
    // Where an option before the command still lacks its value (`didit-face --color `), argparse
    // fails: offer the rest anyway.
    let mut script = String::from_utf8_lossy(&script).replacen("or return\n", "or return 0\n", 1);
    for command in cli.get_subcommands() {
        for values in command.get_positionals().map(values).filter(|values| !values.is_empty()) {
            script += &format!(
                "complete -c {NAME} -n \"__fish_didit_face_using_subcommand {}\" -f -a \"{values}\"\n",
                command.get_name()
            );
        }
    }
    script
}
