//! [`Patch`]: how an update changes a field.

/// How an update changes a field: keep, clear or set.
///
/// [`CouponUpdate`](crate::types::CouponUpdate) has a method for each: `discount(5)` sets a field, `clear_discount()`
/// clears it, and `maybe_discount(option)` sets or keeps it.
///
/// A field to keep is not sent. A field to clear is sent as null. It is assumed that null clears a field, because
/// Ecwid's documentation does not say how to do it. A field that every coupon has, such as the name, probably cannot
/// be cleared: see [`Field::clearable`](crate::schema::Field::clearable).
///
/// # Example
///
/// ```
/// use ecwid_coupons::{Decimal, Patch, types::CouponUpdate};
///
/// let mut update = CouponUpdate::default().discount(5).clear_expiration_date();
/// assert_eq!(serde_json::to_string(&update)?, r#"{"discount":5,"expirationDate":null}"#);
///
/// let limit: Option<Decimal> = None;
/// update.total_limit = Patch::from_option(limit.clone());
/// assert_eq!(update.total_limit, Patch::Clear);
/// update.total_limit = Patch::keep_or(limit);
/// assert_eq!(update.total_limit, Patch::Keep);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Patch<T> {
    /// Leaves the field unchanged.
    #[default]
    Keep,
    /// Removes the value of the field.
    Clear,
    /// Sets the field to this value.
    Set(T),
}

impl<T> Patch<T> {
    /// Sets the field to a value, or clears it if there is none.
    pub fn from_option(value: Option<T>) -> Self {
        value.map_or(Self::Clear, Self::Set)
    }

    /// Sets the field to a value, or keeps it if there is none.
    pub fn keep_or(value: Option<T>) -> Self {
        value.map_or(Self::Keep, Self::Set)
    }

    /// Whether the field stays unchanged.
    pub fn is_keep(&self) -> bool {
        matches!(self, Self::Keep)
    }

    /// Returns the value to set, if there is one.
    pub fn value(&self) -> Option<&T> {
        match self {
            Self::Set(value) => Some(value),
            Self::Keep | Self::Clear => None,
        }
    }

    /// Returns the value to set for a change, if there is one.
    pub(crate) fn value_mut(&mut self) -> Option<&mut T> {
        match self {
            Self::Set(value) => Some(value),
            Self::Keep | Self::Clear => None,
        }
    }
}

impl<T> From<T> for Patch<T> {
    fn from(value: T) -> Self {
        Self::Set(value)
    }
}
