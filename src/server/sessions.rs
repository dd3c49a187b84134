//! What is remembered of requests, so that they can be looked up: no photo, and not for ever.

use std::collections::{HashMap, VecDeque};

use serde::Serialize;
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
#[derive(Clone)]
pub(super) struct Session {
    pub(super) status: &'static str,
    /// The comparison's own status, which a review leaves as it is.
    pub(super) judged: &'static str,
    pub(super) score: Value,
    pub(super) warnings: Value,
    pub(super) vendor_data: Option<String>,
    pub(super) created_at: String,
}

/// The latest sessions.
#[derive(Default)]
pub(super) struct Sessions {
    by_id: HashMap<String, Session>,
    order: VecDeque<String>,
}

impl Sessions {
    pub(super) fn add(&mut self, id: String, session: Session) {
        if self.order.len() >= MOST
            && let Some(oldest) = self.order.pop_front()
        {
            self.by_id.remove(&oldest);
        }
        self.order.push_back(id.clone());
        self.by_id.insert(id, session);
    }

    /// The body of the answer about session `id`.
    pub(super) fn decision(&self, id: &str) -> Option<Value> {
        let session = self.by_id.get(id)?;
        let decision = Decision {
            session_id: id,
            status: session.status,
            face_matches: [FaceMatch {
                node_id: "feature_face_match",
                status: session.judged,
                score: &session.score,
                source_image: (),
                target_image: (),
                warnings: &session.warnings,
            }],
            vendor_data: session.vendor_data.as_deref(),
            created_at: &session.created_at,
        };
        serde_json::to_value(decision).ok()
    }

    /// Gives session `id` another status.
    pub(super) fn settle(&mut self, id: &str, status: &str) -> Result<(), Unsettled> {
        let status = STATUSES.iter().find(|known| **known == status).ok_or(Unsettled::Status)?;
        self.by_id.get_mut(id).ok_or(Unsettled::Session)?.status = status;
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

/// The service has much more; the images are kept by nobody here.
#[derive(Serialize)]
struct Decision<'a> {
    session_id: &'a str,
    status: &'a str,
    face_matches: [FaceMatch<'a>; 1],
    vendor_data: Option<&'a str>,
    created_at: &'a str,
}

#[derive(Serialize)]
struct FaceMatch<'a> {
    node_id: &'a str,
    status: &'a str,
    score: &'a Value,
    source_image: (),
    target_image: (),
    warnings: &'a Value,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn session() -> Session {
        Session {
            status: "In Review",
            judged: "In Review",
            score: Value::from(40),
            warnings: Value::Array(Vec::new()),
            vendor_data: None,
            created_at: String::new(),
        }
    }

    #[test]
    fn the_oldest_is_forgotten() {
        let mut sessions = Sessions::default();
        for n in 0..=MOST {
            sessions.add(n.to_string(), session());
        }
        assert!(sessions.decision("0").is_none());
        assert!(sessions.decision("1").is_some());
        assert_eq!((sessions.by_id.len(), sessions.order.len()), (MOST, MOST));
    }

    #[test]
    fn a_review_settles_the_session_and_not_the_comparison() {
        let mut sessions = Sessions::default();
        sessions.add("a".to_owned(), session());
        assert!(sessions.settle("a", "Approved").is_ok());
        let decision = sessions.decision("a").unwrap();
        assert_eq!(decision["status"], "Approved");
        assert_eq!(decision["face_matches"][0]["status"], "In Review");
        assert!(matches!(sessions.settle("a", "approved"), Err(Unsettled::Status)));
        assert!(matches!(sessions.settle("b", "Approved"), Err(Unsettled::Session)));
    }
}
