//! [`Behavior`]: a row of the ledger.

use serde::Serialize;

/// A row of the ledger: one behaviour, and what it rests on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Behavior {
    /// What it is of, such as `route.get_discount_coupon`, `error.CONSTRAINT_VIOLATION`, `rule.codes-in-any-case` or
    /// `checkout.COUPON_EXPIRED`.
    pub id: String,
    /// What the sandbox does.
    pub does: &'static str,
    /// Why it does so.
    #[serde(flatten)]
    pub basis: Basis,
    /// The test that shows it: module and name below `tests/integration`.
    pub test: &'static str,
}

/// What a behaviour rests on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "basis", rename_all = "lowercase")]
#[non_exhaustive]
pub enum Basis {
    /// The vendor's pages say so.
    Documented {
        /// The address of the page.
        page: &'static str,
        /// The heading that it stands below, and the fields; several with `; ` between.
        section: &'static str,
    },
    /// No page of today says so, but something that was written for the vendor's server relies on it.
    Observed {
        /// Where it was seen: an address, or a repository and a file in it.
        at: &'static str,
    },
    /// Nothing says so. A store may do otherwise.
    Assumed {
        /// Why this and not something else.
        because: &'static str,
    },
    /// It is the sandbox's own, and no store has it.
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

/// A function that returns the row of each variant of an enum: its basis, what the sandbox does, and the test that shows it.
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
