//! The rows of the reasons why a coupon does not apply.

use super::{
    page,
    row::{Row, assumed, documented},
};
use crate::checkout::Reason;

/// The one table that shows them all.
const TEST: &str = "checkout::each_reason_has_its_orders";

pub(super) const fn row(reason: Reason) -> Row {
    match reason {
        Reason::CouponNotFound => assumed(
            "No coupon has the code, in any letter case",
            "the help pages say that letter case does not matter; nothing else can be meant",
            TEST,
        ),
        Reason::CouponPaused => assumed(
            "The status is PAUSED",
            "the pages have the status, and do not say what it does; nothing else can be meant",
            TEST,
        ),
        Reason::CouponExpired => {
            documented("The `expirationDate` has passed", page::CREATE, "Request JSON, `expirationDate`", TEST)
        }
        Reason::CouponUsedUp => {
            documented("SINGLE, and an order has used it", page::USES, "Limit the number of discount coupon uses", TEST)
        }
        Reason::CouponNotLaunched => {
            documented("The `launchDate` is to come", page::CREATE, "Request JSON, `launchDate`", TEST)
        }
        Reason::EmailMissing => assumed(
            "The coupon depends on who buys, and the order has no e-mail address",
            "customers are known by it, and a storefront always asks for it",
            TEST,
        ),
        Reason::UsedByCustomer => documented(
            "ONCEPERCUSTOMER, and the customer has used it",
            page::USES,
            "Limit the number of discount coupon uses",
            TEST,
        ),
        Reason::NewCustomersOnly => documented(
            "NEW_CUSTOMER_ONLY, and the customer has ordered before",
            page::CREATE,
            "Request JSON, `applicationLimit`",
            TEST,
        ),
        Reason::RepeatCustomersOnly => documented(
            "REPEAT_CUSTOMER_ONLY, and the customer has not ordered before",
            page::CREATE,
            "Request JSON, `applicationLimit`",
            TEST,
        ),
        Reason::SubtotalTooLow => {
            documented("The subtotal is below the `totalLimit`", page::CREATE, "Request JSON, `totalLimit`", TEST)
        }
        Reason::NoMatchingItems => {
            documented("No item is of the products or categories", page::CREATE, "Request JSON, `catalogLimit`", TEST)
        }
        Reason::ShippingMethodNotCovered => documented(
            "The shipping method is none of the coupon's",
            page::CREATE,
            "Request JSON, `shippingLimit`",
            TEST,
        ),
        Reason::NothingToShip => {
            assumed("A SHIPPING coupon, and nothing is shipped", "there is nothing that it could take off", TEST)
        }
    }
}
