//! The session endpoints: list, look up, erase; and, on this server alone, settle a review.

use std::str::FromStr as _;

use axum::body::Body;
use axum::extract::State as Shared;
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::IntoResponse;
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan as _};
use serde_json::{Value, json};
use url::form_urlencoded;

use super::answers;
use super::answers::{FieldErrors, Id, Reply, read_id};
use super::options::Permission;
use super::state::{Access, AppState, State};
use super::store::{Kept, STATUSES, Session};

/// A page of sessions, newest first.
pub(super) async fn list(Shared(state): AppState, uri: Uri, headers: HeaderMap) -> Reply {
    state.admit(&headers, Permission::Sessions, Access::Read)?;
    page(&state, &uri)
}

/// [`list`] without checking the key or the rate.
fn page(state: &State, uri: &Uri) -> Reply {
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
    Ok(answers::json(StatusCode::OK, &decision_of(session, &state)))
}

pub(super) async fn delete(Shared(state): AppState, id: Id, headers: HeaderMap) -> Reply {
    state.admit(&headers, Permission::Delete, Access::Write)?;
    match state.books().sessions.remove(&read_id(id)?) {
        Ok(session) => Ok(answers::json(StatusCode::OK, &erased(&session))),
        Err(Kept::Missing) => Err(answers::not_found()),
        Err(Kept::Filed) => Err(answers::in_filed_report()),
    }
}

/// `GET /_local/sessions/`: the list of sessions, never affected by `--fault`.
pub(super) async fn list_without_faults(
    Shared(state): AppState,
    uri: Uri,
    headers: HeaderMap,
) -> Reply {
    state.authorize(&headers)?;
    page(&state, &uri)
}

/// `POST /_local/session/{id}/`: `{"status": "Approved"}` settles a review, and
/// `{"in_filed_report": true}` makes the session part of a filed report.
pub(super) async fn settle(Shared(state): AppState, id: Id, body: Body) -> Reply {
    let id = read_id(id)?;
    let body = answers::read_object(body).await?;
    let mut books = state.books();
    let session = books.sessions.get_mut(&id).ok_or_else(answers::not_found)?;
    if body["in_filed_report"] == true {
        session.is_filed = true;
    } else {
        let status = STATUSES.into_iter().find(|status| body["status"] == *status);
        session.status = status.ok_or_else(|| answers::field("status", "Unknown status."))?;
    }
    Ok(answers::json(StatusCode::OK, &decision_of(session, &state)))
}

/// The decision on a request, without some members that the service has. The photo URLs are dead
/// links, since photos are not kept.
fn decision_of(session: &Session, state: &State) -> Value {
    let url = |which: &str| {
        let url = format!("{}/_local/media/{}/{which}.jpg", state.base, session.id);
        state.permits(Permission::Media).then_some(url)
    };
    json!({
        "session_id": session.id,
        "session_kind": "user",
        "session_number": session.number,
        "status": session.status,
        "environment": if state.options.sandbox { "sandbox" } else { "live" },
        "features": ["FACE_MATCH"],
        "face_matches": [{
            "node_id": "feature_face_match",
            "status": session.judged,
            "score": session.score,
            "source_image": url("source"),
            "target_image": url("target"),
            "warnings": session.warnings,
        }],
        "vendor_data": session.vendor_data,
        "metadata": session.metadata,
        "created_at": session.created_at(),
    })
}

/// No template of a face is ever kept.
fn erased(session: &Session) -> Value {
    let has_user = session.vendor_data.is_some();
    json!({
        "face_retention_outcome": if has_user { "deleted" } else { "ineligible_no_vendor_user" },
        "biometric_template_uuid": null,
        "biometric_template_expires_at": null,
        "deleted_child_verifications": 0,
    })
}

const PAGE: usize = 50;

#[derive(Debug, Default)]
struct Query {
    vendor_data: Option<String>,
    statuses: Vec<String>,
    from: Option<Timestamp>,
    /// Exclusive.
    until: Option<Timestamp>,
    limit: Option<usize>,
    offset: usize,
}

