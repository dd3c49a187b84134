//! Endpoints that only this server has: settle a review, pay, list sessions without faults.

use axum::body::Body;
use axum::extract::State as Shared;
use axum::http::{HeaderMap, StatusCode, Uri};
use serde_json::json;

use super::{AppState, Id, Reply, read_id, session};
use crate::server::sessions::STATUSES;
use crate::server::{answers, body};

/// `GET /_local/sessions/`: the list of sessions, never affected by `--fault`.
pub(super) async fn sessions(Shared(state): AppState, uri: Uri, headers: HeaderMap) -> Reply {
    state.authorize(&headers)?;
    session::page(&state, &uri)
}

/// `POST /_local/session/{id}/`: `{"status": "Approved"}` settles a review, and
/// `{"in_filed_report": true}` makes the session part of a filed report.
pub(super) async fn settle(Shared(state): AppState, id: Id, body: Body) -> Reply {
    let id = read_id(id)?;
    let body = body::json(body).await?;
    let mut books = state.books();
    let session = books.sessions.get_mut(&id).ok_or_else(answers::not_found)?;
    if body["in_filed_report"] == true {
        session.is_filed = true;
    } else {
        let status = STATUSES.into_iter().find(|status| body["status"] == *status);
        session.status = status.ok_or_else(|| answers::field("status", "Unknown status."))?;
    }
    Ok(answers::json(StatusCode::OK, &answers::decision(session, &state)))
}

pub(super) async fn checkout(Shared(state): AppState, id: Id) -> Reply {
    let id = read_id(id)?;
    let is_open = state.books().has_checkout(&id);
    if is_open { Ok(answers::checkout_page()) } else { Err(answers::not_found()) }
}

pub(super) async fn pay(Shared(state): AppState, id: Id) -> Reply {
    let id = read_id(id)?;
    let mut books = state.books();
    if !books.pay_checkout(&id) {
        return Err(answers::not_found());
    }
    Ok(answers::json(StatusCode::OK, &json!({"paid": true, "balance": books.balance()})))
}
