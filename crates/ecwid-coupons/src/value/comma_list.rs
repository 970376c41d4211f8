//! [`CommaList`]: several values in a query parameter.

use std::fmt::{self, Display};

use serde::{Serialize, Serializer};

/// A list of values for one query parameter, which is sent with commas between them.
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
