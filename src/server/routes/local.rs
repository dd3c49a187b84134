//! What this server has and the service has not: settle a review, pay at a page, list without faults.

use axum::body::Body;
use axum::extract::State as Shared;
use axum::http::{HeaderMap, StatusCode, Uri};
use serde_json::json;

use super::{AppState, Id, Reply, read_id, session};
use crate::server::sessions::Unsettled;
use crate::server::{answers, body};

/// `GET /_local/sessions/`: the service's own list, on the worst of rehearsed days too.
pub(super) async fn sessions(Shared(state): AppState, uri: Uri, headers: HeaderMap) -> Reply {
    state.authorize(&headers)?;
    session::page(&state, &uri)
}

/// `POST /_local/session/{id}/` settles a review with `{"status": "Approved"}`, and makes the
/// session part of a filed report with `{"in_filed_report": true}`.
pub(super) async fn settle(Shared(state): AppState, id: Id, body: Body) -> Reply {
    let id = read_id(id)?;
    let body = body::json(body).await?;
    let mut books = state.books();
    if body["in_filed_report"] == true {
        let is_there = books.sessions.file(&id);
        return if is_there {
            Ok(answers::bare(StatusCode::OK))
        } else {
            Err(answers::not_found())
        };
    }
    let status = body["status"].as_str().unwrap_or_default();
    books.sessions.settle(&id, status).map_err(|unsettled| match unsettled {
        Unsettled::Session => answers::not_found(),
        Unsettled::Status => answers::field("status", "Not one of the session's statuses."),
    })?;
    let (number, session) = books.sessions.get(&id).ok_or_else(answers::not_found)?;
    Ok(answers::json(StatusCode::OK, &answers::decision(number, session, &state)))
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
