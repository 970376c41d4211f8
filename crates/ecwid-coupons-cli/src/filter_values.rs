//! The parsers of the filters of a search.

use clap::builder::{NonEmptyStringValueParser, PossibleValuesParser, TypedValueParser};

/// Parses text that is not empty. The store ignores an empty filter.
pub(crate) fn text() -> NonEmptyStringValueParser {
    NonEmptyStringValueParser::new()
}

/// Parses a known value of an enum. The letter case is ignored.
pub(crate) fn known<T: Clone + Send + Sync>(
    known: &'static [T],
    text_of: fn(&'static T) -> &'static str,
) -> impl TypedValueParser<Value = T> {
    PossibleValuesParser::new(known.iter().map(text_of)).try_map(move |text| {
        let found = known.iter().find(|value| text_of(value).eq_ignore_ascii_case(&text));
        found.cloned().ok_or("unknown value")
    })
}
