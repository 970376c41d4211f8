//! The discount of a coupon. These functions depend only on their arguments.

use chrono::{DateTime, Utc};
use ecwid_coupons::{
    EcwidDateTime,
    rust_decimal::{Decimal, RoundingStrategy},
    types::{ApplicationLimit, CatalogLimit, Coupon, CouponStatus, DiscountType, UsesLimit},
};

use super::{
    Reason,
    order::{Cart, Line},
};
use crate::{coupon_rules::status_now, rule::Rule, store::History};

/// The discount of a coupon.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Discount {
    /// The discount on each line. `None` for a line that the coupon does not cover.
    pub(super) items: Vec<Option<Decimal>>,
    /// The discount on the shipping.
    pub(super) shipping: Decimal,
}

/// Returns the discount of a coupon, or the first reason why it does not apply. An order without an email address has
/// no history.
pub(super) fn apply(
    coupon: &Coupon,
    cart: &Cart,
    history: Option<History>,
    now: DateTime<Utc>,
) -> Result<Discount, Reason> {
    check_status(coupon, now)?;
    check_customer(coupon, history)?;
    check_subtotal(coupon, cart)?;
    check_shipping(coupon, cart)?;
    let covered: Vec<bool> = cart.lines.iter().map(|line| covers(coupon.catalog_limit.as_ref(), line)).collect();
    if !covered.contains(&true) {
        return Err(Reason::NoMatchingItems);
    }
    let amounts: Vec<Option<Decimal>> =
        cart.lines.iter().zip(&covered).map(|(line, covered)| covered.then_some(line.amount)).collect();
    let shipping = cart.shipping.as_ref().filter(|_| frees_shipping(coupon)).map(|shipping| shipping.rate);
    Ok(Discount { items: off_items(coupon, &amounts), shipping: shipping.unwrap_or_default() })
}

fn check_status(coupon: &Coupon, now: DateTime<Utc>) -> Result<(), Reason> {
    let mut coupon = coupon.clone();
    status_now(&mut coupon, now);
    match coupon.status {
        Some(CouponStatus::Paused) => return Err(Reason::CouponPaused),
        Some(CouponStatus::Expired) => return Err(Reason::CouponExpired),
        Some(CouponStatus::UsedUp) => return Err(Reason::CouponUsedUp),
        _ => {}
    }
    match coupon.launch_date.as_ref().and_then(EcwidDateTime::to_utc) {
        Some(launch) if launch > now => Err(Reason::CouponNotLaunched),
        _ => Ok(()),
    }
}

fn check_customer(coupon: &Coupon, history: Option<History>) -> Result<(), Reason> {
    let is_once = coupon.uses_limit == Some(UsesLimit::OncePerCustomer);
    let limit = coupon.application_limit.as_ref().filter(|limit| **limit != ApplicationLimit::Unlimited);
    let Some(history) = history else {
        return if is_once || limit.is_some() { Err(Reason::EmailMissing) } else { Ok(()) };
    };
    if is_once && history.has_used_the_coupon {
        return Err(Reason::UsedByCustomer);
    }
    match limit {
        Some(ApplicationLimit::NewCustomerOnly) if history.has_ordered => Err(Reason::NewCustomersOnly),
        Some(ApplicationLimit::RepeatCustomerOnly) if !history.has_ordered => Err(Reason::RepeatCustomersOnly),
        _ => Ok(()),
    }
}

fn check_subtotal(coupon: &Coupon, cart: &Cart) -> Result<(), Reason> {
    let Some(least) = coupon.total_limit.as_ref().and_then(|limit| limit.value()) else { return Ok(()) };
    Rule::TotalLimitIsOfTheSubtotal.trace();
    if cart.subtotal() < least { Err(Reason::SubtotalTooLow) } else { Ok(()) }
}

fn check_shipping(coupon: &Coupon, cart: &Cart) -> Result<(), Reason> {
    if coupon.discount_type == Some(DiscountType::Shipping) && cart.shipping.is_none() {
        return Err(Reason::NothingToShip);
    }
    let methods = coupon.shipping_limit.as_ref().and_then(|limit| limit.shipping_methods.as_ref());
    let Some(methods) = methods.filter(|methods| !methods.is_empty()) else { return Ok(()) };
    Rule::ShippingLimitIsOfTheWholeCoupon.trace();
    match &cart.shipping {
        Some(shipping) if methods.contains(&shipping.method_id) => Ok(()),
        _ => Err(Reason::ShippingMethodNotCovered),
    }
}

