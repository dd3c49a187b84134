//! The state shared by all requests.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use axum::extract::State as Shared;
use axum::http::HeaderMap;
use axum::response::Response;
use rust_decimal::Decimal;
use tokio::sync::Semaphore;
use uuid::Uuid;

use super::answers;
use super::options::{Options, Permission};
use super::store::{Accounts, Sessions, Window};
use crate::engine::{Comparison, Engine, answer};
use crate::verdict::{Status, Threshold};

/// The maximum number of payment pages; a new one evicts the oldest.
const CHECKOUTS: usize = 256;

pub(super) type AppState = Shared<Arc<State>>;

pub(super) struct State {
    pub(super) options: Options,
    /// The base URL for links.
    pub(super) base: String,
    pub(super) engine: Engine,
    /// Limits how many pairs are judged at the same time.
    pub(super) judges: Arc<Semaphore>,
    books: Mutex<Books>,
    tell: Box<dyn Fn(Notice<'_>) + Send + Sync>,
}

/// The part of the state that requests change.
pub(super) struct Books {
    writes: Window,
    reads: Window,
    credits: Option<u64>,
    checkouts: VecDeque<(String, u64)>,
    pub(super) sessions: Sessions,
    pub(super) accounts: Accounts,
}

/// How a request counts against the rate limit.
#[derive(Clone, Copy)]
pub(super) enum Access {
    Write,
    Read,
}

impl State {
    pub(super) fn new(
        options: Options,
        base: String,
        tell: Box<dyn Fn(Notice<'_>) + Send + Sync>,
    ) -> Self {
        let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        let books = Books {
            writes: Window::new(options.rate),
            // The service allows twice as many reads as writes.
            reads: Window::new(options.rate.saturating_mul(2)),
            // A sandbox bills nothing.
            credits: options.credits.filter(|_| !options.sandbox),
            checkouts: VecDeque::new(),
            sessions: Sessions::default(),
            accounts: Accounts::default(),
        };
        Self {
            options,
            base,
            engine: Engine::new(),
            judges: Arc::new(Semaphore::new(cores)),
            books: Mutex::new(books),
            tell,
        }
    }

    /// Locks the books. The guard must not be held across an await.
    pub(super) fn books(&self) -> MutexGuard<'_, Books> {
        self.books.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn tell(&self, notice: Notice<'_>) {
        (self.tell)(notice);
    }

    /// Rejects requests without the key.
    pub(super) fn authorize(&self, headers: &HeaderMap) -> Result<(), Response> {
        let Some(key) = headers.get("x-api-key") else { return Err(answers::no_key()) };
        if key.as_bytes() == self.options.key.reveal().as_bytes() {
            Ok(())
        } else {
            Err(answers::wrong_key())
        }
    }

    pub(super) fn permits(&self, permission: Permission) -> bool {
        !self.options.denied.contains(&permission)
    }

    /// Rejects requests that lack the key or the permission, or exceed the rate limit.
    pub(super) fn admit(
        &self,
        headers: &HeaderMap,
        permission: Permission,
        access: Access,
    ) -> Result<(), Response> {
        self.authorize(headers)?;
        if !self.permits(permission) {
            return Err(answers::not_permitted());
        }
        let mut books = self.books();
        let (name, window) = match access {
            Access::Write => ("Write", &mut books.writes),
            Access::Read => ("Read", &mut books.reads),
        };
        let limit = window.limit;
        window.admit(Instant::now()).map_err(|wait| answers::rate_limited(name, limit, wait))
    }

    /// The verdict on a comparison, In Review for scores in the range of `--review`.
    pub(super) fn status(&self, comparison: &Comparison, threshold: Threshold) -> Status {
        match (&self.options.review, comparison.score) {
            (Some(band), Some(score)) if band.0.contains(&score) => Status::InReview,
            _ => answer::status(comparison, threshold),
        }
    }
}

impl Books {
    pub(super) fn has_credit(&self) -> bool {
        self.credits != Some(0)
    }

    /// Takes a credit; `false` if none is left.
    pub(super) fn pay(&mut self) -> bool {
        match &mut self.credits {
            None => true,
            Some(0) => false,
            Some(left) => {
                *left -= 1;
                true
            }
        }
    }

    /// The balance at one dollar per match; constant if credits are unlimited.
    pub(super) fn balance(&self) -> String {
        let mut balance = Decimal::from(self.credits.unwrap_or(1000));
        balance.rescale(4);
        balance.to_string()
    }

    /// Creates a page for paying `dollars`, and returns its id.
    pub(super) fn new_checkout(&mut self, dollars: u64) -> String {
        if self.checkouts.len() >= CHECKOUTS {
            self.checkouts.pop_front();
        }
        let id = format!("cs_local_{}", Uuid::new_v4().simple());
        self.checkouts.push_back((id.clone(), dollars));
        id
    }

    pub(super) fn has_checkout(&self, id: &str) -> bool {
        self.checkouts.iter().any(|(known, _)| known == id)
    }

    /// Pays and removes a page; `false` if there is no such page.
    pub(super) fn pay_checkout(&mut self, id: &str) -> bool {
        let at = self.checkouts.iter().position(|(known, _)| known == id);
        let Some((_, dollars)) = at.and_then(|at| self.checkouts.remove(at)) else { return false };
        self.credits = self.credits.map(|credits| credits.saturating_add(dollars));
        true
    }
}

/// An event to report to whoever runs the server.
#[derive(Debug)]
pub enum Notice<'a> {
    /// An email that the service would send.
    Mail { email: &'a str, code: &'a str },
    Answered {
        method: &'a str,
        path: &'a str,
        /// `None` if the connection was closed without an answer.
        status: Option<u16>,
        /// From the end of the request head to the start of the answer.
        elapsed: Duration,
    },
}
