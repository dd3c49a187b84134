//! The commands that compare, report on and check photos. The comments are help texts.

use std::path::PathBuf;
use std::time::Duration;

use clap::builder::PossibleValuesParser;
use clap::{Args, ValueHint};

use crate::batch::manifest::Shard;
use crate::batch::run::RetryUnknown;
use crate::pair::PairOptions;
use crate::report::{Format, PairStatus};
use crate::values::quantity;
use crate::values::quantity::PhotoSize;
use crate::values::quantity::whole;
use crate::verdict::Threshold;

/// How long `--wait` waits by default, in seconds.
pub(super) const WAIT: &str = "600";

/// Compare a selfie with an ID photo
///
/// Sends both photos and exits with 0 (Approved), 1 (Declined) or 3 (In Review). Any other code
/// means that there is no verdict. A verdict costs one credit. With --json, prints the service's
/// answer, byte for byte.
#[derive(Args, Debug)]
pub struct Match {
    /// Photo to verify, such as a selfie; `-` for standard input
    #[arg(value_hint = ValueHint::FilePath)]
    pub user_image: PathBuf,

    /// Reference photo, such as an ID card; `-` for standard input
    #[arg(value_hint = ValueHint::FilePath)]
    pub ref_image: PathBuf,

    #[command(flatten)]
    pub options: PairOptions,

    /// On In Review, wait for the decision, up to SECONDS [default when given without a value: 600]
    #[arg(
        long, value_name = "SECONDS", num_args = 0..=1, require_equals = true,
        default_missing_value = WAIT, value_parser = quantity::seconds,
        conflicts_with = "no_save"
    )]
    pub wait: Option<Duration>,

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

/// Make a manifest for `batch` from two folders
///
/// Pairs the photos of both folders by file name without extension, and prints a CSV file. Photos
/// that have no partner, or more than one, are named on standard error.
#[derive(Args, Debug)]
pub struct Pairs {
    /// Folder of the photos to verify
    #[arg(value_hint = ValueHint::DirPath)]
    pub user_folder: PathBuf,

    /// Folder of the reference photos
    #[arg(value_hint = ValueHint::DirPath)]
    pub ref_folder: PathBuf,

    /// Leave out photos that can't be paired, instead of exiting with 6
    #[arg(long)]
    pub skip_unmatched: bool,
}

/// Compare the pairs of a CSV file
///
/// The header names the columns: user_image and ref_image, and optionally id, vendor_data,
/// threshold, rotate and expect; they override the options below for their row. Rerun the same
/// command to resume; judged pairs are skipped.
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

    /// Number of pairs to process at a time
    #[arg(long, value_name = "N", default_value = "8", allow_negative_numbers = true, value_parser = whole::<u16>(1, Some(512)))]
    pub jobs: u16,

    /// Maximum number of requests a minute; runs that share a key share the service's limit of 300
    #[arg(long, value_name = "N", default_value = "300", allow_negative_numbers = true, value_parser = whole::<u32>(1, None))]
    pub rate: u32,

    /// Process only part I of N, for N machines; I counts from 0 or from 1
    #[arg(long, value_name = "I/N")]
    pub shard: Option<Shard>,

    /// Process only the pairs with these ids, separated by commas; repeat it for ids with commas
    #[arg(long, value_name = "ID,...")]
    pub only: Vec<String>,

    /// Send at most N pairs in this run; judged pairs don't count [default: all]
    #[arg(long, value_name = "N", allow_negative_numbers = true, value_parser = whole::<u64>(1, None))]
    pub limit: Option<u64>,

    /// Stop after N pairs without a verdict [default: never]
    #[arg(long, value_name = "N", allow_negative_numbers = true, value_parser = whole::<u64>(1, None))]
    pub max_failures: Option<u64>,

    /// Resend pairs whose answer was lost, even though they may have been charged; `absent`: only
    /// those that `decision --journal` did not find at the service
    #[arg(
        long, value_name = "WHICH", num_args = 0..=1, require_equals = true,
        default_missing_value = "all", value_enum
    )]
    pub retry_unknown: Option<RetryUnknown>,

    /// Judge pairs again whose options have changed; each is charged again
    #[arg(long)]
    pub rejudge: bool,

    /// Before exiting, look up lost answers and wait for reviews, up to SECONDS [default when given without a value: 600]
    #[arg(
        long, value_name = "SECONDS", num_args = 0..=1, require_equals = true,
        default_missing_value = WAIT, value_parser = quantity::seconds,
        conflicts_with = "no_save"
    )]
    pub wait: Option<Duration>,

    /// Assume photos with unchanged size and mtime are unchanged
    #[arg(long)]
    pub trust_mtime: bool,

    /// Exit 0 unless a pair fails
    #[arg(long)]
    pub exit_zero_on_verdicts: bool,

    /// Print the summary even if stdout is not a terminal
    #[arg(long)]
    pub summary: bool,

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

    /// Count the verdicts at these thresholds, from the recorded scores; nothing is sent
    #[arg(
        long, value_name = "SCORE,...", value_delimiter = ',', allow_negative_numbers = true,
        conflicts_with_all = ["output", "format", "pictures", "embed_thumbnails", "excel"]
    )]
    pub what_if: Vec<Threshold>,

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

/// Check photos on this machine, without sending them
///
/// Checks format, size, faces, angle, sharpness and light. Exits with 6 if any photo is unusable:
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
    pub fit: Option<PhotoSize>,

    /// Show only photos of these levels, separated by commas; all photos decide the exit code
    #[arg(
        long, value_name = "LEVEL,...", value_delimiter = ',',
        value_parser = PossibleValuesParser::new(["fails", "warns", "fine"])
    )]
    pub only: Vec<String>,

    #[command(flatten)]
    pub annotation: Annotation,
}