impl Query {
    /// Parses the query of a URL. Ignores unknown parameters, and limits and offsets that aren't
    /// numbers.
    fn read(query: &str) -> Result<Self, FieldErrors> {
        let (mut read, mut errors) = (Self::default(), FieldErrors::new());
        for (name, value) in form_urlencoded::parse(query.as_bytes()) {
            let number = || value.parse().ok();
            let moment = time(&value);
            match (name.as_ref(), moment) {
                ("vendor_data", _) => read.vendor_data = Some(value.into_owned()),
                ("status", _) => read.statuses = value.split(',').map(str::to_owned).collect(),
                ("limit", _) => read.limit = number().filter(|limit| *limit > 0),
                ("offset", _) => read.offset = number().unwrap_or_default(),
                ("date_from", Some(range)) => read.from = Some(range.0),
                ("date_to", Some(range)) => read.until = Some(range.1),
                ("date_from", None) => _ = errors.insert("date_from", not_a_date()),
                ("date_to", None) => _ = errors.insert("date_to", not_a_date()),
                _ => {}
            }
        }
        if errors.is_empty() { Ok(read) } else { Err(errors) }
    }

    fn wants(&self, session: &Session) -> bool {
        self.vendor_data.as_ref().is_none_or(|data| session.vendor_data.as_ref() == Some(data))
            && (self.statuses.is_empty() || self.statuses.iter().any(|s| s == session.status))
            && self.from.is_none_or(|from| session.created_at >= from)
            && self.until.is_none_or(|until| session.created_at < until)
    }

    fn page<'a>(&self, sessions: impl Iterator<Item = &'a Session>, base: &str) -> Value {
        let limit = self.limit.unwrap_or(PAGE);
        let wanted: Vec<_> = sessions.filter(|session| self.wants(session)).collect();
        let results = wanted.iter().skip(self.offset).take(limit).map(|session| row(session));
        let next = self.offset + limit;
        json!({
            "count": wanted.len(),
            "next": (next < wanted.len()).then(|| self.url(base, limit, next)),
            "previous": (self.offset > 0)
                .then(|| self.url(base, limit, self.offset.saturating_sub(limit))),
            "results": results.collect::<Vec<_>>(),
        })
    }

    fn url(&self, base: &str, limit: usize, offset: usize) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        query.append_pair("limit", &limit.to_string());
        query.append_pair("offset", &offset.to_string());
        query.extend_pairs(self.vendor_data.iter().map(|data| ("vendor_data", data)));
        if !self.statuses.is_empty() {
            query.append_pair("status", &self.statuses.join(","));
        }
        query.extend_pairs(self.from.map(|from| ("date_from", from.to_string())));
        let last = self.until.map(|until| until.saturating_sub(1.nanosecond()));
        query.extend_pairs(last.and_then(Result::ok).map(|last| ("date_to", last.to_string())));
        format!("{base}/v3/sessions/?{}", query.finish())
    }
}

fn row(session: &Session) -> Value {
    json!({
        "session_id": session.id,
        "session_kind": "user",
        "session_number": session.number,
        "status": session.status,
        "vendor_data": session.vendor_data,
        "created_at": session.created_at(),
        "features": [{"feature": "FACE_MATCH", "status": session.judged}],
    })
}

/// The start and the exclusive end of an ISO 8601 date or timestamp.
fn time(text: &str) -> Option<(Timestamp, Timestamp)> {
    let at = |time: DateTime| time.to_zoned(TimeZone::UTC).ok().map(|zoned| zoned.timestamp());
    if let Ok(day) = Date::from_str(text)
        && !text.contains(['T', ' '])
    {
        return Some((at(day.into())?, at(day.tomorrow().ok()?.into())?));
    }
    let moment = Timestamp::from_str(text).ok().or_else(|| at(text.parse().ok()?))?;
    Some((moment, moment.checked_add(1.nanosecond()).ok()?))
}

fn not_a_date() -> Vec<String> {
    vec!["Enter a valid date/time.".to_owned()]
}
