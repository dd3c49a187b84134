//! What is remembered of requests, so that they can be looked up: no photo, and not for ever.

use std::collections::VecDeque;

use jiff::Timestamp;
use serde_json::Value;

/// As many are kept; the oldest goes when another one comes.
const MOST: usize = 4096;

/// Every status that a session of the service can have.
const STATUSES: [&str; 10] = [
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

/// A request that was judged.
#[derive(Clone, Debug)]
pub(super) struct Session {
    pub(super) id: String,
    pub(super) status: &'static str,
    /// The comparison's own status, which a review leaves as it is.
    pub(super) judged: &'static str,
    pub(super) score: Value,
    pub(super) warnings: Value,
    pub(super) vendor_data: Option<String>,
    pub(super) created_at: Timestamp,
}

impl Session {
    /// When it was made, as the service writes it.
    pub(super) fn created_at(&self) -> String {
        format!("{:.6}", self.created_at)
    }
}

/// The latest sessions, oldest first.
#[derive(Default)]
pub(super) struct Sessions {
    kept: VecDeque<Session>,
    forgotten: usize,
}

impl Sessions {
    pub(super) fn add(&mut self, session: Session) {
        if self.kept.len() >= MOST {
            self.kept.pop_front();
            self.forgotten += 1;
        }
        self.kept.push_back(session);
    }

    /// Every session with its number, which counts up from 1.
    pub(super) fn newest_first(&self) -> impl Iterator<Item = (usize, &Session)> {
        let numbers = self.forgotten + 1..=self.forgotten + self.kept.len();
        numbers.rev().zip(self.kept.iter().rev())
    }

    /// Session `id`, with its number.
    pub(super) fn get(&self, id: &str) -> Option<(usize, &Session)> {
        self.newest_first().find(|(_, session)| session.id == id)
    }

    /// Gives session `id` another status.
    pub(super) fn settle(&mut self, id: &str, status: &str) -> Result<(), Unsettled> {
        let status = STATUSES.iter().find(|known| **known == status).ok_or(Unsettled::Status)?;
        let session = self.kept.iter_mut().find(|session| session.id == id);
        session.ok_or(Unsettled::Session)?.status = status;
        Ok(())
    }
}

/// Why a session could not be given another status.
pub(super) enum Unsettled {
    /// There is no such session.
    Session,
    /// There is no such status.
    Status,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn session(id: &str) -> Session {
        Session {
            id: id.to_owned(),
            status: "In Review",
            judged: "In Review",
            score: Value::from(40),
            warnings: Value::Array(Vec::new()),
            vendor_data: None,
            created_at: Timestamp::UNIX_EPOCH,
        }
    }

    #[test]
    fn the_oldest_is_forgotten() {
        let mut sessions = Sessions::default();
        for n in 0..=MOST {
            sessions.add(session(&n.to_string()));
        }
        assert!(sessions.get("0").is_none());
        assert_eq!(sessions.get("1").unwrap().0, 2);
        assert_eq!(sessions.newest_first().next().unwrap().0, MOST + 1);
        assert_eq!(sessions.kept.len(), MOST);
    }

    #[test]
    fn a_review_settles_the_session_and_not_the_comparison() {
        let mut sessions = Sessions::default();
        sessions.add(session("a"));
        assert!(sessions.settle("a", "Approved").is_ok());
        let (_, session) = sessions.get("a").unwrap();
        assert_eq!((session.status, session.judged), ("Approved", "In Review"));
        assert!(matches!(sessions.settle("a", "approved"), Err(Unsettled::Status)));
        assert!(matches!(sessions.settle("b", "Approved"), Err(Unsettled::Session)));
    }
}
