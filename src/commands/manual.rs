//! `man`: options from the command line as it is declared, the rest from `cli::pages`.

use std::path::Path;

use clap::Command;
use clap_mangen::Man;
use roff::{Roff, bold, roman};

use super::Context;
use crate::cli::pages::{self, EXIT_CODES, PAGES, VARIABLES};
use crate::cli::{self, Man as Arguments};
use crate::error::{Error, Kind, Result, folder_reason};
use crate::exit::Exit;

const NAME: &str = "didit-face";

pub(super) fn run(arguments: &Arguments, context: &Context) -> Result<Exit> {
    if let Some(folder) = &arguments.dir {
        write_all(folder)?;
    } else {
        context.console.result(page(arguments.command.as_deref()).as_bytes())?;
    }
    Ok(Exit::Done)
}

fn write_all(folder: &Path) -> Result<(), Error> {
    for (name, page) in all() {
        let path = folder.join(name);
        std::fs::write(&path, page).map_err(|e| {
            let what = format!("`{}` could not be written: {}", path.display(), folder_reason(&e));
            Error::new(Kind::Output, what)
        })?;
    }
    Ok(())
}

fn all() -> Vec<(String, String)> {
    let commands = PAGES.iter().map(|page| Some(page.command));
    std::iter::once(None)
        .chain(commands)
        .map(|command| (file_name(command), page(command)))
        .collect()
}

/// `didit-face-match.1`, or `didit-face.1` for the main page.
fn file_name(command: Option<&str>) -> String {
    format!("{}.1", title(command))
}

fn title(command: Option<&str>) -> String {
    command.map_or_else(|| NAME.to_owned(), |command| format!("{NAME}-{command}"))
}

/// The page of `command`, or the main page.
fn page(command: Option<&str>) -> String {
    let mut cli = cli::visible_command();
    cli.build();
    let subject = command.and_then(|name| cli.find_subcommand(name)).unwrap_or(&cli);
    let mut text = declared(subject, &title(command), command);
    text += &match command.and_then(pages::of) {
        Some(page) => of_command(page),
        None => of_program(&cli),
    };
    // `\%`: no hyphens within names.
    [("DIDIT_", r"\%DIDIT_"), (r" \-\-", r" \%\-\-"), (r" didit\-", r" \%didit\-")]
        .iter()
        .fold(text, |text, (name, whole)| text.replace(name, whole))
}

fn declared(subject: &Command, title: &str, command: Option<&str>) -> String {
    let line = command.map_or_else(|| NAME.to_owned(), |command| format!("{NAME} {command}"));
    let usage = match command {
        Some(_) => subject.clone().bin_name(&line).render_usage().to_string(),
        None => format!("{NAME} [OPTIONS] COMMAND"),
    };
    let usage = usage.trim_start_matches("Usage: ").to_owned();
    let subject =
        subject.clone().bin_name(line).display_name(title.to_owned()).override_usage(usage);
    let man = Man::new(subject);
    let mut bytes = Vec::new();
    let parts = [
        Man::render_name_section,
        Man::render_synopsis_section,
        Man::render_description_section,
        Man::render_options_section,
    ];
    // Writing into memory does not fail.
    let _ = parts.iter().try_for_each(|part| part(&man, &mut bytes));
    let version = env!("CARGO_PKG_VERSION");
    let head = format!(".TH \"{title}\" \"1\" \"\" \"didit-face {version}\" \"User Commands\"\n");
    head + &String::from_utf8_lossy(&bytes)
}

fn of_program(cli: &Command) -> String {
    let commands: Vec<_> =
        cli.get_subcommands().map(|c| (format!("{NAME}-{}(1)", c.get_name()), about(c))).collect();
    let mut text = section("COMMANDS", &commands);
    text += &pages::of("match").map(|page| examples(page.examples)).unwrap_or_default();
    text += &section("EXIT STATUS", &exits(EXIT_CODES.iter().copied()));
    text += &section("ENVIRONMENT", &VARIABLES);
    let files = pages::of("batch").map_or([].as_slice(), |page| page.files);
    text + &section("FILES", files)
}

fn of_command(page: &pages::Page) -> String {
    let mut text = examples(page.examples);
    text += &section("EXIT STATUS", &exits(page.exit_codes()));
    text += &section("ENVIRONMENT", page.reach.variables());
    text += &section("FILES", page.files);
    text + &see_also(page.command)
}

fn about(command: &Command) -> String {
    command.get_about().map(ToString::to_string).unwrap_or_default()
}

fn exits<'a>(codes: impl Iterator<Item = (u8, &'a str)>) -> Vec<(String, String)> {
    codes.map(|(code, meaning)| (code.to_string(), format!("{meaning}."))).collect()
}

/// A list of terms with their meanings; empty without entries.
fn section(heading: &str, entries: &[(impl AsRef<str>, impl AsRef<str>)]) -> String {
    let mut roff = Roff::new();
    if !entries.is_empty() {
        roff.control("SH", [heading]);
    }
    for (term, meaning) in entries {
        roff.control("TP", []);
        roff.text([bold(term.as_ref())]);
        roff.text([roman(meaning.as_ref())]);
    }
    roff.render()
}

fn examples(text: &str) -> String {
    let mut roff = Roff::new();
    roff.control("SH", ["EXAMPLES"]);
    for (i, line) in text.lines().enumerate() {
        if let Some(what) = line.strip_prefix("# ") {
            if i > 0 {
                roff.control("PP", []);
            }
            roff.text([roman(format!("{what}:"))]);
        } else {
            roff.control("RS", ["2"]);
            roff.control("EX", []);
            roff.text([roman(line)]);
            roff.control("EE", []);
            roff.control("RE", []);
        }
    }
    roff.render()
}

fn see_also(command: &str) -> String {
    let others = PAGES.iter().map(|page| page.command).filter(|other| *other != command);
    let names: Vec<_> = others.map(|other| format!("{NAME}-{other}(1)")).collect();
    let mut roff = Roff::new();
    roff.control("SH", ["SEE ALSO"]);
    roff.control("ad", ["l"]);
    roff.text([roman(format!("{NAME}(1), {}", names.join(", ")))]);
    roff.render()
}
