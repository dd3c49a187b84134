//! The exit-code table: the one place where a verdict or a failure becomes a code.

use crate::error::Kind;
use crate::verdict::{Decision, Status, Verdict};

/// How the process ends. Scripts branch on these numbers; they never change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Exit {
    /// `match`, `decision`: Approved. Other commands: done.
    Done = 0,
    /// Declined.
    Declined = 1,
    /// Wrong command line.
    Usage = 2,
    /// In Review.
    InReview = 3,
    /// No key, or the key was refused.
    Auth = 4,
    /// Not enough credits.
    Credits = 5,
    /// An image, manifest or value that can't be used.
    Input = 6,
    /// No answer.
    Network = 7,
    /// The service refused or failed.
    Service = 8,
    /// An answer that can't be trusted.
    Response = 9,
    /// A batch in which some pairs could not be judged.
    Incomplete = 10,
    /// The result could not be written.
    Output = 11,
    /// A bug of ours (sysexits: EX_SOFTWARE).
    Internal = 70,
    /// Ctrl-C (128 + SIGINT).
    Interrupted = 130,
}

impl Exit {
    /// The number that the process ends with.
    pub fn code(self) -> u8 {
        self as u8
    }
}

impl From<&Verdict> for Exit {
    fn from(verdict: &Verdict) -> Self {
        of_verdict(verdict.status())
    }
}

impl From<Decision> for Exit {
    fn from(decision: Decision) -> Self {
        of_verdict(decision.status())
    }
}

/// Not a `From<Status>`: a status that nobody checked must not become a code.
fn of_verdict(status: Status) -> Exit {
    match status {
        Status::Approved => Exit::Done,
        Status::Declined => Exit::Declined,
        Status::InReview => Exit::InReview,
    }
}

impl From<Kind> for Exit {
    fn from(kind: Kind) -> Self {
        match kind {
            Kind::Usage => Self::Usage,
            Kind::Auth => Self::Auth,
            Kind::Credits => Self::Credits,
            Kind::Input => Self::Input,
            Kind::Network => Self::Network,
            Kind::Service => Self::Service,
            Kind::Response => Self::Response,
            Kind::Incomplete => Self::Incomplete,
            Kind::Output => Self::Output,
            Kind::Internal => Self::Internal,
            Kind::Interrupted => Self::Interrupted,
        }
    }
}
