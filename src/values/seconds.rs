//! Lengths of time, as people give them.

use std::time::Duration;

/// A day: nobody waits longer, and no clock overflows.
const LONGEST: f64 = 86_400.0;

/// Reads a number of seconds; the error completes the sentence "the value of … ".
pub fn parse(text: &str) -> Result<Duration, String> {
    let value = text.parse::<f64>().ok().filter(|s| *s > 0.0 && *s <= LONGEST);
    value
        .and_then(|s| Duration::try_from_secs_f64(s).ok())
        .filter(|duration| !duration.is_zero())
        .ok_or_else(|| "must be a number of seconds, over 0 and at most 86400".to_owned())
}
