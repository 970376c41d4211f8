//! [`filters!`]: the filters of a search.

use std::fmt::Display;

use crate::{
    CommaList, TimeFilter,
    schema::{HasKind, Kind, misspelt_problem},
};

/// Defines the filters of a search: where their values are kept, their setters, and how they are sent.
///
/// `filter: Type => parameter` is called `filter` by those who search; the operation's builder calls it `parameter`. After `as` is
/// the second of a day that a date without a time stands for.
macro_rules! filters {
    ($($(#[doc = $doc:literal])* $filter:ident: $type:ty $(as $bound:ident)? => $parameter:ident,)*) => {
        /// The filters of a search. Each is left out unless it is set.
        #[derive(Clone, Debug, Default)]
        pub(crate) struct SearchFilters {
            $($filter: Option<$type>,)*
        }

        impl SearchFilters {
            /// Sets those of a request.
            pub(crate) fn set<'a>(
                &self,
                mut request: crate::operations::builder::SearchDiscountCoupons<'a>,
            ) -> crate::operations::builder::SearchDiscountCoupons<'a> {
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
                None$(.or_else(|| crate::search::filters::FilterValue::problem(self.$filter.as_ref()?, stringify!($filter))))*
            }
        }

        impl crate::Search {
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

pub(crate) use filters;

/// A value that coupons are filtered by.
pub(crate) trait FilterValue {
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
