//! What the stand-in remembers, in memory: sessions without their photos, accounts, and recent requests.

use std::collections::{HashMap, VecDeque};
use std::time::{Duration, Instant};

use jiff::Timestamp;
use serde_json::Value;
use uuid::Uuid;

use crate::values::digest::sha256;

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

/// The maximum number of addresses; a new one evicts the oldest.
const ADDRESSES: usize = 1000;
/// How long a code is valid.
const CODE_LIFE: Duration = Duration::from_mins(10);
/// The minimum time between two requested codes.
const CODE_PAUSE: Duration = Duration::from_mins(1);
/// The maximum number of access tokens; a new one evicts the oldest.
const LOGINS: usize = 1000;
/// Excludes characters that look alike.
const ALPHABET: &[u8] = b"ABCDEFGHJKLMNPQRSTUVWXYZ23456789";

#[derive(Default)]
struct Account {
    code: Option<(String, Instant)>,
    is_verified: bool,
    password: Vec<u8>,
    /// Created on first use.
    places: Option<Places>,
}

/// The ids of an account's organisation and application.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Places {
    pub(super) organization: String,
    pub(super) application: String,
}

#[derive(Default)]
pub(super) struct Accounts {
    by_email: HashMap<String, Account>,
    order: VecDeque<String>,
    /// Hashes of access tokens, with the key of their account.
    logins: VecDeque<(Vec<u8>, String)>,
}

#[derive(Debug)]
pub(super) struct Registered {
    pub(super) code: String,
    /// Whether this is the address's first code.
    pub(super) is_new: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Refused {
    Verified,
    /// A code was sent less than a minute ago; how long to wait.
    TooSoon(Duration),
    /// The code is wrong, expired or already used.
    Code,
    Unknown,
    Credentials,
    /// The password is right, but the address is not verified.
    Unverified,
}

impl Accounts {
    pub(super) fn register(
        &mut self,
        email: &str,
        password: &str,
        now: Instant,
    ) -> Result<Registered, Refused> {
        let account = self.account(email);
        if account.is_verified {
            return Err(Refused::Verified);
        }
        let is_new = account.code.is_none();
        let code = account.fresh_code(now);
        account.password = sha256(password.as_bytes());
        Ok(Registered { code, is_new })
    }

    pub(super) fn resend(&mut self, email: &str, now: Instant) -> Result<String, Refused> {
        let account = self.by_email.get_mut(&key(email)).ok_or(Refused::Unknown)?;
        if account.is_verified {
            return Err(Refused::Verified);
        }
        let sent = account.code.as_ref().map_or(now, |(_, sent)| *sent);
        let pause = CODE_PAUSE.saturating_sub(now.duration_since(sent));
        if account.code.is_some() && !pause.is_zero() {
            return Err(Refused::TooSoon(pause));
        }
        Ok(account.fresh_code(now))
    }

    /// Verifies the account. A code works only once.
    pub(super) fn verify(&mut self, email: &str, code: &str, now: Instant) -> Result<(), Refused> {
        let account = self.by_email.get_mut(&key(email)).ok_or(Refused::Code)?;
        let is_right = account
            .code
            .as_ref()
            .is_some_and(|(known, sent)| known == code && now.duration_since(*sent) < CODE_LIFE);
        if !is_right {
            return Err(Refused::Code);
        }
        account.code = None;
        account.is_verified = true;
        Ok(())
    }

    pub(super) fn log_in(&mut self, email: &str, password: &str) -> Result<String, Refused> {
        let account = self.by_email.get(&key(email));
        let account = account.filter(|account| account.password == sha256(password.as_bytes()));
        if !account.ok_or(Refused::Credentials)?.is_verified {
            return Err(Refused::Unverified);
        }
        let token = Uuid::new_v4().simple().to_string();
        if self.logins.len() >= LOGINS {
            self.logins.pop_front();
        }
        self.logins.push_back((sha256(token.as_bytes()), key(email)));
        Ok(token)
    }

    pub(super) fn places(&mut self, token: &str) -> Option<Places> {
        let hash = sha256(token.as_bytes());
        let (_, email) = self.logins.iter().find(|(known, _)| *known == hash)?;
        Some(self.by_email.get_mut(email)?.places())
    }

    pub(super) fn places_of(&mut self, email: &str) -> Places {
        self.account(email).places()
    }

    fn account(&mut self, email: &str) -> &mut Account {
        let key = key(email);
        if !self.by_email.contains_key(&key) {
            if self.order.len() >= ADDRESSES
                && let Some(oldest) = self.order.pop_front()
            {
                self.by_email.remove(&oldest);
            }
            self.order.push_back(key.clone());
        }
        self.by_email.entry(key).or_default()
    }
}

impl Account {
    fn places(&mut self) -> Places {
        let id = || Uuid::new_v4().to_string();
        self.places.get_or_insert_with(|| Places { organization: id(), application: id() }).clone()
    }

