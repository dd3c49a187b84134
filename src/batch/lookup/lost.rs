//! Finds the session of a request whose answer was lost: by its tag, or if no other can have made it.

use jiff::{SignedDuration, Timestamp};

use crate::api::session::Listed;
use crate::batch::journal::{Record, State};
use crate::values::ids::RequestTag;
use crate::values::ids::SessionId;

/// How far clocks are trusted, and how far if an answer's `Date` told what they differ by.
const SKEW: SignedDuration = SignedDuration::from_mins(2);
const KNOWN_SKEW: SignedDuration = SignedDuration::from_secs(10);
/// The longest duration of a request whose end wasn't recorded.
const LONGEST: SignedDuration = SignedDuration::from_mins(10);

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Search {
    pub(super) tag: Option<RequestTag>,
    pub(super) vendor_data: Option<String>,
    pub(super) window: (Timestamp, Timestamp),
    /// When the service would list its session, by its clock.
    over: Timestamp,
    /// Whether only a tag can tell: nobody knows when the request ended, if it left at all, nor that
    /// the service shows no tags.
    needs_tag: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Candidate {
    pub(super) session: Listed,
    pub(super) tag: Option<RequestTag>,
}

#[derive(Debug, PartialEq, Eq)]
pub(super) enum Finding {
    Found(SessionId),
    /// No session can be the request's.
    Nothing,
    Unclear(String),
}

const SHARED: &str =
    "the only session that matches may belong to another pair with the same vendor_data";
const UNPROVEN: &str =
    "its end was not recorded, and the only session that matches lacks the request's tag";
const UNDATED: &str = "the service does not say when the session was created";

impl Search {
    /// How to find the session of `record`, a lost request; or why it can't be found. `clock` is the
    /// service's clock minus ours now, in milliseconds.
    pub(super) fn of(record: &Record, state: &State, clock: i64) -> Result<Self, &'static str> {
        let vendor_data = record.options.vendor_data.as_deref().map(str::trim);
        let vendor_data = vendor_data.filter(|data| !data.is_empty()).map(str::to_owned);
        if !record.options.save {
            return Err("it was sent with --no-save, so nothing was stored");
        }
        if vendor_data.is_none() && record.tag.is_none() {
            return Err("it was sent without vendor_data to look it up by");
        }
        // What the clocks differed by then, or whatever they may have differed by.
        let own = record.clock_offset_ms.map(|offset| (offset, offset));
        let (least, most) = own.unwrap_or_else(|| {
            let (least, most) = state.clock().unwrap_or((clock, clock));
            (least.min(clock), most.max(clock))
        });
        let skew = if own.or(state.clock()).is_some() { KNOWN_SKEW } else { SKEW };
        let (window, over) =
            window(record, least, most, skew).ok_or("the journal does not say when it was sent")?;
        let needs_tag = record.tag.is_some() && was_killed(record) && !state.hides_tags();
        Ok(Self { tag: record.tag, vendor_data, window, over, needs_tag })
    }

    /// Which of the `candidates`, all sessions of the window that the journal doesn't know, is the
    /// request's. `is_shared` says whether another lost request may have made a session.
    pub(super) fn find(
        &self,
        candidates: &[Candidate],
        echoes_tags: bool,
        is_shared: impl Fn(&SessionId) -> bool,
    ) -> Finding {
        let is_own = |candidate: &&Candidate| self.tag.is_some() && candidate.tag == self.tag;
        if let Some(own) = candidates.iter().find(is_own) {
            return Finding::Found(own.session.id.clone());
        }
        if self.tag.is_some() && echoes_tags {
            return Finding::Nothing;
        }
        // A tag shows whose they are: other requests'.
        let untagged: Vec<_> = candidates.iter().filter(|c| c.tag.is_none()).collect();
        match untagged.as_slice() {
            [] => Finding::Nothing,
            _ if self.vendor_data.is_none() => Finding::Unclear(
                "it was sent without vendor_data, and the service shows no tags".to_owned(),
            ),
            _ if self.needs_tag => Finding::Unclear(UNPROVEN.to_owned()),
            [one] if one.session.created_at.is_none() => Finding::Unclear(UNDATED.to_owned()),
            [one] if is_shared(&one.session.id) => Finding::Unclear(SHARED.to_owned()),
            [one] => Finding::Found(one.session.id.clone()),
            several => Finding::Unclear(format!(
                "{} sessions with the same vendor_data match",
                several.len()
            )),
        }
    }

    /// Whether the service would list the request's session by now.
    pub(super) fn is_over(&self, clock: i64) -> bool {
        let now = Timestamp::now().checked_add(SignedDuration::from_millis(clock));
        now.is_ok_and(|now| now > self.over)
    }
}

