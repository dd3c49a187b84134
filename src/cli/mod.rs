//! The command line as it is declared; what it means is decided elsewhere.
#![allow(rustdoc::bare_urls, reason = "the comments are help texts, shown as they are")]

pub mod options;
pub mod pages;
pub mod settings;
pub mod usage;

use std::ffi::OsString;
use std::path::PathBuf;
use std::time::Duration;

use clap::builder::PossibleValuesParser;
use clap::{
    Arg, Args, CommandFactory, FromArgMatches, Parser, Subcommand, ValueHint, value_parser,
};

use secrecy::SecretString;
use url::Url;

use crate::batch::shard::Shard;
use crate::cli::options::PairOptions;
use crate::report::{Format, PairStatus};
use crate::values::email::Email;
use crate::values::money::{TopUp as TopUpAmount, Usd};
use crate::values::session::SessionId;

/// Compare two photos of a face with Didit's Face Match API, or with a built-in engine
///
/// Exits with a code for the verdict: 0 Approved, 1 Declined, 3 In Review. Every other code means
/// that there is no verdict.
#[derive(Debug, Parser)]
#[command(name = "didit-face", version, arg_required_else_help = true)]
#[command(subcommand_required = true, args_override_self = true)]
pub struct Cli {
    /// Settings of every command.
    #[command(flatten)]
    pub global: Global,
    /// The command.
    #[command(subcommand)]
    pub command: Command,
}

impl Cli {
    /// Reads a command line; `arguments` begin with the program's name.
    ///
    /// # Errors
    /// What is wrong with it, or the help or version that it asks for.
    pub fn parse_arguments(arguments: &[OsString]) -> Result<Self, clap::Error> {
        Self::from_arg_matches(&command().try_get_matches_from(arguments)?)
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

/// The command line as completions and manual show it, without what the help hides.
pub fn visible_command() -> clap::Command {
    let mut all = command().disable_help_subcommand(true);
    all.build();
    let visible = |command: &clap::Command| {
        let args: Vec<_> = command
            .get_arguments()
            .filter(|a| !a.is_hide_set())
            .map(|a| a.clone().global(false))
            .collect();
        let mut shown = clap::Command::new(command.get_name().to_owned())
            .args(args)
            .version(env!("CARGO_PKG_VERSION"))
            .disable_help_flag(true)
            .disable_version_flag(true);
        if let Some(about) = command.get_about() {
            shown = shown.about(about.clone());
        }
        if let Some(about) = command.get_long_about() {
            shown = shown.long_about(about.clone());
        }
        shown
    };
    visible(&all).subcommands(all.get_subcommands().map(visible)).disable_help_subcommand(true)
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

    /// Time limit for the answer, once the photos are sent [env: DIDIT_TIMEOUT] [default: 60]
    #[arg(long, global = true, value_name = "SECONDS")]
    pub timeout: Option<String>,

    /// Time limit for connecting [default: 10]
    #[arg(long, global = true, value_name = "SECONDS")]
    pub connect_timeout: Option<String>,

    /// Retry up to N times, and only what surely was not processed [default: 2]
    #[arg(long, global = true, value_name = "N")]
    pub retries: Option<u32>,

    /// Also trust the certificates in this PEM file [env: SSL_CERT_FILE]
    #[arg(long, global = true, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub cacert: Option<PathBuf>,

    /// When to use colours [env: NO_COLOR, CLICOLOR_FORCE] [default: auto]
    #[arg(long, global = true, value_name = "WHEN", value_enum)]
    pub color: Option<clap::ColorChoice>,

    /// Print errors only: no table, no hints
    #[arg(short, long, global = true)]
    pub quiet: bool,

    /// Log requests and answers to stderr, without secrets or photos
    #[arg(short, long, global = true)]
    pub verbose: bool,

    /// Print JSON: the service's answer, byte for byte
    #[arg(long, global = true)]
    pub json: bool,
}

// A comment on a variant would replace the help text of its arguments.
#[derive(Debug, Subcommand)]
pub enum Command {
    Match(Match),
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

/// Compare a selfie with an ID photo
///
/// Sends both photos and exits with 0 (Approved), 1 (Declined) or 3 (In Review). Any other code
/// means that there is no verdict. A verdict costs one credit.
#[derive(Args, Debug)]
pub struct Match {
    /// Photo to verify, such as a selfie; `-` for standard input
    #[arg(value_hint = ValueHint::FilePath)]
    pub user_image: PathBuf,

    /// Reference photo, such as an ID card; `-` for standard input
    #[arg(value_hint = ValueHint::FilePath)]
    pub ref_image: PathBuf,

    /// How to judge the pair.
    #[command(flatten)]
    pub options: PairOptions,

    /// On In Review, wait for the decision, up to SECONDS [default: 600]
    #[arg(
        long, value_name = "SECONDS", num_args = 0..=1, require_equals = true,
        default_missing_value = WAIT, value_parser = crate::values::seconds::parse,
        conflicts_with = "no_save"
    )]
    pub wait: Option<Duration>,

    /// The picture to draw.
    #[command(flatten)]
    pub annotation: Annotation,
}

/// A picture of what was judged or checked.
#[derive(Args, Clone, Debug)]
pub struct Annotation {
    /// Write an annotated PNG (mode 0600)
    #[arg(long, value_name = "FILE.png", value_hint = ValueHint::FilePath)]
    pub annotate: Option<PathBuf>,

