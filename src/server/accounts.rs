//! Accounts that exist until the server stops: no password is kept, and no mail is sent.

use std::collections::{HashMap, VecDeque};
use std::time::{Duration, Instant};

/// As many addresses are known; the oldest goes when another one comes.
const MOST: usize = 1000;
/// How long a code is valid.
const CODE_LIFE: Duration = Duration::from_mins(10);
/// The shortest time between two codes that were asked for.
const CODE_PAUSE: Duration = Duration::from_mins(1);
/// How many registrations of one address an hour are taken.
const REGISTRATIONS: usize = 5;
const HOUR: Duration = Duration::from_hours(1);
/// Without what is easily taken for something else.
const ALPHABET: &[u8] = b"ABCDEFGHJKLMNPQRSTUVWXYZ23456789";

#[derive(Default)]
struct Account {
    code: Option<(String, Instant)>,
    registrations: VecDeque<Instant>,
    is_verified: bool,
}

/// The addresses that registered.
#[derive(Default)]
pub(super) struct Accounts {
    by_email: HashMap<String, Account>,
    order: VecDeque<String>,
}

/// What became of a registration.
pub(super) enum Registered {
    /// A new address, with its code.
    New(String),
    /// One that is not verified yet, with another code.
    Again(String),
}

/// Why an account request is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Refused {
    /// The address is verified already.
    Verified,
    /// Too many requests: so long until the next.
    TooMany(Duration),
    /// The code is wrong, too old, or used.
    Code,
    /// No such address waits for a code.
    Unknown,
}

impl Accounts {
    pub(super) fn register(&mut self, email: &str, now: Instant) -> Result<Registered, Refused> {
        let account = self.account(email);
        if account.is_verified {
            return Err(Refused::Verified);
        }
        account.registrations.retain(|&time| now.duration_since(time) < HOUR);
        if account.registrations.len() >= REGISTRATIONS {
            let oldest = account.registrations.front().copied().unwrap_or(now);
            return Err(Refused::TooMany(HOUR.saturating_sub(now.duration_since(oldest))));
        }
        account.registrations.push_back(now);
        let is_new = account.registrations.len() == 1 && account.code.is_none();
        let code = account.fresh_code(now);
        Ok(if is_new { Registered::New(code) } else { Registered::Again(code) })
    }

    pub(super) fn resend(&mut self, email: &str, now: Instant) -> Result<String, Refused> {
        let account = self.by_email.get_mut(&key(email)).ok_or(Refused::Unknown)?;
        if account.is_verified {
            return Err(Refused::Verified);
        }
        let sent = account.code.as_ref().map_or(now, |(_, sent)| *sent);
        let pause = CODE_PAUSE.saturating_sub(now.duration_since(sent));
        if account.code.is_some() && !pause.is_zero() {
            return Err(Refused::TooMany(pause));
        }
        Ok(account.fresh_code(now))
    }

    /// Takes the code, which then is used up.
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

    fn registered(accounts: &mut Accounts, now: Instant) -> String {
        match accounts.register(ANN, now) {
            Ok(Registered::New(code) | Registered::Again(code)) => code,
            Err(refused) => panic!("{refused:?}"),
        }
    }

    #[test]
    fn a_code_works_once_and_ten_minutes() {
        let (mut accounts, now) = (Accounts::default(), Instant::now());
        let code = registered(&mut accounts, now);
        assert_eq!(code.len(), 6);
        assert_eq!(accounts.verify(ANN, "WRONG1", now), Err(Refused::Code));
        assert_eq!(accounts.verify(ANN, &code, now + CODE_LIFE), Err(Refused::Code));
        assert_eq!(accounts.verify("Ann@Mail.example", &code, now), Ok(()));
        assert_eq!(accounts.verify(ANN, &code, now), Err(Refused::Code));
        assert!(matches!(accounts.register(ANN, now), Err(Refused::Verified)));
    }

    #[test]
    fn a_minute_between_codes_and_five_registrations_an_hour() {
        let (mut accounts, now) = (Accounts::default(), Instant::now());
        assert_eq!(accounts.resend(ANN, now), Err(Refused::Unknown));
        let first = registered(&mut accounts, now);
        assert!(matches!(accounts.resend(ANN, now), Err(Refused::TooMany(_))));
        let second = accounts.resend(ANN, now + CODE_PAUSE).unwrap();
        assert_eq!(accounts.verify(ANN, &first, now + CODE_PAUSE), Err(Refused::Code));
        assert_eq!(accounts.verify(ANN, &second, now + CODE_PAUSE), Ok(()));

        let mut accounts = Accounts::default();
        for _ in 0..REGISTRATIONS {
            registered(&mut accounts, now);
        }
        assert!(matches!(accounts.register(ANN, now), Err(Refused::TooMany(_))));
        registered(&mut accounts, now + HOUR);
    }
}
