//! Finds the session of a request whose answer was lost, if no other pair can have caused it.

use jiff::{SignedDuration, Timestamp};

use super::journal::Record;
use super::pairs::Pairs;
use crate::api::sessions::Listed;
use crate::values::session::SessionId;

/// The largest difference between the service's clock and ours.
const SKEW: SignedDuration = SignedDuration::from_mins(2);
/// The longest duration of a request whose end wasn't recorded.
const LONGEST: SignedDuration = SignedDuration::from_mins(10);

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Search {
    pub vendor_data: String,
    /// While the request was out, by the service's clock.
    pub window: (Timestamp, Timestamp),
}

const NO_MATCH: &str =
    "no session with the same vendor_data was created while the request was pending";
const SHARED: &str =
    "the only session that matches may belong to another pair with the same vendor_data";
const UNDATED: &str = "the service does not say when the session was created";

impl Search {
    /// How to find the session of `record`, a lost request; or why it can't be found.
    pub fn of(record: &Record) -> Result<Self, &'static str> {
        let vendor_data = record.options.vendor_data.clone().filter(|data| !data.is_empty());
        let vendor_data = vendor_data.ok_or("it was sent without vendor_data to look it up by")?;
        if !record.options.save {
            return Err("it was sent with --no-save, so nothing was stored");
        }
        let window = window(record).ok_or("the journal does not say when it was sent")?;
        Ok(Self { vendor_data, window })
    }
}

fn window(record: &Record) -> Option<(Timestamp, Timestamp)> {
    let end: Timestamp = record.finished_at.parse().ok()?;
    let start = if let Some(sent_at) = &record.sent_at {
        sent_at.parse().ok()?
    } else {
        let elapsed = SignedDuration::from_millis(i64::try_from(record.elapsed_ms).ok()?);
        end.checked_sub(elapsed).ok()?
    };
    // A killed run recorded only when the request was sent.
    let end =
        if record.sent_at.is_some() && end == start { end.checked_add(LONGEST).ok()? } else { end };
    Some((start.checked_sub(SKEW).ok()?, end.checked_add(SKEW).ok()?))
}

/// For each search, its session if exactly one matches and no other search does. `listed` has the
/// sessions with its `vendor_data` in its time window.
pub fn assign(searches: &[(Search, Vec<Listed>)], pairs: &Pairs) -> Vec<Result<SessionId, String>> {
    let fitting = |listed: &[Listed]| -> Vec<Listed> {
        listed.iter().filter(|s| !pairs.knows_request(&s.id.to_string())).cloned().collect()
    };
    let all: Vec<_> = searches.iter().map(|(_, listed)| fitting(listed)).collect();
    let of = |(place, (search, _)): (usize, &(Search, Vec<Listed>))| match all[place].as_slice() {
        [] => Err(NO_MATCH.to_owned()),
        [session] if session.created_at.is_none() => Err(UNDATED.to_owned()),
        [session] => {
            let fits = |other: &Vec<Listed>| other.iter().any(|s| s.id == session.id);
            let is_shared = all.iter().enumerate().any(|(i, other)| i != place && fits(other));
            if is_shared || pairs.has_nameless(&search.vendor_data) {
                Err(SHARED.to_owned())
            } else {
                Ok(session.id.clone())
            }
        }
        several => Err(format!("{} sessions with the same vendor_data match", several.len())),
    };
    searches.iter().enumerate().map(of).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn session(id: &str) -> Listed {
        Listed { id: id.parse().unwrap(), created_at: Some(Timestamp::UNIX_EPOCH) }
    }

    fn search(sessions: &[&str]) -> (Search, Vec<Listed>) {
        let window = (Timestamp::UNIX_EPOCH, Timestamp::UNIX_EPOCH);
        let search = Search { vendor_data: "a".to_owned(), window };
        (search, sessions.iter().map(|id| session(id)).collect())
    }

    fn record(change: impl Fn(&mut serde_json::Value)) -> Record {
        let mut line = serde_json::json!({
            "id": "x", "user_image": "a", "ref_image": "b", "user_sha256": "a", "ref_sha256": "b",
            "threshold": 30, "status": "Approved", "score": 80, "request_id": "KNOWN", "warnings": [],
            "exit_code": 0, "error": null, "attempts": 1, "elapsed_ms": 2000,
            "finished_at": "2026-01-01T00:10:00.000000Z", "response": null,
            "options": {"rotate": false, "save": true, "vendor_data": "a", "metadata": null,
                "review_below": null, "judged_by": "x"},
        });
        change(&mut line);
        serde_json::from_str(&line.to_string()).unwrap()
    }

    #[test]
    fn a_session_is_used_only_if_no_other_pair_can_own_it() {
        let mut pairs = Pairs::default();
        pairs.add(record(|_| {}));
        let mut undated = search(&["s"]);
        undated.1[0].created_at = None;
        for (searches, found) in [
            (vec![search(&["s"])], vec![Ok("s")]),
            (vec![search(&["s", "known"])], vec![Ok("s")]),
            (vec![search(&["known"])], vec![Err(NO_MATCH)]),
            (vec![search(&["s", "t"])], vec![Err("2 sessions with the same vendor_data match")]),
            (vec![search(&["s"]), search(&["s"])], vec![Err(SHARED); 2]),
            (
                vec![search(&["s"]), search(&["s", "t"])],
                vec![Err(SHARED), Err("2 sessions with the same vendor_data match")],
            ),
            (vec![search(&["s"]), search(&["t"])], vec![Ok("s"), Ok("t")]),
            (vec![undated], vec![Err(UNDATED)]),
        ] {
            let expected: Vec<_> = found
                .into_iter()
                .map(|id| id.map(|id| id.parse().unwrap()).map_err(str::to_owned))
                .collect();
            assert_eq!(assign(&searches, &pairs), expected, "{searches:?}");
        }
        // Another pair with the same vendor_data was judged in an unknown session.
        pairs.add(record(|line| line["request_id"] = serde_json::Value::Null));
        assert_eq!(assign(&[search(&["s"])], &pairs), [Err(SHARED.to_owned())]);
    }

    #[test]
    fn the_window_is_the_time_that_the_request_was_out() {
        let window = |record: Record| {
            let (from, to) = Search::of(&record).unwrap().window;
            (from.to_string(), to.to_string())
        };
        let is = |from: &str, to: &str| (from.to_owned(), to.to_owned());
        // From the first attempt to the end; then as it was announced; then without an end.
        let old = record(|_| {});
        assert_eq!(window(old), is("2026-01-01T00:07:58Z", "2026-01-01T00:12:00Z"));
        let new = record(|line| line["sent_at"] = "2026-01-01T00:09:00Z".into());
        assert_eq!(window(new), is("2026-01-01T00:07:00Z", "2026-01-01T00:12:00Z"));
        let open = record(|line| line["sent_at"] = line["finished_at"].clone());
        assert_eq!(window(open), is("2026-01-01T00:08:00Z", "2026-01-01T00:22:00Z"));
        let unsaved = record(|line| line["options"]["save"] = false.into());
        assert!(Search::of(&unsaved).unwrap_err().contains("--no-save"));
        for empty in [serde_json::Value::Null, "".into()] {
            let nameless = record(|line| line["options"]["vendor_data"] = empty.clone());
            assert!(Search::of(&nameless).unwrap_err().contains("without vendor_data"));
        }
    }
}
