//! Whole numbers, as people give them.

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
