//! Report formats, and the file extensions that select them.

use std::collections::HashMap;
use std::path::Path;

use clap::ValueEnum;

use super::{Needs, Report, csv, html, json, junit, markdown};
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

#[derive(Clone, Debug, Default)]
pub struct Options {
    /// CSV: start with a byte order mark, so that Excel detects UTF-8.
    pub excel: bool,
    /// HTML: thumbnails of the compared faces by pair id, as base64 JPEGs.
    pub faces: HashMap<String, [String; 2]>,
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

    pub fn needs(self) -> Needs {
        Needs { records: matches!(self, Self::Json | Self::Jsonl), faces: self == Self::Html }
    }

    pub fn write(self, report: &Report, options: &Options) -> Result<Vec<u8>> {
        match self {
            Self::Html => html::page(report, &options.faces).map(String::into_bytes),
            Self::Csv => Ok(csv::rows(report, options.excel)),
            Self::Md => Ok(markdown::summary(report).into_bytes()),
            Self::Junit => junit::suites(report),
            Self::Json => Ok(json::array(report).into_bytes()),
            Self::Jsonl => Ok(json::lines(report).into_bytes()),
        }
    }
}
