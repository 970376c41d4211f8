//! The rows of the reasons why a coupon does not apply.

use super::{
    page,
    row::{Basis, Row, assumed, documented},
};
use crate::checkout::Reason;

pub(super) fn reason(reason: Reason) -> Row {
    Row { does: reason.message(), basis: basis(reason), test: "checkout::each_reason_is_given_for_its_orders" }
}

fn basis(reason: Reason) -> Basis {
    match reason {
        Reason::CouponNotFound => {
            assumed("there is no other meaning; the help pages say that letter case does not matter")
        }
        Reason::CouponPaused => assumed("the documentation has the status, but does not say what it does"),
        Reason::CouponExpired => documented(page::CREATE, "Request JSON, `expirationDate`"),
        Reason::CouponNotLaunched => documented(page::CREATE, "Request JSON, `launchDate`"),
        Reason::CouponUsedUp | Reason::UsedByCustomer => {
            documented(page::USES, "Limit the number of discount coupon uses")
        }
        Reason::EmailMissing => assumed("the address identifies a customer, and a storefront always asks for it"),
        Reason::NewCustomersOnly | Reason::RepeatCustomersOnly => {
            documented(page::CREATE, "Request JSON, `applicationLimit`")
        }
        Reason::SubtotalTooLow => documented(page::CREATE, "Request JSON, `totalLimit`"),
        Reason::NoMatchingItems => documented(page::CREATE, "Request JSON, `catalogLimit`"),
        Reason::ShippingMethodNotCovered => documented(page::CREATE, "Request JSON, `shippingLimit`"),
        Reason::NothingToShip => assumed("without shipping, the coupon has nothing to apply to"),
    }
}