    /// Let --annotate overwrite a file
    #[arg(long, requires = "annotate")]
    pub force: bool,

    /// Show the annotated picture in the terminal (kitty, iTerm2, sixel)
    #[arg(long)]
    pub preview: bool,
}

/// Compare the pairs of a CSV file
///
/// The header names the columns: user_image and ref_image, and optionally id, vendor_data,
/// threshold and rotate, which override the options below for their row. Run the same command
/// again to continue: judged pairs are never sent or charged again.
/// Exits with 0 if all are Approved, 10 if any pair has no verdict, else 1 if any is Declined,
/// else 3.
#[derive(Args, Debug)]
pub struct Batch {
    /// CSV file; `-` for standard input
    #[arg(value_hint = ValueHint::FilePath)]
    pub pairs: PathBuf,

    /// Journal to append results to; pairs already judged in it are skipped
    #[arg(short, long, value_name = "RESULTS.jsonl", value_hint = ValueHint::FilePath)]
    pub output: PathBuf,

    /// Folder that relative photo paths start from [default: the current one]
    #[arg(long, value_name = "FOLDER", value_hint = ValueHint::DirPath)]
    pub base_dir: Option<PathBuf>,

    /// Number of pairs under way at a time
    #[arg(long, value_name = "N", default_value = "8", value_parser = value_parser!(u16).range(1..=512))]
    pub jobs: u16,

    /// Maximum number of requests a minute; runs that share a key share the service's limit of 300
    #[arg(long, value_name = "N", default_value = "300", value_parser = value_parser!(u32).range(1..))]
    pub rate: u32,

    /// Process only part I of N, for N machines; I counts from 0 or from 1
    #[arg(long, value_name = "I/N")]
    pub shard: Option<Shard>,

    /// Process only the pairs with these ids, separated by commas
    #[arg(long, value_name = "ID,...", value_delimiter = ',')]
    pub only: Vec<String>,

    /// Send at most N pairs in this run; judged pairs don't count [default: all]
    #[arg(long, value_name = "N", value_parser = value_parser!(u64).range(1..))]
    pub limit: Option<u64>,

    /// Stop after N failed pairs [default: never]
    #[arg(long, value_name = "N", value_parser = value_parser!(u64).range(1..))]
    pub max_failures: Option<u64>,

    /// Send pairs whose answer was lost again, though they may have been charged
    #[arg(long)]
    pub retry_unknown: bool,

