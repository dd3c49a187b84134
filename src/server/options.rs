//! What the stand-in is told to do: its key and limits, and which requests it refuses or fails.

use std::io;
use std::ops::RangeInclusive;
use std::str::FromStr;
use std::time::Duration;

use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};

use super::answers;
use crate::values::secret::ApiKey;
use crate::verdict::Score;

#[derive(Debug)]
pub struct Options {
    pub key: ApiKey,
    /// The number of matches that can be paid for; `None` is unlimited.
    pub credits: Option<u64>,
    /// Writes allowed per minute; the limit for reads is twice as high.
    pub rate: u32,
    pub review: Option<ReviewBand>,
    pub latency: Duration,
    pub fault: Option<Fault>,
    /// Permissions that the key lacks.
    pub denied: Vec<Permission>,
    /// A sandbox bills nothing, and marks its answers.
    pub sandbox: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReviewBand(pub(super) RangeInclusive<Score>);

impl FromStr for ReviewBand {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let scores = text
            .split_once("..")
            .and_then(|(low, high)| Some((Score::from_json(low)?, Score::from_json(high)?)));
        match scores {
            Some((low, high)) if low <= high => Ok(Self(low..=high)),
            _ => Err("must be LOW..HIGH"),
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Permission {
    Match,
    /// List sessions and read their decisions.
    Sessions,
    /// See the photos of a session. Without it, their URLs are null.
    Media,
    Delete,
    /// See the balance and top it up.
    Billing,
}

impl FromStr for Permission {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Ok(match text {
            "match" => Self::Match,
            "sessions" => Self::Sessions,
            "media" => Self::Media,
            "delete" => Self::Delete,
            "billing" => Self::Billing,
            _ => return Err("must be match, sessions, media, delete or billing"),
        })
    }
}

/// How many requests fail, and how.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Fault {
    share: f64,
    /// `None` closes the connection without an answer.
    status: Option<StatusCode>,
    /// The request is processed and paid, but its answer is lost.
    pub(super) is_late: bool,
}

/// Marks an answer that must not be sent; the connection is closed instead.
#[derive(Clone, Copy)]
struct Dropped;

pub(super) fn is_dropped(answer: &Response) -> bool {
    answer.extensions().get::<Dropped>().is_some()
}

/// Fails for dropped answers: on an error, hyper closes the connection.
pub(super) fn sent(answer: Response) -> io::Result<Response> {
    if is_dropped(&answer) {
        Err(io::Error::other("rehearsed connection loss"))
    } else {
        Ok(answer)
    }
}

impl Fault {
    pub(super) fn strikes(self) -> bool {
        fastrand::f64() < self.share
    }

    pub(super) fn answer(self, rate: u32) -> Response {
        let second = Duration::from_secs(1);
        match self.status {
            None => {
                let mut response = StatusCode::INTERNAL_SERVER_ERROR.into_response();
                response.extensions_mut().insert(Dropped);
                response
            }
            // No body, as from a gateway that knows nothing about the service behind it.
            Some(status) if self.is_late => status.into_response(),
            Some(StatusCode::TOO_MANY_REQUESTS) => answers::rate_limited("Write", rate, second),
            Some(status) => {
                let mut response = answers::detail(status, "Injected failure (didit-face serve).");
                if status == StatusCode::SERVICE_UNAVAILABLE {
                    // Tells the client that nothing was processed.
                    answers::retry_after(&mut response, second);
                }
                response
            }
        }
    }
}

impl FromStr for Fault {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        const WANTED: &str = "must be RATE:FAULT";
        let (share, how) = text.split_once(':').ok_or(WANTED)?;
        let share: f64 = share.parse().map_err(|_| WANTED)?;
        let (how, is_late) = how.strip_suffix("-after").map_or((how, false), |how| (how, true));
        let status: Option<StatusCode> = match how {
            "drop" => None,
            status => Some(status.parse().map_err(|_| WANTED)?),
        };
        let is_failure =
            status.is_none_or(|status| status.is_client_error() || status.is_server_error());
        if (0.0..=1.0).contains(&share) && is_failure {
            Ok(Self { share, status, is_late })
        } else {
            Err(WANTED)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_review_band_includes_both_its_ends() {
        let band: ReviewBand = "30..60.5".parse().unwrap();
        let score = |text| Score::from_json(text).unwrap();
        for inside in ["30", "45.2", "60.5", "60.50"] {
            assert!(band.0.contains(&score(inside)), "{inside}");
        }
        for outside in ["29.99", "60.51", "100"] {
            assert!(!band.0.contains(&score(outside)), "{outside}");
        }
        for bad in ["", "30", "60..30", "-1..5", "0..101", "a..b"] {
            assert!(bad.parse::<ReviewBand>().is_err(), "{bad}");
        }
    }
}
