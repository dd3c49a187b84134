//! Report formats, and the file extensions that select them.

use std::collections::HashMap;
use std::io::Write;
use std::path::Path;

use clap::ValueEnum;

use super::{Report, csv, html, json, junit, markdown};
use crate::error::{Error, Kind, Result};

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// One self-contained page
    Html,
    /// One row per pair, for a spreadsheet
    Csv,
    /// A summary for people, such as that of a CI job
    Md,
    /// One test case per pair, for CI
    Junit,
    /// The latest record of each pair, as an array
    Json,
    /// The latest record of each pair, one per line
    Jsonl,
}

#[derive(Default)]
pub struct Options<'a> {
    /// CSV: start with a byte order mark, so that Excel detects UTF-8.
    pub excel: bool,
    /// HTML: thumbnails of the compared faces by pair id, as base64 JPEGs.
    pub faces: HashMap<String, [String; 2]>,
    /// HTML: where the rows of a large report go.
    pub parts: Option<Parts<'a>>,
}

/// The files beside a page.
pub struct Parts<'a> {
    /// The name of their folder, which is beside the page.
    pub folder: String,
    /// Writes the file of this name.
    pub write: &'a dyn Fn(&str, &[u8]) -> Result<()>,
}

impl Format {
    /// Selects the format by the extension of `path`.
    pub fn of_file(path: &Path) -> Result<Self, Error> {
        let extension = path.extension().map(|text| text.to_string_lossy().to_lowercase());
        match extension.as_deref() {
            Some("html" | "htm") => Ok(Self::Html),
            Some("csv") => Ok(Self::Csv),
            Some("md") => Ok(Self::Md),
            Some("xml") => Ok(Self::Junit),
            Some("json") => Ok(Self::Json),
            Some("jsonl") => Ok(Self::Jsonl),
            _ => {
                let what = format!("the extension of `{}` is not a report format", path.display());
                Err(Error::new(Kind::Usage, what).hint(
                    "use .html, .csv, .md, .xml (JUnit), .json or .jsonl, or name a --format",
                ))
            }
        }
    }

    /// Whether it is for people, who look for problems.
    pub fn is_for_people(self) -> bool {
        matches!(self, Self::Html | Self::Md)
    }

    pub fn write(self, report: &Report<'_>, options: &Options, out: &mut dyn Write) -> Result<()> {
        match self {
            Self::Html => html::write(report, options, out),
            Self::Csv => csv::write(report, options.excel, out),
            Self::Md => Ok(out.write_all(markdown::summary(report)?.as_bytes())?),
            Self::Junit => junit::suites(report, out),
            Self::Json => json::array(report, out),
            Self::Jsonl => json::lines(report, out),
        }
    }
}
