//! What can go wrong, in words for the person who reads it.

use std::fmt;
use std::io;

use serde::Serialize;

use crate::values::text::safe;

/// The result of everything in this crate that can fail.
///
/// Expected failures carry an [`Error`], which decides message and exit code;
/// any other error that reaches the edge is a bug of ours.
pub type Result<T, E = anyhow::Error> = std::result::Result<T, E>;

/// The kind of a failure: one row of the exit-code table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// The command line or an environment variable is wrong; nothing was read or sent.
    Usage,
    /// No key, or the key was refused.
    Auth,
    /// Not enough credits.
    Credits,
    /// An image, manifest or value that can't be used.
    Input,
    /// No answer: DNS, connect, TLS, timeout, connection lost.
    Network,
    /// The service refused or failed.
    Service,
    /// An answer that can't be trusted.
    Response,
    /// A batch finished, but some pairs could not be judged.
    Incomplete,
    /// The result could not be written.
    Output,
    /// A bug of ours.
    Internal,
    /// Ctrl-C.
    Interrupted,
}

impl Kind {
    /// The name in the exit-code table.
    pub fn name(self) -> &'static str {
        match self {
            Self::Usage => "usage",
            Self::Auth => "auth",
            Self::Credits => "credits",
            Self::Input => "input",
            Self::Network => "network",
            Self::Service => "service",
            Self::Response => "response",
            Self::Incomplete => "incomplete",
            Self::Output => "output",
            Self::Internal => "internal",
            Self::Interrupted => "interrupted",
        }
    }
}

/// An expected failure: what went wrong, and what to do next.
///
/// Message and hint are made safe for a terminal when they are set, so that
/// whatever a service or a file name smuggles in stays harmless in every output.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error {
    kind: Kind,
    message: String,
    hint: Option<String>,
    http_status: Option<u16>,
    maybe_processed: bool,
    attempts: u32,
}

impl Error {
    /// A failure of `kind`; `message` names the file, flag or host.
    pub fn new(kind: Kind, message: impl AsRef<str>) -> Self {
        Self {
            kind,
            message: safe(message.as_ref()).into_owned(),
            hint: None,
            http_status: None,
            maybe_processed: false,
            attempts: 0,
        }
    }

    /// A bug of ours; `what` must quote nothing from outside.
    pub fn internal(what: &str) -> Self {
        Self::new(Kind::Internal, format!("a bug in didit-face {}: {what}", env!("CARGO_PKG_VERSION")))
            .hint("there is no verdict; please report this, with the command you ran but without your key and photos")
    }

    /// Adds what to do next.
    #[must_use]
    pub fn hint(mut self, hint: impl AsRef<str>) -> Self {
        self.hint = Some(safe(hint.as_ref()).into_owned());
        self
    }

    /// Adds one more thing to do or to know.
    #[must_use]
    pub fn and_hint(self, more: &str) -> Self {
        match self.hint.clone() {
            Some(hint) => self.hint(format!("{hint}; {more}")),
            None => self.hint(more),
        }
    }

    /// Says it in other words.
    #[must_use]
    pub fn with_message(mut self, message: impl AsRef<str>) -> Self {
        self.message = safe(message.as_ref()).into_owned();
        self
    }

    /// Adds the HTTP status of the answer that failed.
    #[must_use]
    pub fn http_status(mut self, status: u16) -> Self {
        self.http_status = Some(status);
        self
    }

    /// Marks a failure after which the service may have processed the request, and charged for it
    /// where it costs a credit: it must not be sent again without being asked for.
    #[must_use]
    pub fn mark_maybe_processed(mut self) -> Self {
        self.maybe_processed = true;
        self
    }

    /// Says how often it was tried, if more than once.
    #[must_use]
    pub fn attempts(mut self, attempts: u32) -> Self {
        self.attempts = attempts;
        if attempts > 1 {
            self.message = format!("{} (tried {attempts} times)", self.message);
        }
        self
    }

    /// The row of the exit-code table.
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// What went wrong, on one line.
    pub fn message(&self) -> &str {
        &self.message
    }

    /// What to do next, if there is something.
    pub fn next_step(&self) -> Option<&str> {
        self.hint.as_deref()
    }

    /// The HTTP status of the answer, where there was one.
    pub fn status(&self) -> Option<u16> {
        self.http_status
    }

    /// How often it was tried with the service; 0 if nothing was sent.
    pub fn tries(&self) -> u32 {
        self.attempts
    }

    /// Whether the service may have processed the request.
    pub fn is_maybe_processed(&self) -> bool {
        self.maybe_processed
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Error {}

/// The operating system's reason in words, without its error number.
pub fn reason(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => "no such file".to_owned(),
        io::ErrorKind::PermissionDenied => "permission denied".to_owned(),
        _ => {
            let text = error.to_string();
            text.split(" (os error").next().unwrap_or(&text).to_lowercase()
        }
    }
}
