//! The command line as it is declared; what it means is decided elsewhere.
#![allow(rustdoc::bare_urls, reason = "the comments are help texts, shown as they are")]

pub mod options;
pub mod settings;
pub mod usage;

use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, Parser, Subcommand, ValueHint, value_parser};

use secrecy::SecretString;
use url::Url;

use crate::batch::shard::Shard;
use crate::cli::options::PairOptions;
use crate::report::{Format, PairStatus};
use crate::values::email::Email;
use crate::values::money::{TopUp as TopUpAmount, Usd};
use crate::values::session::SessionId;

/// Compare two photos of a face with Didit's Face Match API, or with a built-in engine, and end
/// in an exit code for the verdict.
#[derive(Debug, Parser)]
#[command(name = "didit-face", version, after_help = EXIT_CODES, arg_required_else_help = true)]
#[command(subcommand_required = true, propagate_version = true, args_override_self = true)]
pub struct Cli {
    /// Settings of every command.
    #[command(flatten)]
    pub global: Global,
    /// The command.
    #[command(subcommand)]
    pub command: Command,
}

const EXIT_CODES: &str = "\
Exit codes:
  0  match: Approved; other commands: done    1  match: Declined
  3  match: In Review                         2  wrong command line
  4  no key, or the key was refused           5  not enough credits
  6  a file or value that can't be used       7  no answer (network)
  8  the service refused or failed            9  an answer that can't be trusted
 10  batch: some pairs not judged            11  the result could not be written
 70  a bug of ours                          130  interrupted

The API key comes from DIDIT_API_KEY, or from the file that DIDIT_API_KEY_FILE names.";

/// Settings that every command takes, before or after its name.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Settings")]
pub struct Global {
    /// Base of the verification service [env: DIDIT_API_URL] [default: https://verification.didit.me]
    #[arg(long, global = true, value_name = "URL", value_hint = ValueHint::Url)]
    pub api_url: Option<String>,

    /// Base of the account service [env: DIDIT_AUTH_URL] [default: https://apx.didit.me/auth]
    #[arg(long, global = true, value_name = "URL", value_hint = ValueHint::Url)]
    pub auth_url: Option<String>,

    /// Longest time for one whole request [env: DIDIT_TIMEOUT] [default: 60]
    #[arg(long, global = true, value_name = "SECONDS")]
    pub timeout: Option<String>,

    /// Longest time to connect [default: 10]
    #[arg(long, global = true, value_name = "SECONDS")]
    pub connect_timeout: Option<String>,

    /// How often to repeat a request that surely was not processed [default: 2]
    #[arg(long, global = true, value_name = "N")]
    pub retries: Option<u32>,

    /// Trust the certificates in this PEM file too [env: SSL_CERT_FILE]
    #[arg(long, global = true, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub cacert: Option<PathBuf>,

    /// When to colour [env: NO_COLOR, CLICOLOR_FORCE] [default: auto]
    #[arg(long, global = true, value_name = "WHEN", value_enum)]
    pub color: Option<clap::ColorChoice>,

    /// Print no table and no hints, only errors
    #[arg(short, long, global = true)]
    pub quiet: bool,

    /// Say on stderr what is sent and what comes back; never a secret or a photo
    #[arg(short, long, global = true)]
    pub verbose: bool,

    /// Print the service's answer as it came, byte for byte
    #[arg(long, global = true)]
    pub json: bool,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    #[allow(missing_docs, reason = "a comment here would replace the help text of the arguments")]
    Match(Match),
    #[allow(missing_docs, reason = "see above")]
    Batch(Batch),
    #[allow(missing_docs, reason = "see above")]
    Report(Report),
    #[allow(missing_docs, reason = "see above")]
    Check(Check),
    #[allow(missing_docs, reason = "see above")]
    Decision(Decision),
    #[allow(missing_docs, reason = "see above")]
    Delete(Delete),
    #[allow(missing_docs, reason = "see above")]
    Register(Register),
    #[allow(missing_docs, reason = "see above")]
    Verify(Verify),
    #[allow(missing_docs, reason = "see above")]
    Login(Login),
    #[allow(missing_docs, reason = "see above")]
    Balance(Balance),
    #[allow(missing_docs, reason = "see above")]
    TopUp(TopUp),
    #[allow(missing_docs, reason = "see above")]
    Serve(Serve),
    #[allow(missing_docs, reason = "see above")]
    Completions(Completions),
    /// Print the manual page
    ///
    /// For instance: didit-face man | man -l -
    Man,
}

