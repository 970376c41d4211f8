//! [`Behaviour`]: a row of the ledger.

use serde::Serialize;

/// A row of the ledger: one behaviour, and what it rests on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Behaviour {
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

/// A row without the name of what it is of.
pub(super) struct Row {
    does: &'static str,
    basis: Basis,
    test: &'static str,
}

impl Row {
    pub(super) fn of(self, id: String) -> Behaviour {
        let Self { does, basis, test } = self;
        Behaviour { id, does, basis, test }
    }
}

pub(super) const fn documented(
    does: &'static str,
    page: &'static str,
    section: &'static str,
    test: &'static str,
) -> Row {
    Row { does, basis: Basis::Documented { page, section }, test }
}

pub(super) const fn observed(does: &'static str, at: &'static str, test: &'static str) -> Row {
    Row { does, basis: Basis::Observed { at }, test }
}

pub(super) const fn own(does: &'static str, test: &'static str) -> Row {
    Row { does, basis: Basis::Own, test }
}

pub(super) const fn assumed(does: &'static str, because: &'static str, test: &'static str) -> Row {
    Row { does, basis: Basis::Assumed { because }, test }
}
