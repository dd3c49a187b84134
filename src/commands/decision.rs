//! `decision`: shows the decision on a request, or waits for it.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use super::{Context, lookup, sessions};
use crate::api::session::SessionReport;
use crate::api::{Answer, Client, Gate};
use crate::batch::lookup::{FIRST_PAUSE, LONGEST_PAUSE};
use crate::cli::Decision as Arguments;
use crate::error::{Error, Kind, Result};
use crate::exit::Exit;
use crate::render::{self, Progress};
use crate::values::ids::SessionId;
use crate::values::secret::ApiKey;
use crate::values::text::quoted;
use crate::verdict::{Decision, SessionState, Status};

/// How quickly a stop is noticed.
const NAP: Duration = Duration::from_millis(100);

pub(super) struct Decided {
    /// In Review if there was no other verdict in time.
    pub(super) decision: Decision,
    pub(super) body: Vec<u8>,
}

struct Reply {
    state: SessionState,
    body: Vec<u8>,
}

pub(super) fn run(arguments: &Arguments, context: &Context) -> Result<Exit> {
    if let Some(journal) = &arguments.journal {
        return lookup::run(journal, arguments.wait, context);
    }
    if let Some(vendor_data) = &arguments.vendor_data {
        return sessions::run(vendor_data, context);
    }
    let Some(id) = &arguments.id else {
        let message = "no <REQUEST_ID>, --journal <RESULTS.jsonl> or --vendor-data <ID> was given";
        return Err(Error::new(Kind::Usage, message)
            .hint("see `didit-face decision --help`")
            .into());
    };
    let name = id.to_string();
    let path = Path::new(&name);
    if path.extension().is_some_and(|kind| kind == "jsonl") || path.is_file() {
        let message = format!("`{id}` is a file, not a request id");
        let file = quoted(&name).into_owned();
        return Err(Error::new(Kind::Usage, message)
            .hint(format!("look up a journal's pairs: didit-face decision --journal {file}"))
            .into());
    }
    let decided = match arguments.wait {
        None => ask_once(id, context)?,
        Some(limit) => follow(id, limit, context.api_key()?, &Arc::default(), context)?,
    };
    let console = &context.console;
    if console.json {
        console.result(&decided.body)?;
        if decided.decision.is_sandbox() {
            console.warn(render::verdict::SANDBOX);
        }
    } else {
        let report = SessionReport::read(&decided.body)?;
        console.table(&render::decision(console.out, decided.decision, &report))?;
    }
    Ok(Exit::from(decided.decision))
}

pub(super) fn state(client: &Client, id: &SessionId) -> Result<SessionState> {
    Ok(read(client, &client.session(id)?, id)?.state)
}

fn ask_once(id: &SessionId, context: &Context) -> Result<Decided> {
    let (client, _progress) = super::client(context, "asking for the decision")?;
    Ok(read(&client, &client.session(id)?, id)?.decided(id, None)?)
}

/// Polls until there is a verdict other than In Review, `limit` has passed, or `is_stopped`.
pub(super) fn follow(
    id: &SessionId,
    limit: Duration,
    key: ApiKey,
    is_stopped: &Arc<AtomicBool>,
    context: &Context,
) -> Result<Decided> {
    let progress = Progress::new(&context.console);
    let mut poll = Poll::new(id, limit, key, is_stopped, &progress, context)?;
    progress.busy("waiting for the decision");
    poll.until_decided(&progress)
}

/// Ends a poll at once, also while an answer is awaited.
struct Stoppable(Arc<AtomicBool>);

impl Gate for Stoppable {
    fn is_stopped(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

struct Poll<'a> {
    client: Client,
    id: &'a SessionId,
    limit: Duration,
    started: Instant,
    pause: Duration,
    /// How many more failures in a row are tolerated.
    patience: u32,
    retries: u32,
    is_stopped: Arc<AtomicBool>,
}

impl<'a> Poll<'a> {
    /// The client doesn't retry: its waits know nothing of the limit.
    fn new(
        id: &'a SessionId,
        limit: Duration,
        key: ApiKey,
        is_stopped: &Arc<AtomicBool>,
        progress: &Progress,
        context: &Context,
    ) -> Result<Self> {
        let settings = &context.settings;
        let mut connection = settings.connection.clone();
        let retries = std::mem::take(&mut connection.retries);
        connection.timeout = connection.timeout.min(limit.max(Duration::from_secs(1)));
        let base = &settings.api.value;
        let client = Client::new(base, Some(key), &connection, progress.lines_only())?;
        let client = client.with_gate(Arc::new(Stoppable(Arc::clone(is_stopped))));
        Ok(Self {
            client,
            id,
            limit,
            started: Instant::now(),
            pause: FIRST_PAUSE,
            patience: retries,
            retries,
            is_stopped: Arc::clone(is_stopped),
        })
    }