/// Compare a selfie with an ID photo
///
/// Sends both photos and ends in 0 (Approved), 1 (Declined) or 3 (In Review). Every other
/// code means that there is no verdict. A verdict costs one credit.
#[derive(Args, Debug)]
pub struct Match {
    /// The photo to verify, such as a selfie; `-` reads it from standard input
    #[arg(value_hint = ValueHint::FilePath)]
    pub user_image: PathBuf,

    /// The photo to compare with, such as the one on an ID card; `-` reads it from standard input
    #[arg(value_hint = ValueHint::FilePath)]
    pub ref_image: PathBuf,

    /// How to judge the pair.
    #[command(flatten)]
    pub options: PairOptions,

    /// On In Review, ask for the decision until there is one, at most so many seconds
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
    /// Draw the photos with their faces and what came of them into this file, for its owner only
    #[arg(long, value_name = "FILE.png", value_hint = ValueHint::FilePath)]
    pub annotate: Option<PathBuf>,

    /// Let --annotate replace a file
    #[arg(long, requires = "annotate")]
    pub force: bool,

    /// Show that picture in the terminal, if it can: kitty, iTerm2, sixel
    #[arg(long)]
    pub preview: bool,
}

/// Judge the pairs of a CSV file, each recorded as a line of JSON
///
/// The file begins with a header: user_image and ref_image, and optionally id, vendor_data,
/// threshold and rotate, which hold for their row in place of the options below. Running the
/// same command again continues: what is judged is not sent, and not paid, twice.
/// Ends in 0 if all are Approved, 10 if any could not be judged, else 1 if any is Declined,
/// else 3.
#[derive(Args, Debug)]
pub struct Batch {
    /// The CSV file; `-` reads it from standard input
    #[arg(value_hint = ValueHint::FilePath)]
    pub pairs: PathBuf,

    /// Append a line for each judged pair to this file, and leave out those that it has already
    #[arg(short, long, value_name = "RESULTS.jsonl", value_hint = ValueHint::FilePath)]
    pub output: PathBuf,

    /// The folder that the photos' paths start from [default: the current one]
    #[arg(long, value_name = "FOLDER", value_hint = ValueHint::DirPath)]
    pub base_dir: Option<PathBuf>,

    /// How many pairs are under way at a time
    #[arg(long, value_name = "N", default_value = "8", value_parser = value_parser!(u16).range(1..=512))]
    pub jobs: u16,

    /// How many requests a minute at most; several runs on one key must share the service's 300
    #[arg(long, value_name = "N", default_value = "300", value_parser = value_parser!(u32).range(1..))]
    pub rate: u32,

    /// Judge only part I of N, so that N machines share the work; I counts from 0 or from 1
    #[arg(long, value_name = "I/N")]
    pub shard: Option<Shard>,

    /// End when so many pairs have failed [default: never]
    #[arg(long, value_name = "N", value_parser = value_parser!(u64).range(1..))]
    pub max_failures: Option<u64>,

    /// Send pairs again whose answer was lost, although they may have been paid
    #[arg(long)]
    pub retry_unknown: bool,

    /// Take a photo for unchanged if its size and time are; not safe if photos are replaced in place
    #[arg(long)]
    pub trust_mtime: bool,

    /// Exit with 0 also if pairs are Declined or In Review, for schedulers; failures keep their codes
    #[arg(long)]
    pub exit_zero_on_verdicts: bool,

    /// Print the summary also when standard output is no terminal
    #[arg(long)]
    pub summary: bool,

