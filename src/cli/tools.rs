//! `serve`, `completions` and `man`. The comments are help texts.

use std::path::PathBuf;

use clap::builder::PossibleValuesParser;
use clap::{Args, ValueHint};
use secrecy::SecretString;

use super::pages;
use crate::values::quantity::whole;

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
    #[arg(long, value_name = "N", allow_negative_numbers = true, value_parser = whole::<u64>(0, None))]
    pub credits: Option<u64>,

    /// Accept N writes a minute, and twice as many reads
    #[arg(long, value_name = "N", default_value_t = 300, allow_negative_numbers = true, value_parser = whole::<u32>(1, None))]
    pub rate: u32,

    /// Report scores in this range as In Review; settle them with POST /_local/session/ID/
    #[arg(long, value_name = "LOW..HIGH")]
    pub review: Option<String>,

    /// Delay every answer by MS milliseconds
    #[arg(long, value_name = "MS", default_value_t = 0, allow_negative_numbers = true, value_parser = whole::<u64>(0, Some(600_000)))]
    pub latency: u64,

    /// Fail a share of the requests: with 0.05:503, one in twenty; with 0.05:503-after, only after
    /// they are processed and charged; drop and drop-after close the connection
    #[arg(long, value_name = "RATE:FAULT")]
    pub fault: Option<String>,

    /// Deny the key these permissions
    #[arg(
        long, value_name = "PERMISSION,...", value_delimiter = ',',
        value_parser = PossibleValuesParser::new(["match", "sessions", "media", "delete", "billing"])
    )]
    pub deny: Vec<String>,

    /// Answer like the service's sandbox: nothing is charged, and the verdicts mean nothing
    #[arg(long)]
    pub sandbox: bool,
}

/// Print a shell completion script
#[derive(Args, Debug)]
pub struct Completions {
    /// Shell to complete for
    pub shell: clap_complete::Shell,
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
