//! [`SearchFilters`]: what a search looks for.

use std::fmt::Display;

use crate::{
    CommaList, TimeFilter,
    generated::filters::with_filters,
    operations::builder::SearchDiscountCoupons,
    schema::{HasKind, Kind, misspelt_problem},
};

macro_rules! define {
    ($($(#[doc = $doc:literal])* $filter:ident: $type:ty $(as $bound:ident)? => $parameter:ident,)*) => {
        /// The filters of a search. Each is left out unless it is set.
        #[derive(Clone, Debug, Default)]
        pub(crate) struct SearchFilters {
            $(pub(super) $filter: Option<$type>,)*
        }

        impl SearchFilters {
            /// Sets those of a request.
            pub(crate) fn set<'a>(&self, mut request: SearchDiscountCoupons<'a>) -> SearchDiscountCoupons<'a> {
                $(if let Some(value) = &self.$filter {
                    request = request.$parameter(value.clone());
                })*
                request
            }

            /// Returns the filters that are set, each with its value as it is sent.
            pub(crate) fn texts(&self) -> Vec<(&'static str, String)> {
                let mut texts = Vec::new();
                $(texts.extend(self.$filter.as_ref().map(|value| (stringify!($filter), value.to_string())));)*
                texts
            }

            /// Returns what is wrong with a value: the store could take a misspelt one for no filter, and find everything.
            pub(crate) fn problem(&self) -> Option<String> {
                None$(.or_else(|| FilterValue::problem(self.$filter.as_ref()?, stringify!($filter))))*
            }
        }
    };
}

with_filters!(define);

/// Defines the setter of each filter of a search.
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

/// A value that coupons are filtered by.
trait FilterValue {
    /// Returns what is wrong with the value of this filter.
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
    fn problem(&self, _: &str) -> Option<String> {
        None
    }
}
