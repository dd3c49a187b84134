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
    /// Part of a report that was filed with an authority: it can't be erased.
    pub(super) is_filed: bool,
}

impl Session {
    /// When it was made, as the service writes it.
    pub(super) fn created_at(&self) -> String {
        format!("{:.6}", self.created_at)
    }
}

/// The latest sessions with their numbers, oldest first.
#[derive(Default)]
pub(super) struct Sessions {
    kept: VecDeque<(usize, Session)>,
    count: usize,
}

impl Sessions {
    pub(super) fn add(&mut self, session: Session) {
        if self.kept.len() >= MOST {
            self.kept.pop_front();
        }
        self.count += 1;
        self.kept.push_back((self.count, session));
    }

    /// Every session with its number, which counts up from 1.
    pub(super) fn newest_first(&self) -> impl Iterator<Item = (usize, &Session)> {
        self.kept.iter().rev().map(|(number, session)| (*number, session))
    }

    /// Session `id`, with its number.
    pub(super) fn get(&self, id: &str) -> Option<(usize, &Session)> {
        self.newest_first().find(|(_, session)| session.id == id)
    }

    /// Gives session `id` another status.
    pub(super) fn settle(&mut self, id: &str, status: &str) -> Result<(), Unsettled> {
        let status = STATUSES.iter().find(|known| **known == status).ok_or(Unsettled::Status)?;
        self.get_mut(id).ok_or(Unsettled::Session)?.status = status;
        Ok(())
    }

    fn get_mut(&mut self, id: &str) -> Option<&mut Session> {
        self.kept.iter_mut().map(|(_, session)| session).find(|session| session.id == id)
    }

    /// Makes session `id` part of a filed report; `false` if there is no such session.
    pub(super) fn file(&mut self, id: &str) -> bool {
        self.get_mut(id).map(|session| session.is_filed = true).is_some()
    }

    /// Erases session `id`.
    pub(super) fn remove(&mut self, id: &str) -> Result<(), Kept> {
        let at = self.kept.iter().position(|(_, session)| session.id == id).ok_or(Kept::Missing)?;
        if self.kept[at].1.is_filed {
            return Err(Kept::Filed);
        }
        self.kept.remove(at);
        Ok(())
    }
}

/// Why a session was not erased.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Kept {
    /// There is none.
    Missing,
    /// It is part of a filed report.
    Filed,
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
            is_filed: false,
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
    fn an_erased_session_is_gone_and_the_others_keep_their_numbers() {
        let mut sessions = Sessions::default();
        for id in ["a", "b", "c"] {
            sessions.add(session(id));
        }
        assert!(sessions.file("b") && !sessions.file("d"));
        assert_eq!(sessions.remove("a"), Ok(()));
        assert_eq!(sessions.remove("a"), Err(Kept::Missing));
        assert_eq!(sessions.remove("b"), Err(Kept::Filed));
        assert_eq!(sessions.get("c").unwrap().0, 3);
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
