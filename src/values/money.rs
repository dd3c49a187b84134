//! Amounts of US dollars, exact: no amount is ever a float.

use std::fmt;
use std::str::FromStr;

use rust_decimal::Decimal;

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
        let digits = text.strip_prefix('-').unwrap_or(&text);
        is_plain(digits).then(|| Decimal::from_str_exact(&text).ok().map(Self))?
    }
}

impl FromStr for Usd {
    type Err = &'static str;

    /// Reads digits with at most one decimal point: `50`, `62.50`.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        const WANTED: &str = "must be an amount in US dollars, such as 50 or 62.50";
        if !is_plain(text) {
            return Err(WANTED);
        }
        Decimal::from_str_exact(text).map(Self).map_err(|_| WANTED)
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

fn is_plain(text: &str) -> bool {
    text.bytes().all(|b| b.is_ascii_digit() || b == b'.')
        && text.starts_with(|c: char| c.is_ascii_digit())
        && text.ends_with(|c: char| c.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_exact() {
        for (literal, shown) in [
            (r#""1234.5600""#, "1234.56 USD"),
            (r#""0.0001""#, "0.0001 USD"),
            ("50", "50.00 USD"),
            ("0.1", "0.10 USD"),
            (r#""-3.5""#, "-3.50 USD"),
            (r#""9007199254740993.01""#, "9007199254740993.01 USD"),
        ] {
            assert_eq!(Usd::from_json(literal).unwrap().to_string(), shown, "{literal}");
        }
    }

    #[test]
    fn only_plain_amounts_are_accepted() {
        for literal in ["null", "true", "{}", "1e3"] {
            assert_eq!(Usd::from_json(literal), None, "{literal}");
        }
        let tiny = "0.00000000000000000000000000001";
        for text in
            ["", "1e3", "1,234.56", " 5", "+5", "$5", "NaN", ".5", "5.", "1.2.3", "--5", tiny]
        {
            assert_eq!(Usd::from_json(&format!("\"{text}\"")), None, "{text}");
        }
    }

    #[test]
    fn a_top_up_is_at_least_50_dollars_in_whole_cents() {
        for (text, json) in
            [("50", "50"), ("50.00", "50"), ("62.50", "62.5"), ("20000000", "20000000")]
        {
            assert_eq!(text.parse::<TopUp>().unwrap().as_json(), json);
        }
        for text in ["49.99", "50.001", "-50", "1e3", "", "fifty", "50 USD", "٥٠"] {
            assert!(text.parse::<TopUp>().is_err(), "{text}");
        }
    }
}