    /// At the end, find lost answers and wait for reviews, up to SECONDS; free [default: 600]
    #[arg(
        long, value_name = "SECONDS", num_args = 0..=1, require_equals = true,
        default_missing_value = WAIT, value_parser = crate::values::seconds::parse,
        conflicts_with = "no_save"
    )]
    pub wait: Option<Duration>,

    /// Trust that a photo with the same size and time is unchanged; unsafe if photos are replaced in place
    #[arg(long)]
    pub trust_mtime: bool,

    /// Exit with 0 even if pairs are Declined or In Review, for schedulers; failures keep their codes
    #[arg(long)]
    pub exit_zero_on_verdicts: bool,

    /// Print the summary even if stdout is not a terminal
    #[arg(long)]
    pub summary: bool,

    /// How to judge the pairs.
    #[command(flatten)]
    pub options: PairOptions,
}

/// Turn batch results into a report
///
/// Prints a table, problems first. With -o, writes a file in the format of its extension: .html
/// (a page that needs no network), .csv, .md, .xml (JUnit), .json or .jsonl. Several journals, such
/// as those of shards, are merged by id; the latest verdict counts.
#[derive(Args, Debug)]
pub struct Report {
    /// Journals written by `batch`
    #[arg(required = true, value_name = "RESULTS.jsonl", value_hint = ValueHint::FilePath)]
    pub journals: Vec<PathBuf>,

    /// File to write the report to; `-` for standard output
    #[arg(short, long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub output: Option<PathBuf>,

    /// Report format [default: by the file extension, else a table]
    #[arg(long, value_enum)]
    pub format: Option<Format>,

    /// Report only pairs with these statuses, separated by commas
    #[arg(long, value_name = "STATUS", value_enum, value_delimiter = ',')]
    pub only: Vec<PairStatus>,

    /// Write an annotated picture of each pair, ID.png, into FOLDER
    #[arg(long, value_name = "FOLDER", value_hint = ValueHint::DirPath)]
    pub pictures: Option<PathBuf>,

    /// Overwrite existing files
    #[arg(long)]
    pub force: bool,

    /// Folder that relative photo paths start from [default: the current one]
    #[arg(long, value_name = "FOLDER", value_hint = ValueHint::DirPath)]
    pub base_dir: Option<PathBuf>,

    /// HTML: embed pictures of the compared faces, instead of only linking to the photos
    #[arg(long)]
    pub embed_thumbnails: bool,

    /// CSV: add the byte order mark that Excel needs for UTF-8
    #[arg(long)]
    pub excel: bool,
}

/// How long `--wait` waits by default, in seconds.
const WAIT: &str = "600";

/// Show the decision on an earlier request
///
/// Exits with 0 (Approved), 1 (Declined) or 3 (In Review), like match. For a session without a
/// verdict (Expired, Abandoned, ...) it exits with 9 and names the status.
#[derive(Args, Debug)]
pub struct Decision {
    /// Request id printed by match
    #[arg(value_name = "REQUEST_ID", required_unless_present = "journal")]
    pub id: Option<SessionId>,

    /// Settle the reviews and lost answers of this batch journal, free of charge
    #[arg(
        long, value_name = "RESULTS.jsonl", value_hint = ValueHint::FilePath, conflicts_with = "id"
    )]
    pub journal: Option<PathBuf>,

    /// Wait for the decision, up to SECONDS [default: 600]
    #[arg(
        long, value_name = "SECONDS", num_args = 0..=1, require_equals = true,
        default_missing_value = WAIT, value_parser = crate::values::seconds::parse
    )]
    pub wait: Option<Duration>,
}

/// Register an account for an e-mail address
///
/// The service then mails a code; `verify` turns the code into an API key. Prompts for a
/// password, unless it comes from DIDIT_PASSWORD or --password-stdin. A password is never an
/// argument.
#[derive(Args, Debug)]
pub struct Register {
    /// E-mail address to register
    pub email: Email,

    /// Read the password from standard input
    #[arg(long)]
    pub password_stdin: bool,

