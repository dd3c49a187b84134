//! Recent requests, kept so that they can be looked up. Photos are not kept.

use std::collections::VecDeque;

use jiff::Timestamp;
use serde_json::Value;

/// The maximum number of sessions; a new one evicts the oldest.
const MOST: usize = 4096;

pub(super) const STATUSES: [&str; 10] = [
    "Not Started",
    "In Progress",
    "Awaiting User",
    "In Review",
    "Approved",
    "Declined",
    "Resubmitted",
    "Expired",
    "Kyc Expired",
    "Abandoned",
];

#[derive(Clone, Debug)]
pub(super) struct Session {
    /// Assigned by [`Sessions::add`], counting from 1.
    pub(super) number: usize,
    pub(super) id: String,
    pub(super) status: &'static str,
    /// The status of the comparison, which reviews don't change.
    pub(super) judged: &'static str,
    pub(super) score: Value,
    pub(super) warnings: Value,
    pub(super) vendor_data: Option<String>,
    pub(super) metadata: Value,
    pub(super) created_at: Timestamp,
    /// Part of a report filed with an authority, and so can't be erased.
    pub(super) is_filed: bool,
}

impl Session {
    /// The creation time in the service's format.
    pub(super) fn created_at(&self) -> String {
        format!("{:.6}", self.created_at)
    }
}

/// The latest sessions, oldest first.
#[derive(Default)]
pub(super) struct Sessions {
    kept: VecDeque<Session>,
    count: usize,
}

impl Sessions {
    pub(super) fn add(&mut self, mut session: Session) {
        if self.kept.len() >= MOST {
            self.kept.pop_front();
        }
        self.count += 1;
        session.number = self.count;
        self.kept.push_back(session);
    }

    pub(super) fn newest_first(&self) -> impl Iterator<Item = &Session> {
        self.kept.iter().rev()
    }

    pub(super) fn get(&self, id: &str) -> Option<&Session> {
        self.kept.iter().find(|session| session.id == id)
    }

    pub(super) fn get_mut(&mut self, id: &str) -> Option<&mut Session> {
        self.kept.iter_mut().find(|session| session.id == id)
    }

    pub(super) fn remove(&mut self, id: &str) -> Result<Session, Kept> {
        let at = self.kept.iter().position(|session| session.id == id).ok_or(Kept::Missing)?;
        if self.kept[at].is_filed {
            return Err(Kept::Filed);
        }
        self.kept.remove(at).ok_or(Kept::Missing)
    }
}

#[derive(Debug, PartialEq, Eq)]
pub(super) enum Kept {
    Missing,
    Filed,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn session(id: &str) -> Session {
        Session {
            number: 0,
            id: id.to_owned(),
            status: "In Review",
            judged: "In Review",
            score: Value::from(40),
            warnings: Value::Array(Vec::new()),
            vendor_data: None,
            metadata: Value::Null,
            created_at: Timestamp::UNIX_EPOCH,
            is_filed: false,
        }
    }

    #[test]
    fn a_full_list_evicts_the_oldest() {
        let mut sessions = Sessions::default();
        for n in 0..=MOST {
            sessions.add(session(&n.to_string()));
        }
        assert!(sessions.get("0").is_none());
        assert_eq!(sessions.get("1").unwrap().number, 2);
        assert_eq!(sessions.newest_first().next().unwrap().number, MOST + 1);
        assert_eq!(sessions.kept.len(), MOST);
    }

    #[test]
    fn erasing_a_session_keeps_the_others_and_their_numbers() {
        let mut sessions = Sessions::default();
        for id in ["a", "b", "c"] {
            sessions.add(session(id));
        }
        sessions.get_mut("b").unwrap().is_filed = true;
        assert_eq!(sessions.remove("a").unwrap().id, "a");
        assert_eq!(sessions.remove("a").unwrap_err(), Kept::Missing);
        assert_eq!(sessions.remove("b").unwrap_err(), Kept::Filed);
        assert_eq!(sessions.get("c").unwrap().number, 3);
    }
}
