//! The two output streams: stdout carries the result and nothing else.

use std::io::{self, Write};

use super::error;
use super::style::{Paint, Stream, StyleChoice};
use crate::error::{Error, Kind, reason};
use crate::values::text::safe;

/// Where everything is written. A closed pipe isn't an error.
#[derive(Clone, Copy, Debug)]
pub struct Console {
    /// What stdout can show.
    pub out: Stream,
    /// What stderr can show.
    pub err: Stream,
    /// Errors only.
    pub quiet: bool,
    /// Details too.
    pub verbose: bool,
    /// JSON instead of tables and error lines.
    pub json: bool,
}

impl Console {
    /// The streams of this process.
    pub fn new(wish: StyleChoice, quiet: bool, verbose: bool, json: bool) -> Self {
        Self { out: Stream::stdout(wish), err: Stream::stderr(wish), quiet, verbose, json }
    }

    /// Writes a result to stdout, as it is.
    ///
    /// # Errors
    /// [`Kind::Output`] if it can't be written, but not if the reader has gone.
    pub fn result(&self, bytes: &[u8]) -> Result<(), Error> {
        let mut stdout = io::stdout().lock();
        match stdout.write_all(bytes).and_then(|()| stdout.flush()) {
            Err(e) if e.kind() != io::ErrorKind::BrokenPipe => Err(Error::new(
                Kind::Output,
                format!("the result could not be written to standard output: {}", reason(&e)),
            )),
            _ => Ok(()),
        }
    }

    /// Writes a table for a person to stdout, unless `--quiet`.
    pub fn table(&self, text: &str) -> Result<(), Error> {
        if self.quiet { Ok(()) } else { self.result(text.as_bytes()) }
    }

    /// Says something on stderr that the reader should know, unless `--quiet`.
    pub fn note(&self, text: &str) {
        if !self.quiet {
            self.say(Paint::Hint, "note", text);
        }
    }

    /// Says on stderr what to do next, unless `--quiet`.
    pub fn hint(&self, text: &str) {
        if !self.quiet {
            self.say(Paint::Hint, "hint", text);
        }
    }

    /// Says something on stderr that the reader waits for, even with `--quiet`.
    pub fn announce(&self, label: &str, text: &str) {
        self.say(Paint::Hint, label, text);
    }

    /// Warns on stderr, unless `--quiet`.
    pub fn warn(&self, text: &str) {
        if !self.quiet {
            self.say(Paint::Warning, "warning", text);
        }
    }

    /// Adds a detail on stderr, if `--verbose`.
    pub fn detail(&self, text: &str) {
        if self.verbose {
            write_err(&format!("* {}\n", safe(text)));
        }
    }

    /// Reports a failure on stderr: two lines for a person, one line of JSON for a script.
    pub fn fail(&self, error: &Error) {
        if self.json {
            write_err(&error::as_json(error));
            return;
        }
        self.say(Paint::Error, "error", error.message());
        error.next_step().into_iter().for_each(|hint| self.hint(hint));
    }

    fn say(&self, paint: Paint, label: &str, text: &str) {
        write_err(&format!("{} {}\n", self.err.paint(paint, &format!("{label}:")), safe(text)));
    }
}

/// If stderr can't be written to, there is no one left to tell.
pub(super) fn write_err(text: &str) {
    let _ = io::stderr().lock().write_all(text.as_bytes());
}
