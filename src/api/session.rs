//! Sessions: the decision on one, the list of them, and erasing.

use std::collections::HashSet;

use jiff::Timestamp;
use serde::Serialize;
use serde_json::Value;
use url::form_urlencoded;

use super::provenance::Answer;
use super::request::Request;
use super::transport::Client;
use super::{failure, status};
use crate::error::{Error, Kind, Result};
use crate::values::ids::SessionId;
use crate::values::json::{Object, list, text};

/// The details of an answer, read leniently. Image URLs are left out: they give access to biometric
/// data.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SessionReport {
    pub session_id: Option<String>,
    /// As the service wrote it.
    pub created_at: Option<String>,
    pub vendor_data: Option<String>,
    pub face_matches: Vec<FaceMatchReport>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FaceMatchReport {
    /// As the service wrote it.
    pub status: Option<String>,
    pub score: Option<String>,
    pub warnings: Vec<String>,
}

impl SessionReport {
    /// Reads the body of an answer; fields that are missing or of another type are left out.
    ///
    /// # Errors
    /// [`Kind::Response`] if the body isn't JSON.
    pub fn read(body: &[u8]) -> Result<Self, Error> {
        let answer: Value = serde_json::from_slice(body).map_err(failure::unusable)?;
        Ok(Self {
            session_id: text(&answer["session_id"]),
            created_at: text(&answer["created_at"]),
            vendor_data: text(&answer["vendor_data"]),
            face_matches: list(&answer["face_matches"]).iter().map(face_match).collect(),
        })
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Erased {
    Now,
    /// Except for a template of the face: its id and the date until which it is kept, as far as the
    /// service says.
    ButForTemplate {
        id: Option<String>,
        until: Option<String>,
    },
    /// There is no such session: it was erased before, or never stored.
    NotThere,
}

#[derive(Serialize)]
struct Erasure {
    /// `null`, or nothing, would leave it to the application's policy.
    retain_face_embeddings: bool,
}

/// What a success says was erased. Older versions say nothing.
fn erased(body: &[u8]) -> Result<Erased, Error> {
    if body.trim_ascii().is_empty() {
        return Ok(Erased::Now);
    }
    let answer = Object::of_answer(body).map_err(failure::unusable)?;
    let (id, until) =
        (answer.string("biometric_template_uuid"), answer.string("biometric_template_expires_at"));
    let outcome = answer.get("face_retention_outcome");
    match outcome.map(|text| text.trim_matches('"')) {
        Some("deleted" | "ineligible_no_vendor_user") => Ok(Erased::Now),
        None if id.is_none() && !answer.has("face_retention_outcome") => Ok(Erased::Now),
        _ => Ok(Erased::ButForTemplate { id, until }),
    }
}

fn kept(host: &str, id: &SessionId, answer: &Answer) -> Error {
    let body: Value = serde_json::from_slice(&answer.body).unwrap_or_default();
    let error = if body["code"] == "in_filed_report" {
        let message = format!(
            "`{host}` can't erase `{id}`: it is part of a report filed with an authority (HTTP 409)"
        );
        Error::new(Kind::Service, message)
            .hint("delete that report first, in the Didit Business Console")
            .and_hint("then run this command again")
    } else {
        let message = format!("`{host}` refused to erase `{id}` (HTTP 409)");
        Error::new(Kind::Service, message).hint("look at the session in the Didit Business Console")
    };
    error.http_status(409)
}

fn face_match(value: &Value) -> FaceMatchReport {
    let score = &value["score"];
    FaceMatchReport {
        status: text(&value["status"]),
        score: score.is_number().then(|| score.to_string()),
        warnings: list(&value["warnings"])
            .iter()
            .map(|warning| text(&warning["risk"]).unwrap_or_else(|| "unnamed warning".to_owned()))
            .collect(),
    }
}

impl Client {
    /// Gets the decision on session `id`; the answer may have any status.
    pub fn session(&self, id: &SessionId) -> Result<Answer, Error> {
        self.send(&Request::get(format!("/v3/session/{}/decision/", id.as_path_segment())))
    }

    /// Permanently erases session `id` and everything stored with it, the template of the face too.
    ///
    /// # Errors
    /// [`Kind::Service`] if it is part of a filed report; and as for every request.
    pub fn erase(&self, id: &SessionId) -> Result<Erased> {
        let path = format!("/v3/session/{}/delete/", id.as_path_segment());
        let request = Request::delete(&path, &Erasure { retain_face_embeddings: false })?;
        let again = |error: Error| {
            error.hint("run the same command again: what is erased already counts as done")
        };
        let answer =
            self.send(&request).map_err(|e| if e.is_maybe_processed() { again(e) } else { e })?;
        Err(match answer.status {
            200..=299 => return erased(&answer.body).map_err(|e| again(e).into()),
            404 if answer.page().is_none_or(str::is_empty) => return Ok(Erased::NotThere),
            409 => kept(self.base().authority(), id, &answer),
            500..=599 => again(status::error(self.base(), &answer)),
            _ => status::error(self.base(), &answer),
        }
        .into())
    }

    pub fn session_error(&self, answer: &Answer) -> Error {
        let error = status::error(self.base(), answer);
        match answer.status {
            404 => Error::new(Kind::Service, format!("`{}` has no such session (HTTP 404)", self.base().authority()))
                .http_status(404)
                .hint("check the request id and the key: a request is also not found if it was deleted, was made with --no-save, belongs to another application, or this key can't see it"),
            _ => error,
        }
    }
}

/// Sessions per page; the service's default.
const PAGE: usize = 50;
/// With more sessions than this in a few minutes, `vendor_data` doesn't identify a pair.
const MOST: usize = 1000;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    pub id: SessionId,
    /// When it was created; `None` if the service gives no readable time.
    pub created_at: Option<Timestamp>,
}

impl Client {
    /// The face matches with this `vendor_data`, or with any, created from `from` to `to`, or at an unreadable time.
    ///
    /// # Errors
    /// As for every request; [`Kind::Response`] for a list that can't be trusted or never ends.
    pub fn sessions(
        &self,
        vendor_data: Option<&str>,
        (from, to): (Timestamp, Timestamp),
    ) -> Result<Vec<Listed>, Error> {
        let (mut sessions, mut seen) = (Vec::new(), HashSet::new());
        // Counted here, not read from `next`: a link could lead the key to another host.
        let mut offset = 0;
        while offset < MOST {
            let (page, has_next) = self.page(vendor_data, (from, to), offset)?;
            offset += page.len();
            let before = seen.len();
            for row in &page {
                let session = read(row)?;
                let fits = session.created_at.is_none_or(|at| (from..=to).contains(&at));
                if seen.insert(session.id.to_string()) && fits && is_match_of(row, vendor_data) {
                    sessions.push(session);
                }
            }
            // A service that ignores the offset would send the same page forever.
            if !has_next || seen.len() == before {
                return Ok(sessions);
            }
        }
        Err(unusable("it lists more sessions than there can be"))
    }

