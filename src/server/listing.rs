//! `GET /v3/sessions/`: filtering and pagination.

use std::str::FromStr as _;

use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan as _};
use serde_json::{Value, json};
use url::form_urlencoded;

use super::answers::FieldErrors;
use super::sessions::Session;

const PAGE: usize = 50;

#[derive(Debug, Default)]
pub(super) struct Query {
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
    pub(super) fn read(query: &str) -> Result<Self, FieldErrors> {
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

    pub(super) fn page<'a>(
        &self,
        sessions: impl Iterator<Item = &'a Session>,
        base: &str,
    ) -> Value {
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
