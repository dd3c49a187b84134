//! The commands about accounts, credits and stored requests. The comments are help texts.

use std::path::PathBuf;
use std::time::Duration;

use clap::builder::PossibleValuesParser;
use clap::{Args, ValueHint};
use secrecy::SecretString;
use url::{ParseError, Url};

use super::pairs::WAIT;
use crate::values::ids::{Email, SessionId};
use crate::values::quantity;
use crate::values::quantity::{TopUp as TopUpAmount, Usd};

/// Show the decision on an earlier request
///
/// Exits with 0 (Approved), 1 (Declined) or 3 (In Review), like match. For a session without a
/// verdict (Expired, Abandoned, ...) it exits with 9 and names the status. With --journal or
/// --vendor-data, it exits like batch.
#[derive(Args, Debug)]
pub struct Decision {
    /// Request id printed by match
    #[arg(value_name = "REQUEST_ID")]
    pub id: Option<SessionId>,

    /// Look up reviews and lost answers in a batch journal
    #[arg(
        long, value_name = "RESULTS.jsonl", value_hint = ValueHint::FilePath, conflicts_with = "id"
    )]
    pub journal: Option<PathBuf>,

    /// Show the sessions with this identifier: finds a request whose answer was lost
    #[arg(long, value_name = "ID", conflicts_with_all = ["id", "journal", "wait"])]
    pub vendor_data: Option<String>,

    /// Wait for the decision, up to SECONDS [default when given without a value: 600]
    #[arg(
        long, value_name = "SECONDS", num_args = 0..=1, require_equals = true,
        default_missing_value = WAIT, value_parser = quantity::seconds
    )]
    pub wait: Option<Duration>,
}

/// Erase stored comparisons at the service
///
/// Erases photos, scores and decisions permanently. Comparisons that are already gone count as
/// erased. Asks for confirmation on a terminal; needs --yes elsewhere.
#[derive(Args, Debug)]
pub struct Delete {
    /// Request ids printed by match
    #[arg(
        value_name = "REQUEST_ID", required_unless_present = "journal",
        value_parser = SessionId::of_uuid
    )]
    pub ids: Vec<SessionId>,

    /// Erase every request of this batch journal, and record that in it
    #[arg(
        long, value_name = "RESULTS.jsonl", value_hint = ValueHint::FilePath, conflicts_with = "ids"
    )]
    pub journal: Option<PathBuf>,

    /// With --journal: erase only requests with these statuses, separated by commas
    #[arg(
        long, value_name = "STATUS,...", value_delimiter = ',', requires = "journal",
        value_parser = PossibleValuesParser::new(["approved", "declined", "review"])
    )]
    pub only: Vec<String>,

    /// Don't ask for confirmation
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

/// Where the payment page returns to: the service's own default doesn't exist.
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

fn web_url(text: &str) -> Result<String, String> {
    match Url::parse(text) {
        Ok(url) if matches!(url.scheme(), "http" | "https") => Ok(text.to_owned()),
        Ok(_) | Err(ParseError::RelativeUrlWithoutBase) => {
            Err("must start with https:// or http://".to_owned())
        }
        Err(e) => Err(format!("is not a URL: {e}")),
    }
}

/// Register an account for an email address
///
/// The service then emails a code; `verify` turns the code into an API key. Prompts for a
/// password, unless it comes from DIDIT_PASSWORD or --password-stdin. A password is never an
/// argument.
#[derive(Args, Debug)]
pub struct Register {
    /// Email address to register
    pub email: Email,

    /// Read the password from standard input
    #[arg(long)]
    pub password_stdin: bool,

    /// May be the password: caught here so that it is not printed.
    #[arg(hide = true, value_name = "NOTHING")]
    pub surplus: Vec<SecretString>,
}

/// Turn the emailed code into an API key
///
/// Prints the key alone: export DIDIT_API_KEY="$(didit-face verify ...)"
#[derive(Args, Debug)]
pub struct Verify {
    /// Registered email address
    pub email: Email,

    /// 6-character code from the email; spaces and dashes are ignored
    #[arg(required_unless_present = "resend", conflicts_with = "resend", num_args = 1..)]
    pub code: Vec<SecretString>,

    /// Ask for a new code instead
    #[arg(long, conflicts_with = "save")]
    pub resend: bool,

    /// Read the password from standard input (some accounts need it for --resend)
    #[arg(long, requires = "resend")]
    pub password_stdin: bool,

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
    /// The account's email address
    pub email: Email,

    /// Read the password from standard input
    #[arg(long)]
    pub password_stdin: bool,

    /// Application to get the key of, if the account has several
    #[arg(long, value_name = "NAME")]
    pub application: Option<String>,

    #[command(flatten)]
    pub key: SaveKey,

    /// May be the password: caught here so that it is not printed.
    #[arg(hide = true, value_name = "NOTHING")]
    pub surplus: Vec<SecretString>,
}
