//! `--fault`: makes some requests fail, before or after they are processed.

use std::io;
use std::str::FromStr;
use std::time::Duration;

use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};

use super::answers;

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
    fn a_fault_is_a_share_and_a_failure() {
        for good in ["0.05:503", "1:429", "0:503-after", "0.5:drop", "1:drop-after"] {
            assert!(good.parse::<Fault>().is_ok(), "{good}");
        }
        let ends = ["1:200-after", "1:503-before", "1:-after", "1:dropped"];
        let shares = ["", "0.05", "2:503", "-1:503", "NaN:503", "0.5:200", "0.5:99", "0.5:600"];
        for bad in shares.into_iter().chain(ends) {
            assert!(bad.parse::<Fault>().is_err(), "{bad}");
        }
    }
}
