//! Prints help and version, and explains a bad command line.

use std::ffi::OsString;
use std::path::Path;

use clap::error::{ContextKind, ContextValue, ErrorKind};

use crate::cli::settings::{self, Environment};
use crate::error::{Error, Kind};
use crate::exit::Exit;
use crate::render::Console;
use crate::values::text::quoted;

/// The streams' settings, as known before the command line is parsed.
pub fn console(arguments: &[OsString], environment: &Environment) -> Console {
    let is_json = arguments
        .iter()
        .take_while(|a| *a != "--")
        .any(|a| a == "--json" || a.as_encoded_bytes().starts_with(b"--json="));
    Console::new(settings::style_choice(None, environment), false, false, is_json)
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

/// clap's first paragraph is the message. The hint is ours: clap's suggestions are far-fetched.
fn in_our_words(e: &clap::Error, arguments: &[OsString]) -> Error {
    let text = e.render().to_string();
    let text = text.strip_prefix("error: ").unwrap_or(&text);
    let message = text.split("\n\n").next().unwrap_or_default();
    let message = message.split_whitespace().collect::<Vec<_>>().join(" ");
    let hint = match (named(e, ContextKind::InvalidSubcommand), named(e, ContextKind::InvalidArg)) {
        (Some(word), _) => instead_of_command(e, &word, arguments),
        (_, Some(word)) => instead_of_argument(e, &word, arguments),
        _ => None,
    };
    Error::new(Kind::Usage, message).hint(hint.unwrap_or_else(|| where_to_look(arguments)))
}

fn named(e: &clap::Error, kind: ContextKind) -> Option<String> {
    match e.get(kind)? {
        ContextValue::String(name) => Some(name.clone()),
        _ => None,
    }
}

/// clap's suggestion that is nearest to `word`, if it is near.
fn similar(e: &clap::Error, kind: ContextKind, word: &str) -> Option<String> {
    let names = match e.get(kind)? {
        ContextValue::String(name) => std::slice::from_ref(name),
        ContextValue::Strings(names) => names,
        _ => return None,
    };
    let nearest = names.iter().min_by_key(|name| distance(word, name))?;
    (distance(word, nearest) * 3 <= word.len().max(3)).then(|| nearest.clone())
}

/// Words for a command that others use.
const SYNONYMS: [(&str, &[&str]); 5] = [
    ("match", &["compare", "face-match", "match-faces", "diff"]),
    ("decision", &["status", "result", "session", "lookup"]),
    ("delete", &["erase", "remove", "rm"]),
    ("balance", &["credits"]),
    ("check", &["validate", "inspect"]),
];

fn instead_of_command(e: &clap::Error, word: &str, arguments: &[OsString]) -> Option<String> {
    if is_photo(Path::new(word)) {
        let start = arguments.iter().position(|argument| *argument == *word)?;
        let rest = arguments[start..].iter().map(|a| quoted(&a.to_string_lossy()).into_owned());
        let rest = rest.collect::<Vec<_>>().join(" ");
        return Some(format!("that is a photo: `didit-face match {rest}`"));
    }
    let synonym = SYNONYMS.iter().find(|(_, words)| words.contains(&word)).map(|(name, _)| *name);
    let similar = || similar(e, ContextKind::SuggestedSubcommand, word);
    let command = synonym.map(str::to_owned).or_else(similar)?;
    Some(format!("did you mean `didit-face {command}`?"))
}

fn is_photo(path: &Path) -> bool {
    let extension = path.extension().map(|extension| extension.to_string_lossy().to_lowercase());
    let known = ["jpg", "jpeg", "png", "webp", "tif", "tiff", "heic"];
    extension.is_some_and(|extension| known.contains(&extension.as_str())) || path.is_file()
}

fn instead_of_argument(e: &clap::Error, word: &str, arguments: &[OsString]) -> Option<String> {
    let name = word.split('=').next().unwrap_or(word).replace('_', "-");
    if ["--api-key", "--apikey", "--x-api-key", "--key", "--token", "-k"].contains(&&*name) {
        return Some("a key is never an argument: set DIDIT_API_KEY".to_owned());
    }
    let similar = similar(e, ContextKind::SuggestedArg, word);
    similar.map(|name| format!("did you mean `{name}`?")).or_else(|| equals_sign(arguments))
}

/// For `--wait 5` and others, whose value needs an equals sign.
fn equals_sign(arguments: &[OsString]) -> Option<String> {
    let words: Vec<_> = arguments.iter().map(|argument| argument.to_string_lossy()).collect();
    words.windows(2).find_map(|pair| {
        let [flag, value] = [&pair[0], &pair[1]].map(AsRef::<str>::as_ref);
        let is_value = match flag {
            "--wait" | "--fit" => value.starts_with(|c: char| c.is_ascii_digit()),
            "--json" => value == "verdict",
            _ => false,
        };
        is_value.then(|| format!("write `{flag}={value}`"))
    })
}

/// How many letters to add, remove or replace.
fn distance(a: &str, b: &str) -> usize {
    let (a, b) = (a.trim_start_matches('-').as_bytes(), b.trim_start_matches('-').as_bytes());
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, y) in b.iter().enumerate() {
            let substituted = diagonal + usize::from(x != y);
            diagonal = row[j + 1];
            row[j + 1] = substituted.min(diagonal + 1).min(row[j] + 1);
        }
    }
    row[b.len()]
}

/// Points to the help of the given command.
pub fn where_to_look(arguments: &[OsString]) -> String {
    let cli = super::command();
    let command = arguments.iter().skip(1).find_map(|word| cli.find_subcommand(word));
    let command = command.map_or(String::new(), |command| format!(" {}", command.get_name()));
    format!("see `didit-face{command} --help`")
}
