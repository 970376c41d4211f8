//! [`CommaList`]: several values in a query parameter.

use std::fmt::{self, Display};

use serde::{Serialize, Serializer};

/// A list of values for one query parameter, which is sent with commas between them.
///
/// It is made of a single value, an array, a slice or a vector. The values can be text. A text with commas has several
/// values.
///
/// A search with an empty list is an error, because the store would ignore the filter and find all coupons.
///
/// # Example
///
/// ```
/// use ecwid_coupons::{CommaList, types::CouponStatus};
///
/// let list: CommaList<CouponStatus> = [CouponStatus::Active, CouponStatus::Paused].into();
/// assert_eq!(list.to_string(), "ACTIVE,PAUSED");
/// assert_eq!(list, ["ACTIVE", "PAUSED"].into());
/// assert_eq!(list, "ACTIVE, PAUSED".into());
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CommaList<T>(Vec<T>);

impl<T> CommaList<T> {
    /// Returns the values.
    pub fn as_slice(&self) -> &[T] {
        &self.0
    }
}

impl<T> From<T> for CommaList<T> {
    fn from(value: T) -> Self {
        Self(vec![value])
    }
}

impl<T> From<Vec<T>> for CommaList<T> {
    fn from(values: Vec<T>) -> Self {
        Self(values)
    }
}

impl<T, const N: usize> From<[T; N]> for CommaList<T> {
    fn from(values: [T; N]) -> Self {
        Self(values.into())
    }
}

impl<T: Clone> From<&T> for CommaList<T> {
    fn from(value: &T) -> Self {
        value.clone().into()
    }
}

impl<T: Clone> From<&[T]> for CommaList<T> {
    fn from(values: &[T]) -> Self {
        Self(values.into())
    }
}

impl<T: Clone> From<&Vec<T>> for CommaList<T> {
    fn from(values: &Vec<T>) -> Self {
        values.as_slice().into()
    }
}

impl<T: Clone, const N: usize> From<&[T; N]> for CommaList<T> {
    fn from(values: &[T; N]) -> Self {
        values.as_slice().into()
    }
}

/// A value that is made of text.
///
/// It is implemented for the enums of the API. A bound on `From<&str>` would be too wide, because a text is a value of a
/// list of texts.
pub(crate) trait FromText: for<'a> From<&'a str> {}

impl<T: FromText> From<&str> for CommaList<T> {
    fn from(text: &str) -> Self {
        text.split(',').map(|value| T::from(value.trim())).collect()
    }
}

macro_rules! from_texts {
    ($([$($generics:tt)*] $texts:ty,)*) => { $(
        impl<T: FromText, $($generics)*> From<$texts> for CommaList<T> {
            fn from(texts: $texts) -> Self {
                texts.iter().map(|text| T::from(&**text)).collect()
            }
        }
    )* };
}

from_texts! {
    [const N: usize] [&str; N],
    [] &[&str],
    [] Vec<&str>,
    [] &[String],
    [] Vec<String>,
    [] &Vec<String>,
}

impl<T: FromText> From<String> for CommaList<T> {
    fn from(text: String) -> Self {
        text.as_str().into()
    }
}

impl<T: FromText> From<&String> for CommaList<T> {
    fn from(text: &String) -> Self {
        text.as_str().into()
    }
}

impl<T> FromIterator<T> for CommaList<T> {
    fn from_iter<I: IntoIterator<Item = T>>(values: I) -> Self {
        Self(values.into_iter().collect())
    }
}

impl<T: Display> Display for CommaList<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, value) in self.0.iter().enumerate() {
            if index > 0 {
                f.write_str(",")?;
            }
            value.fmt(f)?;
        }
        Ok(())
    }
}

impl<T: Display> Serialize for CommaList<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.0.is_empty() {
            // The store ignores an empty filter and finds all coupons.
            return Err(serde::ser::Error::custom("the list of a filter is empty; add a value, or omit the filter"));
        }
        serializer.collect_str(self)
    }
}
