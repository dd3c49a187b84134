//! `decision --vendor-data`: the sessions of one identifier, with their decisions.

use std::fmt::Write as _;

use jiff::{Span, Timestamp};
use serde_json::json;

use super::{Context, client, decision};
use crate::api::session::Listed;
use crate::error::{Error, Kind, Result};
use crate::exit::Exit;
use crate::values::json::SCHEMA;
use crate::values::text::quoted;
use crate::verdict::{SessionState, Status};

/// How many to ask about, newest first.
const SHOWN: usize = 20;
/// Before the service existed.
const FIRST: &str = "2020-01-01T00:00:00Z";

/// Exits like a batch of these sessions: with 0 only if all are Approved.
pub(super) fn run(vendor_data: &str, context: &Context) -> Result<Exit> {
    let (client, progress) = client(context, "looking up the sessions")?;
    // Past the present: clocks differ.
    let range = (FIRST.parse()?, Timestamp::now().checked_add(Span::new().hours(24))?);
    let vendor_data = vendor_data.trim();
    let listed = client.sessions(Some(vendor_data), range)?;
    if listed.is_empty() {
        let host = context.settings.api.value.authority();
        let message = format!("`{host}` has no session with the vendor data `{vendor_data}`");
        return Err(Error::new(Kind::Service, message)
            .hint("a request made with --no-save, or refused, leaves none; a new one may take a minute to be listed")
            .into());
    }
    let mut shown = Vec::new();
    for session in listed.iter().take(SHOWN) {
        shown.push((session, decision::state(&client, &session.id)?));
    }
    drop(progress);
    let count = |wanted| {
        let is = |state: &SessionState| matches!(state, SessionState::Decided(decision) if decision.status() == wanted);
        shown.iter().filter(|(_, state)| is(state)).count() as u64
    };
    let [approved, declined, in_review] =
        [Status::Approved, Status::Declined, Status::InReview].map(count);
    let exit = Exit::of_batch(listed.len() as u64, approved, declined, in_review);
    let console = &context.console;
    if console.json {
        console.result(as_json(vendor_data, &shown, listed.len(), exit).as_bytes())?;
    } else {
        console.table(&as_text(&shown))?;
        if listed.len() > SHOWN {
            console.note(&format!("and {} older ones", listed.len() - SHOWN));
        }
        let id = quoted(&shown[0].0.id.to_string()).into_owned();
        console.hint(&format!("for the scores: didit-face decision {id}"));
    }
    Ok(exit)
}

type Shown<'a> = (&'a Listed, SessionState);

fn time(session: &Listed) -> Option<String> {
    session.created_at.map(|at| at.strftime("%F %T").to_string())
}

fn as_text(shown: &[Shown<'_>]) -> String {
    shown.iter().fold(String::new(), |mut text, (session, state)| {
        let time = time(session).unwrap_or_else(|| "-".to_owned());
        // Writing to a String cannot fail.
        let _ = writeln!(text, "{}  {time}  {}", session.id, state.name());
        text
    })
}

fn as_json(vendor_data: &str, shown: &[Shown<'_>], count: usize, exit: Exit) -> String {
    let sessions = shown.iter().map(|(session, state)| {
        json!({
            "request_id": session.id.to_string(),
            "created_at": session.created_at.map(|at| at.to_string()),
            "status": state.name(),
        })
    });
    json!({
        "schema": SCHEMA,
        "vendor_data": vendor_data,
        "count": count,
        "sessions": sessions.collect::<Vec<_>>(),
        "exit_code": exit.code(),
    })
    .to_string()
}
