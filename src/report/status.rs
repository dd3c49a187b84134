//! The status of a pair, by which reports are filtered.

use clap::ValueEnum;

use crate::batch::journal::PairState;
use crate::verdict::Status;

/// Problems sort first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, ValueEnum)]
pub enum PairStatus {
    /// No verdict, and not charged
    Failed,
    /// Sent, but no answer recorded: may have been charged
    Unknown,
    /// A person has to decide
    #[value(name = "review", alias = "in-review")]
    InReview,
    /// Not the same person, or no face to compare
    Declined,
    /// The same person
    Approved,
}

impl PairStatus {
    pub const ALL: [Self; 5] =
        [Self::Failed, Self::Unknown, Self::InReview, Self::Declined, Self::Approved];

    /// For verdicts, the service's own wording.
    pub fn name(self) -> &'static str {
        match self {
            Self::Failed => "Failed",
            Self::Unknown => "Unknown",
            Self::InReview => "In Review",
            Self::Declined => "Declined",
            Self::Approved => "Approved",
        }
    }

    pub fn is_judged(self) -> bool {
        !matches!(self, Self::Failed | Self::Unknown)
    }
}

impl From<PairState> for PairStatus {
    fn from(state: PairState) -> Self {
        match state {
            PairState::Failed => Self::Failed,
            PairState::Unknown { .. } => Self::Unknown,
            PairState::Judged(known) => match known.status {
                Status::Approved => Self::Approved,
                Status::Declined => Self::Declined,
                Status::InReview => Self::InReview,
            },
        }
    }
}
