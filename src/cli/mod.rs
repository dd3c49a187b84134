//! The declared command line; its meaning is decided elsewhere.
#![allow(rustdoc::bare_urls, reason = "the comments are help texts, shown as they are")]

pub mod pages;
mod pairs;
mod service;
pub mod settings;
mod tools;
pub mod usage;

use std::ffi::OsString;
use std::path::PathBuf;
use std::time::Duration;

use clap::builder::Resettable;
use clap::error::ErrorKind;
use clap::{Arg, Args, CommandFactory, FromArgMatches, Parser, Subcommand, ValueHint};

use crate::values::quantity;
use crate::values::quantity::whole;
pub use pairs::{Annotation, Batch, Check, Match, Pairs, Report};
pub use service::{Balance, Decision, Delete, Login, Register, SaveKey, TopUp, Verify};
pub use tools::{Completions, Man, Serve};

/// Compare two photos of a face with Didit's Face Match API, or with a built-in engine
///
/// Exits with a code for the verdict: 0 Approved, 1 Declined, 3 In Review. Every other code means
/// that there is no verdict.
#[derive(Debug, Parser)]
#[command(name = "didit-face", version, arg_required_else_help = true)]
#[command(subcommand_required = true, args_override_self = true)]
pub struct Cli {
    #[command(flatten)]
    pub global: Global,
    #[command(subcommand)]
    pub command: Command,
}

impl Cli {
    /// Reads a command line; `arguments` begin with the program's name.
    /// Help and version are errors too.
    pub fn parse_arguments(arguments: &[OsString]) -> Result<Self, clap::Error> {
        let cli = Self::from_arg_matches(&command().try_get_matches_from(arguments)?)?;
        if cli.global.json == Some(Json::Verdict) && !matches!(cli.command, Command::Match(_)) {
            let message = "`--json=verdict` works only with `match`";
            return Err(command().error(ErrorKind::ArgumentConflict, message));
        }
        Ok(cli)
    }
}

/// The command line as it is parsed: all settings are accepted everywhere, but hidden from the
/// help of commands where they mean nothing.
pub fn command() -> clap::Command {
    let cli = Cli::command().after_help(format!(
        "{}\n\n{}\n\nSee `didit-face COMMAND --help` for examples.",
        pages::exit_codes(),
        "The API key comes from DIDIT_API_KEY, or from the file named by DIDIT_API_KEY_FILE."
    ));
    let settings: Vec<Arg> = cli.get_arguments().filter(|a| a.is_global_set()).cloned().collect();
    cli.mut_subcommands(|command| {
        let Some(page) = pages::of(command.get_name()) else { return command };
        let is_hidden = |a: &&Arg| page.reach.hides(a.get_id().as_str());
        let hidden: Vec<_> =
            settings.iter().filter(is_hidden).map(|a| a.clone().hide(true)).collect();
        command.args(hidden).after_help(pages::examples(page))
    })
}

/// The command line for completions and the manual, without hidden options.
pub fn visible_command() -> clap::Command {
    let mut all = command().disable_help_subcommand(true);
    all.build();
    let visible = |command: &clap::Command| {
        let args: Vec<_> = command
            .get_arguments()
            .filter(|a| !a.is_hide_set())
            .map(|a| for_generators(a.clone()))
            .collect();
        clap::Command::new(command.get_name().to_owned())
            .args(args)
            .version(env!("CARGO_PKG_VERSION"))
            .about(Resettable::from(command.get_about().cloned()))
            .long_about(Resettable::from(command.get_long_about().cloned()))
            .disable_help_flag(true)
            .disable_version_flag(true)
    };
    visible(&all).subcommands(all.get_subcommands().map(visible)).disable_help_subcommand(true)
}

/// The help flag without its pointer to another help, and no file names for other values.
fn for_generators(arg: Arg) -> Arg {
    let arg = arg.global(false);
    if arg.get_id() == "help" {
        return arg.help("Print help").long_help("Print help");
    }
    // For an argument, zsh would then only list the options, not insert them.
    let takes_other = arg.get_value_hint() == ValueHint::Unknown
        && !arg.is_positional()
        && arg.get_action().takes_values()
        && arg.get_possible_values().is_empty();
    if takes_other { arg.value_hint(ValueHint::Other) } else { arg }
}

/// Settings that every command takes, before or after its name.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Settings")]
pub struct Global {
    /// Base URL of the verification service [env: DIDIT_API_URL] [default: https://verification.didit.me]
    #[arg(long, global = true, value_name = "URL", value_hint = ValueHint::Url)]
    pub api_url: Option<String>,

    /// Base URL of the account service [env: DIDIT_AUTH_URL] [default: https://apx.didit.me/auth]
    #[arg(long, global = true, value_name = "URL", value_hint = ValueHint::Url)]
    pub auth_url: Option<String>,

    /// Time limit for the answer, once the request is sent [env: DIDIT_TIMEOUT] [default: 60]
    #[arg(long, global = true, value_name = "SECONDS", allow_negative_numbers = true)]
    pub timeout: Option<String>,

    /// Time limit for connecting [default: 10]
    #[arg(long, global = true, value_name = "SECONDS", allow_negative_numbers = true, value_parser = quantity::seconds)]
    pub connect_timeout: Option<Duration>,

    /// Retry up to N times, only if the request was certainly not processed [default: 2]
    #[arg(long, global = true, value_name = "N", allow_negative_numbers = true, value_parser = whole::<u32>(0, None))]
    pub retries: Option<u32>,

    /// Also trust the certificates in this PEM file [env: SSL_CERT_FILE]
    #[arg(long, global = true, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub cacert: Option<PathBuf>,

    /// When to use colours [env: NO_COLOR, CLICOLOR_FORCE, FORCE_COLOR] [default: auto]
    #[arg(long, global = true, value_name = "WHEN", value_enum)]
    pub color: Option<clap::ColorChoice>,

    /// Print errors only: no table, no hints
    #[arg(short, long, global = true)]
    pub quiet: bool,

    /// Log requests and answers to stderr, without secrets or photos
    #[arg(short, long, global = true)]
    pub verbose: bool,

    /// Never prompt, even on a terminal
    #[arg(long, global = true)]
    pub no_input: bool,

    /// Print the result as JSON, and an error as one line of JSON; `match --json=verdict` prints only
    /// what decides
    #[arg(
        long, global = true, value_name = "verdict", num_args = 0..=1, require_equals = true,
        default_missing_value = "result", value_parser = json_form
    )]
    pub json: Option<Json>,
}

/// What `--json` prints.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Json {
    /// The service's body, or a command's own result.
    Result,
    /// One line of ours that agrees with the exit code.
    Verdict,
}

fn json_form(text: &str) -> Result<Json, String> {
    match text {
        "result" => Ok(Json::Result),
        "verdict" => Ok(Json::Verdict),
        _ => Err("must be `verdict`, or left out".to_owned()),
    }
}

// A comment on a variant would replace the help text of its arguments.
#[derive(Debug, Subcommand)]
pub enum Command {
    Match(Match),
    Pairs(Pairs),
    Batch(Batch),
    Report(Report),
    Check(Check),
    Decision(Decision),
    Delete(Delete),
    Register(Register),
    Verify(Verify),
    Login(Login),
    Balance(Balance),
    TopUp(TopUp),
    Serve(Serve),
    Completions(Completions),
    Man(Man),
}