/// Returns whether a limit covers a line.
fn covers(limit: Option<&CatalogLimit>, line: &Line) -> bool {
    let ids = |ids: &Option<Vec<i64>>| ids.clone().unwrap_or_default();
    let (products, categories) = limit.map(|limit| (ids(&limit.products), ids(&limit.categories))).unwrap_or_default();
    if products.is_empty() && categories.is_empty() {
        return true;
    }
    Rule::ProductsOrCategoriesAreEnough.trace();
    products.contains(&line.product_id) || line.category_ids.iter().any(|id| categories.contains(id))
}

fn frees_shipping(coupon: &Coupon) -> bool {
    let frees = [DiscountType::Shipping, DiscountType::AbsAndShipping, DiscountType::PercentAndShipping];
    let frees = coupon.discount_type.as_ref().is_some_and(|kind| frees.contains(kind));
    if frees {
        Rule::ShippingCouponsFreeShipping.trace();
    }
    frees
}

/// Returns the discount on each amount.
fn off_items(coupon: &Coupon, amounts: &[Option<Decimal>]) -> Vec<Option<Decimal>> {
    let covered: Decimal = amounts.iter().flatten().sum();
    let discount =
        coupon.discount.as_ref().and_then(|discount| discount.value()).unwrap_or_default().max(Decimal::ZERO);
    let whole = match &coupon.discount_type {
        Some(DiscountType::Abs | DiscountType::AbsAndShipping) | None => {
            Rule::AmountsAreTakenOff.trace();
            rounded(discount).min(covered)
        }
        Some(DiscountType::Percent | DiscountType::PercentAndShipping) => {
            Rule::PercentsAreTakenOff.trace();
            rounded(covered * discount.min(Decimal::ONE_HUNDRED) / Decimal::ONE_HUNDRED).min(covered)
        }
        Some(_) => Decimal::ZERO,
    };
    shares(whole, covered, amounts)
}

/// Splits a discount among amounts in proportion to their size, rounded to cents. Rounding errors are carried to the
/// next line, so the shares add up to the whole.
fn shares(whole: Decimal, covered: Decimal, amounts: &[Option<Decimal>]) -> Vec<Option<Decimal>> {
    let (mut seen, mut given) = (Decimal::ZERO, Decimal::ZERO);
    let share = |amount: &Option<Decimal>| {
        let amount = (*amount)?;
        seen += amount;
        let up_to_here = if seen == covered { whole } else { rounded(whole * (seen / covered)) };
        let share = up_to_here - given;
        given = up_to_here;
        Some(share)
    };
    amounts.iter().map(share).collect()
}

/// Rounds to cents. Half a cent is rounded up.
fn rounded(amount: Decimal) -> Decimal {
    Rule::DiscountsAreRoundedToCents.trace();
    amount.round_dp_with_strategy(2, RoundingStrategy::MidpointAwayFromZero)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decimals(texts: &[&str]) -> Vec<Option<Decimal>> {
        texts.iter().map(|text| text.parse().ok()).collect()
    }

    #[test]
    fn shares_add_up_to_the_whole() {
        for (whole, amounts, expected) in [
            ("10", &["10", "10", "10"][..], &["3.33", "3.34", "3.33"][..]),
            ("0.01", &["1", "1", "1"], &["0.00", "0.01", "0.00"]),
            ("5", &["10", "-", "30"], &["1.25", "-", "3.75"]),
            ("0", &["0", "0"], &["0", "0"]),
            ("7", &["0", "7"], &["0.00", "7.00"]),
        ] {
            let amounts = decimals(amounts);
            let covered = amounts.iter().flatten().sum();
            let shares = shares(whole.parse().unwrap(), covered, &amounts);
            assert_eq!(shares, decimals(expected), "{whole}");
            assert_eq!(shares.iter().flatten().sum::<Decimal>(), whole.parse().unwrap(), "{whole}");
        }
    }

    #[test]
    fn half_a_cent_is_rounded_up() {
        for (amount, expected) in [("0.005", "0.01"), ("0.0049", "0.00"), ("1.125", "1.13"), ("2", "2")] {
            assert_eq!(rounded(amount.parse().unwrap()), expected.parse().unwrap(), "{amount}");
        }
    }
}
