//! Quantities, as people give them: whole numbers, times, file sizes, amounts of money.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use jiff::SignedDuration;
use jiff::fmt::friendly::{Designator, Spacing, SpanPrinter};
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive as _;

/// A parser of numbers from `least` to `most`; its error completes "invalid value '…': ".
pub fn whole<T: TryFrom<u64>>(
    least: u64,
    most: Option<u64>,
) -> impl Fn(&str) -> Result<T, String> + Clone {
    move |text| {
        let number = text.parse().ok().filter(|n| (least..=most.unwrap_or(u64::MAX)).contains(n));
        number.and_then(|number| T::try_from(number).ok()).ok_or_else(|| match most {
            None => format!("must be a whole number, at least {least}"),
            Some(most) => format!("must be a whole number from {least} to {most}"),
        })
    }
}

/// A day: long enough, and no clock overflows.
const LONGEST: f64 = 86_400.0;

/// Reads a number of seconds; the error completes "the value of … ".
pub fn seconds(text: &str) -> Result<Duration, String> {
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

/// What the service takes.
const LARGEST: usize = 5 * 1024 * 1024;
/// Too small for a useful photo of a face.
const SMALLEST: usize = 20_000;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PhotoSize(usize);

impl PhotoSize {
    pub fn bytes(self) -> usize {
        self.0
    }
}

impl Default for PhotoSize {
    /// The service's "5 MB", read strictly.
    fn default() -> Self {
        Self(5_000_000)
    }
}

impl FromStr for PhotoSize {
    type Err = &'static str;

    /// Bytes, or kilobytes (`500KB`) or megabytes (`1.5MB`) of a thousand and a million.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        const WANTED: &str = "must be a size from 20KB to 5MB, such as 500KB, 1.5MB or 800000";
        let lower = text.to_ascii_lowercase();
        let units = [("kb", 1000), ("mb", 1_000_000), ("b", 1), ("", 1)];
        let of = |(unit, bytes): (&str, u32)| Some((lower.strip_suffix(unit)?.trim_end(), bytes));
        let (number, unit) = units.into_iter().find_map(of).ok_or(WANTED)?;
        let number = plain_decimal(number).ok_or(WANTED)?;
        let bytes = number.checked_mul(unit.into()).and_then(|bytes| bytes.round().to_usize());
        bytes.filter(|bytes| (SMALLEST..=LARGEST).contains(bytes)).map(Self).ok_or(WANTED)
    }
}

impl fmt::Display for PhotoSize {
    /// In the notation of the option.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            bytes if bytes % 100_000 == 0 && bytes >= 1_000_000 => {
                write!(f, "{}MB", (Decimal::from(bytes) / Decimal::from(1_000_000)).normalize())
            }
            bytes if bytes % 1000 == 0 => write!(f, "{}KB", bytes / 1000),
            bytes => write!(f, "{bytes}"),
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Usd(Decimal);

impl Usd {
    /// Reads a JSON string or number.
    ///
    /// `None` if it isn't a plain decimal, or has too many digits to be exact.
    pub fn from_json(literal: &str) -> Option<Self> {
        let text = match serde_json::from_str::<String>(literal) {
            Ok(text) => text,
            Err(_) => literal.parse::<serde_json::Number>().ok().map(|_| literal.to_owned())?,
        };
        match text.strip_prefix('-') {
            Some(digits) => plain_decimal(digits).map(|amount| Self(-amount)),
            None => plain_decimal(&text).map(Self),
        }
    }
}

impl FromStr for Usd {
    type Err = &'static str;

    /// Reads digits with at most one decimal point: `50`, `62.50`.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        const WANTED: &str = "must be an amount in US dollars, such as 50 or 62.50";
        plain_decimal(text).map(Self).ok_or(WANTED)
    }
}

impl fmt::Display for Usd {
    /// At least two decimals.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut amount = self.0.normalize();
        if amount.scale() < 2 {
            amount.rescale(2);
        }
        write!(f, "{amount} USD")
    }
}

/// At least 50 dollars, in whole cents. The service's pages disagree on the maximum, so it decides.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TopUp(Decimal);

impl TopUp {
    /// The text of a JSON number.
    pub fn as_json(self) -> String {
        self.0.normalize().to_string()
    }
}

impl FromStr for TopUp {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let Usd(amount) = text.parse()?;
        if amount.normalize().scale() > 2 {
            Err("must have at most two decimals")
        } else if amount < Decimal::from(50) {
            Err("must be at least 50 US dollars")
        } else {
            Ok(Self(amount))
        }
    }
}

/// Digits with at most one point between them, exactly.
fn plain_decimal(text: &str) -> Option<Decimal> {
    let is_plain = text.bytes().all(|b| b.is_ascii_digit() || b == b'.')
        && text.starts_with(|c: char| c.is_ascii_digit())
        && text.ends_with(|c: char| c.is_ascii_digit());
    is_plain.then(|| Decimal::from_str_exact(text).ok())?
}
