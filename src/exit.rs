//! The exit-code table: the one place where a verdict or a failure becomes a code.

use crate::error::Kind;
use crate::verdict::{Decision, Status, Verdict};

/// Scripts branch on these numbers; they never change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Exit {
    /// `match`, `batch`, `decision`: Approved. Other commands: done.
    Done = 0,
    Declined = 1,
    Usage = 2,
    InReview = 3,
    Auth = 4,
    Credits = 5,
    Input = 6,
    Network = 7,
    Service = 8,
    Response = 9,
    Incomplete = 10,
    Output = 11,
    /// A bug of ours (sysexits: EX_SOFTWARE).
    Internal = 70,
    /// Ctrl-C (128 + SIGINT).
    Interrupted = 130,
}

impl Exit {
    pub fn code(self) -> u8 {
        self as u8
    }

    /// A pair without a verdict outweighs all others.
    pub fn of_batch(pairs: u64, approved: u64, declined: u64, in_review: u64) -> Self {
        if approved + declined + in_review != pairs {
            Self::Incomplete
        } else if declined > 0 {
            Self::Declined
        } else if in_review > 0 {
            Self::InReview
        } else {
            Self::Done
        }
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

/// Not a `From<Status>`: an unchecked status must not become a code.
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
