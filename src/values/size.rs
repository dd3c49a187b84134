//! The size of a file, as people give it.

#![allow(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    reason = "at most 5 MB"
)]

use std::fmt;
use std::str::FromStr;

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
        let unit = |unit: &str, bytes: f64| Some((lower.strip_suffix(unit)?.trim_end(), bytes));
        let (number, unit) = unit("kb", 1e3)
            .or_else(|| unit("mb", 1e6))
            .or_else(|| unit("b", 1.0))
            .unwrap_or((&lower, 1.0));
        let is_plain = number.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
        let number: f64 = number.parse().ok().filter(|_| is_plain).ok_or(WANTED)?;
        let bytes = (number * unit).round();
        if !(SMALLEST as f64..=LARGEST as f64).contains(&bytes) {
            return Err(WANTED);
        }
        Ok(Self(bytes as usize))
    }
}

impl fmt::Display for PhotoSize {
    /// In the notation of the option.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            bytes if bytes % 100_000 == 0 && bytes >= 1_000_000 => {
                write!(f, "{}MB", bytes as f64 / 1e6)
            }
            bytes if bytes % 1000 == 0 => write!(f, "{}KB", bytes / 1000),
            bytes => write!(f, "{bytes}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_read_as_people_write_them() {
        let bytes = |text: &str| text.parse().map(PhotoSize::bytes);
        assert_eq!((bytes("500KB"), bytes("1.5MB")), (Ok(500_000), Ok(1_500_000)));
        assert_eq!((bytes("5MB"), bytes("800000")), (Ok(5_000_000), Ok(800_000)));
        assert_eq!((bytes("500 kb"), bytes("20000b")), (Ok(500_000), Ok(20_000)));
        for bad in ["", "0", "-1MB", "5.3MB", "1KB", "1GB", "MB", "1e5", "inf", "nan", "5MiB"] {
            assert!(bytes(bad).is_err(), "{bad}");
        }
        for text in ["500KB", "1.5MB", "5MB", "800001"] {
            assert_eq!(text.parse::<PhotoSize>().map(|size| size.to_string()), Ok(text.to_owned()));
        }
    }
}
