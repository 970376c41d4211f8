//! [`NOT_SIMULATED`]: the parts of Ecwid that the sandbox does not simulate.

use serde::Serialize;

/// A part of Ecwid that the sandbox does not simulate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct NotSimulated {
    /// The part of Ecwid.
    pub what: &'static str,
    /// What the sandbox does instead.
    pub instead: &'static str,
}

/// The parts of Ecwid that the sandbox does not simulate. The README has the same list.
pub const NOT_SIMULATED: &[NotSimulated] = &[
    row("Storefront, carts and payment", "one call of the control API places a complete order"),
    row(
        "Taxes, promotions and currencies",
        "an order has items, shipping and one coupon; discounts are rounded to cents",
    ),
    row("Webhooks over https, and retries for a day", "events are sent over http, and retried for half a minute"),
    row("Products, categories and shipping methods", "any id is accepted"),
    row("Plans and suspended stores", "every store has all features; faults can return such errors"),
    row("The latency and the failures of Ecwid", "responses are immediate and successful unless a fault applies"),
];

const fn row(what: &'static str, instead: &'static str) -> NotSimulated {
    NotSimulated { what, instead }
}
