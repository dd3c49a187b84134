//! The session endpoints: list, look up, erase.

use axum::extract::State as Shared;
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::IntoResponse;

use super::{AppState, Id, Reply, read_id};
use crate::server::listing::Query;
use crate::server::sessions::Kept;
use crate::server::state::{Access, State};
use crate::server::{Permission, answers};

/// A page of sessions, newest first.
pub(super) async fn list(Shared(state): AppState, uri: Uri, headers: HeaderMap) -> Reply {
    state.admit(&headers, Permission::Sessions, Access::Read)?;
    page(&state, &uri)
}

/// [`list`] without checking the key or the rate.
pub(super) fn page(state: &State, uri: &Uri) -> Reply {
    let query =
        Query::read(uri.query().unwrap_or_default()).map_err(|errors| answers::fields(&errors))?;
    let page = query.page(state.books().sessions.newest_first(), &state.base);
    Ok(answers::json(StatusCode::OK, &page))
}

/// The service redirects to the path with the slash.
pub(super) async fn list_without_slash(uri: Uri) -> Reply {
    let query = uri.query().map(|query| format!("?{query}")).unwrap_or_default();
    let target = format!("/v3/sessions/{query}");
    Ok((StatusCode::MOVED_PERMANENTLY, [("location", target)]).into_response())
}

pub(super) async fn decision(Shared(state): AppState, id: Id, headers: HeaderMap) -> Reply {
    state.admit(&headers, Permission::Sessions, Access::Read)?;
    let id = read_id(id)?;
    let books = state.books();
    let session = books.sessions.get(&id).ok_or_else(answers::not_found)?;
    Ok(answers::json(StatusCode::OK, &answers::decision(session, &state)))
}

pub(super) async fn delete(Shared(state): AppState, id: Id, headers: HeaderMap) -> Reply {
    state.admit(&headers, Permission::Delete, Access::Write)?;
    match state.books().sessions.remove(&read_id(id)?) {
        Ok(session) => Ok(answers::json(StatusCode::OK, &answers::erased(&session))),
        Err(Kept::Missing) => Err(answers::not_found()),
        Err(Kept::Filed) => Err(answers::in_filed_report()),
    }
}