    fn until_decided(&mut self, progress: &Progress) -> Result<Decided> {
        let mut last = None;
        loop {
            let (result, retry_after) = self.ask();
            match result {
                Ok(reply) if reply.is_final() => return self.end(reply),
                _ if self.is_stopped() => {
                    return Err(Error::new(Kind::Interrupted, "interrupted").into());
                }
                Ok(reply) => {
                    progress.busy(format!("{}: waiting for the decision", reply.state.name()));
                    self.patience = self.retries;
                    last = Some(reply);
                }
                Err(e) if !self.tolerates(&e) => return Err(e.into()),
                Err(e) if self.is_over(retry_after) && last.is_none() => return Err(e.into()),
                Err(_) => {}
            }
            match last.take_if(|_| self.is_over(retry_after)) {
                Some(reply) => return self.end(reply),
                None => self.rest(retry_after),
            }
        }
    }

    fn is_stopped(&self) -> bool {
        self.is_stopped.load(Ordering::Relaxed)
    }

    /// Also returns how long the service asks us to pause.
    fn ask(&self) -> (Result<Reply, Error>, Option<Duration>) {
        match self.client.session(self.id) {
            Ok(answer) => (read(&self.client, &answer, self.id), answer.retry_after),
            Err(e) => (Err(e), None),
        }
    }

    /// A 429 is always tolerated, any other failure only a few times in a row.
    fn tolerates(&mut self, e: &Error) -> bool {
        let may_pass = match e.status() {
            Some(429) => return true,
            Some(502..=504) => true,
            Some(_) => false,
            // An answer that was cut short is a lost connection too.
            None => !e.is_final() && matches!(e.kind(), Kind::Network | Kind::Response),
        };
        let is_tolerated = may_pass && self.patience > 0;
        self.patience = self.patience.saturating_sub(1);
        is_tolerated
    }

    /// Whether the time is up, or would be by the time the service allows another request.
    fn is_over(&self, retry_after: Option<Duration>) -> bool {
        self.started.elapsed() + retry_after.unwrap_or_default() >= self.limit
    }

    /// Pauses at least as long as the service asks for, but never past the limit.
    fn rest(&mut self, retry_after: Option<Duration>) {
        let pause = self.pause.max(retry_after.unwrap_or_default());
        let end = Instant::now() + pause.min(self.limit.saturating_sub(self.started.elapsed()));
        while !self.is_stopped() && Instant::now() < end {
            std::thread::sleep(NAP.min(end.saturating_duration_since(Instant::now())));
        }
        self.pause = self.pause.mul_f32(1.5).min(LONGEST_PAUSE);
    }

    fn end(&self, reply: Reply) -> Result<Decided> {
        Ok(reply.decided(self.id, Some(self.limit))?)
    }
}

impl Reply {
    fn is_final(&self) -> bool {
        match self.state {
            SessionState::Decided(decision) => decision.status() != Status::InReview,
            SessionState::Pending(_) => false,
            SessionState::Closed(_) => true,
        }
    }

    fn decided(self, id: &SessionId, waited: Option<Duration>) -> Result<Decided, Error> {
        match self.state {
            SessionState::Decided(decision) => Ok(Decided { decision, body: self.body }),
            other => Err(undecided(id, other, waited)),
        }
    }
}

fn read(client: &Client, answer: &Answer, id: &SessionId) -> Result<Reply, Error> {
    if answer.status != 200 {
        return Err(client.session_error(answer));
    }
    let state = SessionState::read(&answer.body, id).map_err(|e| {
        e.http_status(200).hint("if this persists, check --api-url / DIDIT_API_URL: something else may be answering there")
    })?;
    Ok(Reply { state, body: answer.body.clone() })
}

fn undecided(id: &SessionId, state: SessionState, waited: Option<Duration>) -> Error {
    let name = state.name();
    let message = match (state, waited) {
        (SessionState::Closed(_), _) => format!("no verdict: the session ended as `{name}`"),
        (_, None) => format!("no verdict yet: the session is `{name}`"),
        (_, Some(limit)) => {
            format!("no verdict after {} s: the session is still `{name}`", limit.as_secs_f64())
        }
    };
    let hint = match state {
        SessionState::Closed(_) => "send the photos again for a new request".to_owned(),
        _ => format!("wait for it: didit-face decision {id} --wait"),
    };
    Error::new(Kind::Response, message).http_status(200).hint(hint)
}
