//! In-memory accounts. Passwords are only stored as hashes, and no mail is sent.

use std::collections::{HashMap, VecDeque};
use std::time::{Duration, Instant};

use uuid::Uuid;

use crate::values::digest::sha256;

/// The maximum number of addresses; a new one evicts the oldest.
const MOST: usize = 1000;
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
            if self.order.len() >= MOST
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

#[cfg(test)]
mod tests {
    use super::*;

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
}
