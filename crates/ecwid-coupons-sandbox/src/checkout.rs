//! The checkout: places an order and applies a coupon to it.

mod order;
mod reason;
mod rules;

use chrono::{DateTime, Utc};
use ecwid_coupons::types::{Coupon, CouponStatus, UsesLimit};

pub use order::{AppliedCoupon, Order, OrderItem, PlacedItem, PlacedOrder, ShippingOption};
pub use reason::Reason;

use crate::{api::store_context::StoreContext, http::problem::Problem, rule::Rule, store::StoreTransaction};
use order::Cart;
use rules::Discount;

/// Places an order, and returns its total and whether its coupon applied.
pub(crate) async fn place(store: &StoreContext, order: Order) -> Result<PlacedOrder, Problem> {
    let cart = Cart::of(&order)?;
    let (now, store_id) = (store.now(), store.database.store_id());
    let email = order.email.as_deref().map(key_of_email).filter(|email| !email.is_empty());
    let placed = store.database.write(move |transaction| {
        let outcome = match order.coupon_code.as_deref().map(str::trim).filter(|code| !code.is_empty()) {
            Some(code) => Some(apply(transaction, code, &cart, email.as_deref(), now)?),
            None => None,
        };
        let used = outcome.as_ref().and_then(|outcome| outcome.as_ref().ok());
        let coupon_id = used.and_then(|(coupon, _)| coupon.id);
        let number = transaction.add_order(None, email.as_deref(), coupon_id, now.timestamp())?;
        if let Some((coupon, _)) = used {
            let mut counted = counted(coupon);
            if transaction.settings.orders_update {
                Rule::OrdersCanBeUpdates.trace();
                counted.update_date = Some(now.into());
            }
            transaction.replace(coupon.id.unwrap_or_default(), counted)?;
        }
        Ok(cart.placed(number, store_id, outcome))
    });
    placed.await
}

/// Returns the coupon with this code and its discount, or the reason why it does not apply.
fn apply(
    transaction: &StoreTransaction<'_>,
    code: &str,
    cart: &Cart,
    email: Option<&str>,
    now: DateTime<Utc>,
) -> Result<Result<(Coupon, Discount), Reason>, Problem> {
    let Some(coupon) = transaction.find_by_code(code)? else { return Ok(Err(Reason::CouponNotFound)) };
    let history = email.map(|email| transaction.history(email, coupon.id.unwrap_or_default())).transpose()?;
    Ok(rules::apply(&coupon, cart, history, now).map(|discount| (coupon, discount)))
}

/// Returns the coupon with one more use.
fn counted(coupon: &Coupon) -> Coupon {
    Rule::UsesAreCounted.trace();
    Rule::UsesTellNothing.trace();
    let mut coupon = coupon.clone();
    coupon.order_count = Some(coupon.order_count.unwrap_or_default().saturating_add(1));
    if coupon.uses_limit == Some(UsesLimit::Single) {
        Rule::SingleCouponsAreUsedUp.trace();
        coupon.status = Some(CouponStatus::UsedUp);
    }
    coupon
}

/// Returns the email address in the form that identifies a customer.
fn key_of_email(email: &str) -> String {
    Rule::CustomersAreKnownByEmail.trace();
    email.trim().to_lowercase()
}
