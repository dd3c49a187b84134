//! An email address, checked as far as that is possible without sending it mail.

use std::str::FromStr;

/// The longest possible address (RFC 5321, section 4.5.3.1.3).
const LONGEST: usize = 254;

/// An address with a name, one `@` and a domain. Only its mail server knows whether it exists.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Email(String);

impl Email {
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Email {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        const WANTED: &str = "must be an email address, such as you@company.com";
        let (name, domain) = text.rsplit_once('@').ok_or(WANTED)?;
        let is_odd = |c: char| c.is_whitespace() || c.is_control() || c == '@';
        let has_dots = domain.split('.').count() > 1 && domain.split('.').all(|l| !l.is_empty());
        let is_usable = !name.is_empty() && has_dots && text.len() <= LONGEST;
        if !is_usable || name.contains(is_odd) || domain.contains(is_odd) {
            return Err(WANTED);
        }
        Ok(Self(text.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn invalid_addresses_are_refused() {
        for good in ["a@b.co", "ann.o'hara+x@mail.example.org", "jürgen@bücher.example"] {
            assert!(good.parse::<Email>().is_ok(), "{good}");
        }
        let long = format!("{}@b.co", "a".repeat(250));
        for bad in [
            "", "ann", "@b.co", "ann@", "ann@b", "ann@.co", "a b@c.de", "a@b@c.de", "a\n@b.co",
            &long,
        ] {
            assert!(bad.parse::<Email>().is_err(), "{bad}");
        }
    }
}
