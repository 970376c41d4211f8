//! [`NOT_SIMULATED`]: the features of Ecwid that the sandbox does not simulate.

use serde::Serialize;

/// A feature of Ecwid that the sandbox does not simulate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct NotSimulated {
    /// The feature.
    pub what: &'static str,
    /// What the sandbox does instead.
    pub instead: &'static str,
}

/// The features of Ecwid that the sandbox does not simulate. The page about the ledger in `docs/` shows it.
pub const NOT_SIMULATED: &[NotSimulated] = &[
    row("Storefront, carts and payment", "one call of the control API places a complete order"),
    row("Taxes, promotions and currencies", "an order has items, shipping and one coupon"),
    row(
        "Webhooks over https, and Ecwid's retries of failed events for a day",
        "the sandbox sends events over http, and retries for half a minute",
    ),
    row("Products, categories and shipping methods", "any id is accepted"),
    row(
        "Plans and suspended stores",
        "every store is active and has all features. Use a fault to return the errors of another plan or of a suspended store",
    ),
    row("The latency and the failures of Ecwid", "responses are immediate unless a fault applies"),
];

const fn row(what: &'static str, instead: &'static str) -> NotSimulated {
    NotSimulated { what, instead }
}
