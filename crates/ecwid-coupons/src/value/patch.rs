//! [`Patch`]: what an update does to a field.

/// What an update does to a field: keep it, clear it, or set it.
///
/// A kept field is not sent at all, a cleared one is sent as null.
/// That null clears a field is assumed: the vendor's pages do not say how a field is cleared. A field that every coupon has,
/// such as the name, most likely cannot be; [`Field::clearable`](crate::schema::Field::clearable) tells the two apart.
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
    /// Leave the field as it is.
    #[default]
    Keep,
    /// Take the field's value away.
    Clear,
    /// Give the field this value.
    Set(T),
}

impl<T> Patch<T> {
    /// Whether the field is left as it is.
    pub fn is_keep(&self) -> bool {
        matches!(self, Self::Keep)
    }

    /// The value that is set, if one is.
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