    /// Anything more, which may be the password: taken here so that it is not printed.
    #[arg(hide = true, value_name = "NOTHING")]
    pub surplus: Vec<SecretString>,
}

/// Turn the mailed code into an API key
///
/// Prints the key alone: export DIDIT_API_KEY="$(didit-face verify ...)"
#[derive(Args, Debug)]
pub struct Verify {
    /// Registered e-mail address
    pub email: Email,

    /// Code of 6 letters and digits from the mail; spaces and dashes are ignored
    #[arg(required_unless_present = "resend", conflicts_with = "resend", num_args = 1..)]
    pub code: Vec<SecretString>,

    /// Ask for a new code instead
    #[arg(long, conflicts_with = "save")]
    pub resend: bool,

    /// Read the password from standard input (some accounts need it for --resend)
    #[arg(long, requires = "resend")]
    pub password_stdin: bool,

    /// Where the key goes.
    #[command(flatten)]
    pub key: SaveKey,
}

/// Where a new key goes.
#[derive(Args, Clone, Debug)]
pub struct SaveKey {
    /// Write the key to a file (mode 0600) for DIDIT_API_KEY_FILE, instead of printing it
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub save: Option<PathBuf>,

    /// Let --save overwrite a file
    #[arg(long, requires = "save")]
    pub force: bool,
}

/// Get the API key of an existing account
///
/// For a lost key, or another machine. Prints the key alone on standard output, as verify does.
/// The password comes from a prompt, DIDIT_PASSWORD or --password-stdin.
#[derive(Args, Debug)]
pub struct Login {
    /// The account's e-mail address
    pub email: Email,

    /// Read the password from standard input
    #[arg(long)]
    pub password_stdin: bool,

    /// The application whose key to get, if the account has several
    #[arg(long, value_name = "NAME")]
    pub application: Option<String>,

    /// Where the key goes.
    #[command(flatten)]
    pub key: SaveKey,

    /// What else stands on the command line: caught here, since it may be the password.
    #[arg(hide = true, value_name = "NOTHING")]
    pub surplus: Vec<SecretString>,
}

/// Erase stored comparisons at the service
///
/// Erases photos, scores and decisions for good. What is already gone counts as done. Asks first
/// on a terminal, and needs --yes elsewhere.
#[derive(Args, Debug)]
pub struct Delete {
    /// The request ids that match showed
    #[arg(value_name = "REQUEST_ID", required = true)]
    pub ids: Vec<SessionId>,

    /// Erase without asking
    #[arg(short, long)]
    pub yes: bool,
}

/// Show the credit balance
#[derive(Args, Debug)]
pub struct Balance {
    /// Exit with 5 if the balance is lower (US dollars)
    #[arg(long, value_name = "AMOUNT", allow_negative_numbers = true)]
    pub at_least: Option<Usd>,
}

/// Where the payment page leads: the service's own default leads nowhere.
const CONSOLE: &str = "https://business.didit.me";

/// Print the URL of a payment page for credits
///
/// Nothing is charged until someone pays on that page.
#[derive(Args, Debug)]
pub struct TopUp {
    /// Amount in US dollars, at least 50, at most two decimals
    #[arg(allow_negative_numbers = true)]
    pub amount: TopUpAmount,

    /// Open the page in the browser
    #[arg(long)]
    pub open: bool,

    /// URL to return to after payment
    #[arg(long, value_name = "URL", value_hint = ValueHint::Url, value_parser = web_url, default_value = CONSOLE)]
    pub success_url: String,

    /// URL to return to if payment is cancelled
    #[arg(long, value_name = "URL", value_hint = ValueHint::Url, value_parser = web_url, default_value = CONSOLE)]
    pub cancel_url: String,
}

