//! `GET /v3/session/{id}/decision/`: the decision on a request.

use serde::Serialize;
use serde_json::Value;

use super::answer::Answer;
use super::failure;
use super::request::Request;
use super::status;
use super::transport::Client;
use crate::error::{Error, Kind, Result};
use crate::values::json::{Object, list, text};
use crate::values::session::SessionId;

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
        None if id.is_none() => Ok(Erased::Now),
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
            .hint("delete that report first, in the Didit Business Console; then run this again")
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn odd_types_are_left_out_and_image_urls_never_read() {
        let body = br#"{"session_id": "a", "status": "Approved", "vendor_data": 5, "face_matches": [
            {"node_id": "f", "status": "Approved", "score": 87.5, "source_image": "https://secret.example/1",
             "target_image": "https://secret.example/2", "warnings": [{"risk": "LOW"}, 7]}, null]}"#;
        let report = SessionReport::read(body).unwrap();
        assert!(!format!("{report:?}").contains("secret.example"));
        assert_eq!(report.vendor_data, None);
        assert_eq!(report.face_matches[0].score.as_deref(), Some("87.5"));
        assert_eq!(report.face_matches[0].warnings, ["LOW", "unnamed warning"]);
        assert_eq!(report.face_matches[1], FaceMatchReport::default());
        assert_eq!(
            SessionReport::read(br#"{"face_matches": null}"#).unwrap(),
            SessionReport::default()
        );
    }
}
