//! The output streams: results go to stdout, everything else to stderr. What each is capable of
//! (colour, Unicode, width) is determined once.

use std::io::{self, IsTerminal, Write};

use console::{Style, Term};
use serde::Serialize;

use crate::error::{Error, Kind, reason};
use crate::exit::Exit;
use crate::values::json::SCHEMA;
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
        let out = Stream::new(io::stdout().is_terminal(), &Term::stdout(), choice);
        let err = Stream::new(io::stderr().is_terminal(), &Term::stderr(), choice);
        Self { out, err, quiet, verbose, json }
    }

    /// Writes a result to stdout, unchanged, and ends its last line.
    pub fn result(&self, bytes: &[u8]) -> Result<(), Error> {
        Self::check()?;
        Self::write(bytes)
    }

    /// Has a result written to stdout, piece by piece.
    pub fn stream(
        &self,
        write: impl FnOnce(&mut dyn Write) -> anyhow::Result<()>,
    ) -> anyhow::Result<()> {
        Self::check()?;
        let mut stdout = io::BufWriter::new(io::stdout().lock());
        let written = write(&mut stdout).and_then(|()| Ok(stdout.flush()?));
        written.or_else(|e| Ok(ended(&e.downcast()?)?))
    }

    /// Fails if standard output is closed, and a result would be lost.
    pub fn check() -> Result<(), Error> {
        if is_closed() { Err(unwritten("it is closed")) } else { Ok(()) }
    }

    fn write(bytes: &[u8]) -> Result<(), Error> {
        let mut stdout = io::stdout().lock();
        let end = if bytes.is_empty() || bytes.ends_with(b"\n") { "" } else { "\n" };
        let all = [bytes, end.as_bytes()];
        let written = all.iter().try_for_each(|part| stdout.write_all(part));
        written.and_then(|()| stdout.flush()).or_else(|e| ended(&e))
    }

    /// Writes a table to stdout, unless `--quiet`.
    pub fn table(&self, text: &str) -> Result<(), Error> {
        if self.quiet { Ok(()) } else { Self::write(text.as_bytes()) }
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
        error.next_step().into_iter().flat_map(str::lines).for_each(|hint| self.hint(hint));
    }

    fn say(&self, paint: Paint, label: &str, text: &str) {
        write_err(&format!("{} {}\n", self.err.paint(paint, &format!("{label}:")), safe(text)));
    }
}

/// A pipe that its reader has closed is no error.
fn ended(e: &io::Error) -> Result<(), Error> {
    match e.kind() {
        io::ErrorKind::BrokenPipe => Ok(()),
        _ => Err(unwritten(&reason(e))),
    }
}

fn unwritten(why: &str) -> Error {
    Error::new(Kind::Output, format!("can't write the result to standard output: {why}"))
}

/// Whether standard output was closed at the start (`>&-`): Rust then opens `/dev/null` in its
/// place, to read and write, where a shell's redirection opens it to write.
#[cfg(unix)]
#[allow(clippy::useless_conversion, reason = "a device's number has another type on macOS")]
fn is_closed() -> bool {
    use std::os::unix::fs::MetadataExt;
    let stdout = io::stdout();
    let flags = rustix::fs::fcntl_getfl(&stdout);
    let device = rustix::fs::fstat(&stdout).map(|stat| stat.st_rdev);
    let null = std::fs::metadata("/dev/null").map(|null| null.rdev());
    flags.is_ok_and(|flags| flags.contains(rustix::fs::OFlags::RDWR))
        && device.is_ok_and(|device| null.is_ok_and(|null| u64::try_from(device) == Ok(null)))
}

#[cfg(not(unix))]
fn is_closed() -> bool {
    false
}

/// Described by `docs/schema/error.json`.
fn as_json(error: &Error) -> String {
    #[derive(Serialize)]
    struct Members<'a> {
        kind: &'a str,
        message: &'a str,
        hint: Option<&'a str>,
        http_status: Option<u16>,
        exit_code: u8,
        charged: &'a str,
    }
    let members = Members {
        kind: error.kind().name(),
        message: error.message(),
        hint: error.next_step(),
        http_status: error.status(),
        exit_code: Exit::from(error.kind()).code(),
        charged: error.charge().name(),
    };
    // Can't fail: only strings and numbers.
    let members = serde_json::to_string(&members).unwrap_or_default();
    format!("{{\"error\":{members},\"schema\":{SCHEMA}}}\n")
}

/// Ignores errors: there is nowhere left to report them.
pub(super) fn write_err(text: &str) {
    let _ = io::stderr().lock().write_all(text.as_bytes());
}

#[derive(Clone, Copy, Debug)]
pub struct Stream {
    /// Whether it is a terminal that can move its cursor.
    pub is_terminal: bool,
    pub is_coloured: bool,
    pub has_unicode: bool,
    /// Width in columns, if it is a terminal.
    pub width: Option<u16>,
}

#[derive(Clone, Copy, Debug)]
pub struct StyleChoice {
    /// Always, never, or only on a terminal (`None`).
    pub colour: Option<bool>,
    /// Whether the locale supports more than ASCII.
    pub unicode: bool,
    /// `TERM=dumb`: the terminal can't move its cursor, so nothing is drawn.
    pub is_dumb: bool,
}

impl Stream {
    fn new(is_terminal: bool, term: &Term, choice: StyleChoice) -> Self {
        let is_terminal = is_terminal && !choice.is_dumb;
        // On Windows, this also enables colours in the console.
        let takes_colours = !cfg!(windows) || term.features().colors_supported();
        Self {
            is_terminal,
            is_coloured: choice.colour.unwrap_or(is_terminal && takes_colours),
            has_unicode: choice.unicode,
            width: if is_terminal { term.size_checked().map(|(_, columns)| columns) } else { None },
        }
    }

    /// `text` in `style`, if the stream is coloured.
    pub fn paint(self, style: Paint, text: &str) -> String {
        style.ansi().force_styling(self.is_coloured).apply_to(text).to_string()
    }
}

/// The meaning of a colour, which the text always states too.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Paint {
    /// The first three are for verdict badges.
    Good,
    Bad,
    Open,
    Error,
    Warning,
    Hint,
    Fine,
}

impl Paint {
    fn ansi(self) -> Style {
        let bold = Style::new().bold();
        match self {
            Self::Good => bold.green().reverse(),
            Self::Bad => bold.red().reverse(),
            Self::Open => bold.yellow().reverse(),
            Self::Error => bold.red(),
            Self::Warning => bold.yellow(),
            Self::Hint => bold.cyan(),
            Self::Fine => bold.green(),
        }
    }
}