/// A killed run recorded only when the request was sent.
fn was_killed(record: &Record) -> bool {
    record.sent_at.as_ref() == Some(&record.finished_at)
}

/// From `skew` before the request left to `skew` after it had ended; and when its record must be there.
fn window(
    record: &Record,
    least: i64,
    most: i64,
    skew: SignedDuration,
) -> Option<((Timestamp, Timestamp), Timestamp)> {
    let end: Timestamp = record.finished_at.parse().ok()?;
    let start = if let Some(sent_at) = &record.sent_at {
        sent_at.parse().ok()?
    } else {
        let elapsed = SignedDuration::from_millis(i64::try_from(record.elapsed_ms).ok()?);
        end.checked_sub(elapsed).ok()?
    };
    let longest = if was_killed(record) { LONGEST } else { SignedDuration::ZERO };
    let [least, most] = [least, most].map(SignedDuration::from_millis);
    let start = start.checked_add(least).ok()?.checked_sub(skew).ok()?;
    let end = end.checked_add(most).ok()?;
    let until = end.checked_add(longest).ok()?.checked_add(skew).ok()?;
    Some(((start, until), end.checked_add(SKEW).ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_its_tag_or_being_the_only_one_makes_a_session_the_requests() {
        let (own, other) = (RequestTag::random(), RequestTag::random());
        let of = |id: &str, tag| Candidate {
            session: Listed { id: id.parse().unwrap(), created_at: Some(Timestamp::UNIX_EPOCH) },
            tag,
        };
        let window = (Timestamp::UNIX_EPOCH, Timestamp::UNIX_EPOCH);
        let search = |tag, vendor_data: Option<&str>| Search {
            tag,
            vendor_data: vendor_data.map(str::to_owned),
            window,
            over: Timestamp::UNIX_EPOCH,
            needs_tag: false,
        };
        let found = |id: &str| Some(id.to_owned());
        let (own, foreign) = (Some(own), Some(other));
        for (tag, vendor_data, candidates, echoes, expected) in [
            (own, Some("v"), vec![of("a", own), of("b", None)], true, found("a")),
            (own, None, vec![of("a", own), of("b", foreign)], false, found("a")),
            (own, Some("v"), vec![of("b", None)], true, None),
            (own, Some("v"), vec![of("b", foreign)], false, None),
            (own, Some("v"), vec![of("b", None)], false, found("b")),
            (None, Some("v"), vec![of("b", foreign)], true, None),
            (None, Some("v"), vec![of("b", None), of("c", foreign)], true, found("b")),
        ] {
            let expected =
                expected.map_or(Finding::Nothing, |id: String| Finding::Found(id.parse().unwrap()));
            let search = search(tag, vendor_data);
            assert_eq!(search.find(&candidates, echoes, |_| false), expected, "{candidates:?}");
        }
        let unclear = |search: Search, candidates: &[Candidate], is_shared: bool| {
            matches!(search.find(candidates, false, |_| is_shared), Finding::Unclear(_))
        };
        let two = [of("a", None), of("b", None)];
        assert!(unclear(search(own, Some("v")), &two, false));
        assert!(unclear(search(own, Some("v")), &two[..1], true));
        assert!(unclear(search(own, None), &two[..1], false));
        assert!(unclear(Search { needs_tag: true, ..search(own, Some("v")) }, &two[..1], false));
    }
}
