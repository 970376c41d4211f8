//! [`SearchFilters`]: the filters of a search.

use std::{collections::BTreeMap, fmt::Display, str::FromStr};

use crate::{
    CommaList, FieldError, TimeFilter,
    generated::filters::with_filters,
    operations::builder::SearchDiscountCoupons,
    schema::{HasKind, Kind, unknown_value},
};

macro_rules! define {
    ($(
        $(#[doc = $doc:literal])*
        $(#[deprecated(note = $note:literal)])?
        $filter:ident, $maybe:ident: $type:ty $(as $bound:ident)? => $parameter:ident,
    )*) => {
        /// The filters of a search. A filter that is not set is not sent.
        #[derive(Clone, Debug, Default)]
        pub(crate) struct SearchFilters {
            $(pub(super) $filter: Option<$type>,)*
        }

        impl SearchFilters {
            #[allow(deprecated)]
            pub(crate) fn set<'a>(&self, mut request: SearchDiscountCoupons<'a>) -> SearchDiscountCoupons<'a> {
                $(if let Some(value) = &self.$filter {
                    request = request.$parameter(value.clone());
                })*
                request
            }

            /// Returns the names and values of the filters that are set. Equal filters have equal texts.
            pub(crate) fn texts(&self) -> BTreeMap<String, String> {
                let texts = [$(self.$filter.as_ref().map(|value| (stringify!($filter).to_owned(), value.text()))),*];
                texts.into_iter().flatten().collect()
            }

            /// Returns the filters with these texts. `None` if one is unknown.
            pub(crate) fn from_texts(texts: &BTreeMap<String, String>) -> Option<Self> {
                let mut filters = Self::default();
                for (name, text) in texts {
                    match name.as_str() {
                        $(stringify!($filter) => filters.$filter = Some(FilterValue::from_text(text)?),)*
                        _ => return None,
                    }
                }
                Some(filters)
            }

            /// Returns the problem of an invalid value. The store may ignore a filter with an unknown value and find all
            /// coupons.
            pub(crate) fn problem(&self, allow_unknown: bool) -> Option<FieldError> {
                None$(.or_else(|| FilterValue::problem(self.$filter.as_ref()?, stringify!($filter), allow_unknown)))*
            }
        }
    };
}

with_filters!(define);

macro_rules! setters {
    ($(
        $(#[doc = $doc:literal])*
        $(#[deprecated(note = $note:literal)])?
        $filter:ident, $maybe:ident: $type:ty $(as $bound:ident)? => $parameter:ident,
    )*) => {
        #[allow(deprecated)]
        impl Search {
            $(
                $(#[doc = $doc])*
                $(#[deprecated(note = $note)])?
                pub fn $filter(mut self, value: impl TryInto<$type, Error: Display>) -> Self {
                    let value: Result<$type, _> = value.try_into();
                    match value {
                        Ok(value) => self.filters.$filter = Some(value$(.bounded(crate::DayBound::$bound))?),
                        Err(error) => self.refuse(format!("{}: {error}", stringify!($filter))),
                    }
                    self
                }

                #[doc = concat!("Sets [`", stringify!($filter), "`](Self::", stringify!($filter), ") if there is a value.")]
                $(#[deprecated(note = $note)])?
                pub fn $maybe(self, value: Option<impl TryInto<$type, Error: Display>>) -> Self {
                    match value {
                        Some(value) => self.$filter(value),
                        None => self,
                    }
                }
            )*
        }
    };
}

pub(crate) use setters;

/// The value of a filter.
trait FilterValue: Display + Sized {
    /// Returns the problem of the value, if it is invalid. An enum may have any value if `allow_unknown` is true.
    fn problem(&self, filter: &str, allow_unknown: bool) -> Option<FieldError>;

    /// Returns the text of the value in a cursor. Values with the same meaning have the same text.
    fn text(&self) -> String {
        self.to_string()
    }

    /// Reads the text of a cursor.
    fn from_text(text: &str) -> Option<Self>;
}

impl<T: HasKind + Display + FromStr> FilterValue for T {
    fn problem(&self, filter: &str, allow_unknown: bool) -> Option<FieldError> {
        let text = self.to_string();
        // The store ignores an empty filter and finds all coupons.
        if text.is_empty() {
            return Some(empty(filter));
        }
        match T::KIND {
            Kind::Enum(known) if !allow_unknown && !known.contains(&text.as_str()) => {
                Some(unknown_value(filter, known, &text))
            }
            _ => None,
        }
    }

    fn from_text(text: &str) -> Option<Self> {
        text.parse().ok()
    }
}

fn empty(filter: &str) -> FieldError {
    FieldError::new(format!("`{filter}` is empty; omit the filter to find all coupons"))
}

impl<T: FilterValue> FilterValue for CommaList<T> {
    fn problem(&self, filter: &str, allow_unknown: bool) -> Option<FieldError> {
        let problem = |value: &T| value.problem(filter, allow_unknown);
        if self.as_slice().is_empty() { Some(empty(filter)) } else { self.as_slice().iter().find_map(problem) }
    }

    /// Sorts the values, because their order has no meaning.
    fn text(&self) -> String {
        let text = self.to_string();
        let mut values: Vec<_> = text.split(',').collect();
        values.sort_unstable();
        values.dedup();
        values.join(",")
    }

    fn from_text(text: &str) -> Option<Self> {
        text.split(',').map(T::from_text).collect()
    }
}

impl FilterValue for TimeFilter {
    fn problem(&self, filter: &str, _allow_unknown: bool) -> Option<FieldError> {
        let problem = || FieldError::new(format!("invalid value of {filter}: the time is not a date"));
        (*self == Self::Invalid).then(problem)
    }

    fn from_text(text: &str) -> Option<Self> {
        // `TimeFilter::from_str` refuses small numbers, which may be a year.
        text.parse().ok().map(Self::Unix).or_else(|| text.parse().ok())
    }
}
