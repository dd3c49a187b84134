//! When a request is repeated, and after how long.

use std::time::{Duration, SystemTime};

use backon::{BackoffBuilder, ExponentialBackoff, ExponentialBuilder};
use reqwest::Method;

/// The longest that a `Retry-After` is followed.
const LONGEST_WAIT: Duration = Duration::from_mins(1);
const FIRST_WAIT: Duration = Duration::from_millis(500);

/// How one attempt ended, as far as repeating it is concerned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// No connection was made; nothing was sent.
    NotConnected,
    /// No connection was made, and another attempt would end alike: TLS failed.
    Untrusted,
    /// The connection was lost, or nothing came in time, after something was sent.
    Lost,
    /// An answer came, with this status.
    Status(u16),
}

/// Whether the request surely was not processed, or is one that may safely be repeated.
pub(crate) fn may_repeat(method: &Method, outcome: Outcome) -> bool {
    let safe = method == Method::GET;
    match outcome {
        Outcome::NotConnected | Outcome::Status(429 | 503) => true,
        Outcome::Lost | Outcome::Status(502 | 504) => safe,
        Outcome::Untrusted | Outcome::Status(_) => false,
    }
}

/// The waits before each repetition: what the service asks for, else exponential with jitter.
pub(crate) struct Waits(ExponentialBackoff);

impl Waits {
    pub(crate) fn new(retries: u32) -> Self {
        let builder = ExponentialBuilder::new()
            .with_min_delay(FIRST_WAIT)
            .with_max_delay(LONGEST_WAIT)
            .with_max_times(retries as usize)
            .with_jitter();
        Self(builder.build())
    }

    /// The next wait; `None` when there were enough.
    pub(crate) fn next(&mut self, retry_after: Option<Duration>) -> Option<Duration> {
        let own = self.0.next()?;
        Some(retry_after.unwrap_or(own).min(LONGEST_WAIT))
    }
}

/// Reads a `Retry-After`: seconds, or an HTTP date (RFC 9110, section 10.2.3).
pub(crate) fn retry_after(value: &str, now: SystemTime) -> Option<Duration> {
    let value = value.trim();
    if let Ok(seconds) = value.parse::<u64>() {
        return Some(Duration::from_secs(seconds));
    }
    let date = httpdate::parse_http_date(value).ok()?;
    Some(date.duration_since(now).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_post_is_repeated_only_where_it_surely_was_not_processed() {
        use Outcome::{Lost, NotConnected, Status, Untrusted};
        for (outcome, post, get) in [
            (NotConnected, true, true),
            (Untrusted, false, false),
            (Lost, false, true),
            (Status(429), true, true),
            (Status(503), true, true),
            (Status(502), false, true),
            (Status(504), false, true),
            (Status(500), false, false),
            (Status(200), false, false),
            (Status(302), false, false),
            (Status(400), false, false),
            (Status(401), false, false),
            (Status(408), false, false),
        ] {
            assert_eq!(may_repeat(&Method::POST, outcome), post, "POST {outcome:?}");
            assert_eq!(may_repeat(&Method::GET, outcome), get, "GET {outcome:?}");
        }
    }

    #[test]
    fn waits_grow_from_half_a_second_and_end() {
        let mut waits = Waits::new(2);
        let first = waits.next(None).unwrap();
        let second = waits.next(None).unwrap();
        assert!((500..=1000).contains(&first.as_millis()), "{first:?}");
        assert!((1000..=2000).contains(&second.as_millis()), "{second:?}");
        assert_eq!(waits.next(None), None);
        assert_eq!(Waits::new(0).next(Some(FIRST_WAIT)), None);
    }

    #[test]
    fn the_service_says_how_long_to_wait_up_to_a_minute() {
        let wait = |seconds| Waits::new(1).next(Some(Duration::from_secs(seconds))).unwrap();
        assert_eq!(wait(7).as_secs(), 7);
        assert_eq!(wait(0).as_secs(), 0);
        assert_eq!(wait(86_400).as_secs(), 60);
    }

    proptest! {
        #[test]
        fn any_seconds_are_read_and_waited_for_up_to_a_minute(seconds: u64, pad in "[ \t]{0,3}") {
            let read = retry_after(&format!("{pad}{seconds}{pad}"), SystemTime::UNIX_EPOCH);
            prop_assert_eq!(read, Some(Duration::from_secs(seconds)));
            let wait = Waits::new(1).next(read).unwrap();
            prop_assert_eq!(wait, Duration::from_secs(seconds.min(60)));
        }

        #[test]
        fn any_date_is_read(now in 0_u64..4_000_000_000, then in 0_u64..4_000_000_000) {
            let at = |seconds| SystemTime::UNIX_EPOCH + Duration::from_secs(seconds);
            let read = retry_after(&httpdate::fmt_http_date(at(then)), at(now));
            prop_assert_eq!(read, Some(Duration::from_secs(then.saturating_sub(now))));
        }

        #[test]
        fn anything_else_is_no_wait(value in "[a-zA-Z:+.,-]{0,30}|\\PC*|[0-9]{21,40}") {
            let read = retry_after(&value, SystemTime::now());
            let is_number = value.trim().trim_start_matches('+').parse::<u64>().is_ok();
            prop_assert!(read.is_none() || is_number, "{value}");
        }
    }

    #[test]
    fn retry_after_is_seconds_or_a_date() {
        let now = httpdate::parse_http_date("Sun, 06 Nov 1994 08:49:37 GMT").unwrap();
        let read = |value| retry_after(value, now).map(|d| d.as_secs());
        assert_eq!(read(" 12 "), Some(12));
        assert_eq!(read("Sun, 06 Nov 1994 08:50:07 GMT"), Some(30));
        assert_eq!(read("Sun, 06 Nov 1994 08:00:00 GMT"), Some(0));
        assert_eq!(read("soon"), None);
        assert_eq!(read("-1"), None);
    }
}
