//! The rows of the reasons why a coupon does not apply.

use super::{
    page,
    row::{Basis, Row, assumed, documented},
};
use crate::checkout::Reason;

pub(super) fn reason(reason: Reason) -> Row {
    Row { does: reason.message(), basis: basis(reason), test: "checkout::each_reason_has_its_orders" }
}

fn basis(reason: Reason) -> Basis {
    match reason {
        Reason::CouponNotFound => {
            assumed("the help pages say that letter case does not matter; nothing else can be meant")
        }
        Reason::CouponPaused => {
            assumed("the pages have the status, and do not say what it does; nothing else can be meant")
        }
        Reason::CouponExpired => documented(page::CREATE, "Request JSON, `expirationDate`"),
        Reason::CouponNotLaunched => documented(page::CREATE, "Request JSON, `launchDate`"),
        Reason::CouponUsedUp | Reason::UsedByCustomer => {
            documented(page::USES, "Limit the number of discount coupon uses")
        }
        Reason::EmailMissing => assumed("customers are known by it, and a storefront always asks for it"),
        Reason::NewCustomersOnly | Reason::RepeatCustomersOnly => {
            documented(page::CREATE, "Request JSON, `applicationLimit`")
        }
        Reason::SubtotalTooLow => documented(page::CREATE, "Request JSON, `totalLimit`"),
        Reason::NoMatchingItems => documented(page::CREATE, "Request JSON, `catalogLimit`"),
        Reason::ShippingMethodNotCovered => documented(page::CREATE, "Request JSON, `shippingLimit`"),
        Reason::NothingToShip => assumed("there is nothing that it could take off"),
    }
}
