//! What reads the values of a search's filters.

use clap::builder::{NonEmptyStringValueParser, PossibleValuesParser, TypedValueParser};

/// Text that is not empty, since the store would take an empty one for no filter.
pub(crate) fn text() -> NonEmptyStringValueParser {
    NonEmptyStringValueParser::new()
}

/// A value of an enum that this version knows, in any letter case.
pub(crate) fn known<T: Clone + Send + Sync>(
    known: &'static [T],
    text_of: fn(&'static T) -> &'static str,
) -> impl TypedValueParser<Value = T> {
    PossibleValuesParser::new(known.iter().map(text_of)).try_map(move |text| {
        let found = known.iter().find(|value| text_of(value).eq_ignore_ascii_case(&text));
        found.cloned().ok_or("it is no known value")
    })
}
