//! Parsers of integers in arguments. An error names the accepted range.

use std::{fmt::Display, ops::RangeInclusive, str::FromStr};

/// Returns a parser of integers in this range.
pub(crate) fn within<T>(range: RangeInclusive<T>) -> impl Fn(&str) -> Result<T, String> + Clone + Send + Sync + 'static
where
    T: FromStr + PartialOrd + Display + Clone + Send + Sync + 'static,
{
    move |text| {
        let number = text.parse::<T>().ok().filter(|number| range.contains(number));
        number.ok_or_else(|| format!("must be an integer from {} to {}", range.start(), range.end()))
    }
}
