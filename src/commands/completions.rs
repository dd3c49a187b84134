//! `completions`: the scripts for shells, from the command line as it is declared.

use clap::builder::{PossibleValue, ValueHint};
use clap::{Arg, Command};
use clap_complete::Shell;

use super::Context;
use crate::cli;
use crate::error::Result;
use crate::exit::Exit;

const NAME: &str = "didit-face";

const BASH_HEAD: &str = r#"# bash completion for didit-face, as `didit-face completions bash` prints it
_didit_face() {
    local cur=$2 prev=$3 command= options= values= files= before= word
    # Readline breaks words at `=`: --color=auto is three.
    [[ $cur == = ]] && cur=
    [[ $prev == = ]] && prev=${COMP_WORDS[COMP_CWORD - 2]}
    for word in "${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
        case $word in
            COMMANDS)
                command=$word
                break
                ;;
        esac
    done
    case $command in
"#;

const BASH_TAIL: &str = r#"    esac
    # Options where they are begun, or where nothing else can follow.
    if [[ $cur == -* || -z $values$files ]]; then
        values=$options
    fi
    # The last value of a list: fails,warns.
    [[ $cur == *,* ]] && before=${cur%,*},
    COMPREPLY=($(compgen -P "$before" -W "$values" -- "${cur##*,}"))
    case $files in
        '') compopt +o bashdefault +o default 2>/dev/null ;;
        folders) compopt +o bashdefault +o default -o dirnames 2>/dev/null ;;
    esac
    return 0
}
complete -o bashdefault -o default -F _didit_face didit-face
"#;

pub(super) fn run(shell: Shell, context: &Context) -> Result<Exit> {
    context.console.result(&completion_script(shell))?;
    Ok(Exit::Done)
}

/// Bash has a script of its own: `clap_complete`'s completes nothing after a subcommand if the
/// program's name has a hyphen, nor file names. Its dynamic engine would run inside the program if
/// a variable is set, and `match` could then exit with 0 without a verdict.
fn completion_script(shell: Shell) -> Vec<u8> {
    let mut command = cli::visible_command();
    match shell {
        Shell::Bash => bash(&mut command).into_bytes(),
        Shell::Fish => fish(&mut command).into_bytes(),
        _ => {
            let mut script = Vec::new();
            clap_complete::generate(shell, &mut command, NAME, &mut script);
            script
        }
    }
}

fn bash(cli: &mut Command) -> String {
    cli.build();
    let commands: Vec<_> = cli.get_subcommands().map(Command::get_name).collect();
    let mut script = BASH_HEAD.replace("COMMANDS", &commands.join("|"));
    script += &case("''", cli, &commands.join(" "), false);
    for command in cli.get_subcommands() {
        let positionals = || command.get_positionals();
        let values = positionals().map(values).find(|v| !v.is_empty()).unwrap_or_default();
        script += &case(
            command.get_name(),
            command,
            &values,
            positionals().any(|a| files_of(a) == "yes"),
        );
    }
    script + BASH_TAIL
}

/// One command: its positional values or files, and what each option takes.
fn case(label: &str, command: &Command, values: &str, takes_files: bool) -> String {
    let flags: Vec<_> = command.get_arguments().flat_map(flags).collect();
    let mut text = format!("        {label})\n            options='{}'\n", flags.join(" "));
    if !values.is_empty() {
        text += &format!("            values='{values}'\n");
    }
    if takes_files {
        text += "            files=yes\n";
    }
    text += &of_previous(command);
    text + "            ;;\n"
}

fn of_previous(command: &Command) -> String {
    let with_value = || command.get_opts().filter(|a| !a.is_require_equals_set());
    let mut text = String::new();
    for option in with_value().filter(|a| !values(a).is_empty()) {
        text += &arm(&flags(option), &format!("options= files= values='{}'", values(option)));
    }
    for files in ["yes", "folders", ""] {
        let alike = with_value().filter(|a| values(a).is_empty() && files_of(a) == files);
        let set = format!("options= values= files={files}");
        text += &arm(&alike.flat_map(flags).collect::<Vec<_>>(), &set);
    }
    if text.is_empty() {
        text
    } else {
        format!("            case $prev in\n{text}            esac\n")
    }
}

fn arm(flags: &[String], set: &str) -> String {
    if flags.is_empty() {
        return String::new();
    }
    format!("                {}) {set} ;;\n", flags.join("|"))
}

fn flags(option: &Arg) -> Vec<String> {
    let short = option.get_short().map(|short| format!("-{short}"));
    let long = option.get_long().map(|long| format!("--{long}"));
    short.into_iter().chain(long).collect()
}

/// Which paths it takes: `yes` for files, `folders`, or none.
fn files_of(argument: &Arg) -> &'static str {
    match argument.get_value_hint() {
        ValueHint::FilePath | ValueHint::AnyPath => "yes",
        ValueHint::DirPath => "folders",
        _ => "",
    }
}

fn fish(cli: &mut Command) -> String {
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

/// The possible values of an argument, separated by spaces; empty if it takes any.
fn values(argument: &Arg) -> String {
    let values = argument.get_possible_values();
    values.iter().map(PossibleValue::get_name).collect::<Vec<_>>().join(" ")
}