    /// How to judge the pairs.
    #[command(flatten)]
    pub options: PairOptions,
}

/// Report on the results of a batch
///
/// Prints a table, problems first. With -o, writes a file in the format of its extension: .html
/// (a page that needs no network), .csv, .md, .xml (JUnit), .json or .jsonl. Several journals, such
/// as those of shards, are merged by the pairs' ids; the latest verdict counts.
#[derive(Args, Debug)]
pub struct Report {
    /// The files that `batch` has written
    #[arg(required = true, value_name = "RESULTS.jsonl", value_hint = ValueHint::FilePath)]
    pub journals: Vec<PathBuf>,

    /// Write the report to this file; `-` is standard output
    #[arg(short, long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub output: Option<PathBuf>,

    /// Format of the report [default: by the extension of the file, else a table]
    #[arg(long, value_enum)]
    pub format: Option<Format>,

    /// Report only pairs of these statuses, separated by commas
    #[arg(long, value_name = "STATUS", value_enum, value_delimiter = ',')]
    pub only: Vec<PairStatus>,

    /// Write an annotated picture of each pair, ID.png, into this folder
    #[arg(long, value_name = "FOLDER", value_hint = ValueHint::DirPath)]
    pub pictures: Option<PathBuf>,

    /// Replace files that exist
    #[arg(long)]
    pub force: bool,

    /// The folder that the photos' paths start from [default: the current one]
    #[arg(long, value_name = "FOLDER", value_hint = ValueHint::DirPath)]
    pub base_dir: Option<PathBuf>,

    /// HTML: put the compared faces into the page; without this it only links to the photos
    #[arg(long)]
    pub embed_thumbnails: bool,

    /// CSV: begin with the mark by which Excel knows UTF-8
    #[arg(long)]
    pub excel: bool,
}

/// How long `--wait` waits, in seconds, unless it is told.
const WAIT: &str = "600";

/// Show what became of a request
///
/// Ends in 0 (Approved), 1 (Declined) or 3 (In Review), as match does. A session that has no
/// verdict yet, or that never will, ends in 9 with its status named.
#[derive(Args, Debug)]
pub struct Decision {
    /// The request id that match showed
    #[arg(value_name = "REQUEST_ID")]
    pub id: SessionId,

    /// Ask until there is a decision, at most so many seconds [default of SECONDS: 600]
    #[arg(
        long, value_name = "SECONDS", num_args = 0..=1, require_equals = true,
        default_missing_value = WAIT, value_parser = crate::values::seconds::parse
    )]
    pub wait: Option<Duration>,
}

/// Register an account for an e-mail address
///
/// The service then mails a code, and verify turns the code into an API key. The password is
/// asked for, or comes from DIDIT_PASSWORD or --password-stdin; it never stands on a command line.
#[derive(Args, Debug)]
pub struct Register {
    /// The address to register
    pub email: Email,

    /// Read the password from standard input
    #[arg(long)]
    pub password_stdin: bool,

    /// What else stands on the command line: caught here, since it may be the password.
    #[arg(hide = true, value_name = "NOTHING")]
    pub surplus: Vec<SecretString>,
}

/// Turn the mailed code into an API key
///
/// Prints the key alone on standard output: export DIDIT_API_KEY="$(didit-face verify ...)"
#[derive(Args, Debug)]
pub struct Verify {
    /// The registered address
    pub email: Email,

    /// The 6 letters and digits that were mailed; spaces and dashes don't matter
    #[arg(required_unless_present = "resend", conflicts_with = "resend", num_args = 1..)]
    pub code: Vec<SecretString>,

    /// Have a new code mailed
    #[arg(long, conflicts_with = "save")]
    pub resend: bool,

    /// Read the password, which some accounts need for --resend, from standard input
    #[arg(long, requires = "resend")]
    pub password_stdin: bool,

    /// Where the key goes.
    #[command(flatten)]
    pub key: SaveKey,
}

