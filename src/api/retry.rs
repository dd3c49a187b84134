//! Decides when a request is sent or repeated, and how long all requests pause.

use std::thread;
use std::time::{Duration, SystemTime};

use backon::{BackoffBuilder, ExponentialBackoff, ExponentialBuilder};

use super::provenance::Answer;

/// The longest wait of a single command; a longer `Retry-After` ends it.
pub(crate) const LONGEST_WAIT: Duration = Duration::from_mins(1);
const LONGEST_SILENCE: Duration = Duration::from_hours(1);
/// The pause if the service gives none.
const SHORT_SILENCE: Duration = Duration::from_secs(1);
const FIRST_WAIT: Duration = Duration::from_millis(500);

/// The waits between attempts: what the service asks for, else exponential with jitter.
pub(crate) struct Waits {
    attempts: ExponentialBackoff,
    /// How much longer this request may wait at the service's demand without using up an attempt.
    patience: Duration,
    /// Grows when the service asks for the same short pause again and again.
    pauses: ExponentialBackoff,
}

impl Waits {
    pub(crate) fn new(retries: u32, patience: Duration) -> Self {
        let builder = ExponentialBuilder::new()
            .with_min_delay(FIRST_WAIT)
            .with_max_delay(LONGEST_WAIT)
            .with_jitter();
        Self {
            attempts: builder.with_max_times(retries as usize).build(),
            patience,
            pauses: builder.without_max_times().build(),
        }
    }

    /// The next wait; `None` after the last attempt.
    pub(crate) fn next(&mut self, asked: Option<Duration>) -> Option<Duration> {
        if let Some(asked) = asked.filter(|time| !time.is_zero())
            && !self.patience.is_zero()
        {
            let pause = asked.max(self.pauses.next()?).min(self.patience);
            self.patience -= pause;
            return Some(pause);
        }
        let own = self.attempts.next()?;
        Some(asked.unwrap_or(own).min(LONGEST_WAIT))
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

/// How long all requests should pause after an answer that asks for it, or says that the rate limit
/// is used up: until the time it gives, else a second.
pub(crate) fn silence<'a>(
    answer: &Answer,
    header: impl Fn(&str) -> Option<&'a str>,
    now: SystemTime,
) -> Option<Duration> {
    let is_used_up = header("x-ratelimit-remaining").is_some_and(|value| value.trim() == "0");
    if !answer.asks_for_a_pause() && !is_used_up {
        return None;
    }
    let reset = || {
        let at: u64 = header("x-ratelimit-reset")?.trim().parse().ok()?;
        let at = SystemTime::UNIX_EPOCH.checked_add(Duration::from_secs(at))?;
        at.duration_since(now).ok()
    };
    Some(answer.retry_after.or_else(reset).unwrap_or(SHORT_SILENCE).min(LONGEST_SILENCE))
}

/// Asked before a retry; told when the service wants a pause. By default, one client that only waits.
pub trait Gate: Send + Sync {
    /// How long one request may wait at the service's demand before that counts as an attempt.
    fn patience(&self) -> Duration {
        Duration::ZERO
    }

    /// The service wants no requests with this key for `time`.
    fn pause(&self, _time: Duration) {}

    /// Returns once another attempt may begin, after `wait` at the earliest; `false` if none may.
    fn wait(&self, wait: Duration) -> bool {
        thread::sleep(wait);
        true
    }

    /// Whether nobody waits for the answer to a GET any more.
    fn is_stopped(&self) -> bool {
        false
    }
}

pub struct Alone;

impl Gate for Alone {}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn waits_grow_from_half_a_second_and_end() {
        let mut waits = Waits::new(2, Duration::ZERO);
        let first = waits.next(None).unwrap();
        let second = waits.next(None).unwrap();
        assert!((500..=1000).contains(&first.as_millis()), "{first:?}");
        assert!((1000..=2000).contains(&second.as_millis()), "{second:?}");
        assert_eq!(waits.next(None), None);
        assert_eq!(Waits::new(0, Duration::ZERO).next(Some(FIRST_WAIT)), None);
    }

