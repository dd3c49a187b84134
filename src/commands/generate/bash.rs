//! The completion script for bash: a table of words for each command, and file names by readline.

use clap::builder::ValueHint;
use clap::{Arg, Command};

use super::values;

const HEAD: &str = r#"# bash completion for didit-face, as `didit-face completions bash` prints it
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

const TAIL: &str = r#"    esac
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

pub(super) fn script(cli: &mut Command) -> String {
    cli.build();
    let commands: Vec<_> = cli.get_subcommands().map(Command::get_name).collect();
    let mut script = HEAD.replace("COMMANDS", &commands.join("|"));
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
    script + TAIL
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