/// Run a local stand-in for the service, for rehearsals and CI
///
/// Judges with the built-in engine; needs no key and no credits, and writes nothing to disk.
/// Prints the export lines that point didit-face at it. Codes that the service would mail go to
/// standard error.
#[derive(Args, Debug)]
pub struct Serve {
    /// Address to listen on; port 0 takes a free port
    #[arg(long, value_name = "ADDRESS:PORT", default_value = "127.0.0.1:8787")]
    pub listen: String,

    /// API key to accept and hand out [default: random]
    #[arg(long, value_name = "KEY")]
    pub key: Option<SecretString>,

    /// Run out of credits after N matches [default: never]
    #[arg(long, value_name = "N")]
    pub credits: Option<u64>,

    /// Accept N writes a minute, and twice as many reads
    #[arg(long, value_name = "N", default_value_t = 300, value_parser = clap::value_parser!(u32).range(1..))]
    pub rate: u32,

    /// Report scores in this range as In Review; settle them with POST /_local/session/ID/
    #[arg(long, value_name = "LOW..HIGH")]
    pub review: Option<String>,

    /// Delay every answer by MS milliseconds
    #[arg(long, value_name = "MS", default_value_t = 0, value_parser = clap::value_parser!(u64).range(..=600_000))]
    pub latency: u64,

    /// Fail this share of requests: 0.05:503 before, 0.05:503-after once processed and paid;
    /// drop and drop-after close the connection
    #[arg(long, value_name = "RATE:FAULT")]
    pub fault: Option<String>,

    /// Deny the key these permissions: match, sessions, media, delete, billing
    #[arg(long, value_name = "PERMISSION,...", value_delimiter = ',')]
    pub deny: Vec<String>,

    /// Answer like the service's sandbox: nothing is paid, and the verdicts mean nothing
    #[arg(long)]
    pub sandbox: bool,
}

/// Check photos on this machine, without sending them
///
/// Looks at format, size, faces, angle, sharpness and light. Exits with 6 if any photo is unusable:
/// refused by the service, or declined because no face is found.
#[derive(Args, Debug)]
pub struct Check {
    /// Photos, folders (searched recursively) or patterns; `-` for standard input
    #[arg(required = true, value_name = "IMAGE", value_hint = ValueHint::AnyPath)]
    pub images: Vec<PathBuf>,

    /// Check for `match --rotate`: sideways photos are fine
    #[arg(short, long)]
    pub rotate: bool,

    /// Check for `match --fit`: large photos and other formats are fine
    #[arg(long, value_name = "SIZE", num_args = 0..=1, require_equals = true, default_missing_value = "5MB")]
    pub fit: Option<crate::values::size::PhotoSize>,

    /// Show only photos of these levels, separated by commas; all photos decide the exit code
    #[arg(
        long, value_name = "LEVEL,...", value_delimiter = ',',
        value_parser = PossibleValuesParser::new(["fails", "warns", "fine"])
    )]
    pub only: Vec<String>,

    /// The picture to draw, of at most 48 photos.
    #[command(flatten)]
    pub annotation: Annotation,
}

/// Print a shell completion script
#[derive(Args, Debug)]
pub struct Completions {
    /// Shell to complete for
    pub shell: clap_complete::Shell,
}

fn web_url(text: &str) -> Result<String, String> {
    let url = Url::parse(text).map_err(|e| format!("is not a URL: {e}"))?;
    if matches!(url.scheme(), "http" | "https") {
        Ok(text.to_owned())
    } else {
        Err("must start with https:// or http://".to_owned())
    }
}

/// Print a manual page
///
/// The main page has the exit codes, the environment, and the list of commands.
#[derive(Args, Debug)]
pub struct Man {
    /// Command to print the page of; without one, the main page
    #[arg(value_parser = PossibleValuesParser::new(pages::PAGES.iter().map(|page| page.command)))]
    #[arg(hide_possible_values = true)]
    pub command: Option<String>,

    /// Write all pages into FOLDER, overwriting existing ones
    #[arg(long, value_name = "FOLDER", value_hint = ValueHint::DirPath, conflicts_with = "command")]
    pub dir: Option<PathBuf>,
}