/// Where a new key goes.
#[derive(Args, Clone, Debug)]
pub struct SaveKey {
    /// Write the key to this file, readable by you alone, for DIDIT_API_KEY_FILE; print it nowhere
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub save: Option<PathBuf>,

    /// Let --save replace a file
    #[arg(long, requires = "save")]
    pub force: bool,
}

/// Get the API key of an account that exists
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

/// Show what is left of the credits
#[derive(Args, Debug)]
pub struct Balance {
    /// End in 5 if there is less, in US dollars
    #[arg(long, value_name = "AMOUNT", allow_negative_numbers = true)]
    pub at_least: Option<Usd>,
}

/// Where the payment page leads: the service's own default leads nowhere.
const CONSOLE: &str = "https://business.didit.me";

/// Print the URL of a payment page for credits
///
/// Nothing is charged until a person pays there.
#[derive(Args, Debug)]
pub struct TopUp {
    /// US dollars, at least 50, with at most two decimals
    #[arg(allow_negative_numbers = true)]
    pub amount: TopUpAmount,

    /// Open the page in the browser
    #[arg(long)]
    pub open: bool,

    /// Where the page leads after payment
    #[arg(long, value_name = "URL", value_hint = ValueHint::Url, value_parser = web_url, default_value = CONSOLE)]
    pub success_url: String,

    /// Where the page leads without payment
    #[arg(long, value_name = "URL", value_hint = ValueHint::Url, value_parser = web_url, default_value = CONSOLE)]
    pub cancel_url: String,
}

/// Answer like the service, on this machine: for trying things out, and for CI
///
/// Judges with the built-in engine; needs no key and no credits, keeps nothing on disk. Prints
/// the export lines that point this tool at it; codes that would be mailed go to standard error.
#[derive(Args, Debug)]
pub struct Serve {
    /// Where to listen; port 0 takes a free one
    #[arg(long, value_name = "ADDRESS:PORT", default_value = "127.0.0.1:8787")]
    pub listen: String,

    /// The key that it takes and gives out [default: a random one]
    #[arg(long, value_name = "KEY")]
    pub key: Option<SecretString>,

    /// Answer so many matches, then refuse for want of credits [default: any number]
    #[arg(long, value_name = "N")]
    pub credits: Option<u64>,

    /// Take so many writes a minute, and twice as many reads
    #[arg(long, value_name = "N", default_value_t = 300, value_parser = clap::value_parser!(u32).range(1..))]
    pub rate: u32,

    /// Report scores in this band as In Review; settle them with POST /_local/session/ID/
    #[arg(long, value_name = "LOW..HIGH")]
    pub review: Option<String>,

    /// Hold every answer back for so many milliseconds
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

/// Check whether photos are of any use, without sending them
///
/// Looks at each photo on this machine: format, size, faces, angle, sharpness, light. Ends in 6
/// if any would be of no use: refused by the service, or declined for want of a face.
#[derive(Args, Debug)]
pub struct Check {
    /// Photos, directories (with all below them) or patterns; `-` reads one from standard input
    #[arg(required = true, value_name = "IMAGE", value_hint = ValueHint::AnyPath)]
    pub images: Vec<PathBuf>,

    /// Judge them as `match --rotate` would send them: a photo on its side is no matter
    #[arg(short, long)]
    pub rotate: bool,

    /// Judge them as `match --fit` would send them: size and format are no matter
    #[arg(long)]
    pub fit: bool,

    /// The picture to draw, of at most 6 photos.
    #[command(flatten)]
    pub annotation: Annotation,
}

/// Print a completion script for a shell
#[derive(Args, Debug)]
#[command(
    after_help = "For instance: didit-face completions bash > ~/.local/share/bash-completion/completions/didit-face"
)]
pub struct Completions {
    /// The shell
    pub shell: clap_complete::Shell,
}

fn web_url(text: &str) -> Result<String, String> {
    let url = Url::parse(text).map_err(|e| format!("is no URL: {e}"))?;
    if matches!(url.scheme(), "http" | "https") {
        Ok(text.to_owned())
    } else {
        Err("must begin with https:// or http://".to_owned())
    }
}
