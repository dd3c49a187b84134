//! The output streams: results go to stdout, everything else to stderr.

use std::collections::BTreeMap;
use std::io::{self, Write};

use serde::Serialize;

use super::style::{Paint, Stream, StyleChoice};
use crate::error::{Error, Kind, reason};
use crate::exit::Exit;
use crate::values::text::safe;

/// Writes all output. A closed pipe isn't an error.
#[derive(Clone, Copy, Debug)]
pub struct Console {
    pub out: Stream,
    pub err: Stream,
    /// Print errors only.
    pub quiet: bool,
    /// Print details too.
    pub verbose: bool,
    /// Print JSON instead of tables and error lines.
    pub json: bool,
}

impl Console {
    pub fn new(choice: StyleChoice, quiet: bool, verbose: bool, json: bool) -> Self {
        Self { out: Stream::stdout(choice), err: Stream::stderr(choice), quiet, verbose, json }
    }

    /// Writes a result to stdout, unchanged; on a terminal, ends its last line.
    ///
    /// # Errors
    /// [`Kind::Output`] if it can't be written, unless the reader has closed the pipe.
    pub fn result(&self, bytes: &[u8]) -> Result<(), Error> {
        let mut stdout = io::stdout().lock();
        let end = if self.out.is_terminal && !bytes.ends_with(b"\n") { "\n" } else { "" };
        let all = [bytes, end.as_bytes()];
        match all.iter().try_for_each(|part| stdout.write_all(part)).and_then(|()| stdout.flush()) {
            Err(e) if e.kind() != io::ErrorKind::BrokenPipe => Err(Error::new(
                Kind::Output,
                format!("can't write the result to standard output: {}", reason(&e)),
            )),
            _ => Ok(()),
        }
    }

    /// Writes a table to stdout, unless `--quiet`.
    pub fn table(&self, text: &str) -> Result<(), Error> {
        if self.quiet { Ok(()) } else { self.result(text.as_bytes()) }
    }

    pub fn note(&self, text: &str) {
        if !self.quiet {
            self.say(Paint::Hint, "note", text);
        }
    }

    pub fn hint(&self, text: &str) {
        if !self.quiet {
            self.say(Paint::Hint, "hint", text);
        }
    }

    /// Writes to stderr, even with `--quiet`, what the user is waiting for.
    pub fn announce(&self, label: &str, text: &str) {
        self.say(Paint::Hint, label, text);
    }

    pub fn warn(&self, text: &str) {
        if !self.quiet {
            self.say(Paint::Warning, "warning", text);
        }
    }

    /// Writes a detail to stderr, if `--verbose`.
    pub fn detail(&self, text: &str) {
        if self.verbose {
            write_err(&format!("* {}\n", safe(text)));
        }
    }

    /// Writes an error and its hint to stderr, as one line of JSON with `--json`.
    pub fn fail(&self, error: &Error) {
        if self.json {
            write_err(&as_json(error));
            return;
        }
        self.say(Paint::Error, "error", error.message());
        error.next_step().into_iter().for_each(|hint| self.hint(hint));
    }

    fn say(&self, paint: Paint, label: &str, text: &str) {
        write_err(&format!("{} {}\n", self.err.paint(paint, &format!("{label}:")), safe(text)));
    }
}

#[derive(Serialize)]
struct ErrorMembers<'a> {
    kind: &'a str,
    message: &'a str,
    hint: Option<&'a str>,
    http_status: Option<u16>,
    exit_code: u8,
    charged: &'a str,
}

fn as_json(error: &Error) -> String {
    let members = ErrorMembers {
        kind: error.kind().name(),
        message: error.message(),
        hint: error.next_step(),
        http_status: error.status(),
        exit_code: Exit::from(error.kind()).code(),
        charged: error.charge().name(),
    };
    // Can't fail: only strings and numbers.
    serde_json::to_string(&BTreeMap::from([("error", members)])).unwrap_or_default() + "\n"
}

/// Ignores errors: there is nowhere left to report them.
pub(super) fn write_err(text: &str) {
    let _ = io::stderr().lock().write_all(text.as_bytes());
}
