//! [`SearchFilters`]: the filters of a search.

use std::fmt::Display;

use crate::{
    CommaList, TimeFilter,
    generated::filters::with_filters,
    operations::builder::SearchDiscountCoupons,
    schema::{HasKind, Kind, misspelt_problem},
};

macro_rules! define {
    ($($(#[doc = $doc:literal])* $filter:ident: $type:ty $(as $bound:ident)? => $parameter:ident,)*) => {
        /// The filters of a search. A filter that is not set is not sent.
        #[derive(Clone, Debug, Default)]
        pub(crate) struct SearchFilters {
            $(pub(super) $filter: Option<$type>,)*
        }

        impl SearchFilters {
            pub(crate) fn set<'a>(&self, mut request: SearchDiscountCoupons<'a>) -> SearchDiscountCoupons<'a> {
                $(if let Some(value) = &self.$filter {
                    request = request.$parameter(value.clone());
                })*
                request
            }

            /// Returns the names and values of the filters that are set.
            pub(crate) fn texts(&self) -> Vec<(&'static str, String)> {
                let mut texts = Vec::new();
                $(texts.extend(self.$filter.as_ref().map(|value| (stringify!($filter), value.to_string())));)*
                texts
            }

            /// Returns the problem of an invalid value. The store may ignore a filter with a misspelled value and find
            /// all coupons.
            pub(crate) fn problem(&self) -> Option<String> {
                None$(.or_else(|| FilterValue::problem(self.$filter.as_ref()?, stringify!($filter))))*
            }
        }
    };
}

with_filters!(define);

macro_rules! setters {
    ($($(#[doc = $doc:literal])* $filter:ident: $type:ty $(as $bound:ident)? => $parameter:ident,)*) => {
        impl Search {
            $(
                $(#[doc = $doc])*
                pub fn $filter(mut self, value: impl Into<$type>) -> Self {
                    let value: $type = value.into();
                    self.filters.$filter = Some(value$(.bounded(crate::DayBound::$bound))?);
                    self
                }
            )*
        }
    };
}

pub(crate) use setters;

/// The value of a filter.
trait FilterValue {
    /// Returns the problem of the value, if it is invalid.
    fn problem(&self, filter: &str) -> Option<String>;
}

impl<T: HasKind + Display> FilterValue for T {
    fn problem(&self, filter: &str) -> Option<String> {
        let Kind::Enum(known) = T::KIND else { return None };
        misspelt_problem(filter, known, &self.to_string())
    }
}

impl<T: FilterValue> FilterValue for CommaList<T> {
    fn problem(&self, filter: &str) -> Option<String> {
        self.as_slice().iter().find_map(|value| value.problem(filter))
    }
}

impl FilterValue for TimeFilter {
    fn problem(&self, filter: &str) -> Option<String> {
        let problem = || format!("invalid value of {filter}: the time is not a date");
        (*self == Self::Invalid).then(problem)
    }
}
