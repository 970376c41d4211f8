//! [`Behavior`]: a row of the ledger.

use serde::Serialize;

/// A row of the fidelity ledger: a behavior of the sandbox, with its source.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Behavior {
    /// The id, such as `route.get_discount_coupon`, `error.CONSTRAINT_VIOLATION`, `rule.codes-in-any-case` or
    /// `checkout.COUPON_EXPIRED`.
    pub id: String,
    /// What the sandbox does.
    pub does: &'static str,
    /// The source of the behavior.
    #[serde(flatten)]
    pub basis: Basis,
    /// The test of the behavior: its module and name in `tests/integration`.
    pub test: &'static str,
}

/// The source of a behavior: documented, observed, assumed, or the sandbox's own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "basis", rename_all = "lowercase")]
#[non_exhaustive]
pub enum Basis {
    /// Ecwid's current documentation says so.
    Documented {
        /// The address of the documentation page.
        page: &'static str,
        /// The heading on the page, and the fields below it. Several places are separated by `; `.
        section: &'static str,
    },
    /// It appears in older Ecwid documentation, in software that uses Ecwid's server, or in a report of a user.
    Observed {
        /// The source: an address, or a repository and a file in it.
        at: &'static str,
    },
    /// No source says so. Ecwid may behave differently.
    Assumed {
        /// The reason for this assumption.
        because: &'static str,
    },
    /// The sandbox adds this behavior. Ecwid does not have it.
    Own,
}

/// A row without its id.
pub(super) struct Row {
    pub(super) does: &'static str,
    pub(super) basis: Basis,
    pub(super) test: &'static str,
}

pub(super) const fn documented(page: &'static str, section: &'static str) -> Basis {
    Basis::Documented { page, section }
}

pub(super) const fn observed(at: &'static str) -> Basis {
    Basis::Observed { at }
}

pub(super) const fn assumed(because: &'static str) -> Basis {
    Basis::Assumed { because }
}

pub(super) const fn own() -> Basis {
    Basis::Own
}

/// Defines a function that returns the row of each variant of an enum. A row has its basis, what the sandbox does, and
/// the test.
macro_rules! rows {
    ($function:ident($kind:ident): $($variant:ident: $basis:ident $(($($source:expr),*))?, $does:expr, $test:expr;)*) => {
        pub(super) fn $function(of: $kind) -> $crate::fidelity::row::Row {
            use $crate::fidelity::row::*;
            match of {
                $($kind::$variant => Row { does: $does, basis: $basis($($($source),*)?), test: $test },)*
            }
        }
    };
}
pub(super) use rows;