    /// The rows of a page, and whether there is another one.
    fn page(
        &self,
        vendor_data: Option<&str>,
        (from, to): (Timestamp, Timestamp),
        offset: usize,
    ) -> Result<(Vec<Value>, bool), Error> {
        let mut query = form_urlencoded::Serializer::new(String::new());
        query.extend_pairs(vendor_data.map(|data| ("vendor_data", data)));
        let query = query
            .append_pair("date_from", &from.to_string())
            .append_pair("date_to", &to.to_string())
            .append_pair("limit", &PAGE.to_string())
            .append_pair("offset", &offset.to_string())
            .finish();
        let answer = self.send(&Request::get(format!("/v3/sessions/?{query}")))?;
        if answer.status != 200 {
            return Err(status::error(self.base(), &answer));
        }
        let body: Value = serde_json::from_slice(&answer.body).map_err(failure::unusable)?;
        let rows = body["results"].as_array().ok_or_else(|| unusable("it has no `results`"))?;
        let count = body["count"].as_u64().and_then(|count| usize::try_from(count).ok());
        let has_next = !body["next"].is_null() || count.is_some_and(|n| n > offset + rows.len());
        Ok((rows.clone(), has_next))
    }
}

fn read(row: &Value) -> Result<Listed, Error> {
    let id = row["session_id"].as_str().and_then(|id| id.parse().ok());
    let id = id.ok_or_else(|| unusable("it lists a session without a `session_id`"))?;
    Ok(Listed { id, created_at: row["created_at"].as_str().and_then(|time| time.parse().ok()) })
}

/// Whether the session can be a face match of this `vendor_data`, as far as the row says.
fn is_match_of(row: &Value, vendor_data: Option<&str>) -> bool {
    let is_of = match (text(&row["vendor_data"]), vendor_data) {
        (Some(of), Some(vendor_data)) => of.trim() == vendor_data.trim(),
        _ => true,
    };
    let name = |feature: &Value| feature["feature"].as_str().unwrap_or_default().replace('_', "");
    let mut features = list(&row["features"]).iter().map(name);
    is_of && features.all(|feature| feature.eq_ignore_ascii_case("FACEMATCH"))
}

fn unusable(why: &str) -> Error {
    Error::new(Kind::Response, format!("the service's list can't be trusted: {why}"))
        .http_status(200)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn only_face_matches_of_the_same_vendor_data_are_taken() {
        for (row, is_taken) in [
            (json!({}), true),
            (json!({"vendor_data": "a"}), true),
            (json!({"vendor_data": "A"}), false),
            (json!({"features": [{"feature": "FACE_MATCH", "status": "Approved"}]}), true),
            (json!({"features": [{"feature": "FACE_MATCH"}, {"feature": "LIVENESS"}]}), false),
            (json!({"features": [{"feature": "ID_VERIFICATION"}]}), false),
        ] {
            assert_eq!(is_match_of(&row, Some("a")), is_taken, "{row}");
        }
    }

    #[test]
    fn times_are_read_with_any_offset_and_ids_are_required() {
        let read = |time: &str| read(&json!({"session_id": "a", "created_at": time})).unwrap();
        let at = read("2026-06-12T01:08:19.859116+00:00").created_at;
        assert_eq!(at, read("2026-06-12T03:08:19.859116+02:00").created_at);
        assert!(at.is_some());
        assert_eq!(read("yesterday").created_at, None);
        assert!(super::read(&json!({"session_id": "../x"})).is_err());
        assert!(super::read(&json!({})).is_err());
    }
}
