//! The state of a session, and the decision on it.

use super::{Status, is_sandbox, untrusted};
use crate::error::Error;
use crate::values::ids::SessionId;
use crate::values::json::Object;

/// The verdict of a session; only [`SessionState::read`] makes one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Decision {
    status: Status,
    is_sandbox: bool,
}

impl Decision {
    pub fn status(&self) -> Status {
        self.status
    }

    /// Whether a sandbox decided, whose verdicts are made up.
    pub fn is_sandbox(&self) -> bool {
        self.is_sandbox
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SessionState {
    /// There is a verdict; In Review may still change.
    Decided(Decision),
    /// There will be a verdict; the service's word.
    Pending(&'static str),
    /// There will be none; the service's word.
    Closed(&'static str),
}

impl SessionState {
    const PENDING: [&str; 4] = ["Not Started", "In Progress", "Awaiting User", "Resubmitted"];
    const CLOSED: [&str; 3] = ["Expired", "Kyc Expired", "Abandoned"];

    /// Reads the body of a `200` about the session `id`.
    ///
    /// Accepts only one JSON object without duplicate keys, with a known status, about this session.
    pub fn read(body: &[u8], id: &SessionId) -> Result<Self, Error> {
        Self::checked(body, id).map_err(untrusted)
    }

    fn checked(body: &[u8], id: &SessionId) -> Result<Self, String> {
        let answer = Object::of_answer(body)?;
        if let Some(of) = answer.get("session_id") {
            let of: String =
                serde_json::from_str(of).map_err(|_| "its session_id is not a string")?;
            if !id.is(&of) {
                return Err(format!("it is about a different session, `{of}`"));
            }
        }
        let status = answer.get("status").ok_or("it has no `status`")?;
        let name: String =
            serde_json::from_str(status).map_err(|_| "its status is not a string")?;
        Self::of_status(&name, is_sandbox(&answer)).ok_or_else(|| format!("its status is `{name}`"))
    }

    fn of_status(name: &str, is_sandbox: bool) -> Option<Self> {
        let among = |names: &[&'static str]| names.iter().find(|known| **known == name).copied();
        Status::from_name(name)
            .map(|status| Self::Decided(Decision { status, is_sandbox }))
            .or_else(|| among(&Self::PENDING).map(Self::Pending))
            .or_else(|| among(&Self::CLOSED).map(Self::Closed))
    }

    /// The service's word.
    pub fn name(self) -> &'static str {
        match self {
            Self::Decided(decision) => decision.status.name(),
            Self::Pending(name) | Self::Closed(name) => name,
        }
    }
}
