//! Prints help and version, and explains a bad command line.

use std::ffi::OsString;

use clap::error::{ContextKind, ErrorKind};

use crate::cli::settings::{self, Environment};
use crate::error::{Error, Kind};
use crate::exit::Exit;
use crate::render::Console;

/// The streams' settings, as known before the command line is parsed.
pub fn console(arguments: &[OsString], environment: &Environment) -> Console {
    let given = |flag: &str| arguments.iter().take_while(|a| *a != "--").any(|a| a == flag);
    Console::new(settings::style_choice(None, environment), false, false, given("--json"))
}

/// Prints help or version to stdout; reports anything else as an error.
pub fn report(e: &clap::Error, arguments: &[OsString], console: &Console) -> Exit {
    let error = match e.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => {
            let text = e.render();
            let text =
                if console.out.is_coloured { text.ansi().to_string() } else { text.to_string() };
            match console.result(text.as_bytes()) {
                Ok(()) => return Exit::Done,
                Err(e) => e,
            }
        }
        ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand | ErrorKind::MissingSubcommand => {
            Error::new(Kind::Usage, "no command given").hint("see `didit-face --help`")
        }
        _ => in_our_words(e, arguments),
    };
    console.fail(&error);
    Exit::from(error.kind())
}

/// clap's first paragraph is the message; its tips, or ours, are the hint.
fn in_our_words(e: &clap::Error, arguments: &[OsString]) -> Error {
    let text = e.render().to_string();
    let text = text.strip_prefix("error: ").unwrap_or(&text);
    let mut paragraphs =
        text.split("\n\n").map(|p| p.split_whitespace().collect::<Vec<_>>().join(" "));
    let message = paragraphs.next().unwrap_or_default();
    let tips: Vec<String> = paragraphs
        .flat_map(|p| p.split("tip: ").skip(1).map(|tip| tip.trim().to_owned()).collect::<Vec<_>>())
        .collect();
    let hint = if tips.is_empty() { where_to_look(arguments) } else { tips.join("; ") };
    Error::new(Kind::Usage, message).hint(equals_sign(e, arguments).unwrap_or(hint))
}

/// What clap says of the values that it reads. `value` is `None` if it may hold a secret.
pub fn invalid_value(flag: &str, value: Option<&str>, why: &str) -> Error {
    let value = value.map_or_else(String::new, |value| format!(" '{value}'"));
    Error::new(Kind::Usage, format!("invalid value{value} for '{flag}': {why}"))
}

/// For `--wait 5`, whose value needs an equals sign.
fn equals_sign(e: &clap::Error, arguments: &[OsString]) -> Option<String> {
    let surplus = e.get(ContextKind::InvalidArg)?.to_string();
    let place = arguments.iter().position(|argument| *argument == *surplus)?;
    let flag = arguments.get(place.checked_sub(1)?)?.to_str()?;
    ["--wait", "--fit"].contains(&flag).then(|| format!("write `{flag}={surplus}`"))
}

/// Points to the help of the given command.
pub fn where_to_look(arguments: &[OsString]) -> String {
    let cli = super::command();
    let command = arguments.iter().skip(1).find_map(|word| cli.find_subcommand(word));
    let command = command.map_or(String::new(), |command| format!(" {}", command.get_name()));
    format!("see `didit-face{command} --help`")
}
