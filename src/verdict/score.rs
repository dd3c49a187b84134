//! Exact scores and thresholds, and the band of a score in words.

use std::fmt;
use std::str::FromStr;

use rust_decimal::Decimal;

/// A number from 0 to 100, exact: two scores that differ in the last digit differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Score(Decimal);

impl Score {
    /// Reads the text of a JSON number.
    ///
    /// `None` if it isn't a number, lies outside 0-100, or has more digits than can be compared
    /// exactly (28): rounding could lift a score over its threshold.
    pub fn from_json(literal: &str) -> Option<Self> {
        // The grammar first: Decimal also takes "1_000" and "+5", which are not JSON.
        literal.parse::<serde_json::Number>().ok()?;
        let mantissa = literal.split(['e', 'E']).next()?;
        let exact = Decimal::from_str_exact(mantissa).ok()?;
        let value = if mantissa.len() == literal.len() {
            exact
        } else {
            Decimal::from_scientific(&literal.replace("e+", "e").replace("E+", "e")).ok()?
        };
        Self::new(value)
    }

    /// `None` outside 0-100.
    pub fn new(value: Decimal) -> Option<Self> {
        (Decimal::ZERO..=Decimal::ONE_HUNDRED).contains(&value).then(|| Self(value.normalize()))
    }

    pub fn value(self) -> Decimal {
        self.0
    }

    /// What it means (the service's score interpretation table).
    pub fn band(self) -> &'static str {
        match self.0 {
            s if s >= Decimal::from(90) => "very high confidence, very likely same person",
            s if s >= Decimal::from(70) => "high confidence, likely same person",
            s if s >= Decimal::from(50) => "moderate, possible match",
            s if s >= Decimal::from(30) => "low, likely different people",
            _ => "very low, very likely different people",
        }
    }
}

impl fmt::Display for Score {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// The score below which a pair is declined, 0 to 100.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Threshold(Score);

impl Threshold {
    pub fn is_reached_by(self, score: Score) -> bool {
        score >= self.0
    }

    /// Whether it looks like a fraction: scores are 0 to 100.
    pub fn is_fraction(self) -> bool {
        self.0.value() > Decimal::ZERO && self.0.value() <= Decimal::ONE
    }

    pub fn is_not_exceeded_by(self, score: Score) -> bool {
        score <= self.0
    }
}

impl Default for Threshold {
    fn default() -> Self {
        Self(Score(Decimal::from(30)))
    }
}

impl FromStr for Threshold {
    type Err = &'static str;

    /// Reads digits with at most one decimal point: `30`, `62.5`.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        const WANTED: &str = "must be a number from 0 to 100";
        if !text.bytes().all(|b| b.is_ascii_digit() || b == b'.') {
            return Err(WANTED);
        }
        let value = Decimal::from_str_exact(text).map_err(|_| WANTED)?;
        Score::new(value).map(Self).ok_or(WANTED)
    }
}

impl fmt::Display for Threshold {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
