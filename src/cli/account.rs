//! The commands that lead to a key. The comments are help texts.

use std::path::PathBuf;

use clap::{Args, ValueHint};
use secrecy::SecretString;

use crate::values::email::Email;

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
