//! [`Reason`]: why a coupon does not apply.

use serde::{Serialize, Serializer};
use strum::{IntoStaticStr, VariantArray};

/// Why a coupon does not apply to an order. Each has a row in the fidelity ledger.
#[derive(Clone, Copy, Debug, PartialEq, Eq, IntoStaticStr, VariantArray)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
#[non_exhaustive]
pub enum Reason {
    /// No coupon has the code.
    CouponNotFound,
    /// Its status is PAUSED.
    CouponPaused,
    /// Its expiration date has passed.
    CouponExpired,
    /// It was for one use, and has had it.
    CouponUsedUp,
    /// Its launch date is to come.
    CouponNotLaunched,
    /// It depends on who buys, and the order has no e-mail address.
    EmailMissing,
    /// The customer has used it, and it is for one use of each.
    UsedByCustomer,
    /// It is for customers without orders.
    NewCustomersOnly,
    /// It is for customers who have ordered before.
    RepeatCustomersOnly,
    /// The subtotal is below its `totalLimit`.
    SubtotalTooLow,
    /// Nothing in the order is of its products or categories.
    NoMatchingItems,
    /// The shipping method is none of its own.
    ShippingMethodNotCovered,
    /// It is for free shipping, and nothing is shipped.
    NothingToShip,
}

impl Reason {
    /// The reason as it stands in JSON, such as `COUPON_EXPIRED`.
    pub fn as_str(self) -> &'static str {
        self.into()
    }

    /// The reason in words.
    pub fn message(self) -> &'static str {
        match self {
            Self::CouponNotFound => "No coupon of the store has this code",
            Self::CouponPaused => "The coupon is paused",
            Self::CouponExpired => "The expiration date of the coupon has passed",
            Self::CouponUsedUp => "The coupon is for one use, and has had it",
            Self::CouponNotLaunched => "The launch date of the coupon is still to come",
            Self::EmailMissing => "Whether the coupon applies depends on the customer, and the order has no email",
            Self::UsedByCustomer => "The customer has used the coupon before, and it is for one use of each",
            Self::NewCustomersOnly => "The coupon is for new customers, and this one has ordered before",
            Self::RepeatCustomersOnly => "The coupon is for repeat customers, and this one has not ordered before",
            Self::SubtotalTooLow => "The subtotal is below the totalLimit of the coupon",
            Self::NoMatchingItems => "No item is of the products or categories of the coupon",
            Self::ShippingMethodNotCovered => "The shipping method is none of those of the coupon",
            Self::NothingToShip => "The coupon is for free shipping, and the order has no shippingOption",
        }
    }
}

impl Serialize for Reason {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}
