//! Errors, in words for the person who reads them.

use std::{fmt, io};

use serde::{Deserialize, Serialize};

use crate::values::text::safe;

/// The result of everything in this crate that can fail.
///
/// Expected failures carry an [`Error`], which decides message and exit code; any other error is a
/// bug of ours.
pub type Result<T, E = anyhow::Error> = std::result::Result<T, E>;

/// The kind of a failure: one row of the exit-code table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Nothing was read or sent.
    Usage,
    /// No key, or the key was refused.
    Auth,
    Credits,
    /// An image, manifest or value that can't be used.
    Input,
    /// No answer: DNS, connect, TLS, timeout, connection lost.
    Network,
    /// The service refused or failed.
    Service,
    /// An answer that can't be trusted.
    Response,
    /// A batch in which some pairs have no verdict.
    Incomplete,
    /// The result could not be written.
    Output,
    /// A bug of ours.
    Internal,
    /// Ctrl-C.
    Interrupted,
}

impl Kind {
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

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Charge {
    #[default]
    No,
    Maybe,
    /// There was a verdict, but it could not be shown or recorded.
    Yes,
}

impl Charge {
    pub fn name(self) -> &'static str {
        match self {
            Self::No => "no",
            Self::Maybe => "maybe",
            Self::Yes => "yes",
        }
    }
}

/// An expected failure: what went wrong, and what to do next.
///
/// Message and hint are made safe for a terminal here, so that text from a service or a file name
/// is harmless in every output.
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use]
pub struct Error {
    kind: Kind,
    message: String,
    hint: Option<String>,
    http_status: Option<u16>,
    charge: Charge,
    maybe_processed: bool,
    is_final: bool,
    is_untagged: bool,
    page: Option<String>,
    attempts: u32,
}

impl Error {
    /// `message` names the file, flag or host.
    pub fn new(kind: Kind, message: impl AsRef<str>) -> Self {
        Self {
            kind,
            message: safe(message.as_ref()).into_owned(),
            hint: None,
            http_status: None,
            charge: Charge::No,
            maybe_processed: false,
            is_final: false,
            is_untagged: false,
            page: None,
            attempts: 0,
        }
    }

    /// A bug of ours; `what` must not quote anything from outside.
    pub fn internal(what: &str) -> Self {
        Self::new(
            Kind::Internal,
            format!("a bug in didit-face {}: {what}", env!("CARGO_PKG_VERSION")),
        )
        .hint("please report this bug (omit your key and photos)")
    }

    /// Like clap's for the values that it reads. `value` is `None` if it may hold a secret.
    pub fn invalid_value(flag: &str, value: Option<&str>, why: &str) -> Self {
        let value = value.map_or_else(String::new, |value| format!(" '{value}'"));
        Self::new(Kind::Usage, format!("invalid value{value} for '{flag}': {why}"))
    }

    /// Any error other than an expected failure is our bug.
    pub fn of(e: anyhow::Error) -> Self {
        e.downcast().unwrap_or_else(|e| Self::internal(&format!("{e:#}")))
    }

    pub fn hint(mut self, hint: impl AsRef<str>) -> Self {
        self.hint = Some(safe(hint.as_ref()).into_owned());
        self
    }

    /// Adds one more thing to do or to know, on a line of its own.
    pub fn and_hint(mut self, more: impl AsRef<str>) -> Self {
        let more = safe(more.as_ref());
        self.hint = Some(match self.hint {
            Some(hint) => format!("{hint}\n{more}"),
            None => more.into_owned(),
        });
        self
    }

    /// Adds hints, each on a line of its own.
    pub fn hints<T: AsRef<str>>(self, hints: impl IntoIterator<Item = T>) -> Self {
        hints.into_iter().fold(self, Self::and_hint)
    }

    pub fn with_message(mut self, message: impl AsRef<str>) -> Self {
        self.message = safe(message.as_ref()).into_owned();
        self
    }

    pub fn http_status(mut self, status: u16) -> Self {
        self.http_status = Some(status);
        self
    }

    /// Whether the request was charged, or may have been: then it must not be sent again unless the
    /// user asks for it.
    pub fn charged(mut self, charge: Charge) -> Self {
        self.charge = charge;
        self
    }

    /// Every other request would fail in the same way.
    pub fn mark_final(mut self) -> Self {
        self.is_final = true;
        self
    }

    /// The request went out without its tag, which the service refuses.
    pub fn mark_untagged(mut self) -> Self {
        self.is_untagged = true;
        self
    }

    /// What a gateway answered in the service's place: the title or first line of its page.
    pub fn with_page(mut self, page: &str) -> Self {
        self.page = Some(safe(page).into_owned());
        self
    }

    /// The service may have processed a request that is free of charge.
    pub fn mark_maybe_processed(mut self) -> Self {
        self.maybe_processed = true;
        self
    }

    /// Says how many times the request was sent, if more than once.
    pub fn attempts(mut self, attempts: u32) -> Self {
        self.attempts = attempts;
        if attempts > 1 {
            self.message = format!("{} (tried {attempts} times)", self.message);
        }
        self
    }

    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// On one line.
    pub fn message(&self) -> &str {
        &self.message
    }

    pub fn next_step(&self) -> Option<&str> {
        self.hint.as_deref()
    }

    pub fn status(&self) -> Option<u16> {
        self.http_status
    }

    /// How many times the request was sent; 0 if nothing was.
    pub fn tries(&self) -> u32 {
        self.attempts
    }

    pub fn charge(&self) -> Charge {
        self.charge
    }

    /// Whether every other request would fail in the same way, as with a refused key.
    pub fn is_final(&self) -> bool {
        self.is_final || matches!(self.kind, Kind::Auth | Kind::Credits)
    }

    pub fn is_untagged(&self) -> bool {
        self.is_untagged
    }

    pub fn page(&self) -> Option<&str> {
        self.page.as_deref()
    }

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

/// Changes an expected failure; any other error is a bug, and stays as it is.
pub fn amend(e: anyhow::Error, change: impl FnOnce(Error) -> Error) -> anyhow::Error {
    match e.downcast::<Error>() {
        Ok(e) => change(e).into(),
        Err(e) => e,
    }
}

/// Like [`reason`], where "not found" means a missing folder: the one to use, or a new file's.
pub fn folder_reason(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => "no such folder".to_owned(),
        _ => reason(error),
    }
}

/// Why reading failed, to complete "the file …".
pub fn unreadable(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::InvalidData => "is not text".to_owned(),
        _ => format!("can't be read: {}", reason(error)),
    }
}

/// The operating system's reason, without its error number.
pub fn reason(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => "no such file".to_owned(),
        io::ErrorKind::PermissionDenied => "permission denied".to_owned(),
        _ => {
            let text = error.to_string();
            let text = text.split(" (os error").next().unwrap_or(&text);
            // Windows ends it with a full stop.
            text.trim_end().trim_end_matches('.').to_lowercase()
        }
    }
}
