//! `GET /v3/sessions/`: the saved requests of one `vendor_data`.

use std::collections::HashSet;

use jiff::Timestamp;
use serde_json::Value;
use url::form_urlencoded;

use super::failure;
use super::request::Request;
use super::status;
use super::transport::Client;
use crate::error::{Error, Kind};
use crate::values::json::{list, text};
use crate::values::session::SessionId;

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
