//! [`Reason`]: why a coupon does not apply to an order.

use serde::Serialize;
use strum::{EnumMessage as _, IntoStaticStr, VariantArray};

/// Why a coupon does not apply to an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, IntoStaticStr, VariantArray, strum::EnumMessage)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
#[non_exhaustive]
pub enum Reason {
    /// The store has no coupon with this code, in any letter case.
    CouponNotFound,
    /// The coupon is paused.
    CouponPaused,
    /// The expiration date of the coupon has passed.
    CouponExpired,
    /// The coupon is SINGLE and has been used.
    CouponUsedUp,
    /// The launch date of the coupon is in the future.
    CouponNotLaunched,
    /// The coupon depends on the customer, and the order has no email address.
    EmailMissing,
    /// The coupon is ONCEPERCUSTOMER, and the customer has used it.
    UsedByCustomer,
    /// The coupon is for new customers, and this customer has ordered before.
    NewCustomersOnly,
    /// The coupon is for repeat customers, and this customer has not ordered before.
    RepeatCustomersOnly,
    /// The subtotal is below the `totalLimit` of the coupon.
    SubtotalTooLow,
    /// The coupon covers none of the products and categories of the order.
    NoMatchingItems,
    /// The coupon does not cover the shipping method of the order.
    ShippingMethodNotCovered,
    /// The coupon gives free shipping, and the order has no `shippingOption`.
    NothingToShip,
}

impl Reason {
    /// Returns the reason as it is written in JSON, such as `COUPON_EXPIRED`.
    pub fn as_str(self) -> &'static str {
        self.into()
    }

    /// Returns the reason in words.
    pub fn message(self) -> &'static str {
        self.get_documentation().unwrap_or_default().trim_end_matches('.')
    }
}