    fn fresh_code(&mut self, now: Instant) -> String {
        let letter = |_| char::from(ALPHABET[fastrand::usize(..ALPHABET.len())]);
        let code: String = (0..6).map(letter).collect();
        self.code = Some((code.clone(), now));
        code
    }
}

fn key(email: &str) -> String {
    email.to_lowercase()
}

const WINDOW: Duration = Duration::from_mins(1);

/// The requests admitted during the last minute.
pub(super) struct Window {
    pub(super) limit: u32,
    times: VecDeque<Instant>,
}

impl Window {
    pub(super) fn new(limit: u32) -> Self {
        Self { limit, times: VecDeque::new() }
    }

    /// Admits a request at `now`, or returns how long to wait. Refused requests don't count.
    pub(super) fn admit(&mut self, now: Instant) -> Result<(), Duration> {
        while self.times.front().is_some_and(|&time| now.duration_since(time) >= WINDOW) {
            self.times.pop_front();
        }
        if self.times.len() < self.limit as usize {
            self.times.push_back(now);
            return Ok(());
        }
        let oldest = self.times.front().copied().unwrap_or(now);
        Err(WINDOW.saturating_sub(now.duration_since(oldest)))
    }
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

    const ANN: &str = "ann@mail.example";
    const PASSWORD: &str = "MyStr0ng!Pass";

    fn registered(accounts: &mut Accounts, now: Instant) -> String {
        accounts.register(ANN, PASSWORD, now).unwrap().code
    }

    #[test]
    fn a_code_works_once_within_ten_minutes() {
        let (mut accounts, now) = (Accounts::default(), Instant::now());
        let code = registered(&mut accounts, now);
        assert_eq!(code.len(), 6);
        assert_eq!(accounts.verify(ANN, "WRONG1", now), Err(Refused::Code));
        assert_eq!(accounts.verify(ANN, &code, now + CODE_LIFE), Err(Refused::Code));
        assert_eq!(accounts.verify("Ann@Mail.example", &code, now), Ok(()));
        assert_eq!(accounts.verify(ANN, &code, now), Err(Refused::Code));
        assert!(matches!(accounts.register(ANN, PASSWORD, now), Err(Refused::Verified)));
    }

    #[test]
    fn codes_are_a_minute_apart() {
        let (mut accounts, now) = (Accounts::default(), Instant::now());
        assert_eq!(accounts.resend(ANN, now), Err(Refused::Unknown));
        let first = registered(&mut accounts, now);
        assert!(matches!(accounts.resend(ANN, now), Err(Refused::TooSoon(_))));
        let second = accounts.resend(ANN, now + CODE_PAUSE).unwrap();
        assert_eq!(accounts.verify(ANN, &first, now + CODE_PAUSE), Err(Refused::Code));
        assert_eq!(accounts.verify(ANN, &second, now + CODE_PAUSE), Ok(()));
    }

    #[test]
    fn a_login_needs_the_password_and_a_verified_address() {
        let (mut accounts, now) = (Accounts::default(), Instant::now());
        assert_eq!(accounts.log_in(ANN, PASSWORD), Err(Refused::Credentials));
        let code = registered(&mut accounts, now);
        assert_eq!(accounts.log_in(ANN, PASSWORD), Err(Refused::Unverified));
        accounts.verify(ANN, &code, now).unwrap();
        assert_eq!(accounts.log_in(ANN, "Other1!pass"), Err(Refused::Credentials));
        let token = accounts.log_in(ANN, PASSWORD).unwrap();
        assert_eq!(accounts.places(&token), Some(accounts.places_of(ANN)));
        assert_eq!(accounts.places("another"), None);
    }

    #[test]
    fn the_window_slides_and_refusals_do_not_count() {
        let start = Instant::now();
        let at = |seconds| start + Duration::from_secs(seconds);
        let mut window = Window::new(2);
        assert_eq!(window.admit(at(0)), Ok(()));
        assert_eq!(window.admit(at(30)), Ok(()));
        assert_eq!(window.admit(at(40)), Err(Duration::from_secs(20)));
        assert_eq!(window.admit(at(59)), Err(Duration::from_secs(1)));
        assert_eq!(window.admit(at(60)), Ok(()));
        assert_eq!(window.admit(at(60)), Err(Duration::from_secs(30)));
        assert_eq!(window.admit(at(90)), Ok(()));
    }
}
