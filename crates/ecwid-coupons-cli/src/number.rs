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

/// Returns a parser of integers from this one.
pub(crate) fn at_least<T>(least: T) -> impl Fn(&str) -> Result<T, String> + Clone + Send + Sync + 'static
where
    T: FromStr + PartialOrd + Display + Clone + Send + Sync + 'static,
{
    move |text| {
        let number = text.parse::<T>().ok().filter(|number| *number >= least);
        number.ok_or_else(|| match text.bytes().all(|byte| byte.is_ascii_digit()) && text.len() > 18 {
            true => "is too large".to_owned(),
            false => format!("must be an integer of at least {least}"),
        })
    }
}