    #[test]
    fn the_service_says_how_long_to_wait_up_to_a_minute() {
        let wait = |seconds| {
            Waits::new(1, Duration::ZERO).next(Some(Duration::from_secs(seconds))).unwrap()
        };
        assert_eq!(wait(7).as_secs(), 7);
        assert_eq!(wait(0).as_secs(), 0);
        assert_eq!(wait(86_400).as_secs(), 60);
    }

    #[test]
    fn a_pause_that_the_service_asks_for_uses_up_no_attempt() {
        let (second, hour) = (Duration::from_secs(1), Duration::from_hours(1));
        let mut waits = Waits::new(0, hour);
        assert_eq!(waits.next(Some(hour + second)), Some(hour));
        assert_eq!(waits.next(Some(second)), None, "an hour is enough");
        assert_eq!(Waits::new(0, hour).next(Some(Duration::ZERO)), None);
        assert_eq!(Waits::new(0, hour).next(None), None);
        let mut waits = Waits::new(0, hour);
        let pauses: Vec<_> = std::iter::from_fn(|| waits.next(Some(second))).collect();
        assert_eq!((pauses[0], pauses.iter().sum()), (second, hour));
        assert!(pauses.len() < 150, "{}", pauses.len());
    }

    proptest! {
        #[test]
        fn any_number_of_seconds_is_waited_for_up_to_a_minute(seconds: u64, pad in "[ \t]{0,3}") {
            let read = retry_after(&format!("{pad}{seconds}{pad}"), SystemTime::UNIX_EPOCH);
            prop_assert_eq!(read, Some(Duration::from_secs(seconds)));
            let wait = Waits::new(1, Duration::ZERO).next(read).unwrap();
            prop_assert_eq!(wait, Duration::from_secs(seconds.min(60)));
        }

        #[test]
        fn any_date_is_read(now in 0_u64..4_000_000_000, then in 0_u64..4_000_000_000) {
            let at = |seconds| SystemTime::UNIX_EPOCH + Duration::from_secs(seconds);
            let read = retry_after(&httpdate::fmt_http_date(at(then)), at(now));
            prop_assert_eq!(read, Some(Duration::from_secs(then.saturating_sub(now))));
        }

        #[test]
        fn anything_else_is_ignored(value in "[a-zA-Z:+.,-]{0,30}|\\PC*|[0-9]{21,40}") {
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

    #[test]
    fn silence_is_kept_until_the_service_allows_more() {
        let now = SystemTime::UNIX_EPOCH + Duration::from_secs(1000);
        let seconds = |status, retry_after: Option<u64>, headers: &[(&str, &'static str)]| {
            let header =
                |name: &str| headers.iter().find(|(n, _)| *n == name).map(|(_, value)| *value);
            let retry_after = retry_after.map(Duration::from_secs);
            let answer = Answer { status, retry_after, ..Answer::default() };
            silence(&answer, header, now).map(|time| time.as_secs())
        };
        let remaining = |value| ("x-ratelimit-remaining", value);
        let reset = ("x-ratelimit-reset", "1020");
        assert_eq!(seconds(200, None, &[]), None);
        assert_eq!(seconds(200, None, &[remaining("1"), reset]), None);
        assert_eq!(seconds(200, None, &[remaining("0"), reset]), Some(20));
        assert_eq!(seconds(200, Some(5), &[remaining("0"), reset]), Some(5));
        assert_eq!(seconds(429, None, &[reset]), Some(20));
        assert_eq!(seconds(429, Some(7), &[]), Some(7));
        assert_eq!(seconds(429, Some(3600), &[]), Some(3600));
        assert_eq!(seconds(429, Some(86_400), &[]), Some(3600));
        assert_eq!(seconds(429, None, &[("x-ratelimit-reset", "990")]), Some(1));
        assert_eq!(seconds(429, None, &[]), Some(1));
        assert_eq!(seconds(503, Some(7), &[]), Some(7));
        assert_eq!(seconds(503, None, &[reset]), None);
    }
}
