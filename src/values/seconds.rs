//! Lengths of time, as people give them.

use std::time::Duration;

use jiff::SignedDuration;
use jiff::fmt::friendly::{Designator, Spacing, SpanPrinter};

/// A day: long enough, and no clock overflows.
const LONGEST: f64 = 86_400.0;

/// Reads a number of seconds; the error completes "the value of … ".
pub fn parse(text: &str) -> Result<Duration, String> {
    let value = text.parse::<f64>().ok().filter(|s| *s > 0.0 && *s <= LONGEST);
    value
        .and_then(|s| Duration::try_from_secs_f64(s).ok())
        .filter(|duration| !duration.is_zero())
        .ok_or_else(|| "must be a number of seconds, over 0 and at most 86400".to_owned())
}

/// In whole seconds: `1 hour 15 minutes`.
pub fn in_words(time: Duration) -> String {
    const PRINTER: SpanPrinter = SpanPrinter::new()
        .designator(Designator::Verbose)
        .spacing(Spacing::BetweenUnitsAndDesignators);
    let whole = SignedDuration::from_secs(i64::try_from(time.as_secs()).unwrap_or(i64::MAX));
    PRINTER.duration_to_string(&whole)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_use_the_largest_units() {
        for (seconds, words) in [
            (1, "1 second"),
            (45, "45 seconds"),
            (60, "1 minute"),
            (3600, "1 hour"),
            (4530, "1 hour 15 minutes 30 seconds"),
        ] {
            assert_eq!(in_words(Duration::from_secs(seconds)), words);
        }
    }
}
