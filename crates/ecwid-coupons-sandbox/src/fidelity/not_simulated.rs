//! [`NOT_SIMULATED`]: what a store has and the sandbox does not.

use serde::Serialize;

/// Something that a store has and the sandbox does not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct NotSimulated {
    /// What it is.
    pub what: &'static str,
    /// What the sandbox does in its place.
    pub instead: &'static str,
}

/// What the sandbox does not simulate. The README has the same list.
pub const NOT_SIMULATED: &[NotSimulated] = &[
    row("Storefront, carts and payment", "an order is placed by one call of the control API, and is there at once"),
    row("Taxes, promotions and currencies", "an order has items, shipping and one coupon; amounts have two decimals"),
    row("Webhooks over https, and their long retries", "events go to http alone, and are given up after half a minute"),
    row("Products, categories and shipping methods", "any id is taken"),
    row("Plans and suspended stores", "every store has all features, unless a fault says otherwise"),
    row("The latency and the failures of a store", "each request is answered at once, unless a fault was asked for"),
];

const fn row(what: &'static str, instead: &'static str) -> NotSimulated {
    NotSimulated { what, instead }
}
