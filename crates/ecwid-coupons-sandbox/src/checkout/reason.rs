//! [`Reason`]: why a coupon does not apply.

use serde::Serialize;
use strum::{EnumMessage as _, IntoStaticStr, VariantArray};

/// Why a coupon does not apply to an order. Each has a row in the fidelity ledger.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, IntoStaticStr, VariantArray, strum::EnumMessage)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
#[non_exhaustive]
pub enum Reason {
    /// No coupon of the store has this code.
    CouponNotFound,
    /// The coupon is paused.
    CouponPaused,
    /// The expiration date of the coupon has passed.
    CouponExpired,
    /// The coupon is for one use, and has had it.
    CouponUsedUp,
    /// The launch date of the coupon is still to come.
    CouponNotLaunched,
    /// Whether the coupon applies depends on the customer, and the order has no email.
    EmailMissing,
    /// The customer has used the coupon before, and it is for one use of each.
    UsedByCustomer,
    /// The coupon is for new customers, and this one has ordered before.
    NewCustomersOnly,
    /// The coupon is for repeat customers, and this one has not ordered before.
    RepeatCustomersOnly,
    /// The subtotal is below the `totalLimit` of the coupon.
    SubtotalTooLow,
    /// No item is of the products or categories of the coupon.
    NoMatchingItems,
    /// The shipping method is none of those of the coupon.
    ShippingMethodNotCovered,
    /// The coupon is for free shipping, and the order has no `shippingOption`.
    NothingToShip,
}

impl Reason {
    /// The reason as it stands in JSON, such as `COUPON_EXPIRED`.
    pub fn as_str(self) -> &'static str {
        self.into()
    }

    /// The reason in words.
    pub fn message(self) -> &'static str {
        self.get_documentation().unwrap_or_default().trim_end_matches('.')
    }
}
