//! The command line as it is declared; what it means is decided elsewhere.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueHint};

use crate::verdict::Threshold;

/// Compare two photos of a face, and end in an exit code for the verdict.
#[derive(Debug, Parser)]
#[command(name = "didit-face", version, about, after_help = EXIT_CODES, arg_required_else_help = true)]
#[command(subcommand_required = true, propagate_version = true, infer_subcommands = false)]
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
    Check(Check),
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

    /// Decline below this score, 0 to 100, decimals allowed
    #[arg(short, long, value_name = "SCORE", default_value_t, allow_negative_numbers = true)]
    pub threshold: Threshold,

    /// Try both photos turned by 90, 180 and 270 degrees too
    #[arg(short, long)]
    pub rotate: bool,

    /// Ask the service to store nothing; the request can't be looked up later
    #[arg(long)]
    pub no_save: bool,

    /// Your own identifier for the request; comes back in the answer
    #[arg(long, value_name = "ID")]
    pub vendor_data: Option<String>,

    /// A JSON object that comes back in the answer
    #[arg(long, value_name = "JSON", value_parser = json_object)]
    pub metadata: Option<String>,

    /// Report an Approved below this score as In Review (exit code 3)
    #[arg(long, value_name = "SCORE", allow_negative_numbers = true)]
    pub review_below: Option<Threshold>,

    /// Compare on this machine with the built-in engine: no key, nothing is sent
    #[arg(long)]
    pub local: bool,

    /// Check everything and print what would be sent, but send nothing
    #[arg(long)]
    pub dry_run: bool,
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

fn json_object(text: &str) -> Result<String, String> {
    crate::json::Object::parse(text)
        .map(|_| text.to_owned())
        .map_err(|e| format!("must be a JSON object ({e})"))
}
