//! [`Patch`]: how an update changes a field.

/// How an update changes a field: keep, clear or set.
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
/// let mut update = CouponUpdate::default().discount(5);
/// update.expiration_date = Patch::Clear;
/// assert_eq!(serde_json::to_string(&update)?, r#"{"discount":5,"expirationDate":null}"#);
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
}

impl<T> From<T> for Patch<T> {
    fn from(value: T) -> Self {
        Self::Set(value)
    }
}
